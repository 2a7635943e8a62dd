"""A tree of nodes to a Design, with every problem on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeVar

from .. import kinds
from ..kinds import Attribute
from ..model import (
    WHOLE,
    Attr,
    Boundary,
    Component,
    DataItem,
    Decision,
    Design,
    Edge,
    Part,
    Scenario,
    Waiver,
)
from ._attributes import Attributes, Attrs
from ._limits import WEB, Limits
from ._problems import Collector, quote
from ._references import check_references
from ._syntax import Mapping, Node, Scalar, Sequence
from ._values import Reference, describe, is_id

_RESERVED: Final = frozenset({WHOLE, "unknown", "null"})
_SECTIONS: Final = (
    "model", "design", "defaults", "boundaries", "data", "components", "edges", "decisions",
    "scenarios", "waivers", "layout",
)  # fmt: skip
_NOT_BY_DEFAULT: Final = frozenset({"title", "was", "load.mean_rps", "load.peak_rps"})

_TAKEN: Final = Scalar("", True, 0)

P = TypeVar("P", bound=Part)


def read_tree(root: Node | None, problems: Collector, limits: Limits = WEB) -> Design | None:
    """The design that a tree says, or None when it has no readable beginning.

    Everything wrong is noted in `problems`; the design is of use only when
    there are none. The tree is used up: a large one and its design together
    would need twice the memory.
    """
    if not isinstance(root, Mapping):
        what = "The text is empty." if root is None else f"Found {describe(root)}."
        problems.add(root.line if root else 0, "", what, "A design begins with “model: sdm/1”.")
        return None
    attributes = Attributes(problems)
    reader = _Reader(root, problems, attributes, limits)
    design = reader.design()
    check_references(design, attributes.references, problems)
    return design


@dataclass(slots=True)
class _Reader:
    root: Mapping
    problems: Collector
    attributes: Attributes
    limits: Limits

    def design(self) -> Design:
        for name in self.root.items:
            if name not in _SECTIONS:
                line = self.root.lines[name]
                hint = self.problems.suggest(name, _SECTIONS)
                self.problems.add(line, "", f"{quote(name)} is not part of a design.", hint)
        self._model()
        defaults = self._defaults()
        block, id = self._design_block()
        components = self._components(defaults)
        if not components and "components" not in self._broken_sections():
            self.problems.add(self.root.line, "components", "The design has no components.")
        return Design(
            id=id,
            line=self.root.lines.get("design", 1),
            attrs=_frozen(block),
            boundaries=self._boundaries(),
            data=self._named("data", "data", kinds.DATA, DataItem),
            components=components,
            edges=self._edges(defaults),
            decisions=self._named("decisions", "decision", kinds.DECISION, Decision),
            scenarios=self._named("scenarios", "scenario", kinds.SCENARIO, Scenario),
            waivers=self._waivers(),
            layout=_frozen(self._layout()),
            defaults=MappingProxyType({name: _frozen(said) for name, said in defaults.items()}),
        )

    def _broken_sections(self) -> tuple[str, ...]:
        """Sections that hold something, if only something unreadable."""
        return tuple(
            name
            for name, node in self.root.items.items()
            if not (isinstance(node, Sequence) and not node.items)
            and not (isinstance(node, Scalar) and node.empty)
        )

    # -- the parts before the components ------------------------------------

    def _model(self) -> None:
        node = self.root.items.get("model")
        if node is None:
            hint = f"Begin with “model: {kinds.MODEL}”."
            self.problems.add(
                self.root.line, "model", "The version of the format is missing.", hint
            )
        elif not isinstance(node, Scalar) or node.text != kinds.MODEL:
            message = f"Found {describe(node)}; expected {kinds.MODEL}."
            self.problems.add(node.line, "model", message)

    def _design_block(self) -> tuple[Attrs, str]:
        node = self.root.items.get("design")
        if node is None:
            self.problems.add(self.root.line, "design", "The design block is missing.")
            return {}, ""
        if not isinstance(node, Mapping):
            self.problems.add(node.line, "design", f"Found {describe(node)}; expected a group.")
            return {}, ""
        id = self._id(node, "design")
        return self.attributes.read(node, kinds.DESIGN, "design", {"id"}), id

    def _layout(self) -> Attrs:
        node = self.root.items.get("layout")
        if node is None or (isinstance(node, Scalar) and node.empty):
            return {}
        if not isinstance(node, Mapping):
            self.problems.add(node.line, "layout", f"Found {describe(node)}; expected a group.")
            return {}
        return self.attributes.read(node, kinds.LAYOUT, "layout", set())

    def _defaults(self) -> dict[str, Attrs]:
        node = self.root.items.get("defaults")
        if node is None or (isinstance(node, Scalar) and node.empty):
            return {}
        if not isinstance(node, Mapping):
            message = f"Found {describe(node)}; expected a kind and its attributes."
            self.problems.add(node.line, "defaults", message)
            return {}
        found: dict[str, Attrs] = {}
        for name, child in node.items.items():
            path, line = f"defaults.{name}", node.lines[name]
            table = _table_of_defaults(name)
            if table is None:
                names = ("edge", *kinds.COMPONENT_KINDS, *kinds.EDGE_KINDS)
                hint = self.problems.suggest(name, names)
                self.problems.add(line, "defaults", f"{quote(name)} is not a kind.", hint)
            elif not isinstance(child, Mapping):
                self.problems.add(line, path, f"Found {describe(child)}; expected a group.")
            else:
                found[name] = self.attributes.read(child, table, path, set())
        return found

    # -- lists of parts -------------------------------------------------------

    def _entries(self, section: str) -> Iterator[Mapping]:
        node = self.root.items.get(section)
        if node is None or (isinstance(node, Scalar) and node.empty):
            return
        if not isinstance(node, Sequence):
            message = f"Found {describe(node)}; expected a list."
            hint = "Begin each entry with “- ”."
            self.problems.add(self.root.lines[section], section, message, hint)
            return
        limit = self.limits.edges if section == "edges" else self.limits.components
        if len(node.items) > limit:
            message = f"There are {len(node.items):,} {section}; at most {limit:,} are read."
            self.problems.add(self.root.lines[section], section, message)
            return
        for number in range(1, len(node.items) + 1):
            item, node.items[number - 1] = node.items[number - 1], _TAKEN
            if isinstance(item, Mapping):
                yield item
            else:
                message = f"Entry {number} is {describe(item)}; expected a group of attributes."
                self.problems.add(item.line, section, message)

    def _named(
        self,
        section: str,
        word: str,
        table: Table[str, Attribute],
        make: Callable[..., P],
    ) -> tuple[P, ...]:
        parts: dict[str, P] = {}
        for item in self._entries(section):
            id = self._id(item, section)
            attrs = self.attributes.read(item, table, f"{section}[{id}]", {"id"})
            self._keep(parts, make(id=id, attrs=_frozen(attrs), line=item.line), section, word)
        return _sorted(parts)

    def _boundaries(self) -> tuple[Boundary, ...]:
        parts: dict[str, Boundary] = {}
        for item in self._entries("boundaries"):
            id = self._id(item, "boundaries")
            where = f"boundaries[{id}]"
            kind = self._kind(item, where, kinds.BOUNDARY_KINDS, "a kind of boundary")
            attrs = self.attributes.read(item, kinds.BOUNDARY, where, {"id", "kind"})
            part = Boundary(id=id, kind=kind, attrs=_frozen(attrs), line=item.line)
            self._keep(parts, part, "boundaries", "boundary")
        return _sorted(parts)

    def _components(self, defaults: Table[str, Attrs]) -> tuple[Component, ...]:
        parts: dict[str, Component] = {}
        for item in self._entries("components"):
            id = self._id(item, "components")
            where = f"components[{id}]"
            kind = self._kind(item, where, kinds.COMPONENT_KINDS, "a kind of component")
            known = kinds.COMPONENT_KINDS.get(kind)
            if known is None:
                self.problems.unread.add(id)
                continue
            attrs = self.attributes.read(item, known.attributes, where, {"id", "kind"}, kind)
            _expand(attrs, _apart_from(id, defaults.get(kind, {})))
            part = Component(id=id, kind=kind, attrs=_frozen(attrs), line=item.line)
            self._keep(parts, part, "components", "component")
        return _sorted(parts)

    def _edges(self, defaults: Table[str, Attrs]) -> tuple[Edge, ...]:
        parts: dict[str, Edge] = {}
        names: dict[str, int] = {}
        unnamed: dict[str, int] = {}
        named: set[str] = set()
        for item in self._entries("edges"):
            edge = self._edge(item, defaults)
            if edge is None:
                continue
            plain, _, name = edge.id.partition("#")
            where = f"edges[{plain}]"
            if name and name in names:
                message = (
                    f"The id {quote(name)} stands twice, on lines {names[name]} and {edge.line}."
                )
                self.problems.add(edge.line, where, message)
            elif plain in unnamed:
                message = f"The same edge stands on line {unnamed[plain]} already."
                hint = "Two edges of one kind between one pair each need an id."
                self.problems.add(edge.line, where, message, hint)
            elif not name and plain in named:
                self.problems.add(edge.line, where, "Its twin has an id.", "Give this one an id.")
            names.setdefault(name, edge.line)
            if name:
                named.add(plain)
            else:
                unnamed.setdefault(plain, edge.line)
            parts.setdefault(edge.id, edge)
        return _sorted(parts)

    def _edge(self, item: Mapping, defaults: Table[str, Attrs]) -> Edge | None:
        ends = [self._end(item, end) for end in ("from", "to")]
        name = self._id(item, "edges") if "id" in item.items else ""
        where = f"edges[{ends[0]}->{ends[1]}]"
        kind = self._kind(item, where, kinds.EDGE_KINDS, "a kind of edge")
        if kind not in kinds.EDGE_KINDS:
            return None
        own = {"id", "from", "to", "kind"}
        attrs = self.attributes.read(item, kinds.EDGE, where, own)
        _expand(attrs, defaults.get(kind, {}))
        _expand(attrs, defaults.get("edge", {}))
        for end, found in zip(("from", "to"), ends, strict=True):
            if found:
                line = item.lines[end]
                self.attributes.references.append(
                    Reference(f"{where}.{end}", line, found, ("component",))
                )
        if not all(ends):
            return None
        id = f"{ends[0]}->{ends[1]}:{kind}" + (f"#{name}" if name else "")
        return Edge(
            id=id, source=ends[0], target=ends[1], kind=kind, attrs=_frozen(attrs), line=item.line
        )

    def _waivers(self) -> tuple[Waiver, ...]:
        parts: dict[str, Waiver] = {}
        for item in self._entries("waivers"):
            attrs = self.attributes.read(item, kinds.WAIVER, "waivers", set())
            said = [attrs[p].value if p in attrs else None for p in ("rule", "subject")]
            if not all(said):
                message = "A waiver names a rule and a subject."
                self.problems.add(item.line, "waivers", message, "For example {rule: EVT01, ...}.")
                continue
            part = Waiver(id=f"{said[0]}@{said[1]}", attrs=_frozen(attrs), line=item.line)
            self._keep(parts, part, "waivers", "waiver")
        return _sorted(parts)

    # -- one part -------------------------------------------------------------

    def _keep(self, parts: dict[str, P], part: P, section: str, word: str) -> None:
        first = parts.setdefault(part.id, part)
        if first is not part and part.id:
            message = (
                f"The {word} {quote(part.id)} stands twice, on lines {first.line} and {part.line}."
            )
            self.problems.add(part.line, section, message, "Give one of them another id.")

    def _id(self, item: Mapping, section: str) -> str:
        node = item.items.get("id")
        if node is None:
            self.problems.add(item.line, section, "The id is missing.")
            return ""
        line = item.lines["id"]
        text = node.text if isinstance(node, Scalar) else ""
        if text in _RESERVED:
            self.problems.add(line, section, f"The id {quote(text)} has a meaning of its own.")
        elif not is_id(text):
            message = f"Found {describe(node)} as an id."
            hint = "Use up to 80 letters, digits, - and _, for example place-order."
            self.problems.add(line, section, message, hint)
        else:
            return text
        return ""

    def _end(self, item: Mapping, end: str) -> str:
        node = item.items.get(end)
        if node is None:
            message = f"The edge does not say “{end}”."
            self.problems.add(item.line, "edges", message, "Name a component.")
            return ""
        if not isinstance(node, Scalar) or not is_id(node.text):
            message = f"Found {describe(node)}; expected the id of a component."
            self.problems.add(item.lines[end], f"edges.{end}", message)
            return ""
        return node.text

    def _kind(self, item: Mapping, where: str, known: Table[str, object], what: str) -> str:
        node = item.items.get("kind")
        if node is None:
            self.problems.add(item.line, where, "The kind is missing.")
            return ""
        if isinstance(node, Scalar) and node.text in known:
            return node.text
        hint = self.problems.suggest(node.text, known.keys()) if isinstance(node, Scalar) else ""
        message = f"Found {describe(node)}; expected {what}."
        hint = hint or f"Kinds are {', '.join(known)}."
        self.problems.add(item.lines["kind"], f"{where}.kind", message, hint)
        return ""


def _table_of_defaults(name: str) -> Table[str, Attribute] | None:
    table = kinds.table_of(name)
    if table is None:
        return None
    return {path: found for path, found in table.items() if path not in _NOT_BY_DEFAULT}


def _apart_from(id: str, defaults: Attrs) -> Attrs:
    """Defaults for a component: the dead-letter queue of all queues is not its own."""
    return {p: attr for p, attr in defaults.items() if p != "dlq" or attr.value != id}


def _expand(attrs: Attrs, defaults: Table[str, Attr]) -> None:
    for path, attr in defaults.items():
        if path not in attrs:
            attrs[path] = Attr(attr.value, attr.line, defaulted=True)


def _frozen(attrs: Attrs) -> Table[str, Attr]:
    return MappingProxyType(dict(sorted(attrs.items())))


def _sorted(parts: dict[str, P]) -> tuple[P, ...]:
    return tuple(parts[id] for id in sorted(parts) if id)
