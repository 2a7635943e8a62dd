"""What an edit means, told on plain dicts and lists: the yardstick for the text."""

from __future__ import annotations

from typing import Any, Final

from ..model import Grant
from ._edits import Add, Append, Drop, Edit, Remove, Set, Value
from ._parts import SINGLE, siblings, subject_of, table

UNKNOWN: Final = ("unknown", True)
EMPTY: Final = (("", True), ("~", True), ("null", True))


def plain_value(value: Value | Grant) -> Any:
    """A value as `_tree.plain` would read it."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return ("true" if value else "false"), True
    if isinstance(value, int | float):
        return repr(value), True
    if isinstance(value, Grant):
        actions = [plain_value(action) for action in value.actions]
        return {"to": plain_value(value.to), "actions": actions}
    if isinstance(value, tuple):
        return [plain_value(item) for item in value]
    return value, False


def carry_out(tree: dict[str, Any], edit: Edit, place: int | None) -> None:
    """Carries an edit out on a plain tree, on the part in this place of its
    section's list. A rename is told by the places that it changes, and never
    comes here."""
    match edit:
        case Set(section, subject, path, value):
            _set(section, subject, _part(tree, section, subject, place), path, plain_value(value))
        case Append(section, subject, path, value):
            part = _part(tree, section, subject, place)
            found = _get(part, path)
            entry = plain_value(value)
            items = found if isinstance(found, list) else []
            if entry not in items:
                _set(section, subject, part, path, [*items, entry])
        case Drop(section, subject, path):
            _drop(_part(tree, section, subject, place), path.split("."))
        case Add(section, subject, attributes):
            if not isinstance(tree.get(section), list):
                tree[section] = []
            part = {}
            for path, said in named(section, subject, attributes).items():
                _set(section, subject, part, path, plain_value(said))
            tree[section].append(part)
        case Remove(section):
            assert place is not None
            tree[section][place] = None  # the others keep their places until the text is written


def named(section: str, subject: str, attributes: Any) -> dict[str, Value]:
    """The attributes of a new part with its id in the place where it is written."""
    if section == "waivers" or (section == "edges" and not subject):
        return dict(attributes)
    if section == "edges":
        head = {key: attributes[key] for key in ("from", "to", "kind") if key in attributes}
        return {**head, "id": subject, **attributes}
    return {"id": subject, **attributes}


def added(edit: Add) -> str:
    """The subject of the part that an edit adds."""
    said = named(edit.section, edit.subject, edit.attributes)
    return subject_of(edit.section, Said(said))


class Said:
    """The attributes of a part that is not in the text yet, read like a node."""

    def __init__(self, said: dict[str, Value]) -> None:
        self.said = said

    def text(self, key: str) -> str:
        return str(self.said.get(key) or "")


def _part(tree: dict[str, Any], section: str, subject: str, place: int | None) -> dict[str, Any]:
    part: dict[str, Any]
    if place is not None:
        part = tree[section][place]
        return part
    part = tree[section] if isinstance(tree.get(section), dict) else {}
    tree[section] = part
    if section in SINGLE:
        return part
    inner: dict[str, Any] = part[subject] if isinstance(part.get(subject), dict) else {}
    part[subject] = inner
    return inner


def _get(part: dict[str, Any], path: str) -> Any:
    group, _, name = path.rpartition(".")
    if group:
        inner = part.get(group)
        return inner.get(name) if isinstance(inner, dict) else None
    return part.get(name)


def _set(section: str, subject: str, part: dict[str, Any], path: str, value: Any) -> None:
    group, _, name = path.rpartition(".")
    if not group:
        part[name] = value
        return
    inner = part.get(group)
    if not isinstance(inner, dict):
        kind = str(part.get("kind", ("",))[0])
        others = siblings(table(section, subject, kind), path) if inner == UNKNOWN else []
        part[group] = inner = dict.fromkeys(others, UNKNOWN)
    inner[name] = value


def _drop(part: dict[str, Any], path: list[str]) -> None:
    if len(path) == 1:
        del part[path[0]]
        return
    inner = part[path[0]]
    _drop(inner, path[1:])
    if not inner:
        del part[path[0]]
