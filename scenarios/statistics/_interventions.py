"""Whether a change of the guide helped: targeted exercises before and after, against untouched
ones of the same chapter."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from ._items import FEWEST, Interval, Try, wilson


@dataclass(frozen=True, slots=True)
class Window:
    """Mean first-try scores before and after a day; None below `FEWEST` answers."""

    before: Interval | None
    after: Interval | None
    n_before: int
    n_after: int

    @property
    def gain(self) -> float | None:
        if self.before is None or self.after is None:
            return None
        return self.after.value - self.before.value


@dataclass(frozen=True, slots=True)
class Change:
    targeted: Window
    others: Window

    @property
    def windows(self) -> tuple[Window, Window]:
        return self.targeted, self.others

    @property
    def effect(self) -> float | None:
        """The gain of the targeted exercises beyond that of the others, in shares; None where
        there are too few answers on either side."""
        if self.targeted.gain is None or self.others.gain is None:
            return None
        return self.targeted.gain - self.others.gain


def change(
    tries: Iterable[Try], day: datetime, targeted: Collection[str], others: Collection[str]
) -> Change:
    """Compares first tries before and from `day` on."""
    found = [t for t in tries if not t.gave_up]
    return Change(_window(found, day, targeted), _window(found, day, others))


def _window(tries: Iterable[Try], day: datetime, ids: Collection[str]) -> Window:
    before: list[float] = []
    after: list[float] = []
    for one in tries:
        if one.exercise in ids:
            (after if one.at >= day else before).append(one.score)
    return Window(_mean(before), _mean(after), len(before), len(after))


def _mean(scores: list[float]) -> Interval | None:
    return wilson(sum(scores) / len(scores), len(scores)) if len(scores) >= FEWEST else None
