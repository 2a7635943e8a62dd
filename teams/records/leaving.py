"""The end of an account, and of a team: what goes, what stays, and what stands in the way."""

from __future__ import annotations

import logging

from django.core.mail import EmailMessage
from django.db import models, transaction

from teams.events import happened
from teams.models import Role, Team, User

log = logging.getLogger(__name__)


class OwnerNeeded(Exception):
    """Teams would be left without an owner."""

    def __init__(self, teams: list[Team]) -> None:
        super().__init__(", ".join(team.name for team in teams))
        self.teams = teams


def _counted(user: User) -> models.QuerySet[Team]:
    """A person's teams with their numbers of members and owners."""
    owners = models.Q(memberships__role=Role.OWNER)
    mine = Team.objects.filter(pk__in=user.memberships.values("team"))
    return mine.annotate(
        people=models.Count("memberships", distinct=True),
        owners=models.Count("memberships", filter=owners, distinct=True),
    )


def in_the_way(user: User) -> list[Team]:
    """Teams with other members and no other owner."""
    owned = user.memberships.owners().values("team")
    return list(_counted(user).filter(pk__in=owned, owners=1, people__gt=1))


def going_along(user: User) -> list[Team]:
    """Teams with nobody else in them."""
    return list(_counted(user).filter(people=1))


@transaction.atomic
def delete_person(user: User) -> None:
    """Ends an account, with the teams that nobody else is in. What the person wrote for other teams
    stays there under the name it was written with. Raises OwnerNeeded."""
    list(Team.objects.select_for_update().filter(memberships__user=user).values_list("pk"))
    if left := in_the_way(user):
        raise OwnerNeeded(left)
    for team in going_along(user):
        team.delete()
    for member in user.memberships.select_related("team"):
        happened(member.team, "member.left", str(user), by=user, detail={"account": "deleted"})
    log.info("account %s was deleted by its owner", user.pk)
    user.delete()


def delete_team(team: Team, by: User) -> None:
    """Ends a team with everything in it, and tells the others by mail: there is no page left that
    could."""
    others = [m.user.email for m in team.memberships.with_people() if m.user_id != by.pk]
    name = team.name
    with transaction.atomic():
        log.info("team %s was deleted by account %s", team.pk, by.pk)
        team.delete()
    for address in filter(None, others):
        EmailMessage(
            subject=f"The team {' '.join(name.split())} was deleted",
            body=f"{by} deleted the team {name}, with its designs and everything else in it.\n",
            to=[address],
        ).send(fail_silently=True)
