"""What a person was told: the list, followed or marked as seen, and how it comes by mail."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams.access import notice_for
from teams.models import How, MailWish, User
from teams.notices import mailing
from teams.notices.forms import WishesForm
from teams.notices.topics import topics, wishes_of

_ON_A_PAGE = 50


@require_safe
@never_cache
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    mine = request.user.notices.select_related("event__team")
    only = request.GET.get("only") == "unread"
    pages = Paginator(mine.unread() if only else mine, _ON_A_PAGE)
    context = {
        "nav": "reviews",
        "page": pages.get_page(request.GET.get("page")),
        "only": only,
        "unread": mine.unread().count(),
    }
    return render(request, "teams/notices/list.html", context)


@require_safe
@login_required
def notice(request: HttpRequest, id: int) -> HttpResponse:
    """Leads to what the notice is about, and counts it as seen."""
    found = notice_for(request.user, id)
    if found.read is None:
        found.read = timezone.now()
        found.save(update_fields=["read"])
    target = found.event.url
    local = target.startswith("/") and not target.startswith(("//", "/\\"))
    return redirect(target if local else "teams:notices")


@require_POST
@login_required
def all_seen(request: HttpRequest) -> HttpResponse:
    """Up to the newest that the page showed, so that none is missed that came in between."""
    newest = request.POST.get("newest", "")
    if not (newest.isascii() and newest.isdecimal() and len(newest) < 19):
        raise Http404
    request.user.notices.unread().filter(pk__lte=int(newest)).update(read=timezone.now())
    return redirect("teams:notices")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def wishes(request: HttpRequest) -> HttpResponse:
    form = WishesForm(request.POST or None, wishes=wishes_of(request.user))
    if request.method == "POST" and form.is_valid():
        _keep(request.user, {topic: How(how) for topic, how in form.cleaned_data.items()})
        messages.success(request, "Saved.")
        return redirect("teams:notice_settings")
    context = {"nav": "reviews", "form": form, "hour": mailing.DIGEST_HOUR}
    status = 422 if form.errors else 200
    return render(request, "teams/notices/settings.html", context, status=status)


@csrf_exempt  # A mail program sends the form, with the signed address as its only proof (RFC 8058).
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def off(request: HttpRequest, signed: str) -> HttpResponse:
    """The end of all mails, from the mail itself. A GET only asks: scanners open links."""
    user = mailing.whose(signed)
    if user is None:
        raise Http404
    done = request.method == "POST"
    if done:
        _keep(user, dict.fromkeys(topics(), How.OFF))
    context = {"nav": "", "done": done, "address": user.email}
    return render(request, "teams/notices/off.html", context)


@transaction.atomic
def _keep(user: User, chosen: dict[str, How]) -> None:
    for topic, how in chosen.items():
        MailWish.objects.update_or_create(user=user, topic=topic, defaults={"how": how})
