"""First tries from the log, as the statistics read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from scenarios import places
from scenarios.catalogue import Catalogue
from scenarios.engine import TYPES, Exercise
from scenarios.models import Attempt, Intervention, Report
from scenarios.statistics import Change, ItemStatistics, Try, change, statistics

_FIELDS = ("exercise", "rev", "user", "guest", "score", "created", "gave_up", "hints", "seconds")


def tries(known: Catalogue, revisions: bool = True) -> list[Try]:
    """First tries of everybody, guests included; of the present revision, unless all are asked
    for. Pilots are left out: they are on probation."""
    current = {e.id: e.rev for e in known.exercises.values() if e.status != "pilot"}
    rows = Attempt.objects.filter(tries__lte=1).values_list(*_FIELDS, "confidence", "response")
    found = []
    for id, rev, user, guest, score, at, gave_up, hints, seconds, said, response in rows.iterator():
        if id in current and (rev == current[id] or not revisions):
            chosen = tuple(response.get("chosen", ())) if isinstance(response, dict) else ()
            person = str(user) if user else guest
            found.append(Try(id, person, score, at, gave_up, hints, seconds, said or 0, chosen))
    return found


def options(known: Catalogue) -> dict[str, dict[str, bool]]:
    """Which options are right, of every exercise that has some."""
    return {
        e.id: {o.id: o.correct for o in e.body.options}
        for e in known.exercises.values()
        if getattr(e.body, "options", ())
    }


def table(known: Catalogue) -> list[dict[str, Any]]:
    """Every exercise that is offered, with what is known of it; signals first, then those with
    most answers."""
    found = statistics(tries(known), options(known))
    flags = Counter(Report.objects.filter(closed=None).values_list("exercise", flat=True))
    rows = [
        {
            "exercise": e,
            "type": TYPES[e.type].title,
            "section": places.section(e.section),
            "item": found.get(e.id, ItemStatistics(e.id, 0)),
            "flags": flags[e.id],
        }
        for e in known.live()
    ]
    rows.sort(key=lambda r: (-len(r["item"].signals), -r["flags"], -r["item"].n, r["exercise"].id))
    return rows


def one(known: Catalogue, exercise: Exercise) -> ItemStatistics:
    found = statistics(tries(known), options(known))
    return found.get(exercise.id, ItemStatistics(exercise.id, 0))


def effect(known: Catalogue, intervention: Intervention, log: list[Try]) -> Change:
    """Targeted exercises before and after, against the others of their chapter."""
    targeted = set(intervention.exercises)
    chapter = intervention.section.partition("/")[0]
    others = {e.id for e in known.exercises.values() if e.chapter == chapter} - targeted
    day = datetime.combine(intervention.on, time(), UTC)
    return change(log, day, targeted, others)


def texts(exercise: Exercise) -> Mapping[str, str]:
    return {o.id: o.text for o in getattr(exercise.body, "options", ())}
