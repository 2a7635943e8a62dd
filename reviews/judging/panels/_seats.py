"""A team's rules for panels; a panel opened, its seats, and calling it off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from design.result import from_dict
from reviews.judging.outcome import Rules
from reviews.judging.panels._marks import finish_first
from reviews.judging.panels._read import (
    Refused,
    locked,
    summarize,
)
from reviews.judging.rubric import rubric
from reviews.models import (
    Panel,
    Revision,
    Seat,
    TeamRules,
)
from teams.events import happened
from teams.models import Membership, Role, Team, User


def rules_of(team: Team) -> Rules:
    found = TeamRules.objects.filter(team=team).first()
    return found.rules() if found else Rules()


class Stale(Exception):
    """Somebody changed the rules since they were read."""

    def __init__(self, current: TeamRules) -> None:
        super().__init__(str(current))
        self.current = current


@transaction.atomic
def save_rules(team: Team, by: User, said: Mapping[str, Any], version: int) -> TeamRules:
    """Changes how the team judges; panels that are open keep their rules. Raises Stale when
    `version` is no longer the one in force."""
    list(Team.objects.select_for_update().filter(pk=team.pk))
    found = TeamRules.objects.filter(team=team).first() or TeamRules(team=team)
    if found.version != version:
        raise Stale(found)
    before = found.rules().as_json()
    for name, value in said.items():
        setattr(found, name, value)
    if found.rules().as_json() == before:
        return found
    found.version += 1
    found.changed_by, found.changed = by, timezone.now()
    found.save()
    happened(
        team,
        "panel.rules",
        f"how {team} judges",
        by=by,
        detail={"before": before, "after": found.rules().as_json()},
    )
    return found


def candidates(revision: Revision) -> list[Membership]:
    """Members who may judge a revision: reviewers and above, never the one who submitted it."""
    roles = [role for role in Role if role.includes(Role.REVIEWER)]
    members = revision.design.team.memberships.with_people().filter(role__in=roles)
    return [m for m in members if m.user_id != revision.by_id]


@transaction.atomic
def open_panel(
    revision: Revision,
    by: User,
    people: Iterable[User],
    *,
    due: date | None = None,
    hide_score: bool = False,
    opened: datetime | None = None,
) -> Panel:
    """A panel in its first round. Raises Refused when there is one, or too few are invited."""
    team = revision.design.team
    list(Team.objects.select_for_update().filter(pk=team.pk))
    if Panel.objects.filter(revision=revision).exists():
        raise Refused("This revision has a panel already.")
    rules, invited = rules_of(team), list(people)
    needed = rules.needed(_criticality(revision))
    if len(invited) < needed:
        chosen = f"{len(invited)} {'is' if len(invited) == 1 else 'are'} chosen"
        raise Refused(f"A panel on this design needs {needed} reviewers; {chosen}.")
    moment = opened or timezone.now()
    panel = Panel.objects.create(
        revision=revision,
        opened_by=by,
        opened=moment,
        due=due,
        hide_score=hide_score,
        quorum=needed,
        rules=rules.as_json(),
        rubric=rubric().version,
    )
    _seat(panel, by, invited, moment)
    happened(team, "panel.opened", str(revision), by=by, url=panel.get_absolute_url())
    _tell_invited(panel, by, invited)
    summarize(panel)
    return panel


def _criticality(revision: Revision) -> str:
    """What the design says of its own importance; empty when it does not, or is not checked."""
    run = revision.run()
    if run is None or not run.is_done:
        return ""
    said = from_dict(run.result).design.attrs.get("criticality")
    return str(said.value) if said else ""


@transaction.atomic
def invite(panel: Panel, by: User, people: Iterable[User]) -> None:
    """More reviewers. Raises Refused once marks are open: they would not judge blind."""
    held = locked(panel)
    if not held.is_blind:
        raise Refused("The marks are open; a new reviewer would not judge blind.")
    seated = set(held.seats.values_list("user", flat=True))
    new = [person for person in people if person.pk not in seated]
    _seat(held, by, new, timezone.now())
    _tell_invited(held, by, new)
    summarize(held)


def _seat(panel: Panel, by: User, people: Iterable[User], moment: datetime) -> None:
    Seat.objects.bulk_create(
        [Seat(panel=panel, user=p, who=str(p), invited_by=by, invited=moment) for p in people]
    )


def _tell_invited(panel: Panel, by: User, people: list[User]) -> None:
    if not people:
        return
    due = f", until {panel.due:%-d %B %Y}" if panel.due else ""
    happened(
        panel.revision.design.team,
        "panel.invited",
        str(panel.revision),
        by=by,
        url=panel.get_absolute_url(),
        tell=people,
        text=f"{by} asks you to judge {panel.revision}{due}",
        detail={"people": [str(person) for person in people]},
    )


@transaction.atomic
def excuse(seat: Seat, by: User) -> None:
    """Takes somebody who has sent no marks off the panel. Raises Refused for one who has."""
    held = locked(seat.panel)
    seat.refresh_from_db(fields=["marked"])
    if seat.marked:
        raise Refused(f"{seat} has sent marks, which stay.")
    if not held.is_blind:
        raise Refused("The first round is over.")
    happened(
        held.revision.design.team,
        "panel.excused",
        f"{seat} from {held.revision}",
        by=by,
        url=held.get_absolute_url(),
    )
    Seat.objects.filter(pk=seat.pk).delete()
    finish_first(held)
    summarize(held)


@transaction.atomic
def call_off(panel: Panel, by: User) -> None:
    """Removes a panel in which nobody has sent marks. Raises Refused otherwise."""
    held = locked(panel)
    if held.seats.filter(marked__isnull=False).exists():
        raise Refused("Somebody has sent marks; close the panel instead.")
    revision = held.revision
    happened(
        revision.design.team,
        "panel.called_off",
        str(revision),
        by=by,
        url=revision.get_absolute_url(),
        tell=[seat.user for seat in held.seats.select_related("user") if seat.user],
    )
    held.delete()
