"""The SVG: classes for everything, no colour and no style, so one drawing serves every theme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from math import hypot
from typing import Final

from ._badges import chip, figure, mark, pin, room
from ._fold import ASYNC, CHANGE, FAIL
from ._layout import Placed, Point, Route
from ._scene import CHIPS, PIN_ROOM, Line, Node, Scene
from ._shapes import n, outline, path
from ._words import clean, cut

EDGE: Final = 6.0
"""Points of air around everything."""
_ROW = 15.0
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
    "boundary": (-2.0, 3.0),
}
_OPEN: Final = (ASYNC, CHANGE, FAIL, "stub")

Links = Callable[[str], str]


def svg(made: Scene, placed: Placed, id: str, description: str, links: Links | None = None) -> str:
    """The whole element, on one line, with names for those who do not see it. `links` gives the
    address of a component or boundary, "" for none."""
    width, height = n(placed.width + 2 * EDGE), n(placed.height + 2 * EDGE)
    id = escape(id)
    box = f"{n(-EDGE)} {n(-EDGE)} {width} {height}"
    # A picture has no parts to go to; with links in it, it is a group of them.
    role = "group" if links else "img"
    drawn = [node for node in made.nodes if node.id in placed.nodes]
    return "".join(
        (
            f'<svg class="drawing" viewBox="{box}" width="{width}" height="{height}"',
            f' role="{role}" aria-labelledby="{id}-t {id}-d">',
            f'<title id="{id}-t">{_text(made.title, 200)}</title>',
            f'<desc id="{id}-d">{escape(description)}</desc>',
            *(_bound(made, placed)),
            *(_line(line, placed.routes.get(i)) for i, line in enumerate(made.lines)),
            # Words below the nodes: where parts lie close, names stay readable.
            *(_label(line, placed.routes.get(i)) for i, line in enumerate(made.lines)),
            *(_linked(node, placed.nodes[node.id], links) for node in drawn),
            *(_line_badges(line, placed.routes.get(i)) for i, line in enumerate(made.lines)),
            *(_badges(node, placed.nodes[node.id]) for node in drawn),
            "</svg>",
        )
    )


def _text(words: str, most: int = 60) -> str:
    return escape(cut(words, most))


def _bound(made: Scene, placed: Placed) -> Iterator[str]:
    for id, _, label, strong in made.bounds:
        if id not in placed.bounds:
            continue
        x, y, w, h = placed.bounds[id]
        rect = f'<rect x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" rx="2"/>'
        most = max(6, int(w / 6.2))
        text = f'<text x="{n(x + 8)}" y="{n(y + 15)}">{_text(label, most)}</text>'
        yield f'<g class="bound{" strong" if strong else ""}">{rect}{text}</g>'


def _linked(node: Node, at: Point, links: Links | None) -> str:
    drawn = _node(node, at)
    address = links(node.subject) if links and node.shape != "stub" else ""
    return f'<a href="{escape(address)}">{drawn}</a>' if address else drawn


def _node(node: Node, at: Point) -> str:
    x, y = at
    body, extra = outline(node.shape, x, y, node.width, node.height)
    rows = [("nt", part) for part in node.title] + ([("ns", node.note)] if node.note else [])
    shift_x, shift_y = _SHIFT.get(node.shape, (0.0, 0.0))
    if node.chips:
        shift_y -= CHIPS / 2
    top = y + shift_y - _ROW * (len(rows) - 1) / 2 + 4.5
    texts = "".join(
        f'<text class="{css}" x="{n(x + shift_x)}" y="{n(top + _ROW * i)}">{_text(words)}</text>'
        for i, (css, words) in enumerate(rows)
    )
    more = f'<path class="extra" d="{extra}"/>' if extra else ""
    subject = "" if node.shape == "stub" else f' data-subject="{escape(clean(node.subject))}"'
    return f'<g class="{node.classes}"{subject}><path class="body" d="{body}"/>{more}{texts}</g>'


def _line(line: Line, route: Route | None) -> str:
    if route is None or len(route.points) < 2:
        return ""
    classes = " ".join(w for w in (f"edge edge-{line.style}", line.classes) if w)
    start, *rest = route.points
    way = path("M", *start, "C", *(value for point in rest for value in point))
    head = ""
    if route.tip:
        is_open = line.style in _OPEN
        if is_open and line.weight < 3:
            way += path(" L", *route.tip)
        head = f'<path class="head" d="{_head(rest[-1], route.tip, line.weight, is_open)}"/>'
    subject = f' data-subject="{escape(clean(line.subject))}"' if line.subject else ""
    return f'<g class="{classes}"{subject}><path d="{way}"/>{head}</g>'


def _head(base: Point, tip: Point, weight: int, is_open: bool) -> str:
    """An arrow head that ends at `tip`: two strokes when open, a triangle when it waits. On a
    wide line it is wide too."""
    dx, dy = tip[0] - base[0], tip[1] - base[1]
    length = hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    back, half = (8.0, 5.0) if is_open else (9.5, 4.0)
    half += max(0, weight - 1) * 1.2
    foot = tip[0] - ux * back, tip[1] - uy * back
    left = foot[0] - uy * half, foot[1] + ux * half
    right = foot[0] + uy * half, foot[1] - ux * half
    if is_open:
        return path("M", *left, "L", *tip, "L", *right)
    return path("M", *tip, "L", *left, "L", *right) + "Z"


def _label(line: Line, route: Route | None) -> str:
    """The words on a line, behind its badges; the layout has left the room."""
    if route is None or route.label is None or not line.label:
        return ""
    x, y = route.label
    wide = line.label_width - _badge_room(line)
    left = x + line.label_width / 2 - wide
    css = " ".join(
        w for w in ("elabel", "fail" if line.style == FAIL else "", _loudness(line)) if w
    )
    mask = f'<rect class="mask" x="{n(left)}" y="{n(y - 8)}" width="{n(wide)}" height="16"/>'
    text = f'<text class="{css}" x="{n(left + wide / 2)}" y="{n(y + 4)}">'
    return f"{mask}{text}{_text(line.label)}</text>"


def _badge_room(line: Line) -> float:
    return PIN_ROOM * (bool(line.change) + bool(line.pin)) + sum(map(room, line.chips))


def _line_badges(line: Line, route: Route | None) -> str:
    """The mark, pin and chips of a line, before its words."""
    if route is None or route.label is None:
        return ""
    x, y = route.label
    left = x - line.label_width / 2
    parts = []
    if line.change:
        parts.append(mark(line.change, left + PIN_ROOM / 2, y))
        left += PIN_ROOM
    if line.pin:
        parts.append(pin(line.pin, left + PIN_ROOM / 2, y))
        left += PIN_ROOM
    for each in line.chips:
        parts.append(chip(each, left + room(each) / 2, y))
        left += room(each)
    return "".join(parts)


def _loudness(line: Line) -> str:
    return next((w for w in line.classes.split() if w in ("quiet", "strong")), "")


def _badges(node: Node, at: Point) -> str:
    """What sits on the corners: numbers and changes above left, findings above right, chips
    below."""
    x, y = at
    left, right, top = x - node.width / 2, x + node.width / 2, y - node.height / 2
    parts = []
    if node.figure:
        parts.append(figure(node.figure, left, top))
    if node.change:
        parts.append(mark(node.change, left, top))
    if node.pin:
        parts.append(pin(node.pin, right - 4, top))
    from_left = x - sum(room(each) for each in node.chips) / 2
    for each in node.chips:
        parts.append(chip(each, from_left + room(each) / 2, y + node.height / 2))
        from_left += room(each)
    return "".join(parts)
