"""Links that show an assessment to whoever has them."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fit import pages as wizard
from fit.assessments import access, kept
from fit.assessments.forms import LinkForm
from fit.assessments.views import saving
from fit.models import Link
from teams.access import guests_sign_in
from teams.models import Role


@require_POST
@guests_sign_in
def make(request: HttpRequest, id: int) -> HttpResponse:
    found = access.allowed(request.user, id, Role.EDITOR)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return saving.show(request, found, 422, link_form=form)
    _, token = Link.issue(found, request.user, form.cleaned_data["days"], form.cleaned_data["note"])
    # Shown once, on the next page: only a hash of the token is kept.
    address = request.build_absolute_uri(reverse("fit:shared", args=[token]))
    request.session[saving.LINK] = [found.pk, address]
    return redirect(f"{found.get_absolute_url()}#links")


@require_POST
@guests_sign_in
def revoke(request: HttpRequest, id: int, link: int) -> HttpResponse:
    found = access.allowed(request.user, id, Role.EDITOR)
    access.link_of(found, link).revoke()
    messages.success(request, "The link is revoked; from now on it shows nothing.")
    return redirect(f"{found.get_absolute_url()}#links")


@require_safe
@never_cache
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The newest version, without names, history or anything else of the team."""
    link = Link.by_token(token)
    if link is None:
        raise Http404
    if link.is_open:
        link.touch()
        version = link.assessment.latest()
        context = {"nav": "fit", "version": version, **kept.shown(version)}
        context |= {
            "name": link.assessment.name,
            "until": link.expires,
            "wizard_url": wizard.result_url(replace(kept.asked(version), into="")),
        }
        response = render(request, "fit/saved/shared.html", context)
    else:
        context = {"nav": "fit", "link": link}
        response = render(request, "fit/saved/gone.html", context, status=410)
    # The address is the key: neither search engines nor the pages it leads to may have it.
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
