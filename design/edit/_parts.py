"""Where a part stands in a text, and which attributes it may have."""

from __future__ import annotations

from collections.abc import Mapping as Table
from typing import Any, Final

from .. import kinds
from ..kinds import Attribute

SINGLE: Final = ("design", "layout")
TABLES: Final[Table[str, Table[str, Attribute]]] = {
    "design": kinds.DESIGN,
    "layout": kinds.LAYOUT,
    "boundaries": kinds.BOUNDARY,
    "data": kinds.DATA,
    "edges": kinds.EDGE,
    "decisions": kinds.DECISION,
    "scenarios": kinds.SCENARIO,
    "waivers": kinds.WAIVER,
}
SECTIONS: Final = (*TABLES, "components", "defaults")
STRUCTURE: Final[Table[str, tuple[str, ...]]] = {
    "components": ("kind",),
    "boundaries": ("kind",),
    "edges": ("from", "to", "kind", "id"),
}
"""Keys beside the attributes that an edit may set."""


def table(section: str, subject: str, kind: str) -> Table[str, Attribute]:
    """The attributes of a part; empty where the kind is none."""
    if section == "defaults":
        return kinds.table_of(subject) or {}
    if section == "components":
        return kinds.table_of(kind) or {} if kind in kinds.COMPONENT_KINDS else {}
    return TABLES[section]


def subject_of(section: str, part: Any) -> str:
    """The subject of a part, given something whose `text(key)` reads an entry."""
    if section == "edges":
        name = part.text("id")
        plain = f"{part.text('from')}->{part.text('to')}:{part.text('kind')}"
        return f"{plain}#{name}" if name else plain
    if section == "waivers":
        return f"{part.text('rule')}@{part.text('subject')}"
    return str(part.text("id"))


def flaw_in(section: str, subject: str, kind: str, path: str) -> str:
    """Why a part cannot have this attribute, or an empty text. The name of a
    group counts as one."""
    if path in STRUCTURE.get(section, ()):
        return ""
    known = table(section, subject, kind)
    if path in known or any(name.startswith(path + ".") for name in known):
        return ""
    what = {"components": f"a {kind}", "defaults": f"a {subject}"}.get(section, f"{section}")
    return f"“{path}” is not an attribute of {what}."


def siblings(known: Table[str, Attribute], path: str) -> list[str]:
    """The last names of the other attributes in the group of `path`."""
    group, _, own = path.rpartition(".")
    names = [name.removeprefix(group + ".") for name in known if name.startswith(group + ".")]
    return [name for name in names if name != own]
