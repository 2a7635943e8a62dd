"""The parts of a design that a picture shows: boundaries folded into boxes, and the
neighbourhood of one component with stubs for what lies beyond."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from design.model import Boundary, Component, Design, Edge

from ._view import View

SYNC, ASYNC, CHANGE, FAIL, DEPLOY = "sync", "async", "change", "fail", "deploy"
_STYLE: Final = {
    **dict.fromkeys(("publish", "invoke_async", "subscribe", "poll"), ASYNC),
    "change": CHANGE,
    "deploy": DEPLOY,
}


@dataclass(frozen=True, slots=True)
class Tie:
    """One thing between two components: an edge, or the way of messages that were given up,
    which the text says as an attribute (`edge` is None, `words` say when)."""

    source: str
    target: str
    edge: Edge | None = None
    words: str = ""

    @property
    def style(self) -> str:
        return _STYLE.get(self.edge.kind, SYNC) if self.edge else FAIL

    @property
    def subject(self) -> str:
        return self.edge.id if self.edge else ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is drawn as one line between two nodes: one tie, or several into or out of a box."""

    source: str
    target: str
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A boundary drawn as one node, with the components and the ties that it hides."""

    id: str
    boundary: Boundary
    members: tuple[str, ...]
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class Stub:
    """`hidden` components next to the node `at` that the focus leaves out, on one side of it."""

    id: str
    at: str
    leaving: bool
    hidden: tuple[str, ...]
    lines: int


@dataclass(frozen=True)
class Shown:
    """The parts of a picture; `hidden` counts the components that the focus leaves out."""

    components: tuple[Component, ...]
    boxes: tuple[Box, ...]
    bundles: tuple[Bundle, ...]
    stubs: tuple[Stub, ...]
    bounds: tuple[Boundary, ...]
    node_of: Mapping[str, str]
    hidden: int = 0


def ties(design: Design) -> tuple[Tie, ...]:
    """Edges in their order, then the ways of messages that were given up."""
    found = [Tie(e.source, e.target, e) for e in design.edges]
    for c in design.of_kind("queue"):
        if isinstance(dead := c.get("dlq"), str):
            tries = c.get("max_receive")
            found.append(Tie(c.id, dead, None, f"after {tries}" if tries else ""))
    for e in design.edges:
        if isinstance(to := e.get("on_failure"), str):
            found.append(Tie(e.target, to, None, "on failure"))
    known = (t for t in found if design.find(t.source) and design.find(t.target))
    # By what they say: two edges may fail to the same place, which is one line.
    return tuple({(t.source, t.target, t.subject, t.words): t for t in known}.values())


def flow(design: Design) -> dict[str, int]:
    """The place of each component in reading order: whoever begins comes first, and what
    follows from something comes after it. Without recursion: chains may be long."""
    after: dict[str, list[str]] = {c.id: [] for c in design.components}
    fed = set()
    for tie in ties(design):
        after[tie.source].append(tie.target)
        fed.add(tie.target)
    # A walk from the last beginning to the first, turned around: so the first comes first.
    starts = sorted(after, key=lambda id: (not design.component(id).has("load"), id in fed, id))
    done: set[str] = set()
    order: list[str] = []
    for start in reversed(starts):
        work = [] if start in done else [(start, iter(sorted(after[start], reverse=True)))]
        done.add(start)
        while work:
            here, rest = work[-1]
            there = next((id for id in rest if id not in done), None)
            if there is None:
                work.pop()
                order.append(here)
            else:
                done.add(there)
                work.append((there, iter(sorted(after[there], reverse=True))))
    return {id: n for n, id in enumerate(reversed(order))}


def fold(design: Design, view: View) -> Shown:
    """What the view shows of a design."""
    shut = view.shut(design)
    outer = {c.id: _outermost(design, c, shut) for c in design.components}
    node_of = {id: f"[{b.id}]" if b else id for id, b in outer.items()}
    boxes = _boxes(design, outer)
    bundles = _bundles(design, node_of)
    shown, stubs = set(node_of.values()), tuple[Stub, ...]()
    if view.focus in node_of:
        shown = _around(bundles, node_of[view.focus], view.hops)
        stubs = _stubs(bundles, shown, node_of)
    components = tuple(c for c in design.components if node_of[c.id] == c.id and c.id in shown)
    boxes = tuple(box for box in boxes if box.id in shown)
    hidden = sum(1 for node in node_of.values() if node not in shown)
    used = {b.id for c in components for b in design.boundary_chain(c)}
    used |= {b.id for box in boxes for b in _around_boundary(design, box.boundary)}
    return Shown(
        components=components,
        boxes=boxes,
        bundles=tuple(b for b in bundles if b.source in shown and b.target in shown),
        stubs=stubs,
        bounds=tuple(b for b in design.boundaries if b.id in used),
        node_of=node_of,
        hidden=hidden,
    )


def _outermost(design: Design, c: Component, shut: frozenset[str]) -> Boundary | None:
    around = [b for b in design.boundary_chain(c) if b.id in shut]
    return around[-1] if around else None


def _around_boundary(design: Design, boundary: Boundary) -> list[Boundary]:
    found: list[Boundary] = []
    here = design.boundary(boundary.parent)
    while here is not None and here not in found:
        found.append(here)
        here = design.boundary(here.parent)
    return found


def _boxes(design: Design, outer: Mapping[str, Boundary | None]) -> tuple[Box, ...]:
    inside: dict[str, list[str]] = {}
    for id, boundary in outer.items():
        if boundary:
            inside.setdefault(boundary.id, []).append(id)
    hidden: dict[str, list[Tie]] = {}
    for tie in ties(design):
        a, b = outer[tie.source], outer[tie.target]
        if a and b and a.id == b.id:
            hidden.setdefault(a.id, []).append(tie)
    return tuple(
        Box(f"[{b.id}]", b, tuple(inside[b.id]), tuple(hidden.get(b.id, ())))
        for b in design.boundaries
        if b.id in inside
    )


def _bundles(design: Design, node_of: Mapping[str, str]) -> tuple[Bundle, ...]:
    """Ties between components each make a line; those of a box are merged by their style."""
    found: dict[tuple[str, str, str], list[Tie]] = {}
    for number, tie in enumerate(ties(design)):
        a, b = node_of[tie.source], node_of[tie.target]
        folded = a != tie.source or b != tie.target
        if folded and a == b:
            continue
        found.setdefault((a, b, tie.style if folded else f"#{number}"), []).append(tie)
    return tuple(Bundle(a, b, tuple(group)) for (a, b, _), group in found.items())


def _around(bundles: Iterable[Bundle], centre: str, hops: int) -> set[str]:
    near: dict[str, set[str]] = {}
    for bundle in bundles:
        near.setdefault(bundle.source, set()).add(bundle.target)
        near.setdefault(bundle.target, set()).add(bundle.source)
    found, edge = {centre}, {centre}
    for _ in range(hops):
        edge = {there for here in edge for there in near.get(here, ())} - found
        found |= edge
    return found


def _stubs(
    bundles: Iterable[Bundle], shown: set[str], node_of: Mapping[str, str]
) -> tuple[Stub, ...]:
    """On each side of a node, what would come next."""
    beyond: dict[tuple[str, bool], list[tuple[str, int]]] = {}
    for b in bundles:
        if b.source in shown and b.target not in shown:
            beyond.setdefault((b.source, True), []).append((b.target, len(b.ties)))
        elif b.target in shown and b.source not in shown:
            beyond.setdefault((b.target, False), []).append((b.source, len(b.ties)))
    inside: dict[str, list[str]] = {}
    for id, node in node_of.items():
        inside.setdefault(node, []).append(id)
    return tuple(
        Stub(
            f"[{'>' if leaving else '<'} {at}]",
            at,
            leaving,
            tuple(sorted(id for node in {node for node, _ in found} for id in inside[node])),
            sum(count for _, count in found),
        )
        for (at, leaving), found in sorted(beyond.items())
    )
