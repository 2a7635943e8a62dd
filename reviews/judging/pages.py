"""What pages show of people's judgement; knows nothing of requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from design.diagram import Drawing
from design.result import from_dict
from reviews import pictures
from reviews.judging import panels
from reviews.judging.outcome import Disagreement, blended, disagreements
from reviews.judging.rubric import Criterion, rubric
from reviews.judging.statistics import Spread, spread
from reviews.models import Decision, Mark, Note, Panel, Run, Seat, Verdict

BESIDE = {c.id: c.pillar for c in rubric().criteria if c.pillar}


@dataclass(frozen=True, slots=True)
class Given:
    """One person's marks of one criterion."""

    seat: Seat
    first: Mark | None
    second: Mark | None

    @property
    def stands(self) -> Mark | None:
        return self.second or self.first

    @property
    def moved(self) -> bool:
        return bool(self.first and self.second and self.first.value != self.second.value)


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion with all marks. `first` and `final` are None when nobody could judge."""

    criterion: Criterion
    given: tuple[Given, ...]
    first: Spread | None
    final: Spread | None

    @property
    def disputed(self) -> bool:
        return self.first is not None and self.first.disputed

    @property
    def settled(self) -> bool:
        return self.final is None or not self.final.disputed


def beside(panel: Panel) -> dict[str, Any]:
    """The human side of a revision, out of the panel's summary alone: no query."""
    said = panel.summary
    found: dict[str, Any] = {"panel": panel, "said": said}
    if panel.is_blind:
        return found
    final = {id: spread(marks) for id, marks in said.get("final", {}).items()}
    found["dots"] = [
        (c, final[c.id], (first := spread(said["first"].get(c.id, []))) and first.disputed)
        for c in rubric().criteria
        if final.get(c.id)
    ]
    widest = [c for c, one, _ in found["dots"] if one.disputed]
    found |= {
        "human": said.get("score"),
        "widest": widest,
        "outcome": Verdict(panel.outcome).label if panel.outcome else "",
        "blend": blend(panel),
        "apart": apart(panel),
    }
    return found


def blend(panel: Panel) -> dict[str, float] | None:
    """The parts of the blended score, when the team's rules ask for one and both scores exist."""
    share, automatic = panel.agreed().blend, panel.summary.get("automatic")
    human = panel.summary.get("score")
    if share is None or not automatic or human is None:
        return None
    return {
        "share": share,
        "rest": 100 - share,
        "automatic": automatic["total"],
        "human": human,
        "total": blended(automatic["total"], human, share),
        "version": panel.agreed().version,
    }


def apart(panel: Panel) -> list[tuple[Criterion, Disagreement]]:
    """Criteria on which people and rules are far apart."""
    automatic = panel.summary.get("automatic") or {}
    medians = {
        id: found.median
        for id, marks in panel.summary.get("final", {}).items()
        if (found := spread(marks))
    }
    by_id = rubric().by_id
    found = disagreements(medians, automatic.get("pillars", {}), BESIDE)
    return [(by_id[one.criterion], one) for one in found if one.criterion in by_id]


def panel_page(user: Any, panel: Panel) -> dict[str, Any]:
    """The whole panel as this person may see it: in the first round nobody sees another's marks
    or notes."""
    seats = list(panel.seats.select_related("user"))
    for seat in seats:
        seat.panel = panel
    mine = next((s for s in seats if s.user_id is not None and s.user_id == user.pk), None)
    found = beside(panel) | {
        "seats": seats,
        "mine": mine,
        "notes": _notes(panel, mine),
        "rules": panel.agreed(),
    }
    if panel.is_blind:
        return found
    rows = rows_of(seats, panels.marks_of(panel))
    decisions = _decisions(panel)
    return found | {
        "rows": rows,
        "markers": [seat for seat in seats if seat.marked],
        "disputes": [row for row in rows if row.disputed],
        "owed": [
            row.criterion
            for row in rows
            if mine and mine.marked and row.disputed and not _second(row, mine)
        ],
        "adjacent": _share(rows),
        "decisions": decisions,
        "standing": {one.seat_id: one for one in decisions},
    }


def rows_of(seats: Sequence[Seat], marks: Sequence[Mark]) -> list[Row]:
    by = {(one.seat_id, one.round, one.criterion): one for one in marks}
    rows = []
    for criterion in rubric().criteria:
        given = tuple(
            Given(
                seat,
                by.get((seat.pk, Mark.FIRST, criterion.id)),
                by.get((seat.pk, Mark.SECOND, criterion.id)),
            )
            for seat in seats
            if seat.marked
        )
        first = spread(_values(one.first for one in given))
        final = spread(_values(one.stands for one in given))
        rows.append(Row(criterion, given, first, final))
    return rows


def _values(marks: Any) -> list[int]:
    return [one.value for one in marks if one and one.value is not None]


def _second(row: Row, seat: Seat) -> bool:
    return any(one.second for one in row.given if one.seat.pk == seat.pk)


def _share(rows: Sequence[Row]) -> dict[str, float] | None:
    """How close the first marks lay over all criteria: shares of pairs, 0 to 1."""
    found = [row.first for row in rows if row.first and row.first.adjacent is not None]
    if not found:
        return None
    exact = [one.exact for one in found if one.exact is not None]
    adjacent = [one.adjacent for one in found if one.adjacent is not None]
    return {
        "exact": 100 * sum(exact) / len(exact),
        "adjacent": 100 * sum(adjacent) / len(adjacent),
    }


def _notes(panel: Panel, mine: Seat | None) -> list[Note]:
    notes = panel.notes.select_related("seat")
    if panel.is_blind:
        notes = notes.filter(seat=mine) if mine else notes.none()
    return list(notes)


def _decisions(panel: Panel) -> list[Decision]:
    return list(Decision.objects.filter(seat__panel=panel).select_related("seat"))


def drawing(run: Run) -> Drawing | str:
    """The design of a finished run without its findings, or why there is no picture."""
    return pictures.bare(from_dict(run.result).design)
