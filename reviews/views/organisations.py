"""Organisations: founded, their teams and people, invitations by link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reviews import access, organising
from reviews.forms import OrganisationForm, OrganisationInvitationForm
from reviews.models import Organisation, OrganisationInvitation
from teams.models import INVITATION_DAYS, Membership, digest

_LINK = "organisation_link"
_LAST = "An organisation needs somebody who leads it. Let somebody else lead first."


@require_safe
@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    mine = Organisation.objects.of(request.user)
    context = {"nav": "reviews", "organisations": mine, "form": OrganisationForm()}
    return render(request, "reviews/organisations/home.html", context)


@require_POST
@login_required
def create(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST)
    if form.is_valid():
        return redirect(organising.found(form.cleaned_data["name"], request.user).manage_url())
    mine = Organisation.objects.of(request.user)
    context = {"nav": "reviews", "organisations": mine, "form": form}
    return render(request, "reviews/organisations/home.html", context, status=422)


@require_safe
@never_cache
@login_required
def people(request: HttpRequest, organisation: str) -> HttpResponse:
    return _people(request, access.readable_organisation(request.user, organisation))


def _people(
    request: HttpRequest, found: Organisation, status: int = 200, **more: Any
) -> HttpResponse:
    leads = found.is_led_by(request.user)
    owned = Membership.objects.owners().filter(user=request.user).values_list("team", flat=True)
    made = request.session.pop(_LINK, None) if leads and "form" not in more else None
    context = {
        "nav": "reviews",
        "organisation": found,
        "leads": leads,
        "owned": set(owned),
        "members": found.members.select_related("user"),
        "places": found.places.select_related("team", "by"),
        "link": made[1] if made and made[0] == found.pk else "",
        "invitations": [i for i in found.invitations.all()[:50] if i.is_open] if leads else [],
        "days": INVITATION_DAYS,
        "form": OrganisationInvitationForm(),
        "rename": OrganisationForm(instance=found, prefix="organisation"),
        **more,
    }
    return render(request, "reviews/organisations/people.html", context, status=status)


@require_POST
@login_required
def rename(request: HttpRequest, organisation: str) -> HttpResponse:
    found = access.led_organisation(request.user, organisation)
    form = OrganisationForm(request.POST, instance=found, prefix="organisation")
    if not form.is_valid():
        found.refresh_from_db()
        return _people(request, found, 422, rename=form)
    form.save()
    return redirect(found.manage_url())


@require_POST
@login_required
def delete(request: HttpRequest, organisation: str) -> HttpResponse:
    found = access.led_organisation(request.user, organisation)
    found.delete()
    messages.success(request, f"{found.name} is dissolved. Its teams and designs stay as they are.")
    return redirect("reviews:organisations")


@require_POST
@login_required
def invite(request: HttpRequest, organisation: str) -> HttpResponse:
    found = access.led_organisation(request.user, organisation)
    form = OrganisationInvitationForm(request.POST)
    if not form.is_valid():
        return _people(request, found, 422, form=form)
    for_team = form.cleaned_data["whom"] == "team"
    token = OrganisationInvitation.issue(found, for_team, form.cleaned_data["note"])
    # Shown once, on the next page: only a hash of the token is kept.
    address = request.build_absolute_uri(reverse("reviews:organisation_join", args=[token]))
    request.session[_LINK] = [found.pk, address]
    return redirect(f"{found.manage_url()}#invitations")


@require_POST
@login_required
def revoke(request: HttpRequest, organisation: str, id: int) -> HttpResponse:
    found = access.led_organisation(request.user, organisation)
    invitation = access.organisation_invitation(found, id)
    if invitation.is_open:
        invitation.revoked = timezone.now()
        invitation.save(update_fields=["revoked"])
    messages.success(request, "The invitation is revoked; its link no longer works.")
    return redirect(f"{found.manage_url()}#invitations")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    rows = OrganisationInvitation.objects.select_related("organisation")
    invitation = rows.filter(token_hash=digest(token)).first()
    if invitation is None:
        raise Http404
    owned = [
        m.team
        for m in request.user.memberships.owners().select_related("team").order_by("team__name")
    ]
    problem = ""
    if request.method == "POST" and invitation.is_open:
        team = next((t for t in owned if str(t.pk) == request.POST.get("team")), None)
        if invitation.for_team and team is None:
            problem = "Choose a team of which you are an owner."
        else:
            try:
                joined = organising.admit(
                    token, request.user, team if invitation.for_team else None
                )
            except organising.Taken:
                problem = "That team belongs to an organisation already."
            else:
                if joined:
                    return redirect(joined)
                invitation.refresh_from_db()
    context = {"nav": "reviews", "invitation": invitation, "owned": owned, "problem": problem}
    status = 422 if problem else 200 if invitation.is_open else 410
    return render(request, "reviews/organisations/join.html", context, status=status)


@require_POST
@login_required
def lead(request: HttpRequest, organisation: str, id: int) -> HttpResponse:
    found = access.led_organisation(request.user, organisation)
    member = access.organisation_member(found, id)
    try:
        organising.set_lead(member, request.POST.get("leads") == "1")
    except organising.LastLeader:
        return _people(request, found, 422, problem=_LAST)
    return redirect(found.manage_url())


@require_POST
@login_required
def remove(request: HttpRequest, organisation: str, id: int) -> HttpResponse:
    """A leader removes anybody, everybody removes themselves."""
    found = access.readable_organisation(request.user, organisation)
    member = access.organisation_member(found, id)
    if member.user != request.user:
        access.led_organisation(request.user, organisation)
    try:
        organising.dismiss(member)
    except organising.LastLeader:
        return _people(request, found, 422, problem=_LAST)
    messages.success(request, f"{member.user} is no longer in {found.name}.")
    if member.user == request.user:
        return redirect("reviews:organisations")
    return redirect(found.manage_url())


@require_POST
@login_required
def release(request: HttpRequest, organisation: str, team: str) -> HttpResponse:
    """A leader sends a team away, an owner of the team takes it back."""
    place = access.organisation_place(request.user, organisation, team)
    organising.release(place, request.user)
    messages.success(request, f"{place.team} is no longer in {place.organisation}.")
    if Organisation.objects.of(request.user).filter(pk=place.organisation_id).exists():
        return redirect(place.organisation.manage_url())
    return redirect(place.team)
