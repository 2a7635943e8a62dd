"""Edits in exercises: as authors and experts write them, as answers are stored, as values.

Written:  ``{set: orders.visibility_s, to: 180}``, ``{drop: orders.ttl}``, ``{remove: orders}``,
``{add: orders-dead, kind: queue, purpose: dlq}`` and
``{connect: [pack, orders-dead], kind: publish}``; an edge's subject is ``pack->orders:write``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from design.document import Mapping as TreeMapping
from design.document import Node, Scalar
from design.document import Sequence as TreeSequence
from design.edit import Add, Drop, Edit, Remove, Set, Value
from design.model import Grant

from ._reader import Reader

MOST: Final = 60
_WORDS: Final[Mapping[str, bool | None]] = {"true": True, "false": False, "unknown": None}


class NoEdit(ValueError):
    """What stands there is not an edit; the message says what one looks like."""


# Written


def read_edits(reader: Reader, key: str) -> tuple[Edit, ...]:
    """The edits under a key; problems go to the reader."""
    edits = []
    for item in reader.children(key):
        try:
            edits.append(_read(item.node))
        except NoEdit as error:
            item.problem("E001", str(error), key)
        item.seen |= set(item.node.items)
    return tuple(edits)


def edits_of(node: Node | None) -> list[Edit]:
    """The edits in a pasted list. Raises NoEdit."""
    if not isinstance(node, TreeSequence):
        raise NoEdit("A list of edits begins each line with “- {”.")
    if len(node.items) > MOST:
        raise NoEdit(f"At most {MOST} edits.")
    edits = []
    for item in node.items:
        if not isinstance(item, TreeMapping):
            raise NoEdit(f"Line {item.line} is not an edit such as {{set: orders.ttl, to: true}}.")
        edits.append(_read(item))
    return edits


def _read(node: TreeMapping) -> Edit:
    items = node.items
    if "set" in items and "to" in items:
        subject, path = _place(items["set"])
        return Set(_section(subject), _name(subject), path, _value(items["to"]))
    if "drop" in items:
        subject, path = _place(items["drop"])
        return Drop(_section(subject), _name(subject), path)
    if "remove" in items:
        subject = _text(items["remove"])
        return Remove(_section(subject), subject)
    if "add" in items:
        rest = {key: value for key, value in items.items() if key != "add"}
        return Add("components", _text(items["add"]), _flat(rest))
    if "connect" in items:
        ends = items["connect"]
        if not isinstance(ends, TreeSequence) or len(ends.items) != 2:
            raise NoEdit("“connect” takes a list of two component ids.")
        start, end = (_text(one) for one in ends.items)
        rest = {key: value for key, value in items.items() if key not in ("connect", "id")}
        name = _text(items["id"]) if "id" in items else ""
        return Add("edges", name, {"from": start, "to": end, **_flat(rest)})
    raise NoEdit("An edit is one of set with to, drop, remove, add and connect.")


def _place(node: Node) -> tuple[str, str]:
    subject, dot, path = _text(node).partition(".")
    if not dot or not path:
        raise NoEdit("A setting is named as component.attribute, such as orders.visibility_s.")
    return subject, path


def _section(subject: str) -> str:
    if subject == "design":
        return "design"
    return "edges" if "->" in subject else "components"


def _name(subject: str) -> str:
    return "" if subject == "design" else subject


def _text(node: Node) -> str:
    if not isinstance(node, Scalar) or not node.text.strip():
        raise NoEdit("A name is missing.")
    return node.text.strip()


def _flat(items: Mapping[str, Node], before: str = "") -> dict[str, Value]:
    """Nested attributes under dotted paths, as a model keeps them."""
    found: dict[str, Value] = {}
    for key, node in items.items():
        if isinstance(node, TreeMapping):
            found |= _flat(node.items, f"{before}{key}.")
        else:
            found[before + key] = _value(node)
    return found


def _value(node: Node) -> Value:
    if isinstance(node, Scalar):
        return _scalar(node)
    if isinstance(node, TreeSequence):
        if any(isinstance(item, TreeMapping) for item in node.items):
            return tuple(_grant(item) for item in node.items)
        return tuple(_text(item) for item in node.items)
    raise NoEdit("A value is a word, a number, true or false, or a list.")


def _scalar(node: Scalar) -> str | int | float | bool | None:
    if not node.plain:
        return node.text
    if node.text in _WORDS:
        return _WORDS[node.text]
    try:
        number = float(node.text)
    except ValueError:
        return node.text
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _grant(node: Node) -> Grant:
    if isinstance(node, TreeMapping) and {"to", "actions"} <= set(node.items):
        actions = node.items["actions"]
        if isinstance(actions, TreeSequence):
            return Grant(_text(node.items["to"]), tuple(_text(a) for a in actions.items))
    raise NoEdit("A grant is written {to: orders, actions: [read]}.")


# Stored


def stored(edit: Edit) -> dict[str, Any]:
    """An edit as JSON."""
    match edit:
        case Set(section, subject, path, value):
            return _json("set", section, subject, path=path, value=_plain(value))
        case Drop(section, subject, path):
            return _json("drop", section, subject, path=path)
        case Remove(section, subject):
            return _json("remove", section, subject)
        case Add(section, subject, attributes):
            plain = {path: _plain(value) for path, value in attributes.items()}
            return _json("add", section, subject, attributes=plain)
    raise NoEdit("Answers set, drop, remove and add.")


def _json(act: str, section: str, subject: str, **more: Any) -> dict[str, Any]:
    return {"act": act, "section": section, "subject": subject, **more}


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return [
            {"to": v.to, "actions": list(v.actions)} if isinstance(v, Grant) else v for v in value
        ]
    return value


def restored(entry: Any) -> Edit:
    """The edit that `stored` wrote, or that somebody forged. Raises NoEdit."""
    try:
        act, section, subject = (str(entry[key]) for key in ("act", "section", "subject"))
        if section not in ("components", "edges", "design") or len(subject) > 300:
            raise NoEdit("That is not part of a design.")
        if act == "set":
            return Set(section, subject, str(entry["path"])[:100], _back(entry["value"]))
        if act == "drop":
            return Drop(section, subject, str(entry["path"])[:100])
        if act == "remove":
            return Remove(section, subject)
        if act == "add":
            attributes = {str(k)[:100]: _back(v) for k, v in dict(entry["attributes"]).items()}
            return Add(section, subject, attributes)
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise NoEdit("That list of edits cannot be read.") from error
    raise NoEdit("Answers set, drop, remove and add.")


def _back(value: Any) -> Value:
    if isinstance(value, list):
        if any(isinstance(item, dict) for item in value):
            return tuple(Grant(str(g["to"]), tuple(str(a) for a in g["actions"])) for g in value)
        return tuple(str(item) for item in value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise NoEdit("A value is a word, a number, true or false, or a list.")


def restore_all(entries: Sequence[Any]) -> list[Edit]:
    if len(entries) > MOST:
        raise NoEdit(f"At most {MOST} edits.")
    return [restored(entry) for entry in entries]
