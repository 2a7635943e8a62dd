"""What the table of kinds is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

CEILING: Final = 1e12
"""No number in a design may be larger: beyond it sums lose their meaning."""


class Type(StrEnum):
    """What the text may say for one attribute (``unknown`` is always allowed)."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NOTE = "note"  # true, false, or a sentence that says how
    DATE = "date"
    WORD = "word"
    WORDS = "words"
    TEXTS = "texts"
    REFERENCE = "reference"
    REFERENCES = "references"
    GRANTS = "grants"
    RANKS = "ranks"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: its dotted path, what may stand there and what it means.

    `refers` says what a reference may name: ``component``, ``boundary``,
    ``data``, ``decision``, ``subject`` (any of these, an edge, a cycle or
    ``design``), or a component kind.
    """

    path: str
    type: Type
    meaning: str
    words: tuple[str, ...] = ()
    unit: str = ""
    low: float = 0
    high: float = CEILING
    refers: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """``concurrency`` for ``concurrency.reserved``, empty for a plain attribute."""
        return self.path.rpartition(".")[0]

    @property
    def expects(self) -> str:
        """What is expected, in words for an error message."""
        if self.type is Type.WORD:
            return "one of " + ", ".join(self.words)
        if self.type is Type.WORDS:
            return "a list of " + ", ".join(self.words)
        if self.type in (Type.NUMBER, Type.INTEGER):
            return self._expects_number()
        if self.type in (Type.REFERENCE, Type.REFERENCES):
            return _EXPECTS[self.type].format(" or ".join(self.refers))
        return _EXPECTS[self.type]

    def _expects_number(self) -> str:
        name = "a whole number" if self.type is Type.INTEGER else "a number"
        if self.high < CEILING:
            name += f" from {self.low:g} to {self.high:g}"
        elif self.low != 0:
            name += f" of at least {self.low:g}"
        return name + (f" ({self.unit})" if self.unit else "")


_EXPECTS: Final = {
    Type.TEXT: "a text",
    Type.BOOLEAN: "true or false",
    Type.NOTE: "true, false, or a text that says how",
    Type.DATE: "a date such as 2026-03-31",
    Type.TEXTS: "a list of texts",
    Type.REFERENCE: "the id of a {}",
    Type.REFERENCES: "a list of ids, each of a {}",
    Type.GRANTS: "a list of {to: id, actions: [...]}",
    Type.RANKS: "a list of lists of component ids",
}


def text(path: str, meaning: str) -> Attribute:
    return Attribute(path, Type.TEXT, meaning)


def texts(path: str, meaning: str) -> Attribute:
    return Attribute(path, Type.TEXTS, meaning)


def date(path: str, meaning: str) -> Attribute:
    return Attribute(path, Type.DATE, meaning)


def flag(path: str, meaning: str) -> Attribute:
    return Attribute(path, Type.BOOLEAN, meaning)


def note(path: str, meaning: str) -> Attribute:
    return Attribute(path, Type.NOTE, meaning)


def word(path: str, words: str, meaning: str) -> Attribute:
    return Attribute(path, Type.WORD, meaning, words=tuple(words.split()))


def words(path: str, words: str, meaning: str) -> Attribute:
    return Attribute(path, Type.WORDS, meaning, words=tuple(words.split()))


def num(path: str, unit: str, meaning: str, low: float = 0, high: float = CEILING) -> Attribute:
    return Attribute(path, Type.NUMBER, meaning, unit=unit, low=low, high=high)


def count(path: str, unit: str, meaning: str, low: float = 0) -> Attribute:
    return Attribute(path, Type.INTEGER, meaning, unit=unit, low=low)


def percent(path: str, meaning: str) -> Attribute:
    return num(path, "%", meaning, high=100)


def ref(path: str, refers: str, meaning: str) -> Attribute:
    return Attribute(path, Type.REFERENCE, meaning, refers=tuple(refers.split()))


def refs(path: str, refers: str, meaning: str) -> Attribute:
    return Attribute(path, Type.REFERENCES, meaning, refers=tuple(refers.split()))


def table(attributes: Iterable[Attribute]) -> Mapping[str, Attribute]:
    """Attributes by path, in the order given; a path twice is a mistake here."""
    found: dict[str, Attribute] = {}
    for attribute in attributes:
        if attribute.path in found:
            raise ValueError(f"{attribute.path} stands twice in the table of kinds")
        found[attribute.path] = attribute
    return MappingProxyType(found)
