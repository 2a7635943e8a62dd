"""What a learner's confidence is worth: shares of right answers by what was said before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ._fold import Record
from ._intervals import Share

WORDS: Final = {3: "I would bet on it", 2: "Fairly sure", 1: "A guess"}
_RIGHT: Final = {1: 1, 2: 2, 3: 3}
_WRONG: Final = {1: 0, 2: -2, 3: -6}
HONEST: Final = {1: (0.0, 2 / 3), 2: (2 / 3, 0.8), 3: (0.8, 1.0)}
"""The shares of right answers between which each word is the one that pays."""


@dataclass(frozen=True, slots=True)
class Said:
    """All answers given with one degree of confidence."""

    confidence: int
    share: Share
    marks: int

    @property
    def word(self) -> str:
        return WORDS[self.confidence]

    @property
    def verdict(self) -> str:
        """How the answers compare with what was said; only once there are enough."""
        if not self.share.is_enough:
            return "too few to say"
        (least, most), (low, high) = HONEST[self.confidence], self.share.bounds
        if high < least:
            return "surer than right"
        if low > most:
            return "righter than sure"
        return "fits"


def calibration(firsts: Iterable[tuple[Record, bool]]) -> list[Said]:
    """The surest first; marks after Gardner-Medwin: right 1, 2, 3; wrong 0, -2, -6."""
    tries = [record for record, _ in firsts if record.confidence in WORDS]
    found = []
    for confidence in WORDS:
        right = [r.score >= 1 for r in tries if r.confidence == confidence]
        marks = sum((_RIGHT if good else _WRONG)[confidence] for good in right)
        found.append(Said(confidence, Share(sum(right), len(right)), marks))
    return found
