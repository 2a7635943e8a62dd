"""Marks, blind at first, and once more where the first ones lay far apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from reviews.judging.panels._read import (
    Refused,
    disputed,
    locked,
    summarize,
)
from reviews.models import (
    Mark,
    Panel,
    PanelState,
    Seat,
)
from teams.events import happened
from teams.models import User

Given = Mapping[str, tuple[int | None, str]]
"""Criterion id to a mark (None: cannot judge) and its reason."""


@transaction.atomic
def keep_draft(seat: Seat, said: Mapping[str, str]) -> None:
    """Keeps a sheet that is not sent. Raises Refused when it can no longer be."""
    _unsent(seat)
    seat.draft = dict(said)
    seat.save(update_fields=["draft"])


@transaction.atomic
def mark(seat: Seat, given: Given, moment: datetime | None = None) -> None:
    """Sends one person's marks of the first round, which stand; the last of the panel closes the
    round. Raises Refused when the round or the marks are closed."""
    held = _unsent(seat)
    _keep(seat, Mark.FIRST, given, moment)
    seat.marked, seat.draft = moment or timezone.now(), {}
    seat.save(update_fields=["marked", "draft"])
    happened(
        held.revision.design.team,
        "panel.marked",
        str(held.revision),
        by=seat.user,
        url=held.get_absolute_url(),
        tell=[held.opened_by] if held.opened_by else [],
    )
    finish_first(held, moment)
    summarize(held)


def _unsent(seat: Seat) -> Panel:
    held = locked(seat.panel)
    panel = seat.panel
    seat.refresh_from_db()
    seat.panel = panel
    if seat.marked:
        raise Refused("Your marks are sent and stand.")
    if not held.is_blind:
        raise Refused("The first round was closed before you sent your marks.")
    return held


def _keep(seat: Seat, round: int, given: Given, moment: datetime | None) -> None:
    for criterion, (value, reason) in given.items():
        Mark.objects.update_or_create(
            seat=seat,
            round=round,
            criterion=criterion,
            defaults={
                "value": value,
                "reason": reason,
                "changed": moment or timezone.now(),
            },
        )


def finish_first(panel: Panel, moment: datetime | None = None) -> None:
    """Opens the marks once all who sit have sent theirs."""
    seats = list(panel.seats.all())
    if len(seats) >= panel.quorum and all(seat.marked for seat in seats):
        _open_marks(panel, moment)


def _open_marks(panel: Panel, moment: datetime | None = None) -> None:
    panel.state, panel.first_closed = PanelState.TALK, moment or timezone.now()
    panel.save(update_fields=["state", "first_closed"])
    happened(
        panel.revision.design.team,
        "panel.open_marks",
        str(panel.revision),
        url=panel.get_absolute_url(),
        tell=[seat.user for seat in panel.seats.select_related("user") if seat.user],
        text=f"The marks on {panel.revision} are open",
    )


@transaction.atomic
def close_first(panel: Panel, by: User) -> None:
    """Opens the marks without those who have not sent theirs. Raises Refused below the quorum."""
    held = locked(panel)
    if not held.is_blind:
        raise Refused("The marks are open already.")
    marked = held.seats.filter(marked__isnull=False).count()
    if marked < held.quorum:
        raise Refused(f"{marked} of the {held.quorum} reviewers that are needed have sent marks.")
    _open_marks(held)
    summarize(held)


@transaction.atomic
def mark_again(seat: Seat, given: Given, moment: datetime | None = None) -> None:
    """Second marks, on criteria where the first lay far apart; may be changed until the panel is
    closed. Raises Refused outside that."""
    held = locked(seat.panel)
    if not held.is_talk or not seat.marked:
        raise Refused(
            "Second marks are given while the marks are open, by those who sent first ones."
        )
    if strange := set(given) - set(disputed(held)):
        raise Refused(f"The first marks on {', '.join(sorted(strange))} lie together.")
    _keep(seat, Mark.SECOND, given, moment)
    summarize(held)
