"""Reminders: of marks that a panel waits for, and of designs that are due for review.

A look-through may run at any time and any number of times, also twice at once: who is told is
decided by a conditional update of the row that notes it, in the transaction of the notice.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from reviews.models import Design, Panel, PanelState, Seat
from reviews.portfolio.due import Due, due
from reviews.portfolio.gathered import entries
from teams.events import happened
from teams.models import Role, Team, User

BEFORE: Final = timedelta(days=2)
"""How long before the day a panel's reviewers are reminded for the first time."""

_ORDER: Final = ("", "soon", "due")


def look_through(today: date | None = None) -> int:
    """Once an hour: tells those whose marks are missing, and those whose designs are due; returns
    how many panels and designs that were."""
    today = today or timezone.localdate()
    waiting = Panel.objects.filter(state=PanelState.BLIND, due__lte=today + BEFORE)
    panels = waiting.select_related("revision__design__team").order_by("pk")
    told = sum(remind(panel, today) for panel in panels)
    return told + sum(_reviews(team, today) for team in Team.objects.order_by("pk"))


@transaction.atomic
def remind(panel: Panel, today: date) -> bool:
    """Reminds those who have not sent marks: once shortly before the day, once on it. Whoever was
    invited later than that gets the one that fits the day."""
    if panel.due is None or not panel.is_blind or panel.due > today + BEFORE:
        return False
    stage = "due" if panel.due <= today else "soon"
    earlier = _ORDER[: _ORDER.index(stage)]
    team = panel.revision.design.team
    missing = panel.seats.filter(
        marked__isnull=True, reminded__in=earlier, user__memberships__team=team
    )
    # The row is changed before anybody is told: of two look-throughs one finds nothing left.
    people = [
        seat.user
        for seat in missing.select_related("user")
        if Seat.objects.filter(pk=seat.pk, reminded=seat.reminded).update(reminded=stage)
        and seat.user
    ]
    if not people:
        return False
    day = f"{panel.due.day} {panel.due:%B}"
    when = f"by {day}" if stage == "soon" else "today" if panel.due == today else f"since {day}"
    happened(
        team,
        "panel.reminded",
        str(panel.revision),
        url=panel.get_absolute_url(),
        tell=people,
        text=f"Your marks on {panel.revision} are due {when}",
        detail={"people": [person.username for person in people], "stage": stage},
    )
    return True


def _reviews(team: Team, today: date) -> int:
    """Tells of each design of a team whose day for the next review has come, once a revision."""
    late = [one for one in due(entries([team]), today) if one.days <= 0]
    return sum(_tell(one) for one in late)


@transaction.atomic
def _tell(one: Due) -> bool:
    design, number = one.entry.design, one.entry.revision.number
    untold = Design.objects.filter(pk=design.pk, review_told__lt=number)
    if not untold.update(review_told=number):
        return False
    team, by = design.team, one.entry.revision.by
    owners = User.objects.filter(memberships__team=team, memberships__role=Role.OWNER)
    tell = {person.pk: person for person in owners}
    if by and team.role_of(by) is not None:
        tell[by.pk] = by
    happened(
        team,
        "design.review_due",
        design.title,
        url=design.get_absolute_url(),
        tell=tell.values(),
        text=f"“{design.title}” is due for review since {one.on.day} {one.on:%B %Y}",
        detail={"design": design.slug, "revision": number, "on": one.on.isoformat()},
    )
    return True
