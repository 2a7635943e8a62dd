"""What writes several rows: founding a team, joining, changing and ending membership."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from teams.models import Invitation, Membership, Role, Team, User

# Words that stand where a team's slug stands in an address.
RESERVED = frozenset({"join", "new", "organisations", "shared", "try"})


class LastOwner(Exception):
    """The change would leave a team without an owner."""


@transaction.atomic
def found(name: str, by: User) -> Team:
    """A new team with its founder as owner."""
    team = Team.objects.create(name=name, slug=free_slug(name))
    team.memberships.create(user=by, role=Role.OWNER)
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
    return member


@transaction.atomic
def change_role(membership: Membership, role: Role) -> None:
    """Raises LastOwner when nobody else could manage the team."""
    _lock(membership.team)
    membership.refresh_from_db()
    if role != Role.OWNER and membership.is_last_owner:
        raise LastOwner
    membership.role = role
    membership.save(update_fields=["role"])


@transaction.atomic
def remove(membership: Membership) -> None:
    """Ends a membership. Raises LastOwner when nobody else could manage the team."""
    _lock(membership.team)
    membership.refresh_from_db()
    if membership.is_last_owner:
        raise LastOwner
    membership.delete()


def _lock(team: Team) -> None:
    """Two owners who leave at once must not both believe that the other stays."""
    list(Team.objects.select_for_update().filter(pk=team.pk))
