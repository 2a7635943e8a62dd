"""One attribute's node to its value, as the table of kinds asks for it."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ..kinds import ACTIONS, Attribute, Type
from ..model import Grant
from ._problems import did_you_mean, quote
from ._syntax import Mapping, Node, Scalar, Sequence

MAX_TEXT: Final = 4000
MAX_LIST: Final = 500
_NUMBER: Final = re.compile(r"[-+]?(\d[\d_]*)?(\.\d*)?([eE][-+]?\d{1,3})?", re.ASCII)
_TRUE: Final = ("true", "yes", "on")
_FALSE: Final = ("false", "no", "off")
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_ACTIONS: Final = tuple(ACTIONS.split())


class Wrong(Exception):
    """A value that the attribute cannot have. Never leaves this package."""

    def __init__(self, message: str, hint: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.line = line


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that must exist: checked once the whole text is known."""

    problem_path: str
    line: int
    name: str
    refers: tuple[str, ...]


def is_id(name: str) -> bool:
    return _ID.fullmatch(name) is not None


def describe(node: Node) -> str:
    """What was found, for a message."""
    if isinstance(node, Scalar):
        return "nothing" if node.empty else quote(node.text)
    return "a list" if isinstance(node, Sequence) else "a group of attributes"


def value_of(attribute: Attribute, node: Node) -> Any:
    """The value, or None for ``unknown``. Raises Wrong."""
    if isinstance(node, Scalar) and node.unknown:
        return None
    if isinstance(node, Scalar) and node.empty:
        raise Wrong(
            f"no value; expected {attribute.expects}.", "Write unknown, or leave the line out."
        )
    return _READERS[attribute.type](attribute, node)


def _wrong(attribute: Attribute, node: Node, hint: str = "") -> Wrong:
    return Wrong(f"found {describe(node)}; expected {attribute.expects}.", hint, node.line)


def _scalar(attribute: Attribute, node: Node) -> Scalar:
    if not isinstance(node, Scalar):
        raise _wrong(attribute, node)
    return node


def _text(attribute: Attribute, node: Node) -> str:
    text = _scalar(attribute, node).text
    if len(text) > MAX_TEXT:
        raise Wrong(f"the text has {len(text):,} characters; at most {MAX_TEXT:,} are kept.")
    return text


def _number(attribute: Attribute, node: Node) -> int | float:
    scalar = _scalar(attribute, node)
    text = scalar.text.strip()
    if len(text) > 40 or not _NUMBER.fullmatch(text) or not any(c.isdigit() for c in text):
        raise _wrong(attribute, node)
    if not scalar.plain:
        raise _wrong(attribute, node, "Remove the quotes around the number.")
    try:
        number = float(text.replace("_", ""))
    except ValueError:
        raise _wrong(attribute, node) from None
    if not math.isfinite(number) or not attribute.low <= number <= attribute.high:
        raise _wrong(attribute, node)
    if number.is_integer():
        return int(number)
    if attribute.type is Type.INTEGER:
        raise _wrong(attribute, node)
    return number


def _boolean(attribute: Attribute, node: Node) -> bool:
    scalar = _scalar(attribute, node)
    word = scalar.text.lower()
    if scalar.plain and word in _TRUE:
        return True
    if scalar.plain and word in _FALSE:
        return False
    raise _wrong(attribute, node, did_you_mean(word, ("true", "false")))


def _note(attribute: Attribute, node: Node) -> bool | str:
    scalar = _scalar(attribute, node)
    if scalar.plain and scalar.text.lower() in (*_TRUE, *_FALSE):
        return _boolean(attribute, node)
    return False if scalar.text.lower() in ("none", "") else _text(attribute, node)


def _date(attribute: Attribute, node: Node) -> str:
    text = _scalar(attribute, node).text
    try:
        if len(text) != len("2026-03-31"):
            raise ValueError
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise _wrong(attribute, node) from None


