"""Scores and coverage over revisions or months as a line chart: places on a sheet, no markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDE, HIGH = 700, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 660, 34, 204
_LABELS: Final = 12
_DOTS: Final = 60
LIMITS: Final = (0, 50, 65, 80, 90, 100)
"""Where the grades begin; these are the lines across the sheet."""


@dataclass(frozen=True, slots=True)
class Point:
    """`score` None where there is none to show; `label` stands under it, `said` in the account."""

    label: str
    score: float | None
    coverage: float | None
    said: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    point: Point


@dataclass(frozen=True, slots=True)
class Chart:
    """Paths in a box of WIDE by HIGH, and the same in a sentence."""

    score: str
    coverage: str
    dots: tuple[Dot, ...]
    rows: tuple[tuple[float, int], ...]
    columns: tuple[tuple[float, str], ...]
    said: str
    wide: int = WIDE
    high: int = HIGH


def chart(points: Sequence[Point], what: str) -> Chart | None:
    """The chart of these points, evenly spaced; None when fewer than two have a score. `what`
    begins the sentence, such as "Revision"."""
    scored = [p for p in points if p.score is not None]
    if len(scored) < 2:
        return None
    step = (_RIGHT - _LEFT) / (len(points) - 1)
    placed = [(round(_LEFT + step * n, 1), point) for n, point in enumerate(points)]
    dots = [Dot(x, _y(p.score), p) for x, p in placed if p.score is not None]
    every = max(1, -(-len(points) // _LABELS))
    first, last = scored[0], scored[-1]
    values = [p.score or 0 for p in scored]
    said = (
        f"{what} {first.label}: {first.score:.0f}. {what} {last.label}: {last.score:.0f}, with "
        f"coverage {last.coverage or 0:.0f} %. Lowest {min(values):.0f}, highest {max(values):.0f}."
    )
    return Chart(
        _path([(d.x, d.y) for d in dots]),
        _path([(x, _y(p.coverage)) for x, p in placed if p.coverage is not None]),
        tuple(dots) if len(dots) <= _DOTS else (dots[-1],),
        tuple((_y(limit), limit) for limit in LIMITS),
        tuple((x, p.label) for x, p in placed[::every]),
        said,
    )


def _y(value: float | None) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * min(max(value or 0, 0), 100) / 100, 1)


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in places) if places else ""
