"""Statistics of exercises from first tries, and the signals that they give to authors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import atanh, sqrt, tanh
from typing import Final

FEWEST: Final = 20
"""Below so many first tries nothing is shown."""
FEWEST_CORRELATED: Final = 50
FEWEST_OTHERS: Final = 10
"""So many other first tries make somebody's rest score."""
FEWEST_FOR_FILLER: Final = 100
PASS: Final = 0.85
SURE: Final = 3

_Z: Final = 1.959964
_EASY, _EASY_EDGE = 0.95, 0.90
_HARD, _HARD_EDGE = 0.30, 0.40
_SUSPECT, _SUSPECT_EDGE = 0.10, 0.20
_FILLER: Final = 0.05
_SURE_AND_WRONG: Final = 0.25


@dataclass(frozen=True, slots=True)
class Try:
    """A first try of one person. `chosen` are option ids, where the exercise has options;
    `confidence` is 0 where nothing was said."""

    exercise: str
    person: str
    score: float
    at: datetime
    gave_up: bool = False
    hints: int = 0
    seconds: int | None = None
    confidence: int = 0
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the 95 percent interval around it, from `n` answers."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class OptionShare:
    """How often an option was chosen: by all, and by the upper and lower third of learners."""

    id: str
    correct: bool
    all: float
    top: float | None
    bottom: float | None


@dataclass(frozen=True, slots=True)
class Signal:
    """A threshold that was passed. What to do is in the codes of the engine."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """One exercise. Everything but `n` is None or empty below `FEWEST`."""

    exercise: str
    n: int
    facility: Interval | None = None
    discrimination: Interval | None = None
    options: tuple[OptionShare, ...] = ()
    median_seconds: int | None = None
    slow_seconds: int | None = None
    hint_rate: float = 0.0
    give_up_rate: float = 0.0
    sure_and_wrong: float | None = None
    signals: tuple[Signal, ...] = ()


def wilson(share: float, n: int) -> Interval:
    """Wilson's interval of a share, 0 to 1, of n answers; a mean score counts as a share."""
    if n == 0:
        return Interval(0.0, 0.0, 1.0, 0)
    z2 = _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half), n)


def correlation(pairs: Sequence[tuple[float, float]]) -> Interval | None:
    """Pearson's correlation with Fisher's interval; None where one side does not vary."""
    n = len(pairs)
    if n < 4:
        return None
    mean_x, mean_y = (sum(p[i] for p in pairs) / n for i in (0, 1))
    xx = sum((x - mean_x) ** 2 for x, _ in pairs)
    yy = sum((y - mean_y) ** 2 for _, y in pairs)
    if xx < 1e-12 or yy < 1e-12:
        return None
    r = sum((x - mean_x) * (y - mean_y) for x, y in pairs) / sqrt(xx * yy)
    inside = max(-0.999999, min(0.999999, r))
    half = _Z / sqrt(n - 3)
    return Interval(r, tanh(atanh(inside) - half), tanh(atanh(inside) + half), n)


def statistics(
    tries: Iterable[Try], options: Mapping[str, Mapping[str, bool]]
) -> dict[str, ItemStatistics]:
    """By exercise. `options` tells of each exercise with options which of them are correct. The
    tries are first tries of one revision each; a second one of the same person is left out."""
    by_item: dict[str, dict[str, Try]] = defaultdict(dict)
    for one in sorted(tries, key=lambda t: t.at):
        by_item[one.exercise].setdefault(one.person, one)
    totals: dict[str, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for found in by_item.values():
        for person, one in found.items():
            if not one.gave_up:
                score, count = totals[person]
                totals[person] = score + one.score, count + 1
    return {
        id: _item(id, list(found.values()), totals, options.get(id, {}))
        for id, found in by_item.items()
    }


def _item(
    id: str,
    found: Sequence[Try],
    totals: Mapping[str, tuple[float, int]],
    options: Mapping[str, bool],
) -> ItemStatistics:
    tried = [t for t in found if not t.gave_up]
    n = len(tried)
    if n < FEWEST:
        return ItemStatistics(id, n)
    rest = {t.person: value for t in tried if (value := _rest(t, totals)) is not None}
    pairs = [(t.score, rest[t.person]) for t in tried if t.person in rest]
    shares = _options(tried, rest, options)
    seconds = sorted(t.seconds for t in tried if t.seconds is not None)
    said = [t for t in tried if t.confidence]
    sure_wrong = sum(t.confidence >= SURE and t.score < PASS for t in said)
    result = ItemStatistics(
        exercise=id,
        n=n,
        facility=wilson(sum(t.score for t in tried) / n, n),
        discrimination=correlation(pairs) if len(pairs) >= FEWEST_CORRELATED else None,
        options=shares,
        median_seconds=seconds[len(seconds) // 2] if seconds else None,
        slow_seconds=seconds[len(seconds) * 9 // 10] if seconds else None,
        hint_rate=sum(t.hints > 0 for t in tried) / n,
        give_up_rate=(len(found) - n) / len(found),
        sure_and_wrong=sure_wrong / len(said) if len(said) >= FEWEST else None,
    )
    return _signalled(result)


def _rest(one: Try, totals: Mapping[str, tuple[float, int]]) -> float | None:
    """The mean of a person's other first tries; None where there are too few."""
    score, count = totals[one.person]
    if count - 1 < FEWEST_OTHERS:
        return None
    return (score - one.score) / (count - 1)


def _options(
    tried: Sequence[Try], rest: Mapping[str, float], options: Mapping[str, bool]
) -> tuple[OptionShare, ...]:
    ranked = sorted((t for t in tried if t.person in rest), key=lambda t: rest[t.person])
    third = len(ranked) // 3 if len(ranked) >= FEWEST_CORRELATED else 0
    bottom, top = ranked[:third], ranked[len(ranked) - third :]

    def share(group: Sequence[Try], id: str) -> float | None:
        return sum(id in t.chosen for t in group) / len(group) if group else None

    return tuple(
        OptionShare(id, correct, share(tried, id) or 0.0, share(top, id), share(bottom, id))
        for id, correct in options.items()
    )


def _signalled(item: ItemStatistics) -> ItemStatistics:
    return replace(item, signals=tuple(_signals(item)))


def _signals(item: ItemStatistics) -> Iterable[Signal]:
    facility, telling = item.facility, item.discrimination
    assert facility is not None
    if facility.value > _EASY and facility.low > _EASY_EDGE:
        yield Signal("W701", f"{facility.value:.0%} right, at least {facility.low:.0%}.")
    if facility.value < _HARD and facility.high < _HARD_EDGE:
        yield Signal("W702", f"{facility.value:.0%} right, at most {facility.high:.0%}.")
    if telling and telling.value < _SUSPECT and telling.high < _SUSPECT_EDGE:
        yield Signal("W703", f"Correlation {telling.value:.2f}, at most {telling.high:.2f}.")
    key_top = max((o.top or 0.0 for o in item.options if o.correct), default=0.0)
    for option in item.options:
        if not option.correct and option.top is not None and option.top > key_top:
            yield Signal("W704", f"The upper third takes “{option.id}” more often than the key.")
        if not option.correct and item.n >= FEWEST_FOR_FILLER and option.all < _FILLER:
            yield Signal("W705", f"“{option.id}” is chosen by {option.all:.0%}.")
    if item.sure_and_wrong is not None and item.sure_and_wrong > _SURE_AND_WRONG:
        yield Signal("W706", f"{item.sure_and_wrong:.0%} were sure and wrong.")
