"""Who may reach what. One function for each kind of object: it returns the object or raises
Http404, so that a stranger cannot tell a team that exists from one that does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from teams.models import (
    AccessToken,
    Delivery,
    Invitation,
    Membership,
    Notice,
    Role,
    Team,
    User,
    Webhook,
)

View = Callable[..., HttpResponse]


def team_for(user: object, slug: str, role: Role = Role.VIEWER) -> Team:
    """A team in which this person has at least this role. Raises Http404."""
    team = Team.objects.of(user).with_role_of(user).filter(slug=slug).first()
    if team is None:
        raise Http404(slug)
    mine = team.role_of(user)
    if mine is None or not mine.includes(role):
        raise Http404(slug)
    return team


def readable_team(user: object, slug: str) -> Team:
    """A team whose designs this person may read: their own, or a public one. Raises Http404."""
    team = Team.objects.visible_to(user).with_role_of(user).filter(slug=slug).first()
    if team is None:
        raise Http404(slug)
    return team


def membership_for(user: object, slug: str, id: int) -> Membership:
    """A membership that this person, an owner of the team, may change. Raises Http404."""
    team = team_for(user, slug, Role.OWNER)
    found = team.memberships.with_people().filter(pk=id).first()
    if found is None:
        raise Http404(slug)
    return found


def invitation_for(user: object, slug: str, id: int) -> Invitation:
    """An invitation that this person, an owner of the team, may revoke. Raises Http404."""
    team = team_for(user, slug, Role.OWNER)
    found = team.invitations.filter(pk=id).first()
    if found is None:
        raise Http404(slug)
    return found


def token_for(user: object, slug: str, id: int) -> AccessToken:
    """A token that this person, an owner of the team, may revoke. Raises Http404."""
    team = team_for(user, slug, Role.OWNER)
    found = team.tokens.filter(pk=id).first()
    if found is None:
        raise Http404(slug)
    return found


def webhook_for(user: object, slug: str, id: int) -> Webhook:
    """A webhook that this person, an owner of the team, looks after. Raises Http404."""
    team = team_for(user, slug, Role.OWNER)
    found = team.webhooks.filter(pk=id).first()
    if found is None:
        raise Http404(slug)
    found.team = team
    return found


def delivery_for(user: object, slug: str, id: int) -> Delivery:
    """A delivery that this person, an owner of the team, may send again. Raises Http404."""
    team = team_for(user, slug, Role.OWNER)
    found = Delivery.objects.filter(webhook__team=team, pk=id).first()
    if found is None:
        raise Http404(slug)
    return found


def notice_for(user: object, id: int) -> Notice:
    """A notice of this person's own. Raises Http404."""
    mine = Notice.objects.select_related("event").filter(pk=id)
    found = mine.filter(user=user).first() if isinstance(user, User) else None
    if found is None:
        raise Http404(str(id))
    return found


def guests_sign_in(view: View) -> View:
    """A guest who may not see a page is asked to sign in, whether it exists or not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if request.user.is_authenticated:
                raise
            return redirect_to_login(request.get_full_path())

    return guarded
