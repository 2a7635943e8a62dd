"""Teams: the list, one team with its people and invitations, joining and leaving."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import inviting, workflow
from teams.access import guests_sign_in, invitation_for, membership_for, team_for
from teams.events import happened
from teams.forms import InvitationForm, RoleForm, TeamForm
from teams.models import INVITATION_DAYS, Invitation, Role, Team

_LINK = "invitation_link"
_LAST_OWNER = "A team needs an owner. Make somebody else an owner first."


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    mine = request.user.memberships.select_related("team").order_by("team__name")
    return render(request, "teams/home.html", {"nav": "reviews", "memberships": mine})


@login_required
def create(request: HttpRequest) -> HttpResponse:
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = workflow.found(form.cleaned_data["name"], request.user)
        messages.success(
            request, f"{made.name} is there. Invite your colleagues, or begin with a design."
        )
        return redirect(made)
    status = 422 if form.errors else 200
    return render(request, "teams/new.html", {"nav": "reviews", "form": form}, status=status)


@require_safe
@never_cache
@login_required
def team(request: HttpRequest, slug: str) -> HttpResponse:
    found = team_for(request.user, slug)
    return _team_page(request, found, link=request.session.pop(_LINK, ""))


def _team_page(request: HttpRequest, team: Team, status: int = 200, **more: object) -> HttpResponse:
    """The team with its people; the forms for those who may use them."""
    mine = team.role_of(request.user)
    owner = mine is Role.OWNER
    context = {
        "nav": "reviews",
        "team": team,
        "mine": mine,
        "owner": owner,
        "members": team.memberships.with_people(),
        "roles": Role,
        "invitations": team.invitations.open() if owner else Invitation.objects.none(),
        "days": INVITATION_DAYS,
        "rename": TeamForm(instance=team, prefix="team"),
        "invite": InvitationForm(),
        **more,
    }
    return render(request, "teams/team.html", context, status=status)


@require_POST
@login_required
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    found = team_for(request.user, slug, Role.OWNER)
    form = TeamForm(request.POST, instance=found, prefix="team")
    if not form.is_valid():
        found.refresh_from_db()
        return _team_page(request, found, 422, rename=form)
    with transaction.atomic():
        before = Team.objects.values_list("name", flat=True).get(pk=found.pk)
        form.save()
        happened(
            found,
            "team.renamed",
            found.name,
            by=request.user,
            url=found.get_absolute_url(),
            detail={"from": before, "to": found.name},
        )
    return redirect(found)


@require_POST
@login_required
def change_role(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    member = membership_for(request.user, slug, id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _team_page(request, member.team, 422, problem="That is not a role.")
    try:
        workflow.change_role(member, Role(form.cleaned_data["role"]), by=request.user)
    except workflow.LastOwner:
        return _team_page(request, member.team, 422, problem=_LAST_OWNER)
    messages.success(request, f"{member.user} is now {member.get_role_display().lower()}.")
    return redirect(member.team)


@require_POST
@login_required
def remove(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    member = membership_for(request.user, slug, id)
    try:
        workflow.remove(member, by=request.user)
    except workflow.LastOwner:
        return _team_page(request, member.team, 422, problem=_LAST_OWNER)
    messages.success(request, f"{member.user} is no longer in the team.")
    if member.user == request.user:
        return redirect("teams:home")
    return redirect(member.team)


@require_POST
@login_required
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    found = team_for(request.user, slug)
    try:
        workflow.remove(found.memberships.get(user=request.user), by=request.user)
    except workflow.LastOwner:
        return _team_page(request, found, 422, problem=_LAST_OWNER)
    messages.success(request, f"You have left {found.name}.")
    return redirect("teams:home")


@require_POST
@login_required
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    found = team_for(request.user, slug, Role.OWNER)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _team_page(request, found, 422, invite=form)
    role = Role(form.cleaned_data["role"])
    note = form.cleaned_data["note"] or ("by mail" if form.cleaned_data["email"] else "")
    with transaction.atomic():
        invitation, token = Invitation.issue(found, role, request.user, note)
        said = f"{note or 'anyone with the link'}, as {role.label.lower()}"
        happened(found, "member.invited", said, by=request.user, url=found.get_absolute_url())
    # Shown once, on the next page: only a hash of the token is kept.
    link = request.build_absolute_uri(reverse("teams:join", args=[token]))
    request.session[_LINK] = link
    if address := form.cleaned_data["email"]:
        try:
            inviting.mail(invitation, link, address, request.user)
            messages.success(request, f"The invitation is on its way to {address}.")
        except inviting.NotSent as reason:
            messages.warning(request, f"{reason} Pass the link below on yourself.")
    return redirect(f"{found.get_absolute_url()}#invitations")


@require_POST
@login_required
def revoke(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    invitation = invitation_for(request.user, slug, id)
    with transaction.atomic():
        if invitation.is_open:
            invitation.revoke()
            team = invitation.team
            said = invitation.note or "anyone with the link"
            url = team.get_absolute_url()
            happened(team, "member.revoked", said, by=request.user, url=url)
    messages.success(request, "The invitation is revoked; its link no longer works.")
    return redirect(f"{invitation.team.get_absolute_url()}#invitations")


@never_cache
@guests_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """What a link invites to. Whoever has it reads the team's name; joining needs an account."""
    invitation = Invitation.objects.by_token(token).select_related("team", "created_by").first()
    if invitation is None:
        raise Http404
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if member := workflow.accept(token, request.user):
            messages.success(request, f"Welcome to {member.team.name}. Its designs are here.")
            return redirect("reviews:team", member.team.slug)
    if request.user.is_authenticated and invitation.used_by == request.user:
        return redirect("teams:home")
    invitation.refresh_from_db()
    mine = invitation.team.role_of(request.user)
    context = {"nav": "reviews", "invitation": invitation, "team": invitation.team}
    # A link is not used up for nothing: it may be meant for a colleague.
    context["mine"] = mine if mine and mine.includes(Role(invitation.role)) else None
    status = 200 if invitation.is_open else 410
    return render(request, "teams/join.html", context, status=status)