def _word(attribute: Attribute, node: Node) -> str:
    word = _scalar(attribute, node).text
    if word not in attribute.words:
        raise _wrong(attribute, node, did_you_mean(word, attribute.words))
    return word


def _items(attribute: Attribute, node: Node) -> list[Node]:
    if not isinstance(node, Sequence):
        hint = f"Write [{quote(node.text)[1:-1]}]." if isinstance(node, Scalar) else ""
        raise _wrong(attribute, node, hint)
    if len(node.items) > MAX_LIST:
        raise Wrong(f"the list has {len(node.items):,} entries; at most {MAX_LIST} are read.")
    return node.items


def _texts(attribute: Attribute, node: Node) -> tuple[str, ...]:
    return _unique(_entry(attribute, item) for item in _items(attribute, node))


def _entry(attribute: Attribute, node: Node) -> str:
    if not isinstance(node, Scalar) or node.empty:
        raise Wrong(
            f"found {describe(node)} in the list; expected {attribute.expects}.", "", node.line
        )
    return _text(attribute, node)


def _words(attribute: Attribute, node: Node) -> tuple[str, ...]:
    found = _texts(attribute, node)
    for word in found:
        if word not in attribute.words:
            hint = did_you_mean(word, attribute.words)
            raise Wrong(f"found {quote(word)} in the list; expected {attribute.expects}.", hint)
    return tuple(sorted(found, key=attribute.words.index))


def _references(attribute: Attribute, node: Node) -> tuple[str, ...]:
    return tuple(sorted(_texts(attribute, node)))


def _unique(found: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def _grants(attribute: Attribute, node: Node) -> tuple[Grant, ...]:
    merged: dict[str, set[str]] = {}
    for item in _items(attribute, node):
        if not isinstance(item, Mapping) or set(item.items) != {"to", "actions"}:
            hint = "A grant is written {to: orders, actions: [read]}."
            raise Wrong(f"found {describe(item)}; expected to and actions.", hint, item.line)
        to = _entry(attribute, item.items["to"])
        actions = _actions(attribute, item.items["actions"])
        merged.setdefault(to, set()).update(actions)
    return tuple(Grant(to, tuple(sorted(merged[to], key=_ACTIONS.index))) for to in sorted(merged))


def _actions(attribute: Attribute, node: Node) -> tuple[str, ...]:
    actions = tuple(_entry(attribute, item) for item in _items(attribute, node))
    for action in actions:
        if action not in attribute.words:
            hint = did_you_mean(action, attribute.words)
            message = f"found the action {quote(action)}; expected {', '.join(attribute.words)}."
            raise Wrong(message, hint, node.line)
    return actions


def _ranks(attribute: Attribute, node: Node) -> tuple[tuple[str, ...], ...]:
    rows = (_references(attribute, row) for row in _items(attribute, node))
    return tuple(sorted(row for row in rows if row))


_READERS: Final[dict[Type, Callable[[Attribute, Node], Any]]] = {
    Type.TEXT: _text,
    Type.INTEGER: _number,
    Type.NUMBER: _number,
    Type.BOOLEAN: _boolean,
    Type.NOTE: _note,
    Type.DATE: _date,
    Type.WORD: _word,
    Type.WORDS: _words,
    Type.TEXTS: _texts,
    Type.REFERENCE: _text,
    Type.REFERENCES: _references,
    Type.GRANTS: _grants,
    Type.RANKS: _ranks,
}


def names_in(attribute: Attribute, value: Any) -> tuple[str, ...]:
    """The ids that a value refers to."""
    if value is None:
        return ()
    if attribute.type is Type.REFERENCE:
        return (value,)
    if attribute.type is Type.REFERENCES:
        return tuple(value)
    if attribute.type is Type.GRANTS:
        return tuple(grant.to for grant in value if grant.to != "*")
    if attribute.type is Type.RANKS:
        return tuple(name for row in value for name in row)
    return ()
