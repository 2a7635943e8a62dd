"""What a fix is, and where fixes are entered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..edit import Edit

if TYPE_CHECKING:
    from ._draft import Draft

NOT_PROVED: Final = (
    "This changes the text; the running system changes only when somebody builds it."
)


class NoFix(Exception):
    """Here the fix would need something that only a person can decide; the text
    says what. Never leaves this package."""


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that clear one finding. `does` says what they do, `leaves` what a
    person must still decide or do: a line of text proves neither."""

    rule: str
    subject: str
    edits: tuple[Edit, ...]
    does: str
    leaves: str

    @property
    def sentence(self) -> str:
        return f"{self.does} {self.leaves} {NOT_PROVED}"


Maker = Callable[["Draft"], str]
"""Writes the edits of a fix into a draft and returns what they do. Raises NoFix."""

FIXES: Final[dict[str, tuple[Maker, str]]] = {}
"""By rule: how its findings are fixed, and what that leaves to a person."""


def fixes(rule: str, leaves: str) -> Callable[[Maker], Maker]:
    """Registers a maker for a rule. Raises ValueError if the rule has one."""
    if rule in FIXES:
        raise ValueError(f"{rule} has two fixes")

    def register(maker: Maker) -> Maker:
        FIXES[rule] = maker, leaves
        return maker

    return register
