"""Scores over months: at the end of each, the mean of the designs that existed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from reviews.charts import Point
from reviews.models import Run, State
from teams.models import Team

MONTHS = 12


def trend(
    teams: Sequence[Team], now: datetime, without: Collection[int] = frozenset()
) -> list[Point]:
    """Twelve months up to now, the earliest first; a month without a design has no score. Of the
    revisions `without` nothing is told: their designs stand as they did before."""
    rows = Run.objects.filter(revision__design__team__in=teams, state=State.DONE)
    rows = rows.exclude(revision__in=without)
    known = list(
        rows.order_by("revision__created", "revision__number", "pk").values_list(
            "revision__design", "revision__created", "total", "coverage"
        )
    )
    points, at = [], 0
    newest: dict[int, tuple[float, float]] = {}
    for end in ends(now):
        while at < len(known) and known[at][1] < end:
            design, _, total, coverage = known[at]
            newest[design] = (total or 0.0, coverage or 0.0)
            at += 1
        points.append(_point(end, now, list(newest.values())))
    return points


def _point(end: datetime, now: datetime, scores: list[tuple[float, float]]) -> Point:
    month = min(end, now)
    label = f"{_before(month):%b %Y}" if end != now else f"{now:%b %Y}"
    if not scores:
        return Point(label, None, None, f"{label}: no design")
    score = sum(one for one, _ in scores) / len(scores)
    coverage = sum(one for _, one in scores) / len(scores)
    said = f"{label}: {score:.0f}, coverage {coverage:.0f} %, {len(scores)} designs"
    return Point(label, score, coverage, said)


def ends(now: datetime) -> list[datetime]:
    """The ends of the last eleven whole months, then now."""
    year, month = now.year, now.month
    found = [now]
    for _ in range(MONTHS - 1):
        found.append(datetime(year, month, 1, tzinfo=UTC))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return sorted(found)


def _before(end: datetime) -> datetime:
    """A day of the month that ends there."""
    month = end.month - 1 or 12
    return datetime(end.year - (end.month == 1), month, 1, tzinfo=UTC)
