"""What a type of exercise has to bring. A module with these names is one; copy a neighbour.

Learners meet `present`, `parse` and `grade`; the loader needs `validate`, and `trivial`,
`key`, `spoiled` and `seeds` for its proofs. All are pure: the same arguments, the same result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from . import (
    categorise,
    essay,
    hotspot,
    incident,
    match,
    multi,
    numeric,
    order,
    repair,
    single,
    table,
)
from ._reader import Reader
from ._values import Answer, Exercise, Form, Raw


class Type(Protocol):
    @property
    def name(self) -> str:
        """The word in the text's `type`."""

    @property
    def title(self) -> str:
        """The name on the page."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The type's own fields, beside the header."""

    def validate(self, reader: Reader, prompt: str) -> Any:
        """The body, or None; problems go to the reader."""

    def present(self, exercise: Exercise, seed: int) -> Form:
        """What may be seen before grading: nothing that tells the key."""

    def parse(self, exercise: Exercise, seed: int, data: Mapping[str, Sequence[str]]) -> Answer:
        """The answer in a posted form. Raises Unanswered with a sentence."""

    def grade(self, exercise: Exercise, seed: int, answer: Answer) -> Raw:
        """Score from 0 to 1 and what became of each part."""

    def trivial(self, exercise: Exercise, seed: int) -> Mapping[str, Answer]:
        """Answers that need no thought, by name."""

    def key(self, exercise: Exercise, seed: int) -> Answer:
        """A right answer."""

    def spoiled(self, exercise: Exercise, seed: int) -> Sequence[Answer]:
        """The key with one correct part made wrong, in every way."""

    def seeds(self, exercise: Exercise) -> int:
        """How many seeds, from 0 on, the proofs have to try."""


TYPES: Mapping[str, Type] = {
    t.name: t
    for t in (
        *(single, multi, order, match, categorise, numeric, table),
        *(hotspot, essay, incident, repair),
    )
}

_ONE_PAGE = (single, multi, order, match, categorise, numeric, table, hotspot)
ONE_PAGE = frozenset(t.name for t in _ONE_PAGE)
"""Types that are asked and answered on one page, as an exam or a placement needs them."""
