"""The calibration chart: what was said before grading against what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.progress import Said

WIDE, HIGH = 420, 250
_LEFT, _RIGHT, _TOP, _FOOT = 56, 404, 18, 206
_HONEST = {1: (0.0, 2 / 3), 2: (2 / 3, 0.8), 3: (0.8, 1.0)}


@dataclass(frozen=True)
class Column:
    """One degree of confidence: the band in which it is honest, and what there was."""

    said: Said
    x: float
    band_y: float
    band_high: float
    y: float
    low: float
    high: float

    @property
    def band_x(self) -> float:
        return self.x - 44


@dataclass(frozen=True)
class Chart:
    columns: tuple[Column, ...]
    lines: tuple[tuple[float, str], ...]
    wide: int = WIDE
    high: int = HIGH
    left: int = _LEFT
    right: int = _RIGHT
    foot: int = _FOOT


def _y(share: float) -> float:
    return round(_FOOT - share * (_FOOT - _TOP), 1)


def chart(found: list[Said]) -> Chart | None:
    """None where nothing was said yet."""
    if not any(said.share.count for said in found):
        return None
    columns = []
    for n, said in enumerate(sorted(found, key=lambda s: s.confidence)):
        low, high = said.share.bounds
        least, most = _HONEST[said.confidence]
        x = _LEFT + (n + 0.5) * (_RIGHT - _LEFT) / len(found)
        columns.append(
            Column(
                said,
                round(x, 1),
                _y(most),
                round(_y(least) - _y(most), 1),
                _y(said.share.share),
                _y(low),
                _y(high),
            )
        )
    lines = tuple((_y(share / 4), f"{share * 25} %") for share in range(5))
    return Chart(tuple(columns), lines)
