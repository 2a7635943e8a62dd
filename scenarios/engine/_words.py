"""Words of a free text, and whether a text is one at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_RUN: Final = 5
"""How many words in a row have to agree before a text counts as copied there."""
MOST_COPIED: Final = 0.5
_LEAST_VARIED: Final = 0.35
_MOST_REPEATED: Final = 0.4
MOST_CHARACTERS: Final = 20_000


def words(text: str) -> list[str]:
    """The words of a text in lower case; figures are words."""
    return _WORD.findall(text.lower())


def _runs(found: list[str]) -> list[tuple[str, ...]]:
    return [tuple(found[i : i + _RUN]) for i in range(len(found) - _RUN + 1)]


def copied(text: str, sources: Iterable[str]) -> float:
    """The share of a text's runs of five words that stand in one of the sources, 0 to 1."""
    runs = _runs(words(text))
    known = {run for source in sources for run in _runs(words(source))}
    return sum(run in known for run in runs) / len(runs) if runs else 0.0


def repeats(text: str) -> bool:
    """Whether a text says few words over and over."""
    found = words(text)
    if not found:
        return False
    runs = _runs(found)
    again = 1 - len(set(runs)) / len(runs) if runs else 0.0
    return len(set(found)) / len(found) < _LEAST_VARIED or again > _MOST_REPEATED


def stands_in(quote: str, text: str) -> bool:
    """Whether a quotation of at least three words stands in the text, whatever its spacing,
    case and marks."""
    wanted, found = words(quote), words(text)
    last = len(found) - len(wanted)
    return len(wanted) >= 3 and any(found[i : i + len(wanted)] == wanted for i in range(last + 1))
