"""The level of a skill, why it is that, and what raises it: one function of the evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from typing import Final

from ._evidence import EXAM, PLACEMENT, REVIEW, Evidence

PASSES: Final = 3
"""So many different exercises, passed at the first try, make a skill proficient."""
PLACED: Final = 2
"""In a placement two are enough: it asks no more than two per skill."""
SPACING: Final = timedelta(days=7)
"""Two reviews that count have at least this between them."""

_UNTOUCHED: Final = "Nothing answered yet."
_BEGIN: Final = "Answer a question on it."


class Level(IntEnum):
    NEW = 0
    STARTED = 1
    FAMILIAR = 2
    PROFICIENT = 3
    MASTERED = 4

    @property
    def word(self) -> str:
        return self.name.capitalize()


@dataclass(frozen=True, slots=True)
class Mastery:
    """`reason` and `next` are sentences for the learner; `next` is empty when nothing is left."""

    level: Level = Level.NEW
    reason: str = _UNTOUCHED
    next: str = _BEGIN


@dataclass
class _Ladder:
    """The fold's state. Levels fall one at a time and never by time alone."""

    level: Level = Level.NEW
    passed: dict[str, bool] = field(default_factory=dict)
    """Exercises passed at the first try while fresh: whether they apply the skill."""
    placed: set[str] = field(default_factory=set)
    helped: int = 0
    misses: int = 0
    """First tries that failed, in a row."""
    last_two: tuple[bool, ...] = ()
    """Whether the last two failed."""
    reviews: list[date] = field(default_factory=list)
    mixed: bool = False
    last: Evidence | None = None
    fell: str = ""

    def add(self, one: Evidence) -> None:
        self.last = one
        self.last_two = (*self.last_two[-1:], one.failed)
        self.misses = self.misses + 1 if one.failed else 0
        self.level = max(self.level, Level.STARTED)
        if one.failed:
            self._fall(one)
            return
        self.fell = ""
        if one.helped:
            self.helped += 1
            if self.helped >= 2:
                self.level = max(self.level, Level.FAMILIAR)
            return
        self._note(one)
        self._rise(one)

    def _note(self, one: Evidence) -> None:
        if one.fresh:
            self.passed[one.exercise] = one.applied or self.passed.get(one.exercise, False)
        if one.mode == PLACEMENT:
            self.placed.add(one.exercise)
        if one.mode == REVIEW:
            self.reviews.append(one.day)
        self.mixed = self.mixed or one.mixed

    def _rise(self, one: Evidence) -> None:
        self.level = max(self.level, Level.FAMILIAR)
        if self.level == Level.FAMILIAR and self.broad and self.applied and not any(self.last_two):
            self.level = Level.PROFICIENT
        earned = self.level == Level.PROFICIENT and self.spaced and self.mixed
        if earned and one.mode != PLACEMENT:
            self.level = Level.MASTERED

    def _fall(self, one: Evidence) -> None:
        day = short(one.day)
        if self.level == Level.MASTERED and one.mode in (REVIEW, EXAM):
            self.level = Level.PROFICIENT
            self.reviews.clear()
            self.fell = f"One miss in {_where(one)} on {day} took it down one level."
        elif self.level == Level.PROFICIENT:
            self.level = Level.FAMILIAR
            self.fell = f"One miss on {day} took it down one level."
        elif self.level == Level.FAMILIAR and self.misses >= 2:
            self.level = Level.STARTED
            self.helped = 0
            self.fell = f"Two misses in a row, the last on {day}, took it down one level."

    @property
    def broad(self) -> bool:
        return len(self.passed) >= PASSES or len(self.placed) >= PLACED

    @property
    def applied(self) -> bool:
        return any(self.passed.values())

    @property
    def spaced(self) -> bool:
        return bool(self.reviews) and max(self.reviews) - min(self.reviews) >= SPACING


def mastery(log: Iterable[Evidence]) -> Mastery:
    """Level, reason and next step of one skill from its evidence in order of time."""
    ladder = _Ladder()
    for one in log:
        ladder.add(one)
    return Mastery(ladder.level, _reason(ladder), _next(ladder))


def section_level(levels: Collection[Level]) -> Level:
    """A section stands where its weakest skill stands."""
    return min(levels, default=Level.NEW)


def distribution(levels: Iterable[Level]) -> dict[Level, int]:
    """How many skills stand on each level, highest first. A chapter has no average."""
    found = list(levels)
    return {level: found.count(level) for level in reversed(Level)}


def short(day: date) -> str:
    """A day as the pages write it: 28 Nov."""
    return f"{day.day} {day:%b}"


def _where(one: Evidence) -> str:
    return "an exam" if one.mode == EXAM else "a review"


def _reason(ladder: _Ladder) -> str:
    if ladder.fell:
        return ladder.fell
    count = len(ladder.passed)
    match ladder.level:
        case Level.NEW:
            return _UNTOUCHED
        case Level.STARTED:
            return "Tried, not yet right at the first try."
        case Level.FAMILIAR if count:
            return f"Right at the first try on {_questions(count)}."
        case Level.FAMILIAR:
            return "Right twice, with hints."
        case Level.PROFICIENT if count < PASSES:
            return "Both questions of the placement right."
        case Level.PROFICIENT:
            return f"Right at the first try on {_questions(count)}, none of the last two missed."
    first, last = min(ladder.reviews), max(ladder.reviews)
    return f"Held in reviews from {short(first)} to {short(last)}, and in mixed work."


def _next(ladder: _Ladder) -> str:
    match ladder.level:
        case Level.NEW:
            return _BEGIN
        case Level.STARTED:
            more = ", or once more with a hint" if ladder.helped else ""
            return f"One question right at the first try, without a hint{more}."
        case Level.FAMILIAR:
            return _to_proficient(ladder)
        case Level.PROFICIENT:
            return _to_mastered(ladder)
    return ""


def _to_proficient(ladder: _Ladder) -> str:
    lacking = max(0, PASSES - len(ladder.passed))
    if lacking:
        what = f"{_number(lacking)} more question{'s' * (lacking > 1)} right at the first try"
        return f"{what}{'' if ladder.applied else ', one of them on applying it'}."
    if not ladder.applied:
        return "One question on applying it, right at the first try."
    rest = 2 if ladder.last_two[-1:] == (True,) else 1
    return f"{_number(rest)} more first {'tries' if rest > 1 else 'try'} without a miss."


def _to_mastered(ladder: _Ladder) -> str:
    steps = []
    if not ladder.reviews:
        steps.append("two reviews a week or more apart")
    elif not ladder.spaced:
        steps.append(f"one more review on {short(min(ladder.reviews) + SPACING)} or later")
    if not ladder.mixed:
        steps.append("one pass in mixed work: an exam, an incident or a repair")
    if not steps:
        steps.append("one more first try without a hint")
    text = ", and ".join(steps)
    return f"{text[0].upper()}{text[1:]}."


def _questions(count: int) -> str:
    return f"{count} question{'s' * (count != 1)}"


def _number(count: int) -> str:
    return {1: "One", 2: "Two", 3: "Three"}[count]
