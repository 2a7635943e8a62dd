"""What a picture shows, before anything has a place: nodes, lines, labels, badges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from design.kinds import EDGE_KINDS
from design.model import Boundary, Component, Design

from ._badges import room
from ._changes import Changes
from ._events import Events
from ._fold import Box, Bundle, Shown, Stub, fold
from ._lens import Chip, Lens, Look, Notes, Pin, counted
from ._load import Load
from ._measure import width
from ._trust import Trust
from ._view import View
from ._words import cut, lines_of

LENSES: Final[dict[str, type[Lens]]] = {
    "structure": Lens,
    "events": Events,
    "trust": Trust,
    "load": Load,
    "compare": Changes,
}
_TITLE_SIZE, _NOTE_SIZE = 14.0, 12.0
_LABEL, _NOTE = 40, 56
"""Most characters of a label on a line, and of the second line in a node."""
PIN_ROOM: Final = 30.0
"""Points that a pin or a mark takes beside a label."""
CHIPS: Final = 9.0
"""Points that chips take from a node, on whose lower edge they lie."""


@dataclass(frozen=True)
class Node:
    """A component, a boundary drawn as one box, or a stub. `subject` is what it stands for."""

    id: str
    shape: str
    title: tuple[str, ...]
    note: str
    width: float
    height: float
    classes: str
    boundary: str | None
    subject: str = ""
    pin: Pin | None = None
    figure: int = 0
    change: str = ""
    chips: tuple[Chip, ...] = ()


@dataclass(frozen=True)
class Line:
    """An edge, several of them, or the way of failed messages. `label_width` is 0 where nothing
    is written; `weight` is 0 to 5."""

    source: str
    target: str
    subject: str
    style: str
    label: str
    label_width: float
    classes: str = ""
    pin: Pin | None = None
    change: str = ""
    chips: tuple[Chip, ...] = ()
    weight: int = 0


@dataclass(frozen=True)
class Scene:
    """`bounds` are (id, parent, label, stands out) of those that hold something, `ranks`
    components that the text wants side by side, `steps` what the weights of lines mean."""

    title: str
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    bounds: tuple[tuple[str, str | None, str, bool], ...] = ()
    ranks: tuple[tuple[str, ...], ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A design seen in one view: what is shown, and how the view speaks of it."""

    design: Design
    view: View
    notes: Notes
    lens: Lens
    shown: Shown
    pins: Mapping[str, tuple[Pin, ...]]
    """By subject, the worst first."""

    def pin(self, *subjects: str) -> Pin | None:
        """The worst finding on any of these."""
        found = (pin for id in subjects for pin in self.pins.get(id, ()))
        # Numbers count from the worst on.
        return min(found, key=lambda pin: pin.number, default=None)


def plan(design: Design, view: View, notes: Notes) -> Plan:
    """Raises BadView."""
    view.check(design)
    pins: dict[str, tuple[Pin, ...]] = {}
    for pin in notes.pins:
        pins[pin.subject] = (*pins.get(pin.subject, ()), pin)
    return Plan(design, view, notes, LENSES[view.name](design, notes), fold(design, view), pins)


def scene(made: Plan) -> Scene:
    shown = made.shown
    nodes = [
        *(_component(made, c) for c in shown.components),
        *(_box(made, box) for box in shown.boxes),
    ]
    home = {node.id: node.boundary for node in nodes}
    nodes += [_stub(stub, home[stub.at]) for stub in shown.stubs]
    lines = [_line(made, bundle) for bundle in shown.bundles]
    lines += [_stub_line(stub) for stub in shown.stubs]
    used = {b.id for b in shown.bounds}
    return Scene(
        title=made.design.title,
        nodes=tuple(nodes),
        lines=tuple(lines),
        bounds=tuple(
            (b.id, b.parent if b.parent in used else None, bound_label(b), made.lens.bound(b))
            for b in shown.bounds
        ),
        ranks=_ranks(made.design, set(home)),
        steps=made.lens.steps(),
    )


def bound_label(b: Boundary) -> str:
    name = b.get("title") or b.id
    return " · ".join(dict.fromkeys(w for w in (b.kind, name, b.get("region")) if w))


def _ranks(design: Design, shown: set[str]) -> tuple[tuple[str, ...], ...]:
    ranks = design.layout["rank"].value if "rank" in design.layout else ()
    kept = (tuple(id for id in rank if id in shown) for rank in ranks or ())
    return tuple(rank for rank in kept if len(rank) > 1)


