"""Two texts that grew from one, merged by lines; pure.

`merge(base, mine, theirs)` cuts the three texts into chunks. A chunk that only one side changed, or
both in the same way, is settled; where both changed the same lines differently somebody has to
choose. `Merge.text` puts the chosen lines together:

    merged = merge(base, mine, theirs)
    merged.text if merged.clean else merged.chosen({0: "mine", 1: "theirs"})

The rule is that of diff3: lines are stable where base, mine and theirs agree, and everything
between two stable stretches is one chunk. One thing is finer, since a component is often one line:
where a stretch has as many lines in all three texts it is judged line by line, so that two people
who change neighbouring components are in nobody's way.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final

MAX_LINES: Final = 4000
"""Longer texts are not merged: comparing them line by line would take seconds."""

CHOICES: Final = ("mine", "theirs", "both")

Lines = tuple[str, ...]


class TooLong(ValueError):
    """A text with more than `MAX_LINES` lines."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of lines in the three texts. `how` is ``same``, ``mine``, ``theirs``, ``agreed``
    (both sides changed it in the same way) or ``conflict``; `line` is where it begins in mine."""

    how: str
    base: Lines
    mine: Lines
    theirs: Lines
    line: int

    def lines(self, choice: str = "") -> Lines:
        """The lines that come out; of a conflict those of the choice."""
        if self.how == "theirs" or (self.how == "conflict" and choice == "theirs"):
            return self.theirs
        if self.how == "conflict" and choice == "both":
            ended = (*self.mine[:-1], _ended(self.mine[-1])) if self.mine else ()
            return (*ended, *self.theirs)
        return self.mine


@dataclass(frozen=True)
class Merge:
    chunks: tuple[Chunk, ...]

    @cached_property
    def conflicts(self) -> tuple[Chunk, ...]:
        return tuple(chunk for chunk in self.chunks if chunk.how == "conflict")

    @property
    def clean(self) -> bool:
        return not self.conflicts

    @property
    def text(self) -> str:
        """The merged text; in a conflict with the lines of mine."""
        return self.chosen({})

    def chosen(self, choices: Mapping[int, str]) -> str:
        """The merged text with a choice for each conflict, by its number from 0; mine where none
        is given."""
        number, lines = 0, []
        for chunk in self.chunks:
            conflict = chunk.how == "conflict"
            lines += chunk.lines(choices.get(number, "mine") if conflict else "")
            number += conflict
        # Only the last line of a text may lack its end, wherever it has come to stand.
        return "".join([*(_ended(line) for line in lines[:-1]), *lines[-1:]])


def merge(base: str, mine: str, theirs: str) -> Merge:
    """Raises TooLong."""
    texts = [text.splitlines(keepends=True) for text in (base, mine, theirs)]
    if max(map(len, texts)) > MAX_LINES:
        raise TooLong(f"Texts of more than {MAX_LINES:,} lines are not merged here.")
    return Merge(tuple(_chunks(*texts)))


def _ended(line: str) -> str:
    return line if line.endswith(("\n", "\r")) else f"{line}\n"


def _chunks(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Chunk]:
    at = (0, 0, 0)
    for stable in _stable(base, mine, theirs):
        start = stable[:3]
        if start != at:
            yield from _changed(base, mine, theirs, at, start)
        b, m, t, length = stable
        if length:
            same = tuple(base[b : b + length])
            yield Chunk("same", same, same, same, m + 1)
        at = (b + length, m + length, t + length)


def _changed(
    base: list[str],
    mine: list[str],
    theirs: list[str],
    at: tuple[int, int, int],
    end: tuple[int, int, int],
) -> Iterator[Chunk]:
    b, m, t = (tuple(lines[i:j]) for lines, i, j in zip((base, mine, theirs), at, end, strict=True))
    how = _how(b, m, t)
    if how != "conflict" or not len(b) == len(m) == len(t):
        yield Chunk(how, b, m, t, at[1] + 1)
        return
    rows = [(_how(*row), *row) for row in zip(b, m, t, strict=True)]
    line = at[1] + 1
    for how, found in groupby(rows, key=lambda row: row[0]):
        _, *texts = zip(*found, strict=True)
        yield Chunk(how, *texts, line)
        line += len(texts[1])


def _how(base: object, mine: object, theirs: object) -> str:
    if mine == theirs:
        return "same" if mine == base else "agreed"
    if mine == base:
        return "theirs"
    return "mine" if theirs == base else "conflict"


def _stable(
    base: list[str], mine: list[str], theirs: list[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Stretches that all three share, as their places and their length, in order; the last one is
    empty and lies behind the ends."""
    to_mine, to_theirs = _matches(base, mine), _matches(base, theirs)
    n = 0
    while n < len(base):
        if n not in to_mine or n not in to_theirs:
            n += 1
            continue
        m, t, length = to_mine[n], to_theirs[n], 1
        while to_mine.get(n + length) == m + length and to_theirs.get(n + length) == t + length:
            length += 1
        yield n, m, t, length
        n += length
    yield len(base), len(mine), len(theirs), 0


def _matches(old: list[str], new: list[str]) -> dict[int, int]:
    """The place of each line of the old text in the new one, where it has one."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return {
        block.a + i: block.b + i
        for block in matcher.get_matching_blocks()
        for i in range(block.size)
    }
