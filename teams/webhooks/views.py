"""The owner's pages of webhooks: added, tried, switched off, removed, and what was answered."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams.access import delivery_for, team_for, webhook_for
from teams.events import happened
from teams.models import Delivery, Outcome, Role
from teams.models.webhooks import RETRIES, new_secret
from teams.notices.topics import topics
from teams.webhooks import sending
from teams.webhooks.forms import MOST, WebhookForm

_SECRET = "webhook_secret"  # noqa: S105 - a key of the session
_ON_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def webhooks(request: HttpRequest, slug: str) -> HttpResponse:
    team = team_for(request.user, slug, Role.OWNER)
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if team.webhooks.count() >= MOST:
            form.add_error(None, f"A team has at most {MOST} webhooks; remove one first.")
        else:
            with transaction.atomic():
                made = form.save(commit=False)
                made.team, made.created_by = team, request.user
                made.save()
                happened(team, "webhook.made", made.url, by=request.user, url=request.path)
            request.session[_SECRET] = [made.pk, made.secret]
            return redirect("teams:webhook", slug, made.pk)
    counts = models.Count("deliveries", filter=models.Q(deliveries__outcome=Outcome.GIVEN_UP))
    context = {
        "nav": "reviews",
        "team": team,
        "here": "webhooks",
        "owner": True,
        "webhooks": team.webhooks.annotate(lost=counts, last=models.Max("deliveries__tried")),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "teams/webhooks/list.html", context, status=status)


@require_safe
@never_cache
@login_required
def webhook(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    found = webhook_for(request.user, slug, id)
    shown = request.session.pop(_SECRET, None)
    names = topics()
    context = {
        "nav": "reviews",
        "team": found.team,
        "here": "webhooks",
        "owner": True,
        "webhook": found,
        "wants": [names.get(topic, topic) for topic in found.topics],
        "secret": shown[1] if shown and shown[0] == found.pk else "",
        "page": Paginator(found.deliveries.select_related("event"), _ON_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "tries": len(RETRIES) + 1,
    }
    return render(request, "teams/webhooks/webhook.html", context)


@require_POST
@login_required
def test(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    """An event of its own, for this address alone, whatever topics it wants."""
    found = webhook_for(request.user, slug, id)
    with transaction.atomic():
        event = happened(found.team, "webhook.tested", found.url, by=request.user)
        Delivery.objects.get_or_create(webhook=found, event=event)
    messages.success(request, "A test is on its way; the log below shows what comes back.")
    return redirect("teams:webhook", slug, id)


@require_POST
@login_required
def switch(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    found = webhook_for(request.user, slug, id)
    found.active = not found.active
    found.save(update_fields=["active"])
    return redirect("teams:webhook", slug, id)


@require_POST
@login_required
def renew(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    """Another secret; the old one signs nothing any more."""
    found = webhook_for(request.user, slug, id)
    found.secret = new_secret()
    with transaction.atomic():
        found.save(update_fields=["secret"])
        happened(found.team, "webhook.renewed", found.url, by=request.user)
    request.session[_SECRET] = [found.pk, found.secret]
    return redirect("teams:webhook", slug, id)


@require_POST
@login_required
def remove(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    found = webhook_for(request.user, slug, id)
    with transaction.atomic():
        happened(found.team, "webhook.removed", found.url, by=request.user)
        found.delete()
    messages.success(request, "The webhook is removed; nothing more is sent there.")
    return redirect("teams:webhooks", slug)


@require_POST
@login_required
def redeliver(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    found = delivery_for(request.user, slug, id)
    sending.again(found)
    messages.success(request, "It will be sent once more.")
    return redirect("teams:webhook", slug, found.webhook_id)
