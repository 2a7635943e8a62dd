"""Panels of the demonstration team: one that asked for changes, one that is being talked about, and
one that refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from reviews.judging import panels
from reviews.judging.rubric import rubric
from reviews.models import NoteKind, Panel, Revision, Verdict
from teams.models import Team, User

# Marks in the order of the rubric, and a reason for each.
_Sheet = tuple[tuple[int, str], ...]

_FIRST_MARA: Final[_Sheet] = (
    (3, "Load, latency and budget are there; nobody says when we would stop."),
    (2, "The traffic suits it. What three servers would cost is not in the text."),
    (3, "Billing writes the ledger alone, fulfilment goes through the bus."),
    (2, "Versioned on the change feed, silent on the queue."),
    (1, "No quarantine on either queue, and no keys: a second delivery is a second order."),
    (3, "Grants are narrow, entry points are closed."),
    (1, "Nothing alarms on a backlog, because there is no place where it would stop."),
    (1, "One decision, by title."),
)
_FIRST_INES: Final[_Sheet] = (
    (3, "Figures for all four, recovery included."),
    (2, "Argued from the shape of the traffic, not against anything."),
    (3, "I can say which team is called for each part."),
    (2, "Sizes yes, owners no."),
    (1, "Start-fulfil retries into nothing. What becomes of the sixth attempt?"),
    (2, "Source of the push to the queue is open to everybody in the account."),
    (2, "Alarms on functions, none on queues."),
    (1, "ADR-004 has no reason in it."),
)
_LATER_TOMASZ: Final[_Sheet] = (
    (3, "Each goal has its figure."),
    (3, "We compared with containers in October, the numbers are in the assessment."),
    (3, "Unchanged since revision 1, and it has held."),
    (3, "Every message has its size, and the feed is versioned."),
    (3, "Keys, quarantines, a refund step; late messages end in the quarantine."),
    (3, "The push to the queue is restricted now."),
    (3, "Depth alarms and a runbook for the way back."),
    (2, "The reasons are in the repository, not in the text."),
)
_LATER_INES: Final[_Sheet] = (
    (3, "As before."),
    (2, "The assessment is not named here, so I cannot read it from the design."),
    (3, "As before."),
    (2, "Nobody owns order.placed."),
    (1, "A refund that comes before its payment is nowhere. That is money, so I stop at 1."),
    (3, "Grants, sources and retention are complete."),
    (3, "Who is called is in the runbook."),
    (1, "Still one title."),
)
_SHOP_MARA: Final[_Sheet] = (
    (2, "Figures for load and latency, none for recovery."),
    (0, "It asks for sticky sessions and runs 800 s."),
    (0, "Forty-two routes in one function."),
    (0, "No schema anywhere."),
    (1, "Retries without a wait."),
    (0, "A public database with restricted data."),
    (1, "The tax function has alarms, the shop has none."),
    (0, "None."),
)
_SHOP_INES: Final[_Sheet] = (
    (2, "A budget without what it has to hold."),
    (1, "Steady traffic at 300 a second would speak against it, which the text at least states."),
    (0, "Mail, checkout and reports change together."),
    (0, "9 MB into a gateway that takes 6."),
    (0, "What a second attempt does, nobody says."),
    (0, "Everything may do everything."),
    (0, "Debug logs are no operation."),
    (0, "None."),
)


def load(team: Team, people: dict[str, User], now: datetime) -> None:
    """For a team whose designs are there; `people` by user name."""
    revisions = Revision.objects.filter(design__team=team).select_related("design", "by")
    by = {(r.design.slug, r.number): r for r in revisions}
    for revision in by.values():
        revision.design.team = team
    _changes(by["photo-orders", 1], people, now - timedelta(days=44))
    _refused(by["shop-monolith", 1], people, now - timedelta(days=11))
    _talking(by["photo-orders", 3], people, now - timedelta(days=4))


def _judged(
    revision: Revision, by: User, sheets: list[tuple[User, _Sheet]], start: datetime
) -> Panel:
    panel = panels.open_panel(
        revision,
        by,
        [person for person, _ in sheets],
        due=(start + timedelta(days=3)).date(),
        opened=start,
    )
    seats = {seat.user_id: seat for seat in panel.seats.select_related("user")}
    for hours, (person, sheet) in enumerate(sheets, 20):
        ids = [criterion.id for criterion in rubric().criteria]
        seat = seats[person.pk]
        seat.panel = panel
        given = dict(zip(ids, sheet, strict=True))
        panels.mark(seat, given, start + timedelta(hours=hours))
    panel.refresh_from_db()
    panel.revision = revision
    return panel


def _decide(panel: Panel, said: dict[User, tuple[str, str]], moment: datetime) -> None:
    for seat in panel.seats.select_related("user"):
        if seat.user in said:
            seat.panel = panel
            panels.decide(seat, *said[seat.user], moment)


def _changes(revision: Revision, people: dict[str, User], start: datetime) -> None:
    mara, ines, tomasz = people["mara"], people["ines"], people["tomasz"]
    panel = _judged(revision, tomasz, [(mara, _FIRST_MARA), (ines, _FIRST_INES)], start)
    seats = {seat.user: seat for seat in panel.seats.select_related("user")}
    for seat in seats.values():
        seat.panel = panel
    panels.note(
        seats[ines],
        NoteKind.RISK,
        "After the last attempt a message of work is gone, and an order with it.",
        ["work", "start-fulfil"],
        start + timedelta(hours=21),
    )
    changes = Verdict.CHANGES.value
    _decide(
        panel,
        {
            mara: (changes, "Quarantines for both queues, and keys where money is moved."),
            ines: (changes, "The same, and an alarm on what lies in quarantine."),
        },
        start + timedelta(days=2),
    )
    panels.close(panel, mara, start + timedelta(days=2, hours=1))


def _refused(revision: Revision, people: dict[str, User], start: datetime) -> None:
    mara, ines = people["mara"], people["ines"]
    panel = _judged(revision, mara, [(mara, _SHOP_MARA), (ines, _SHOP_INES)], start)
    _decide(
        panel,
        {
            mara: (Verdict.REJECT.value, "Not to be repaired in place; begin with checkout alone."),
            ines: (Verdict.CHANGES.value, "Take the data off the internet this week, then talk."),
        },
        start + timedelta(days=1, hours=5),
    )
    panels.close(panel, mara, start + timedelta(days=2))


def _talking(revision: Revision, people: dict[str, User], start: datetime) -> None:
    """Tomasz has given his second mark on failure thinking and decided; Ines has yet to."""
    mara, ines, tomasz = people["mara"], people["ines"], people["tomasz"]
    panel = _judged(revision, mara, [(tomasz, _LATER_TOMASZ), (ines, _LATER_INES)], start)
    seats = {seat.user: seat for seat in panel.seats.select_related("user")}
    for seat in seats.values():
        seat.panel = panel
    panels.note(
        seats[ines],
        NoteKind.SENSITIVITY,
        "All orders hang on one setting: 200 s of visibility are 40 s for each of a batch of five.",
        ["work", "work->start-fulfil"],
        start + timedelta(hours=22),
    )
    panels.note(
        seats[tomasz],
        NoteKind.TRADE_OFF,
        "The workflow costs more a step than a queue would, and shows one order as one picture.",
        ["fulfil"],
        start + timedelta(hours=23),
    )
    again = {"failure": (2, "Late refunds are not in the text. I was thinking of the code.")}
    panels.mark_again(seats[tomasz], again, start + timedelta(days=1, hours=6))
    said = (
        Verdict.CONDITIONS.value,
        "That the early refund is written down, and tried once, before the next sale.",
    )
    _decide(panel, {tomasz: said}, start + timedelta(days=1, hours=7))
