"""A panel's row and what it says: marks, disputes, outcome, and the summary that lists show."""

from __future__ import annotations

from typing import Any

from design.result import from_dict
from reviews.judging.outcome import Voice, outcome
from reviews.judging.rubric import rubric
from reviews.judging.statistics import score, spread
from reviews.models import (
    Decision,
    Mark,
    Panel,
    Revision,
    Seat,
)
from teams.models import Role


class Refused(ValueError):
    """The panel is not in a state in which this can be done; the text says why."""


def locked(panel: Panel) -> Panel:
    """The panel's row, locked until the end of the transaction."""
    found = Panel.objects.select_for_update().get(pk=panel.pk)
    found.revision = panel.revision
    return found


def marks_of(panel: Panel) -> list[Mark]:
    """Marks of both rounds; drafts are none."""
    return list(Mark.objects.filter(seat__panel=panel))


def disputed(panel: Panel) -> list[str]:
    """Criteria whose first marks lie two levels or more apart, in the rubric's order."""
    first: dict[str, list[int]] = {}
    for one in marks_of(panel):
        if one.round == Mark.FIRST and one.value is not None:
            first.setdefault(one.criterion, []).append(one.value)
    return [c for c, values in first.items() if (found := spread(values)) and found.disputed]


def owed(seat: Seat) -> list[str]:
    """Disputed criteria on which this person has yet to give a second mark."""
    given = seat.marks.filter(round=Mark.SECOND).values_list("criterion", flat=True)
    return [criterion for criterion in disputed(seat.panel) if criterion not in set(given)]


def standing_decisions(panel: Panel) -> dict[int, Decision]:
    """Seat id to the decision that stands."""
    found = Decision.objects.filter(seat__panel=panel).select_related("seat")
    return {one.seat_id: one for one in found}


def outcome_of(panel: Panel) -> Any:
    rules = panel.agreed()
    least = Role(rules.voice)
    voices = [
        Voice(d.verdict, d.role == Role.OWNER, Role(d.role).includes(least))
        for d in standing_decisions(panel).values()
    ]
    return outcome(voices, rules, panel.quorum)


def summarize(panel: Panel) -> None:
    """Rewrites the summary. `first` and `final` are the marks by criterion once they are open;
    `automatic` is the score beside which they were given, as it was then."""
    seats = list(panel.seats.all())
    said: dict[str, Any] = {
        "seats": len(seats),
        "marked": sum(seat.marked is not None for seat in seats),
        "waiting": [s.user_id for s in seats if s.marked is None and s.user_id is not None],
    }
    if not panel.is_blind:
        said |= _marks(panel)
        said["automatic"] = panel.summary.get("automatic") or _automatic(panel.revision)
        standing = standing_decisions(panel).values()
        said["decisions"] = [d.verdict for d in standing]
        said["waits"] = "" if panel.is_closed else outcome_of(panel).waits
    panel.summary = said
    panel.save(update_fields=["summary"])


def _marks(panel: Panel) -> dict[str, Any]:
    first: dict[str, dict[int, int]] = {c.id: {} for c in rubric().criteria}
    final: dict[str, dict[int, int]] = {c.id: {} for c in rubric().criteria}
    for one in marks_of(panel):
        for kept in (first, final) if one.round == Mark.FIRST else (final,):
            given = kept.setdefault(one.criterion, {})
            if one.value is None:
                given.pop(one.seat_id, None)
            else:
                given[one.seat_id] = one.value
    spreads = {id: spread(given.values()) for id, given in final.items()}
    return {
        "first": {id: sorted(given.values()) for id, given in first.items()},
        "final": {id: sorted(given.values()) for id, given in final.items()},
        "score": score(found.median for found in spreads.values() if found),
    }


def _automatic(revision: Revision) -> dict[str, Any] | None:
    run = revision.run()
    if run is None or not run.is_done:
        return None
    found = from_dict(run.result).score
    return {
        "total": found.total,
        "coverage": found.coverage,
        "pack": run.pack_version,
        "pillars": {
            name: pillar.score for name, pillar in found.pillars.items() if pillar.score is not None
        },
    }
