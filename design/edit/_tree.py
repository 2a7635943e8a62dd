"""The text as a tree that knows where each piece begins and ends.

`design.document` reads what a text says; here only places matter. Offsets count
characters from 0, ends are exclusive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from ..document import Collector, Invalid, decode, parse
from ._edits import Refused

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SPECIAL: Final = frozenset({"", "~", "null", "unknown", "true", "false", "yes", "no", "on", "off"})
BREAKS: Final = "\r\n\x85\u2028\u2029"


@dataclass(slots=True)
class Scalar:
    start: int
    end: int
    text: str
    plain: bool


@dataclass(slots=True)
class Sequence:
    start: int
    flow: bool
    column: int
    items: list[Node] = field(default_factory=list)
    end: int = 0


@dataclass(slots=True)
class Entry:
    key: Scalar
    value: Node


@dataclass(slots=True)
class Mapping:
    start: int
    flow: bool
    column: int
    entries: list[Entry] = field(default_factory=list)
    end: int = 0

    def find(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key.text == key), None)

    def value(self, key: str) -> Node | None:
        entry = self.find(key)
        return entry.value if entry else None

    def text(self, key: str) -> str:
        """The text of a scalar entry, empty where there is none."""
        value = self.value(key)
        return value.text if isinstance(value, Scalar) else ""


Node = Scalar | Sequence | Mapping


def read(text: str) -> Mapping:
    """The tree of a design's text. Raises Refused when it is none that could be
    edited: not YAML, anchors, a key twice, no top level."""
    problems = Collector()
    try:
        parse(decode(text), problems)
    except Invalid as invalid:
        raise Refused(None, f"The text cannot be read: {invalid.problems[0]}") from None
    if problems.found:
        raise Refused(None, f"The text cannot be edited: {min(problems.found)}")
    return again(text)


def again(text: str) -> Mapping:
    """The tree of a text that has been read before and only edited since. Raises
    Refused where an edit has broken it."""
    try:
        root = _Builder(text).root
    except yaml.YAMLError as error:
        raise Refused(None, f"The text cannot be read: {error}"[:200]) from None
    if not isinstance(root, Mapping):
        raise Refused(None, "The text is not a design: it has no top level of sections.")
    return root


class _Builder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.events = _events(text)
        self.root = self._document()

    def _document(self) -> Node | None:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                return self._node(next(self.events))
        return None

    def _node(self, event: Any) -> Node:
        """One node. Recursion is bounded: the reader has refused deep nesting."""
        start = event.start_mark.index
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(start, self._scalar_end(event), event.value, not event.style)
        flow, column = bool(event.flow_style), event.start_mark.column
        if isinstance(event, yaml.MappingStartEvent):
            mapping = Mapping(start, flow, column)
            while not isinstance(key := next(self.events), yaml.MappingEndEvent):
                name = self._node(key)
                assert isinstance(name, Scalar)
                mapping.entries.append(Entry(name, self._node(next(self.events))))
            mapping.end = self._end(mapping.entries and mapping.entries[-1].value, flow, key, start)
            return mapping
        sequence = Sequence(start, flow, column)
        while not isinstance(item := next(self.events), yaml.SequenceEndEvent):
            sequence.items.append(self._node(item))
        sequence.end = self._end(sequence.items and sequence.items[-1], flow, item, start)
        return sequence

    def _scalar_end(self, event: Any) -> int:
        """Where a scalar ends. The parser lets a block scalar run into the blank
        lines behind it, which belong to it only if its head says so."""
        start, end = event.start_mark.index, event.end_mark.index
        if event.style in ("|", ">"):
            head = self.text[start:end].partition("\n")[0]
            if "+" not in head.partition("#")[0]:
                end = start + len(self.text[start:end].rstrip())
        return int(end)

    @staticmethod
    def _end(last: Any, flow: bool, event: Any, start: int) -> int:
        """A block ends with its last child; the parser's mark lies behind the
        comments that follow."""
        if flow:
            return int(event.end_mark.index)
        return last.end if last else start


def _events(text: str) -> Iterator[Any]:
    loader = _LOADER(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


def plain(node: Node) -> Any:
    """What a node says, without places: dicts, lists, and for a scalar its text
    and whether it is a word with a meaning of its own, such as ``unknown``."""
    if isinstance(node, Mapping):
        said = {entry.key.text: plain(entry.value) for entry in node.entries}
        if len(said) < len(node.entries):
            raise ValueError("a key stands twice")
        return said
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.text, node.plain and _special(node.text)


def _special(text: str) -> bool:
    return text.lower() in _SPECIAL or text[:1] in "-+.0123456789"