def _component(made: Plan, c: Component) -> Node:
    notes = made.notes
    return _node(
        id=c.id,
        shape="dlq" if c.is_dlq else c.kind,
        title=lines_of(c.title),
        look=made.lens.node(c),
        boundary=c.boundary,
        pin=made.pin(c.id),
        figure=dict(notes.figures).get(c.id, 0),
        change=notes.changes.get(c.id, ""),
        is_subject=c.id in (notes.subject, made.view.focus),
    )


def _box(made: Plan, box: Box) -> Node:
    ids = (*box.members, *(tie.subject for tie in box.ties))
    name = str(box.boundary.get("title") or box.id.strip("[]"))
    return _node(
        id=box.id,
        shape="boundary",
        title=lines_of(name),
        look=made.lens.box(box),
        boundary=box.boundary.parent,
        pin=made.pin(*ids),
        change=made.notes.changes.get(box.boundary.id, ""),
        subject=box.boundary.id,
    )


def _stub(stub: Stub, boundary: str | None) -> Node:
    return _node(
        id=stub.id,
        shape="stub",
        title=(f"+{len(stub.hidden):,}",),
        look=Look(("after" if stub.leaving else "before") + ", not shown"),
        boundary=boundary,
        classes="ghost",
    )


def _node(
    *,
    id: str,
    shape: str,
    title: tuple[str, ...],
    look: Look,
    boundary: str | None,
    pin: Pin | None = None,
    figure: int = 0,
    change: str = "",
    is_subject: bool = False,
    subject: str | None = None,
    classes: str = "",
) -> Node:
    note = cut(look.words, _NOTE)
    widest = max(*(width(part, _TITLE_SIZE, bold=True) for part in title), width(note, _NOTE_SIZE))
    chips = sum(room(chip) for chip in look.chips)
    rows = len(title) + bool(note)
    words = [f"node kind-{shape}", change, "subject" if is_subject else "", classes]
    words += ["quiet" if look.quiet else "", "strong" if look.strong else ""]
    return Node(
        id=id,
        shape=shape,
        title=title,
        note=note,
        width=max(64.0, widest + _PADDING.get(shape, 30.0), chips + 8.0),
        height=20.0 + 15.0 * rows + (8.0 if shape in _TALL else 0.0) + (CHIPS if chips else 0.0),
        classes=" ".join(w for w in words if w),
        boundary=boundary,
        subject=id if subject is None else subject,
        pin=pin,
        figure=figure,
        change=change,
        chips=look.chips,
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
    "boundary": 42.0,
}
_TALL: Final = frozenset({"sql", "kv", "object_store", "warehouse", "cache", "search", "boundary"})


def _line(made: Plan, bundle: Bundle) -> Line:
    first = bundle.ties[0]
    look = made.lens.tie(first) if len(bundle.ties) == 1 else made.lens.several(bundle.ties)
    changes = [how for t in bundle.ties if (how := made.notes.changes.get(t.subject, ""))]
    change = changes[0] if len(bundle.ties) == 1 and changes else "changed" if changes else ""
    pin = made.pin(*(t.subject for t in bundle.ties if t.subject))
    words = ["quiet" if look.quiet else "", "strong" if look.strong else ""]
    words += [f"w{look.weight}" if look.weight else "", change]
    label = cut(look.words, _LABEL)
    return Line(
        source=bundle.source,
        target=bundle.target,
        subject=first.subject if len(bundle.ties) == 1 else "",
        style=first.style,
        label=label,
        label_width=_label_width(label, pin, change, look.chips),
        classes=" ".join(w for w in words if w),
        pin=pin,
        change=change,
        chips=look.chips,
        weight=look.weight,
    )


def _label_width(label: str, pin: Pin | None, change: str, chips: Iterable[Chip]) -> float:
    text = width(label, _NOTE_SIZE) + 6.0 if label else 0.0
    return text + PIN_ROOM * (bool(pin) + bool(change)) + sum(room(chip) for chip in chips)


def _stub_line(stub: Stub) -> Line:
    source, target = (stub.at, stub.id) if stub.leaving else (stub.id, stub.at)
    label = counted(stub.lines, "edge") if stub.lines > 1 else ""
    return Line(source, target, "", "stub", label, _label_width(label, None, "", ()), "quiet")


def line_name(style: str) -> str:
    """What a line of this style is, in the key."""
    return _LINE_NAMES[style]


_LINE_NAMES: Final = {
    "sync": "call, waits",
    "async": "message, does not wait",
    "change": "change feed",
    "fail": "failure path",
    "deploy": EDGE_KINDS["deploy"].title,
    "stub": "goes on, not shown",
}
