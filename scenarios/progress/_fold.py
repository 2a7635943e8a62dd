"""Points and first tries, from the log of attempts alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

TRY_VALUES: Final = (1.0, 0.6, 0.3)
"""What the first, second and third try are worth; later ones are practice only."""
HINT_PRICE: Final = 0.8
"""Each hint multiplies the value of the try by this."""
PASS: Final = 0.85
"""A first try without hints counts as passed from here."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the log: a graded try, or giving up (score 0)."""

    id: str
    exercise: str
    score: float
    hints: int
    gave_up: bool
    at: datetime
    mode: str = "practice"
    """practice, review, exam, placement or assignment."""
    confidence: int = 0
    """Said before grading: 1 a guess, 2 fairly sure, 3 would bet on it; 0 nothing said."""
    quick: bool = False
    """Faster than four of ten others had been when it was answered."""

    @property
    def passed(self) -> bool:
        return self.score >= PASS and not self.hints and not self.gave_up


@dataclass(frozen=True, slots=True)
class State:
    """Where a learner stands with one exercise."""

    tries: int = 0
    first: Record | None = None
    best: float = 0.0
    points: float = 0.0
    gave_up: bool = False
    last: datetime | None = None

    @property
    def solved(self) -> bool:
        return self.best >= 1

    @property
    def revealed(self) -> bool:
        """The solution has been shown: nothing more can be earned."""
        return self.solved or self.gave_up

    @property
    def passed(self) -> bool:
        """The first try is evidence of mastery. Later tries never are."""
        return self.first is not None and self.first.passed

    @property
    def word(self) -> str:
        """The state as a word for lists."""
        if self.passed:
            return "right at first"
        if self.solved:
            return "solved"
        if self.gave_up:
            return "solution seen"
        return "tried" if self.tries else "new"

    def after(self, record: Record) -> State:
        """The state once this record is added."""
        points = 0.0 if record.gave_up else worth(self, record.score, record.hints)
        return replace(
            self,
            tries=self.tries + (not record.gave_up),
            first=self.first or record,
            best=max(self.best, record.score),
            points=round(self.points + points, 6),
            gave_up=self.gave_up or record.gave_up,
            last=record.at,
        )


def worth(before: State, score: float, hints: int) -> float:
    """Points for a try: only what is better than the best so far, worth less each time."""
    if before.revealed or before.tries >= len(TRY_VALUES):
        return 0.0
    gain = max(0.0, score - before.best)
    return float(TRY_VALUES[before.tries] * HINT_PRICE**hints * gain)


def fold(records: Iterable[Record]) -> dict[str, State]:
    """The state of every exercise, from records in any order; repeats count once."""
    states: dict[str, State] = {}
    unique = {record.id: record for record in records}
    for record in sorted(unique.values(), key=lambda r: (r.at, r.id)):
        states[record.exercise] = states.get(record.exercise, State()).after(record)
    return states
