"""The values of a design: what a text file says, as frozen objects.

A `Design` is immutable and holds its parts as tuples in canonical order (by
id), so two texts that differ only in order give equal designs. Attributes are
kept flat, under dotted paths (``concurrency.reserved``), each with the line it
came from. An attribute that is absent and one that says ``unknown`` both read
as None: a rule that needs it answers *unknown*, never *pass*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

WHOLE: Final = "design"
"""The subject of a finding that concerns the whole design."""

_NO_GROUPS: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Grant:
    """Permission of a component: `actions` on component `to` (or ``*``)."""

    to: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attr:
    """One attribute. `value` is a str, int, float, bool, tuple of those, tuple
    of Grant, or None where the text says ``unknown``. `line` counts from 1."""

    value: Any
    line: int
    defaulted: bool = False


@dataclass(frozen=True)
class Part:
    """What boundaries, data items, components and edges have in common."""

    id: str
    attrs: Mapping[str, Attr] = field(default_factory=lambda: MappingProxyType({}))
    line: int = 0

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a dotted path; `default` where absent or unknown."""
        attr = self.attrs.get(path)
        return default if attr is None or attr.value is None else attr.value

    def has(self, path: str) -> bool:
        """Whether the text says anything, ``unknown`` included, at or below `path`."""
        return path in self.attrs or path in self._groups

    @cached_property
    def _groups(self) -> frozenset[str]:
        """``logs`` for ``logs.level``: what the text says something below."""
        found = set()
        for path in self.attrs:
            group = path.rpartition(".")[0]
            while group:
                found.add(group)
                group = group.rpartition(".")[0]
        return frozenset(found) if found else _NO_GROUPS

    def line_of(self, path: str) -> int:
        """The line that states `path`, else the line where the part begins."""
        attr = self.attrs.get(path)
        return attr.line if attr else self.line


@dataclass(frozen=True)
class Boundary(Part):
    kind: str = ""

    @property
    def parent(self) -> str | None:
        value: str | None = self.get("parent")
        return value


@dataclass(frozen=True)
class DataItem(Part):
    """A class of data; `get("class")`, `get("personal")`, `get("residency")`, ..."""


@dataclass(frozen=True)
class Component(Part):
    kind: str = ""

    @property
    def title(self) -> str:
        return str(self.get("title") or self.id)

    @property
    def boundary(self) -> str | None:
        value: str | None = self.get("boundary")
        return value

    @property
    def grants(self) -> tuple[Grant, ...]:
        value: tuple[Grant, ...] = self.get("grants", ())
        return value

    @property
    def is_dlq(self) -> bool:
        return self.kind == "queue" and self.get("purpose") == "dlq"


@dataclass(frozen=True)
class Edge(Part):
    """Something that travels from `source` to `target`.

    `id` is the canonical subject ``source->target:kind``, with ``#name``
    behind it where the text names the edge.
    """

    source: str = ""
    target: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Decision(Part):
    """A decision record; `get("title")`, `get("status")`, `get("about")`."""


@dataclass(frozen=True)
class Waiver(Part):
    """A waiver in the text; `id` is ``RULE@subject``."""


@dataclass(frozen=True)
class Scenario(Part):
    """A quality scenario."""


@dataclass(frozen=True)
class Design(Part):
    """A whole design. `attrs` holds the `design:` block (``traffic.peak_rps``)."""

    boundaries: tuple[Boundary, ...] = ()
    data: tuple[DataItem, ...] = ()
    components: tuple[Component, ...] = ()
    edges: tuple[Edge, ...] = ()
    decisions: tuple[Decision, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    layout: Mapping[str, Attr] = field(default_factory=lambda: MappingProxyType({}))
    defaults: Mapping[str, Mapping[str, Attr]] = field(default_factory=lambda: MappingProxyType({}))
    """What the text says under `defaults:`, by kind; already expanded into the parts."""

    @property
    def title(self) -> str:
        return str(self.get("title") or self.id)

    @cached_property
    def _components(self) -> Mapping[str, Component]:
        return {c.id: c for c in self.components}

    @cached_property
    def _out(self) -> Mapping[str, tuple[Edge, ...]]:
        return _group(self.edges, "source")

    @cached_property
    def _in(self) -> Mapping[str, tuple[Edge, ...]]:
        return _group(self.edges, "target")

    def component(self, id: str) -> Component:
        """The component with this id. Raises KeyError."""
        return self._components[id]

    def find(self, id: str) -> Component | None:
        return self._components.get(id)

    @cached_property
    def _by_kind(self) -> Mapping[str, list[Component]]:
        found: dict[str, list[Component]] = {}
        for component in self.components:
            found.setdefault(component.kind, []).append(component)
        return found

    def of_kind(self, *kinds: str) -> Iterator[Component]:
        """Components of these kinds, in order of id."""
        if len(kinds) == 1:
            return iter(self._by_kind.get(kinds[0], ()))
        return (c for c in self.components if c.kind in kinds)

    def out_edges(self, id: str, *kinds: str) -> tuple[Edge, ...]:
        """Edges leaving a component, of these kinds or of all."""
        found = self._out.get(id, ())
        return tuple([e for e in found if e.kind in kinds]) if kinds and found else found

    def in_edges(self, id: str, *kinds: str) -> tuple[Edge, ...]:
        """Edges arriving at a component, of these kinds or of all."""
        found = self._in.get(id, ())
        return tuple([e for e in found if e.kind in kinds]) if kinds and found else found

    @cached_property
    def _boundaries(self) -> Mapping[str, Boundary]:
        return {b.id: b for b in self.boundaries}

    def boundary(self, id: str | None) -> Boundary | None:
        return self._boundaries.get(id) if id else None

    def boundary_chain(self, component: Component) -> tuple[Boundary, ...]:
        """The boundaries around a component, innermost first."""
        chain: list[Boundary] = []
        here = self.boundary(component.boundary)
        while here is not None and here not in chain:
            chain.append(here)
            here = self.boundary(here.parent)
        return tuple(chain)

    @cached_property
    def _data(self) -> Mapping[str, DataItem]:
        return {d.id: d for d in self.data}

    def data_item(self, id: str) -> DataItem | None:
        return self._data.get(id)


def _group(edges: tuple[Edge, ...], end: str) -> Mapping[str, tuple[Edge, ...]]:
    groups: dict[str, list[Edge]] = {}
    for edge in edges:
        groups.setdefault(getattr(edge, end), []).append(edge)
    return {key: tuple(found) for key, found in groups.items()}
