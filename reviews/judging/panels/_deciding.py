"""Notes, each reviewer's decision, and the end of a panel."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from reviews.judging.panels._read import (
    Refused,
    locked,
    outcome_of,
    owed,
    summarize,
)
from reviews.judging.rubric import rubric
from reviews.models import (
    Decision,
    Note,
    Panel,
    PanelState,
    Seat,
    Verdict,
)
from teams.events import happened
from teams.models import User


@transaction.atomic
def note(
    seat: Seat, kind: str, text: str, subjects: list[str], moment: datetime | None = None
) -> Note:
    """Raises Refused once the panel is closed."""
    held = locked(seat.panel)
    if held.is_closed:
        raise Refused("The panel is closed.")
    created = moment or timezone.now()
    return Note.objects.create(
        panel=held, seat=seat, kind=kind, text=text, subjects=subjects, created=created
    )


@transaction.atomic
def withdraw(found: Note) -> None:
    """Raises Refused once the panel is closed."""
    held = locked(found.panel)
    if held.is_closed:
        raise Refused("The panel is closed.")
    if found.withdrawn is None:
        found.withdrawn = timezone.now()
        found.save(update_fields=["withdrawn"])


@transaction.atomic
def decide(seat: Seat, verdict: str, text: str, moment: datetime | None = None) -> Decision:
    """One reviewer's decision. Raises Refused while that person owes a second mark, and outside
    the second round."""
    held = locked(seat.panel)
    if not held.is_talk or not seat.marked or seat.user is None:
        raise Refused("Decisions are made while the marks are open, by those who sent marks.")
    if missing := owed(seat):
        names = ", ".join(
            rubric().by_id[id].short.lower() for id in missing if id in rubric().by_id
        )
        raise Refused(f"Give your second mark first, on {names}.")
    team = held.revision.design.team
    role = team.role_of(seat.user)
    if role is None:
        raise Refused("You are no longer a member of the team.")
    made = Decision.objects.create(
        seat=seat, verdict=verdict, text=text, role=role, created=moment or timezone.now()
    )
    happened(
        team,
        "panel.decided",
        f"{Verdict(verdict).label.lower()}, {held.revision}",
        by=seat.user,
        url=held.get_absolute_url(),
        tell=[held.opened_by] if held.opened_by else [],
    )
    summarize(held)
    return made


@transaction.atomic
def close(panel: Panel, by: User, moment: datetime | None = None) -> None:
    """Fixes the outcome. Raises Refused while it waits for something."""
    held = locked(panel)
    if not held.is_talk:
        raise Refused("Only a panel whose marks are open can be closed.")
    found = outcome_of(held)
    if not found.verdict:
        raise Refused(f"The outcome waits for {found.waits}.")
    held.state, held.outcome = PanelState.CLOSED, found.verdict
    held.closed, held.closed_by = moment or timezone.now(), by
    held.save(update_fields=["state", "outcome", "closed", "closed_by"])
    revision = held.revision
    people = [seat.user for seat in held.seats.select_related("user") if seat.user]
    happened(
        revision.design.team,
        "panel.closed",
        f"{Verdict(found.verdict).label.lower()}, {revision}",
        by=by,
        url=held.get_absolute_url(),
        tell=[*people, *([revision.by] if revision.by else [])],
        text=f"The panel on {revision} has decided: {Verdict(found.verdict).label.lower()}",
    )
    summarize(held)
