"""The chart of a case: two lines on logarithmic scales, as coordinates for a template."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, log10

from fit import figures
from fit.engine.cost import Case, Crossing, samples

Scale = Callable[[float], float]

WIDE, HIGH = 640, 340
LEFT, RIGHT, TOP, FOOT = 64, 626, 44, 292
LEAST, MOST = 0, 13  # decades of requests that a chart may show
_FINE = 24  # points a decade
_STEPS = 160  # more steps than this are drawn as the line they have become
_MONEY_DECADES = 7
_MARKED = 8


@dataclass(frozen=True)
class Mark:
    """A line of the grid, a label, or a crossing."""

    at: float
    label: str
    x: float = 0
    y: float = 0
    before: bool = False  # its label stands on its left


@dataclass(frozen=True)
class Chart:
    """Paths and labels in a box of `WIDE` by `HIGH`."""

    by_use: str
    always_on: str
    columns: tuple[Mark, ...]
    rows: tuple[Mark, ...]
    crossings: tuple[Mark, ...]
    you: Mark | None


class Lines:
    """The two lines of a case in floating point: a chart has no more than three digits."""

    def __init__(self, case: Case) -> None:
        self.per_instance = float(case.per_instance)
        self._minimum, self._instance = case.fleet.minimum, float(case.instance_month)
        self._sent = float(case.egress(Fraction(1)))
        self._call = float(case.by_use(Fraction(1)) - case.by_use(Fraction(0)))
        self._use, self._on = float(case.by_use(Fraction(0))), float(case.on(0, Fraction(0)))

    def by_use(self, n: float) -> float:
        return self._use + self._call * n

    def instances(self, n: float) -> int:
        return max(self._minimum, ceil(n / self.per_instance - 1e-9))

    def on(self, instances: int, n: float) -> float:
        return self._on + instances * self._instance + self._sent * n

    def always_on(self, n: float) -> float:
        return self.on(self.instances(n), n)


@dataclass(frozen=True)
class Range:
    """Decades of requests a month, both ends included."""

    low: int
    high: int

    @property
    def most(self) -> Fraction:
        return Fraction(10) ** self.high


def extent(case: Case, crossings: tuple[Crossing, ...]) -> Range:
    """Around the load and the first crossings, so that both are seen with what surrounds them."""
    points = [float(c.requests) for c in crossings[:3] if c.requests > 0]
    if case.load.requests > 0:
        points.append(float(case.load.requests))
    points = points or [1e6]
    low, high = floor(log10(min(points))), ceil(log10(max(points)) + 0.5)
    low, high = max(LEAST, min(low, high - 4)), min(MOST, high)
    return Range(min(low, high - 3), high)


def chart(case: Case, crossings: tuple[Crossing, ...], span: Range) -> Chart | None:
    """None when neither side costs anything, so that there is nothing to draw."""
    lines = Lines(case)
    points = [float(n) for n in samples(span.low, span.high, _FINE)]
    costs = [lines.by_use(n) for n in points] + [lines.always_on(n) for n in points]
    positive = [c for c in costs if c > 0]
    if not positive:
        return None
    top = ceil(log10(max(positive)) + 0.02)
    low = max(floor(log10(min(positive))), top - _MONEY_DECADES)
    top = max(top, low + 1)

    def x(n: float) -> float:
        share = (log10(n) - span.low) / (span.high - span.low)
        return round(LEFT + share * (RIGHT - LEFT), 1)

    def y(cost: float) -> float:
        share = (log10(cost) - low) / (top - low) if cost > 0 else -1
        return round(FOOT - max(0.0, share) * (FOOT - TOP), 1)

    def place(n: Fraction, cost: Fraction, label: str) -> Mark:
        at = x(float(n))
        return Mark(float(n), label, at, y(float(cost)), before=at > (LEFT + RIGHT) / 2)

    shown = [c for c in crossings if 10**span.low <= c.requests <= span.most][:_MARKED]
    load = case.load.requests
    return Chart(
        by_use=_path([(x(n), y(lines.by_use(n))) for n in points]),
        always_on=_path(_stairs(lines, points, x, y)),
        columns=tuple(
            Mark(d, figures.short(Fraction(10) ** d), x(10.0**d))
            for d in range(span.low, span.high + 1)
        ),
        rows=tuple(Mark(d, _money_label(d), 0, y(10.0**d)) for d in range(low, top + 1)),
        crossings=tuple(
            place(c.requests, c.cost, f"{figures.short(c.requests)}" if not i else "")
            for i, c in enumerate(shown)
        ),
        you=place(load, case.by_use(load), figures.short(load))
        if 10**span.low <= load <= span.most
        else None,
    )


def _money_label(decade: int) -> str:
    """Short enough for the margin: $1,000, then $10k."""
    if decade > 3:
        return f"${figures.short(10**decade)}"
    return f"${10**decade:,}" if decade >= 0 else f"${figures.plain(10.0**decade)}"


def _stairs(lines: Lines, points: list[float], x: Scale, y: Scale) -> list[tuple[float, float]]:
    """The steps with their risers, where an instance is added, while they are few."""
    first, last = lines.instances(points[0]), lines.instances(points[-1])
    found = [(n, lines.always_on(n)) for n in points]
    if last - first <= _STEPS:
        for count in range(max(first, 1), last):
            edge = count * lines.per_instance
            if points[0] < edge < points[-1]:
                found += [(edge, lines.on(count, edge)), (edge, lines.on(count + 1, edge))]
    return [(x(n), y(cost)) for n, cost in sorted(found)]


def _path(points: list[tuple[float, float]]) -> str:
    """A path without the points that a straight line passes through anyway."""
    kept: list[tuple[float, float]] = []
    for point in points:
        if len(kept) > 1 and kept[-1][1] == kept[-2][1] == point[1]:
            kept[-1] = point
        elif not kept or point != kept[-1]:
            kept.append(point)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept)
