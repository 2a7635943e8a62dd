"""Places in a text, and pieces of it that are exchanged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ._tree import BREAKS


class Splice(NamedTuple):
    """Characters `start` to `end` become `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True)
class Sheet:
    """A text with its lines. Whatever YAML counts as a line break is one here."""

    text: str

    @cached_property
    def newline(self) -> str:
        """The line end that the text uses most."""
        pairs = self.text.count("\r\n")
        counts = {
            "\n": self.text.count("\n") - pairs,
            "\r\n": pairs,
            "\r": self.text.count("\r") - pairs,
        }
        return max(counts, key=lambda end: counts[end])

    def line_start(self, at: int) -> int:
        while at > 0 and self.text[at - 1] not in BREAKS:
            at -= 1
        return at

    def line_end(self, at: int) -> int:
        """Where the line ends, before its break."""
        while at < len(self.text) and self.text[at] not in BREAKS:
            at += 1
        return at

    def next_line(self, at: int) -> int:
        """Where the line behind this one begins."""
        end = self.line_end(at)
        return end + 2 if self.text.startswith("\r\n", end) else min(end + 1, len(self.text))

    def skip(self, at: int) -> int:
        """The next character that is neither space nor comment."""
        while at < len(self.text):
            if self.text[at] == "#":
                at = self.line_end(at)
            elif self.text[at] in " \t" or self.text[at] in BREAKS:
                at += 1
            else:
                break
        return at

    def blank_to(self, at: int) -> int:
        """The end of the spaces that begin here."""
        while at < len(self.text) and self.text[at] in " \t":
            at += 1
        return at

    def lines_behind(self, at: int, column: int, lines: Iterable[str]) -> Splice:
        """New lines behind the one that `at` is on, indented to `column`."""
        end = self.line_end(at)
        if at > 0 and self.text[at - 1] in BREAKS:  # behind a block that keeps its blank lines
            end = at - (2 if self.text[:at].endswith("\r\n") else 1)
        pad = self.newline + " " * column
        return Splice(end, end, "".join(pad + line for line in lines))

    def without_lines(self, start: int, end: int) -> Splice:
        """Takes out all lines from the one of `start` to the one of `end`."""
        first, behind = self.line_start(start), self.next_line(end)
        if end > start and self.text[end - 1] in BREAKS:  # a block that keeps its blank lines
            return Splice(first, end, "")
        if self.line_end(end) == len(self.text) and first > 0:
            first -= 2 if self.text[:first].endswith("\r\n") else 1
        return Splice(first, behind, "")

    def apply(self, splices: Iterable[Splice]) -> str:
        """The text with all pieces exchanged; of two insertions in one place the
        earlier comes first. Raises ValueError when two changes overlap."""
        pieces, rest = [], len(self.text)
        ordered = sorted(enumerate(splices), key=lambda s: (s[1].start, s[1].end, s[0]))
        for _, splice in reversed(ordered):
            if splice.end > rest:
                raise ValueError("two changes of one place")
            pieces += [self.text[splice.end : rest], splice.new]
            rest = splice.start
        pieces.append(self.text[:rest])
        return "".join(reversed(pieces))
