"""Two designs laid over one another, for the picture of a comparison."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from design.model import Boundary, Component, DataItem, Design, Edge, Part

Some = TypeVar("Some", bound=Part)


def merge(before: Design, after: Design) -> Design:
    """The later design with what only the earlier one had. A renamed component (``was:``)
    stands there once, under its new id."""
    renamed = {str(c.get("was")): c.id for c in after.components if c.get("was")}
    here = {c.id for c in after.components}
    gone = [c for c in before.components if c.id not in here and c.id not in renamed]
    shown = here | {c.id for c in gone}
    edges = []
    for e in before.edges:
        source, target = renamed.get(e.source, e.source), renamed.get(e.target, e.target)
        if source in shown and target in shown:
            edges.append((_moved(e, source, target), replace(e, source=source, target=target)))
    boundaries: tuple[Boundary, ...] = _union(after.boundaries, before.boundaries)
    data: tuple[DataItem, ...] = _union(after.data, before.data)
    components: tuple[Component, ...] = _union(after.components, gone)
    kept = {e.id for e in after.edges}
    old = [e for id, e in edges if id not in kept and e.id not in kept]
    both: tuple[Edge, ...] = _union(after.edges, old)
    return replace(after, boundaries=boundaries, data=data, components=components, edges=both)


def _moved(e: Edge, source: str, target: str) -> str:
    """The id that an edge has once its ends are renamed; its name stays with it."""
    return f"{source}->{target}:{e.id.partition(':')[2]}"


def _union(first: Iterable[Some], more: Iterable[Some]) -> tuple[Some, ...]:
    found = {part.id: part for part in more} | {part.id: part for part in first}
    return tuple(found[id] for id in sorted(found))
