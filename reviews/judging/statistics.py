"""Do people who judge the same designs agree? Pure: marks in, numbers out.

A *unit* is what several people marked once: the marks it got, in any order, with those who gave
none left out. Marks are whole numbers from 0 to `levels` - 1. Every coefficient is None where it is
not defined, never a number that looks like one.

Sources: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011; J. Cohen, "Weighted
kappa", Psychological Bulletin 70, 1968; K. L. Gwet, "Handbook of Inter-Rater Reliability", 4th
edition, 2014. The tests hold the functions against worked examples of these.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, median, pstdev
from typing import Final

LEVELS: Final = 5
DISPUTED: Final = 2
"""Marks that lie so many levels apart are talked about before anybody decides."""
RELIABLE: Final = 0.80
TENTATIVE: Final = 0.67
RESAMPLES: Final = 400

Unit = Sequence[int]


@dataclass(frozen=True, slots=True)
class Spread:
    """The marks of one criterion for one design. `exact` and `adjacent` are the shares, 0 to 1,
    of pairs of people whose marks are equal, and at most one level apart; None for one person."""

    marks: tuple[int, ...]
    median: float
    low: int
    high: int
    exact: float | None
    adjacent: float | None

    @property
    def range(self) -> int:
        return self.high - self.low

    @property
    def disputed(self) -> bool:
        return self.range >= DISPUTED


def spread(marks: Iterable[int]) -> Spread | None:
    """None without a mark."""
    given = tuple(sorted(marks))
    if not given:
        return None
    pairs = [abs(a - b) for a, b in combinations(given, 2)]
    return Spread(
        marks=given,
        median=float(median(given)),
        low=given[0],
        high=given[-1],
        exact=sum(d == 0 for d in pairs) / len(pairs) if pairs else None,
        adjacent=sum(d <= 1 for d in pairs) / len(pairs) if pairs else None,
    )


def score(medians: Iterable[float]) -> float | None:
    """The human score, 0 to 100: the mean of the criteria's medians, times 25."""
    found = list(medians)
    return fmean(found) * 100 / (LEVELS - 1) if found else None


# Krippendorff's alpha


def alpha(units: Iterable[Unit], levels: int = LEVELS) -> float | None:
    """Krippendorff's alpha with ordinal distances: 1 is perfect, 0 is what chance would give, less
    is worse than chance. Any number of people, marks may be missing; a unit with a single mark
    cannot be compared and does not count. None where fewer than two units can be compared, or
    where all marks are equal: then nothing tells agreement from a lack of choice.
    """
    tables = [table for unit in units if (table := _coincidences(unit, levels))]
    return _alpha(tables, levels) if len(tables) > 1 else None


