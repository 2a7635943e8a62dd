"""What a log says about skills: first tries, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from ._fold import PASS, Record

PRACTICE: Final = "practice"
REVIEW: Final = "review"
EXAM: Final = "exam"
PLACEMENT: Final = "placement"
ASSIGNMENT: Final = "assignment"

FRESH_DAYS: Final = 30
"""An exercise that was not seen for so long counts as new."""
SURE: Final = 3
"""The highest confidence: would bet on it."""


@dataclass(frozen=True, slots=True)
class Item:
    """What progress has to know about an exercise."""

    id: str
    skills: tuple[str, ...]
    section: str = ""
    kind: str = "single"
    applied: bool = True
    """At "apply" or above in Bloom's order."""
    mixed: bool = False
    """An incident or a repair: several skills at once, in no order of a chapter."""
    level: int = 2
    minutes: int = 2
    varies: bool = False
    """Another seed gives other numbers."""
    live: bool = True
    self_rated: bool = False
    """Its score is what the learner says of the own text: weak evidence, and never against."""

    @property
    def chapter(self) -> str:
        return self.section.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One first try, as it bears on one skill."""

    id: str
    exercise: str
    at: datetime
    mode: str
    passed: bool
    helped: bool
    """Right, but with a hint: neither a pass nor a fail."""
    fresh: bool
    """Never seen before, or not for thirty days."""
    applied: bool
    mixed: bool
    confidence: int = 0
    quick: bool = False

    @property
    def failed(self) -> bool:
        return not self.passed and not self.helped

    @property
    def day(self) -> date:
        return day_of(self.at)

    @property
    def sure_and_wrong(self) -> bool:
        return self.failed and self.confidence >= SURE


def day_of(at: datetime) -> date:
    """Days are those of UTC, everywhere: a log reads the same wherever its learner travels."""
    return at.astimezone(UTC).date()


def first_tries(records: Iterable[Record]) -> list[tuple[Record, bool]]:
    """The tries that are evidence, in order of time, each with whether the exercise was fresh.

    The first try at an exercise is one; so is one after thirty days. In a review, an exam, a
    placement or an assignment the first try of a day is one. Retries never are.
    """
    found: list[tuple[Record, bool]] = []
    last: dict[str, datetime] = {}
    unique = {record.id: record for record in records}
    for record in sorted(unique.values(), key=lambda r: (r.at, r.id)):
        before = last.get(record.exercise)
        last[record.exercise] = record.at
        away = (day_of(record.at) - day_of(before)).days if before else FRESH_DAYS
        if away >= FRESH_DAYS or (record.mode != PRACTICE and away > 0):
            found.append((record, away >= FRESH_DAYS))
    return found


def evidence(
    records: Iterable[Record], items: Mapping[str, Item]
) -> dict[str, tuple[Evidence, ...]]:
    """By skill, in order of time. Exercises that `items` does not know are left out."""
    found: dict[str, list[Evidence]] = {}
    for record, fresh in first_tries(records):
        item = items.get(record.exercise)
        if item is None:
            continue
        right = record.score >= PASS and not record.gave_up
        if item.self_rated and not right:
            continue
        one = Evidence(
            id=record.id,
            exercise=record.exercise,
            at=record.at,
            mode=record.mode,
            passed=record.passed and not item.self_rated,
            helped=right and (item.self_rated or bool(record.hints)),
            fresh=fresh,
            applied=item.applied,
            mixed=item.mixed or record.mode == EXAM,
            confidence=record.confidence,
            quick=record.quick,
        )
        for skill in item.skills:
            found.setdefault(skill, []).append(one)
    return {skill: tuple(log) for skill, log in found.items()}
