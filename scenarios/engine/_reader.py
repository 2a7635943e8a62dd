"""Reading the fields of an exercise: every problem collected, with code and line."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from design.document import (
    Collector,
    Invalid,
    Mapping,
    Node,
    Scalar,
    Sequence,
    decode,
    did_you_mean,
    parse,
)

from ._codes import CODES

_WORDS_OF_DOUBT: Final = frozenset({"yes", "no", "on", "off", "y", "n"})
_HTML: Final = re.compile(r"<[A-Za-z/!][^>]*>?")
_CODE: Final = re.compile(r"`[^`]*`")
_ID: Final = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """What is wrong with an exercise. A code with E refuses it, one with W is a warning."""

    line: int
    code: str
    message: str
    hint: str = ""

    @property
    def is_error(self) -> bool:
        return self.code.startswith("E")

    @property
    def remedy(self) -> str:
        """What to do: the hint of the place, else what helps with every problem of its kind."""
        return self.hint or (CODES[self.code].remedy if self.code in CODES else "")

    def __str__(self) -> str:
        return f"{self.code} {self.message} {self.remedy}".rstrip()


def tree(text: str | bytes, first_line: int = 1) -> tuple[Node | None, list[Problem]]:
    """The YAML of a text with its problems; lines count from `first_line`."""
    collector = Collector()
    shift = first_line - 1
    try:
        node = parse(decode(text), collector)
        found = collector.found
    except Invalid as invalid:
        node, found = None, list(invalid.problems)
    return node, [Problem(p.line + shift, "E001", p.message, p.hint) for p in found]


@dataclass(slots=True)
class Reader:
    """One mapping of the text. What is read is noted, so that the rest can be called unknown."""

    node: Mapping
    found: list[Problem]
    shift: int = 0
    seen: set[str] = field(default_factory=set)
    proved: bool = False
    """Whether this very text was proved before, so that only its form is read."""

    def line(self, key: str = "") -> int:
        return self.node.lines.get(key, self.node.line) + self.shift

    def problem(self, code: str, message: str, key: str = "", hint: str = "") -> None:
        self.found.append(Problem(self.line(key), code, message, hint))

    def has(self, key: str) -> bool:
        return key in self.node.items

    def get(self, key: str) -> Node | None:
        self.seen.add(key)
        return self.node.items.get(key)

    def text(self, key: str, required: bool = True) -> str:
        node = self.get(key)
        if node is None or (isinstance(node, Scalar) and not node.text.strip()):
            if required:
                self.problem("E001", f"“{key}” is missing.", key)
            return ""
        if not isinstance(node, Scalar):
            self.problem("E001", f"“{key}” has to be text.", key)
            return ""
        return self._prose(node, key)

    def _prose(self, node: Scalar, key: str) -> str:
        if node.plain and node.text.lower() in _WORDS_OF_DOUBT:
            self.problem("E001", f"“{node.text}” stands without quotes.", key, "Quote it.")
        if bad := _HTML.search(_CODE.sub("", node.text)):
            message = f"Raw HTML is not allowed: “{bad.group()[:30]}”."
            self.problem("E006", message, key, "Use Markdown, or backquotes around code.")
        return node.text.strip()

    def id(self, key: str = "id") -> str:
        value = self.text(key)
        if value and not _ID.fullmatch(value):
            hint = "Lower-case words joined by hyphens."
            self.problem("E001", f"“{value[:60]}” cannot be an id.", key, hint)
        return value

    def word(self, key: str, words: Collection[str], default: str = "") -> str:
        value = self.text(key, required=not default) or default
        if value and value not in words:
            hint = did_you_mean(value, words) or f"One of: {', '.join(words)}."
            self.problem("E001", f"“{value[:60]}” is not a {key}.", key, hint)
            return default
        return value

    def number(self, key: str, default: float | None = None) -> float:
        node = self.get(key)
        if node is None and default is not None:
            return float(default)
        try:
            if not isinstance(node, Scalar) or not node.plain:
                raise ValueError
            value = float(node.text)
            if abs(value) > 1e15 or value != value:
                raise ValueError
        except ValueError:
            self.problem("E001", f"“{key}” has to be a number.", key)
            return default or 0.0
        return value

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        value = self.number(key, default)
        if not value.is_integer() or not low <= value <= high:
            message = f"“{key}” has to be a whole number from {low} to {high}."
            self.problem("E001", message, key)
            return default
        return int(value)

    def flag(self, key: str) -> bool:
        node = self.get(key)
        if node is None:
            return False
        if not isinstance(node, Scalar) or node.text not in ("true", "false"):
            self.problem("E001", f"“{key}” has to be true or false.", key)
            return False
        return node.text == "true"

    def texts(self, key: str) -> tuple[str, ...]:
        node = self.get(key)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.problem("E001", f"“{key}” has to be a list.", key)
            return ()
        values = []
        for item in node.items:
            if isinstance(item, Scalar):
                values.append(self._prose(item, key))
            else:
                self.problem("E001", f"“{key}” has to be a list of texts.", key)
        return tuple(values)

    def child(self, key: str) -> Reader | None:
        node = self.get(key)
        if node is None:
            return None
        if not isinstance(node, Mapping):
            self.problem("E001", f"“{key}” has to hold named fields.", key)
            return None
        return Reader(node, self.found, self.shift)

    def children(self, key: str) -> list[Reader]:
        node = self.get(key)
        if node is None:
            return []
        if not isinstance(node, Sequence):
            self.problem("E001", f"“{key}” has to be a list.", key)
            return []
        readers = []
        for item in node.items:
            if isinstance(item, Mapping):
                readers.append(Reader(item, self.found, self.shift))
            else:
                self.problem("E001", f"Each of “{key}” has to hold named fields.", key)
        return readers

    def close(self, known: Collection[str] = ()) -> None:
        """Reports every field that nobody has read."""
        names = self.seen | set(known)
        for key in self.node.items.keys() - self.seen:
            hint = did_you_mean(key, names)
            self.problem("E001", f"“{key[:60]}” is not a field here.", key, hint)
