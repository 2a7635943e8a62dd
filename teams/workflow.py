"""What writes several rows: founding a team, joining, changing and ending membership."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from teams.events import happened
from teams.models import Invitation, Membership, Notice, Role, Team, User

# Words that stand where a team's slug stands in an address.
RESERVED = frozenset(
    {
        "calibration",
        "join",
        "new",
        "notices",
        "organisations",
        "rubric",
        "shared",
        "start",
        "try",
        "you",
    }
)


class LastOwner(Exception):
    """The change would leave a team without an owner."""


@transaction.atomic
def found(name: str, by: User) -> Team:
    """A new team with its founder as owner."""
    team = Team.objects.create(name=name, slug=free_slug(name))
    team.memberships.create(user=by, role=Role.OWNER)
    happened(team, "team.founded", team.name, by=by, url=team.get_absolute_url())
    return team


def free_slug(name: str) -> str:
    """A slug that no team has: the name's own, else with a number behind it."""
    stem = slugify(name)[:50].strip("-") or "team"
    taken = set(Team.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= RESERVED
    number, slug = 2, stem
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


@transaction.atomic
def accept(token: str, user: User) -> Membership | None:
    """Uses an invitation up and makes its bearer a member; None if it is not open any more.

    A member keeps the higher of the two roles, so that a link never takes anything away.
    """
    invitation = Invitation.objects.select_for_update().by_token(token).open().first()
    if invitation is None:
        return None
    member, made = Membership.objects.get_or_create(
        team=invitation.team, user=user, defaults={"role": invitation.role}
    )
    if not made and Role(invitation.role).rank > Role(member.role).rank:
        member.role = invitation.role
        member.save(update_fields=["role"])
    invitation.used_by, invitation.used = user, timezone.now()
    invitation.save(update_fields=["used_by", "used"])
    team = invitation.team
    happened(
        team,
        "member.joined",
        str(user),
        by=user,
        url=team.get_absolute_url(),
        tell=_owners(team),
        text=f"{user} joined {team} as {Role(member.role).label.lower()}",
        detail={"role": member.role},
    )
    return member


@transaction.atomic
def change_role(membership: Membership, role: Role, by: User | None = None) -> None:
    """Raises LastOwner when nobody else could manage the team."""
    _lock(membership.team)
    membership.refresh_from_db()
    if role != Role.OWNER and membership.is_last_owner:
        raise LastOwner
    before, membership.role = membership.role, role
    if before == role:
        return
    membership.save(update_fields=["role"])
    team, user = membership.team, membership.user
    happened(
        team,
        "member.role",
        str(user),
        by=by,
        url=team.get_absolute_url(),
        tell=[user],
        text=f"You are now {role.label.lower()} of {team}",
        detail={"from": str(before), "to": str(role)},
    )


@transaction.atomic
def remove(membership: Membership, by: User | None = None) -> None:
    """Ends a membership: `by` is an owner, or the member. Raises LastOwner when nobody else could
    manage the team."""
    _lock(membership.team)
    membership.refresh_from_db()
    if membership.is_last_owner:
        raise LastOwner
    team, user = membership.team, membership.user
    membership.delete()
    # Notices name designs and people of the team; whoever is out of it no longer reads them.
    Notice.objects.filter(user=user, event__team=team).delete()
    left = by is None or by == user
    happened(
        team,
        "member.left" if left else "member.removed",
        str(user),
        by=user if left else by,
        url=team.get_absolute_url() if left else "",
        tell=_owners(team) if left else [user],
        text=f"{user} left {team}" if left else f"You are no longer in {team}",
    )


def _owners(team: Team) -> list[User]:
    return [owner.user for owner in team.memberships.owners().with_people()]


def _lock(team: Team) -> None:
    """Two owners who leave at once must not both believe that the other stays."""
    list(Team.objects.select_for_update().filter(pk=team.pk))