def interval(
    clusters: Sequence[Sequence[Unit]],
    levels: int = LEVELS,
    *,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> tuple[float, float] | None:
    """The bootstrap 95 % interval of alpha. What is drawn anew, with replacement, are clusters
    (designs), since marks of one design hang together. The same input gives the same interval.
    None for fewer than two clusters that can be compared."""
    tables = []
    for cluster in clusters:
        made = [t for unit in cluster if (t := _coincidences(unit, levels))]
        if made:
            tables.append(_sum(made))
    if len(tables) < 2:
        return None
    draw = random.Random(seed)  # noqa: S311 - resampling, not a secret
    found = [
        value
        for _ in range(resamples)
        if (value := _alpha(draw.choices(tables, k=len(tables)), levels)) is not None
    ]
    if len(found) < resamples / 2:
        return None
    found.sort()
    last = len(found) - 1
    return found[math.floor(0.025 * last)], found[math.ceil(0.975 * last)]


def _coincidences(unit: Unit, levels: int) -> tuple[float, ...] | None:
    """The unit's part of the coincidence matrix, row by row: each ordered pair of marks of two
    people, divided by the number of people less one. Raises ValueError for a mark off the scale."""
    if any(not 0 <= mark < levels for mark in unit):
        raise ValueError(f"marks {list(unit)} are not all from 0 to {levels - 1}")
    if len(unit) < 2:
        return None
    counts = Counter(unit)
    weight = 1 / (len(unit) - 1)
    return tuple(
        counts[c] * (counts[k] - (c == k)) * weight for c in range(levels) for k in range(levels)
    )


def _sum(tables: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(map(sum, zip(*tables, strict=True)))


def _alpha(tables: Sequence[tuple[float, ...]], levels: int) -> float | None:
    table = _sum(tables)
    n = [sum(table[c * levels : (c + 1) * levels]) for c in range(levels)]
    total = sum(n)
    observed = expected = 0.0
    for c in range(levels):
        for k in range(c + 1, levels):
            between = sum(n[c : k + 1]) - (n[c] + n[k]) / 2
            distance = between * between
            observed += table[c * levels + k] * distance
            expected += n[c] * n[k] * distance
    if expected <= 0:
        return None
    return 1 - (total - 1) * observed / expected


def band(value: float | None) -> str:
    """What an alpha is worth: reliable from 0.80, tentative from 0.67, below that not reliable."""
    if value is None:
        return "undefined"
    return (
        "reliable" if value >= RELIABLE else "tentative" if value >= TENTATIVE else "not reliable"
    )


# Two people, and nearly equal marks


def weighted_kappa(pairs: Iterable[tuple[int, int]], levels: int = LEVELS) -> float | None:
    """Cohen's kappa of exactly two people with quadratic weights; a pair is the mark of the first
    and of the second. None without pairs, or where both always gave the same one mark."""
    given = list(pairs)
    if not given:
        return None
    first, second = Counter(a for a, _ in given), Counter(b for _, b in given)
    observed = sum((a - b) ** 2 for a, b in given) / len(given)
    expected = sum(
        first[a] * second[b] * (a - b) ** 2 for a in range(levels) for b in range(levels)
    ) / (len(given) ** 2)
    return 1 - observed / expected if expected else None


def ac2(units: Iterable[Unit], levels: int = LEVELS) -> float | None:
    """Gwet's AC2 with quadratic weights, for any number of people and missing marks. It stays
    meaningful when nearly all marks are equal, where alpha falls to 0. None where no unit has two
    marks."""
    given = [unit for unit in units if unit]
    compared = [unit for unit in given if len(unit) > 1]
    if not compared:
        return None
    weights = [[1 - ((a - b) / (levels - 1)) ** 2 for b in range(levels)] for a in range(levels)]
    observed = fmean(_agreement(unit, weights) for unit in compared)
    shares = [fmean(unit.count(k) / len(unit) for unit in given) for k in range(levels)]
    chance = sum(map(sum, weights)) / (levels * (levels - 1)) * sum(p * (1 - p) for p in shares)
    return (observed - chance) / (1 - chance) if chance < 1 else None


def _agreement(unit: Unit, weights: Sequence[Sequence[float]]) -> float:
    pairs = [weights[a][b] for a, b in combinations(unit, 2)]
    return fmean(pairs)


# People


@dataclass(frozen=True, slots=True)
class Leniency:
    """How a person marks beside the others: `mean` is the mean deviation from the median of the
    panel, in levels, above 0 for the lenient; `consistency` the standard deviation of these
    deviations, 0 for somebody who is always as far away; `count` of marks compared."""

    mean: float
    consistency: float
    count: int


def leniency(panels: Iterable[Mapping[str, int]]) -> dict[str, Leniency]:
    """By person, over panels of one criterion each (person to mark). Panels of one person say
    nothing. The median includes the person's own mark, as the panel's does."""
    off: dict[str, list[float]] = {}
    for marks in panels:
        if len(marks) < 2:
            continue
        middle = median(marks.values())
        for person, mark in marks.items():
            off.setdefault(person, []).append(mark - middle)
    return {
        person: Leniency(fmean(values), pstdev(values), len(values))
        for person, values in off.items()
    }
