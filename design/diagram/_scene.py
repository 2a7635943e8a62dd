"""What a picture shows, before anything has a place: nodes, lines, labels, badges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from design.kinds import EDGE_KINDS
from design.model import Component, Design, Edge

from ._measure import width
from ._standalone import standalone
from ._words import edge_label, lines_of, node_note

SYNC, ASYNC, CHANGE, FAIL = "sync", "async", "change", "fail"
_STYLE: Final = {"publish": ASYNC, "invoke_async": ASYNC, "subscribe": ASYNC, "poll": ASYNC}

_PAGE: Final = 1240.0
"""Points that a wide page has for a drawing: one that fits there at a readable size does not
scroll."""

PIN_ROOM: Final = 30.0
"""Points that a pin or a mark takes beside a label."""

_TITLE_SIZE, _NOTE_SIZE = 14.0, 12.0


@dataclass(frozen=True, slots=True)
class Pin:
    """A finding on the component or edge `subject`, with its `number` in the list."""

    subject: str
    number: int
    severity: str


@dataclass(frozen=True)
class Drawing:
    """A picture. `width` and `height` are points at full size, `key` is the HTML of its
    legend, `text` the same graph in sentences (plain text)."""

    svg: str
    width: float
    height: float
    key: str
    text: tuple[str, ...]

    @property
    def standalone(self) -> str:
        """The picture as a file that needs no stylesheet."""
        return standalone(self.svg)

    @property
    def least(self) -> int:
        """The width below which a page lets the drawing scroll instead of shrinking it."""
        return round(max(self.width * 0.72, min(self.width * 0.86, _PAGE)))


@dataclass(frozen=True)
class Node:
    id: str
    shape: str
    title: tuple[str, ...]
    note: str
    width: float
    height: float
    classes: str
    boundary: str | None
    name: str
    pin: Pin | None = None
    figure: int = 0
    change: str = ""


@dataclass(frozen=True)
class Line:
    """An edge, or the way of failed messages. `label_width` is 0 where nothing is written."""

    source: str
    target: str
    subject: str
    style: str
    label: str
    label_width: float
    name: str
    pin: Pin | None = None
    change: str = ""


@dataclass(frozen=True)
class Scene:
    title: str
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    bounds: tuple[tuple[str, str | None, str], ...]
    """(id, parent, label), of those that hold something."""
    ranks: tuple[tuple[str, ...], ...] = ()
    """Components that the text wants side by side."""


def scene(
    design: Design,
    pins: Sequence[Pin],
    figures: Sequence[tuple[str, int]],
    changes: Mapping[str, str],
    subject: str,
) -> Scene:
    pinned = {pin.subject: pin for pin in reversed(pins)}
    numbered = dict(figures)
    nodes = tuple(
        _node(c, pinned.get(c.id), numbered.get(c.id, 0), changes.get(c.id, ""), c.id == subject)
        for c in design.components
    )
    lines = [
        _line(design, e, pinned.get(e.id), changes.get(e.id, "")) for e in design.edges if e.source
    ]
    ranks = design.layout["rank"].value if "rank" in design.layout else ()
    shown = {node.id for node in nodes}
    kept = (tuple(id for id in rank if id in shown) for rank in ranks or ())
    return Scene(
        title=design.title,
        nodes=nodes,
        lines=(*lines, *_failures(design)),
        bounds=_bounds(design),
        ranks=tuple(rank for rank in kept if len(rank) > 1),
    )


def _node(c: Component, pin: Pin | None, figure: int, change: str, is_subject: bool) -> Node:
    shape = "dlq" if c.is_dlq else c.kind
    title, note = lines_of(c.title), node_note(c)
    widest = max(*(width(part, _TITLE_SIZE, bold=True) for part in title), width(note, _NOTE_SIZE))
    rows = len(title) + bool(note)
    words = [f"node kind-{shape}", change, "subject" if is_subject else ""]
    return Node(
        id=c.id,
        shape=shape,
        title=title,
        note=note,
        width=max(64.0, widest + _PADDING.get(shape, 30.0)),
        height=20.0 + 15.0 * rows + (8.0 if shape in _TALL else 0.0),
        classes=" ".join(w for w in words if w),
        boundary=c.boundary,
        name=f"{c.title}, {c.kind.replace('_', ' ')}",
        pin=pin,
        figure=figure,
        change=change,
    )


# Room that an outline takes from the text inside it.
_PADDING: Final = {
    "api": 52.0,
    "graphql": 52.0,
    "websocket": 52.0,
    "queue": 52.0,
    "dlq": 54.0,
    "stream": 52.0,
    "external": 44.0,
    "function": 36.0,
    "workflow": 40.0,
    "bus": 40.0,
    "topic": 44.0,
    "cdn": 48.0,
    "schedule": 48.0,
    "secret_store": 40.0,
    "pipeline": 44.0,
    "cache": 46.0,
    "search": 46.0,
}
_TALL: Final = frozenset({"sql", "kv", "object_store", "warehouse", "cache", "search"})


def _line(design: Design, e: Edge, pin: Pin | None, change: str) -> Line:
    kind = EDGE_KINDS[e.kind]
    style = CHANGE if e.kind == "change" else _STYLE.get(e.kind, SYNC)
    label = edge_label(e)
    return Line(
        source=e.source,
        target=e.target,
        subject=e.id,
        style=style,
        label=label,
        label_width=_label_width(label, pin, change),
        name=f"{e.source} {kind.title} {e.target}",
        pin=pin,
        change=change,
    )


def _label_width(label: str, pin: Pin | None, change: str) -> float:
    text = width(label, _NOTE_SIZE) + 6.0 if label else 0.0
    return text + (PIN_ROOM if pin else 0.0) + (PIN_ROOM if change else 0.0)


def _failures(design: Design) -> list[Line]:
    """The ways of messages that were given up: they are attributes in the text, not edges."""
    found = []
    for c in design.of_kind("queue"):
        dead = c.get("dlq")
        if isinstance(dead, str) and design.find(dead):
            tries = c.get("max_receive")
            found.append((c.id, dead, f"after {tries}" if tries else ""))
    for e in design.edges:
        to = e.get("on_failure")
        if isinstance(to, str) and design.find(to) and design.find(e.target):
            found.append((e.target, to, "on failure"))
    return [
        Line(a, b, "", FAIL, label, _label_width(label, None, ""), f"{a} gives up to {b}")
        for a, b, label in dict.fromkeys(found)
    ]


def _bounds(design: Design) -> tuple[tuple[str, str | None, str], ...]:
    """Boundaries that hold a component, directly or through another boundary."""
    used = {b.id for c in design.components for b in design.boundary_chain(c)}
    label = {
        b.id: " · ".join(dict.fromkeys(w for w in (b.kind, b.id, b.get("region")) if w))
        for b in design.boundaries
    }
    return tuple(
        (b.id, b.parent if b.parent in used else None, label[b.id])
        for b in design.boundaries
        if b.id in used
    )
