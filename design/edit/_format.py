"""A text in canonical order and spacing, with its comments.

`design.document.dump` knows nothing of comments. Here each of them is tied to
the section, part or attribute that it stands beside or above, and written there
again. One whose place vanishes (a comment in an empty section) has no home in
the new text: then the text is refused rather than the comment lost.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..document import dump, load
from ._edits import Refused
from ._parts import SINGLE, subject_of
from ._sheet import Sheet
from ._tree import Mapping, Node, Scalar, Sequence, read

Place = tuple[str, ...]
"""A section, a part of it, or an attribute of a part."""

Spot = tuple[int, Place, int]
"""Where a place begins, which it is, and where it ends."""


def tidy(text: str) -> str:
    """The text as `dump` would write it, comments included; line ends and a byte
    order mark stay. Raises Invalid when it is no design, and Refused, with the
    lines, when a comment would be lost."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    source, canonical = _Sheet(text), _Sheet(dump(load(text)))
    notes = _Notes()
    for comment in source.comments():
        notes.keep(comment, source, canonical)
    if notes.homeless:
        lines = ", ".join(map(str, notes.homeless))
        raise Refused(None, f"Comments would be lost, since nothing is said where they stand: "
                      f"line {lines}. Move or remove them.")  # fmt: skip
    written = "".join(line + source.sheet.newline for line in notes.write(canonical))
    return mark + written


@dataclass(frozen=True, slots=True)
class _Comment:
    start: int
    text: str
    alone: bool


class _Sheet:
    """A text with the places that begin in it, by offset."""

    def __init__(self, text: str) -> None:
        self.sheet = Sheet(text)
        self.root = read(text)
        found = sorted(_places(self.root), key=lambda spot: (spot[0], len(spot[1])))
        self.offsets = [offset for offset, _, _ in found]
        self.places = [place for _, place, _ in found]
        self.ends = [end for _, _, end in found]
        self.first: dict[Place, int] = {}
        for offset, place, _ in found:
            self.first.setdefault(place, offset)

    def comments(self) -> Iterator[_Comment]:
        """Every comment: what begins with # outside of scalars."""
        at, text = 0, self.sheet.text
        for scalar in (*_scalars(self.root), Scalar(len(text), len(text), "", True)):
            while at < scalar.start and (at := text.find("#", at, scalar.start)) >= 0:
                end = self.sheet.line_end(at)
                start = self.sheet.line_start(at)
                yield _Comment(at, text[at:end].rstrip(), not text[start:at].strip(" \t"))
                at = end
            head = text[scalar.start : self.sheet.line_end(scalar.start)]
            if head[:1] in ("|", ">") and scalar.start < scalar.end and "#" in head:
                sign = scalar.start + head.index("#")
                yield _Comment(sign, head[head.index("#") :].rstrip(), False)
            at = scalar.end

    def place_of(self, comment: _Comment) -> Place | None:
        """What a comment is about: what begins on its line, the outermost first; of
        one on a line of its own, what follows; None at the end of the text."""
        if comment.alone:
            behind = bisect_left(self.offsets, comment.start)
            if (
                behind
                and len(self.places[behind - 1]) > 2
                and self.ends[behind - 1] > comment.start
            ):
                return self.places[behind - 1]  # inside a value of several lines
            return self.places[behind] if behind < len(self.places) else None
        line = self.sheet.line_start(comment.start)
        here = bisect_left(self.offsets, line)
        if here < len(self.offsets) and self.offsets[here] < comment.start:
            return self.places[here]
        before = bisect_right(self.offsets, comment.start) - 1
        return self.places[before] if before >= 0 else None

    def line_number(self, at: int) -> int:
        sheet, number, start = self.sheet, 1, 0
        while (behind := sheet.next_line(start)) <= at and behind > start:
            number, start = number + 1, behind
        return number


@dataclass(slots=True)
class _Notes:
    above: dict[Place, list[str]] = field(default_factory=dict)
    beside: dict[Place, list[str]] = field(default_factory=dict)
    last: list[str] = field(default_factory=list)
    homeless: list[int] = field(default_factory=list)

    def keep(self, comment: _Comment, source: _Sheet, canonical: _Sheet) -> None:
        place = source.place_of(comment)
        if place is None:
            self.last.append(comment.text)
            return
        while len(place) > 1 and place not in canonical.first:
            place = place[:-1]
        if place not in canonical.first:
            self.homeless.append(source.line_number(comment.start))
        else:
            (self.above if comment.alone else self.beside).setdefault(place, []).append(
                comment.text
            )

    def write(self, canonical: _Sheet) -> Iterator[str]:
        starts: dict[int, list[Place]] = {}
        for place, offset in canonical.first.items():
            starts.setdefault(canonical.sheet.line_start(offset), []).append(place)
        at = 0
        for line in canonical.sheet.text.split("\n")[:-1]:
            here = sorted(starts.get(at, ()), key=len)
            indent = line[: len(line) - len(line.lstrip(" "))]
            beside = [note for place in here for note in self.beside.get(place, ())]
            above = [note for place in here for note in self.above.get(place, ())]
            if len(beside) > 1:
                above, beside = above + beside, []
            yield from (indent + note for note in above)
            yield "  ".join((line, *beside))
            at += len(line) + 1
        yield from self.last


def _places(root: Mapping) -> Iterator[Spot]:
    for entry in root.entries:
        section, node = entry.key.text, entry.value
        yield entry.key.start, (section,), node.end
        if section in SINGLE and isinstance(node, Mapping):
            yield from _attributes(node, section, "")
        elif section == "defaults" and isinstance(node, Mapping):
            for kind in node.entries:
                yield kind.key.start, (section, kind.key.text), kind.value.end
                yield from _attributes(kind.value, section, kind.key.text)
        elif isinstance(node, Sequence):
            for part in node.items:
                if isinstance(part, Mapping):
                    subject = subject_of(section, part)
                    yield part.start, (section, subject), part.end
                    yield from _attributes(part, section, subject)


def _attributes(part: Node, section: str, subject: str) -> Iterator[Spot]:
    if isinstance(part, Mapping):
        for entry in part.entries:
            yield entry.key.start, (section, subject, entry.key.text), entry.value.end


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
    else:
        for entry in node.entries:
            yield entry.key
            yield from _scalars(entry.value)
