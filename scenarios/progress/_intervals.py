"""How much a share of few answers can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

_Z: Final = 1.959964
TOO_FEW: Final = 5


@dataclass(frozen=True, slots=True)
class Share:
    """`right` of `count`, and where the true share likely lies (Wilson, 95 percent)."""

    right: int
    count: int

    @property
    def share(self) -> float:
        return self.right / self.count if self.count else 0.0

    @property
    def is_enough(self) -> bool:
        return self.count >= TOO_FEW

    @property
    def bounds(self) -> tuple[float, float]:
        """Lower and upper end, from 0 to 1; the whole range when there is nothing to go by."""
        if not self.count:
            return 0.0, 1.0
        n, p, z2 = self.count, self.share, _Z * _Z
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = _Z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def said(self) -> str:
        """In words: 7 of 9, likely between 45 and 94 %."""
        if not self.is_enough:
            return f"{self.right} of {self.count}, too few to say more"
        low, high = self.bounds
        return f"{self.right} of {self.count}, likely between {low:.0%} and {high:.0%}"
