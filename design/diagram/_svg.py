"""The SVG: classes for everything, no colour and no style, so one drawing serves every theme."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import hypot
from typing import Final

from ._layout import Placed, Point, Route
from ._scene import ASYNC, CHANGE, FAIL, PIN_ROOM, Line, Node, Pin, Scene
from ._shapes import n, outline, path
from ._words import clean, cut

_EDGE = 6.0
"""Points of air around everything."""
_ROW = 15.0
_MARKS: Final = {"added": "+", "removed": "×", "changed": "Δ"}
# Where an outline is busy on one side, the words move to the other (points, right and down).
_SHIFT: Final = {
    "queue": (-10.0, 0.0),
    "dlq": (-11.0, 0.0),
    "stream": (-9.0, 0.0),
    "secret_store": (5.0, 0.0),
    "schedule": (7.0, 0.0),
    "pipeline": (6.0, 0.0),
    "cache": (-5.0, 4.0),
    "search": (-5.0, 4.0),
    "client": (0.0, 2.5),
    **dict.fromkeys(("sql", "kv", "object_store"), (0.0, 4.0)),
    "warehouse": (0.0, 6.0),
}
_OPEN: Final = (ASYNC, CHANGE, FAIL)


def svg(made: Scene, placed: Placed, id: str, description: str) -> str:
    """The whole element, on one line, with names for those who do not see it."""
    width, height = n(placed.width + 2 * _EDGE), n(placed.height + 2 * _EDGE)
    id = escape(id)
    box = f"{n(-_EDGE)} {n(-_EDGE)} {width} {height}"
    return "".join(
        (
            f'<svg class="drawing" viewBox="{box}" width="{width}" height="{height}"',
            f' role="img" aria-labelledby="{id}-t {id}-d">',
            f'<title id="{id}-t">{_text(made.title, 200)}</title>',
            f'<desc id="{id}-d">{escape(description)}</desc>',
            *(_bound(made, placed)),
            *(_line(line, placed.routes.get(i)) for i, line in enumerate(made.lines)),
            *(_node(node, placed.nodes[node.id]) for node in made.nodes if node.id in placed.nodes),
            *(_label(line, placed.routes.get(i)) for i, line in enumerate(made.lines)),
            *(
                _badges(node, placed.nodes[node.id])
                for node in made.nodes
                if node.id in placed.nodes
            ),
            "</svg>",
        )
    )


def _text(words: str, most: int = 60) -> str:
    return escape(cut(words, most))


def _bound(made: Scene, placed: Placed) -> Iterator[str]:
    for id, _, label in made.bounds:
        if id not in placed.bounds:
            continue
        x, y, w, h = placed.bounds[id]
        rect = f'<rect x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" rx="2"/>'
        most = max(6, int(w / 6.2))
        text = f'<text x="{n(x + 8)}" y="{n(y + 15)}">{_text(label, most)}</text>'
        yield f'<g class="bound">{rect}{text}</g>'


def _node(node: Node, at: Point) -> str:
    x, y = at
    body, extra = outline(node.shape, x, y, node.width, node.height)
    rows = [("nt", part) for part in node.title] + ([("ns", node.note)] if node.note else [])
    shift_x, shift_y = _SHIFT.get(node.shape, (0.0, 0.0))
    top = y + shift_y - _ROW * (len(rows) - 1) / 2 + 4.5
    texts = "".join(
        f'<text class="{css}" x="{n(x + shift_x)}" y="{n(top + _ROW * i)}">{_text(words)}</text>'
        for i, (css, words) in enumerate(rows)
    )
    more = f'<path class="extra" d="{extra}"/>' if extra else ""
    return (
        f'<g class="{node.classes}" data-subject="{escape(clean(node.id))}">'
        f'<path class="body" d="{body}"/>{more}{texts}</g>'
    )


def _line(line: Line, route: Route | None) -> str:
    if route is None or len(route.points) < 2:
        return ""
    classes = " ".join(w for w in (f"edge edge-{line.style}", line.change) if w)
    start, *rest = route.points
    way = path("M", *start, "C", *(value for point in rest for value in point))
    head = ""
    if route.tip:
        is_open = line.style in _OPEN
        if is_open:
            way += path(" L", *route.tip)
        head = f'<path class="head" d="{_head(rest[-1], route.tip, is_open)}"/>'
    subject = f' data-subject="{escape(clean(line.subject))}"' if line.subject else ""
    return f'<g class="{classes}"{subject}><path d="{way}"/>{head}</g>'


def _head(base: Point, tip: Point, is_open: bool) -> str:
    """An arrow head that ends at `tip`: two strokes when open, a triangle when it waits."""
    dx, dy = tip[0] - base[0], tip[1] - base[1]
    length = hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    back, half = (8.0, 5.0) if is_open else (9.5, 4.0)
    foot = tip[0] - ux * back, tip[1] - uy * back
    left = foot[0] - uy * half, foot[1] + ux * half
    right = foot[0] + uy * half, foot[1] - ux * half
    if is_open:
        return path("M", *left, "L", *tip, "L", *right)
    return path("M", *tip, "L", *left, "L", *right) + "Z"


def _label(line: Line, route: Route | None) -> str:
    """The words on a line with its pin and mark beside them; the layout has left the room."""
    if route is None or route.label is None:
        return ""
    x, y = route.label
    left = x - line.label_width / 2
    parts = []
    if line.change:
        parts.append(_mark(line.change, left + PIN_ROOM / 2, y))
        left += PIN_ROOM
    if line.pin:
        parts.append(_pin(line.pin, left + PIN_ROOM / 2, y))
        left += PIN_ROOM
    if line.label:
        wide = line.label_width - (left - (x - line.label_width / 2))
        centre = left + wide / 2
        css = "elabel fail" if line.style == FAIL else "elabel"
        mask = f'<rect class="mask" x="{n(left)}" y="{n(y - 8)}" width="{n(wide)}" height="16"/>'
        text = f'<text class="{css}" x="{n(centre)}" y="{n(y + 4)}">{_text(line.label)}</text>'
        parts.insert(0, mask + text)
    return "".join(parts)


def _badges(node: Node, at: Point) -> str:
    """What sits on the upper corners: numbers and changes left, findings right."""
    x, y = at
    left, right, top = x - node.width / 2, x + node.width / 2, y - node.height / 2
    parts = []
    if node.figure:
        circle = f'<circle cx="{n(left)}" cy="{n(top)}" r="11"/>'
        text = f'<text x="{n(left)}" y="{n(top + 4.5)}">{node.figure}</text>'
        parts.append(f'<g class="figkey">{circle}{text}</g>')
    if node.change:
        parts.append(_mark(node.change, left, top))
    if node.pin:
        parts.append(_pin(node.pin, right - 4, top))
    return "".join(parts)


def _mark(change: str, x: float, y: float) -> str:
    rect = f'<rect x="{n(x - 9)}" y="{n(y - 9)}" width="18" height="18" rx="2"/>'
    text = f'<text x="{n(x)}" y="{n(y + 4.6)}">{_MARKS.get(change, "Δ")}</text>'
    return f'<g class="mark mark-{escape(change)}">{rect}{text}</g>'


def _pin(pin: Pin, x: float, y: float) -> str:
    shape = _PIN_SHAPES.get(pin.severity, _circle)(x, y)
    text = f'<text x="{n(x)}" y="{n(y + 4.2)}">{pin.number}</text>'
    return f'<g class="pin pin-{escape(pin.severity)}">{shape}{text}</g>'


def _octagon(x: float, y: float) -> str:
    r, c = 11.0, 4.6
    return _path((x - c, y - r), (x + c, y - r), (x + r, y - c), (x + r, y + c), (x + c, y + r),
                 (x - c, y + r), (x - r, y + c), (x - r, y - c))  # fmt: skip


def _diamond(x: float, y: float) -> str:
    return _path((x, y - 13), (x + 13, y), (x, y + 13), (x - 13, y))


def _square(x: float, y: float) -> str:
    return _path((x - 9, y - 9), (x + 9, y - 9), (x + 9, y + 9), (x - 9, y + 9))


def _circle(x: float, y: float) -> str:
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="9.5"/>'


def _path(*points: Point) -> str:
    return '<path d="M' + " L".join(f"{n(x)} {n(y)}" for x, y in points) + 'Z"/>'


_PIN_SHAPES: Final = {"critical": _octagon, "high": _diamond, "medium": _square}
