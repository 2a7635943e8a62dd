"""Two texts to the hunks in which they differ, with line numbers, for the page of a comparison."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MAX_LINES: Final = 4000
"""Longer texts are not compared line by line: it would take seconds."""

_AROUND: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk. `sign` is ``+``, ``−`` or nothing; `number` is that of the text the
    line stands in, the later one for unchanged lines."""

    sign: str
    number: int
    text: str


Hunk = tuple[Line, ...]


def hunks(before: str, after: str) -> list[Hunk] | None:
    """The hunks with two lines of context; None when the texts are too long."""
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > MAX_LINES:
        return None
    matcher = difflib.SequenceMatcher(None, old, new)
    return [
        tuple(line for code in group for line in _lines(code, old, new))
        for group in matcher.get_grouped_opcodes(_AROUND)
    ]


def _lines(code: tuple[str, int, int, int, int], old: list[str], new: list[str]) -> Iterator[Line]:
    kind, a, b, c, d = code
    if kind == "equal":
        yield from (Line("", n + 1, new[n]) for n in range(c, d))
        return
    yield from (Line("−", n + 1, old[n]) for n in range(a, b))
    yield from (Line("+", n + 1, new[n]) for n in range(c, d))
