"""A group of nodes to flat attributes, as a table of kinds allows them."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field

from .. import kinds
from ..kinds import Attribute
from ..model import Attr
from ._problems import Collector, quote
from ._syntax import Mapping, Node, Scalar
from ._values import Reference, Wrong, describe, names_in, value_of

Attrs = dict[str, Attr]


@dataclass(slots=True)
class Attributes:
    """Reads attributes, notes what is wrong with them, and gathers the names
    that they refer to, to be looked up when everything is known."""

    problems: Collector
    references: list[Reference] = field(default_factory=list)

    def read(
        self,
        node: Mapping,
        table: Table[str, Attribute],
        where: str,
        own: set[str],
        kind: str = "",
    ) -> Attrs:
        """The attributes that a group says, flat; `own` keys are read elsewhere."""
        attrs: Attrs = {}
        for key, child in node.items.items():
            if key not in own:
                self._attribute(attrs, key, child, node.lines[key], _Place(table, where, kind))
        return attrs

    def _attribute(self, attrs: Attrs, key: str, node: Node, line: int, place: _Place) -> None:
        path = f"{place.prefix}{key}"
        attribute = place.table.get(path) if "." not in key else None
        if attribute is not None:
            try:
                value = value_of(attribute, node)
            except Wrong as wrong:
                message = wrong.message[0].upper() + wrong.message[1:]
                self.problems.add(wrong.line or line, f"{place.where}.{path}", message, wrong.hint)
                return
            attrs[path] = Attr(value, line)
            for name in names_in(attribute, value):
                self.references.append(
                    Reference(f"{place.where}.{path}", line, name, attribute.refers)
                )
            return
        below = [p for p in place.table if p.startswith(path + ".")] if "." not in path else []
        if not below:
            self._unknown_attribute(path, key, line, place)
        elif isinstance(node, Mapping):
            inner = _Place(place.table, place.where, place.kind, path + ".")
            for name, child in node.items.items():
                self._attribute(attrs, name, child, node.lines[name], inner)
        elif isinstance(node, Scalar) and node.unknown:
            attrs.update((p, Attr(None, line)) for p in below)
        else:
            names = ", ".join(p.rpartition(".")[2] for p in below)
            message = f"Found {describe(node)}; expected a group of {names}."
            hint = f"Write {key}: {{{below[0].rpartition('.')[2]}: ...}}."
            self.problems.add(line, f"{place.where}.{path}", message, hint)

    def _unknown_attribute(self, path: str, key: str, line: int, place: _Place) -> None:
        level = {
            p.removeprefix(place.prefix).partition(".")[0]
            for p in place.table
            if p.startswith(place.prefix)
        }
        what = f"a {place.kind}" if place.kind else place.where.partition("[")[0]
        hint = self.problems.suggest(key, sorted(level))
        elsewhere = _kinds_with(path)
        if place.kind and elsewhere:
            hint = f"Only {', '.join(elsewhere)} can have it."
        elif not hint and "." in key:
            hint = f"Write {key.partition('.')[0]}: {{{key.partition('.')[2]}: ...}}."
        message = f"{quote(path)} is not an attribute of {what}."
        self.problems.add(line, place.where, message, hint)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where attributes are being read: their table, and the group they are in."""

    table: Table[str, Attribute]
    where: str
    kind: str = ""
    prefix: str = ""


def _kinds_with(path: str) -> tuple[str, ...]:
    return tuple(
        name
        for name, kind in kinds.COMPONENT_KINDS.items()
        if path in kind.attributes or any(p.startswith(path + ".") for p in kind.attributes)
    )
