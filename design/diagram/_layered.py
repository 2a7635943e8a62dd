"""Positions of our own, for graphs that Graphviz cannot place in time.

Columns by the longest way from a source, boundaries as blocks below one another. It does not
avoid crossings, and labels may lie on lines: a dense graph of hundreds of parts is no picture
to read closely, but it is still one to find things in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, sqrt
from typing import Any, Final

from ._scene import Line, Node, Scene

_COLUMN: Final = 90.0
_ROW: Final = 26.0
_INSIDE: Final = 18.0
_HEAD: Final = 22.0
"""Points: between columns, between rows, inside a boundary, and for the name of one."""
_BAND: Final = 64.0
"""Points between rows of columns."""
_WIDE: Final = 1400.0
"""Points up to which columns are never folded."""
_ASPECT: Final = 2.2
"""Width to height of folded columns."""
_TIP: Final = 8.0
"""Points that the head of an arrow takes from the end of its line."""

Corner = tuple[float, float]


@dataclass
class _Block:
    """A part of the page: corners of nodes and boxes of boundaries, counted from its corner."""

    width: float = 0.0
    height: float = 0.0
    nodes: dict[str, Corner] = field(default_factory=dict)
    bounds: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)

    def put(self, other: _Block, x: float, y: float) -> None:
        self.nodes |= {id: (x + a, y + b) for id, (a, b) in other.nodes.items()}
        self.bounds |= {id: (x + a, y + b, w, h) for id, (a, b, w, h) in other.bounds.items()}
        self.width = max(self.width, x + other.width)
        self.height = max(self.height, y + other.height)


def layered(made: Scene) -> str:
    """Positions of every node, line and boundary, in the JSON that Graphviz writes."""
    ranks = columns(made.nodes, made.lines)
    page = _page(made, ranks)
    by_id = {node.id: node for node in made.nodes}
    centre = {
        id: (x + by_id[id].width / 2, page.height - y - by_id[id].height / 2)
        for id, (x, y) in page.nodes.items()
    }
    objects: list[dict[str, str]] = [
        {"name": f"cluster_{id}", "bb": _text(x, page.height - y - h, x + w, page.height - y)}
        for id, (x, y, w, h) in page.bounds.items()
    ]
    objects += [{"name": id, "pos": _text(*at)} for id, at in centre.items()]
    edges = [
        _edge(number, line, by_id, centre)
        for number, line in enumerate(made.lines)
        if line.source in centre and line.target in centre
    ]
    whole: dict[str, Any] = {
        "bb": _text(0, 0, page.width, page.height),
        "objects": objects,
        "edges": edges,
    }
    return json.dumps(whole, separators=(",", ":"))


def columns(nodes: Sequence[Node], lines: Sequence[Line]) -> dict[str, int]:
    """Columns: the longest way from a source, with the lines that close a cycle left out."""
    after: dict[str, list[str]] = {node.id: [] for node in nodes}
    for line in lines:
        if line.source in after and line.target in after:
            after[line.source].append(line.target)
    order: list[str] = []
    seen: set[str] = set()
    for node in nodes:
        # Without recursion: a chain may be longer than Python's stack.
        stack = [] if node.id in seen else [(node.id, iter(after[node.id]))]
        seen.add(node.id)
        while stack:
            id, rest = stack[-1]
            step = next((t for t in rest if t not in seen), None)
            if step is None:
                stack.pop()
                order.append(id)
            else:
                seen.add(step)
                stack.append((step, iter(after[step])))
    place = {id: n for n, id in enumerate(reversed(order))}
    ranks = dict.fromkeys(place, 0)
    for id in reversed(order):
        for target in after[id]:
            if place[target] > place[id]:
                ranks[target] = max(ranks[target], ranks[id] + 1)
    return ranks


def _page(made: Scene, ranks: dict[str, int]) -> _Block:
    """Boundaries from the innermost out, so that none needs recursion."""
    known = {id for id, *_ in made.bounds}
    own: dict[str | None, list[Node]] = {}
    for node in made.nodes:
        own.setdefault(node.boundary if node.boundary in known else None, []).append(node)
    parents = {id: parent for id, parent, *_ in made.bounds}
    area = sum((node.width + _COLUMN) * (node.height + _ROW) for node in made.nodes)
    limit = max(_WIDE, sqrt(_ASPECT * area))
    waiting: dict[str | None, list[_Block]] = {}
    for id in sorted(parents, key=lambda id: (-_depth(id, parents), id)):
        inner = _stack(own.get(id, []), waiting.get(id, []), ranks, limit)
        box = _Block()
        box.put(inner, _INSIDE, _INSIDE + _HEAD)
        box.width += _INSIDE
        box.height += _INSIDE
        box.bounds[id] = (0.0, 0.0, box.width, box.height)
        waiting.setdefault(parents[id], []).append(box)
    return _stack(own.get(None, []), waiting.get(None, []), ranks, limit)


def _depth(id: str | None, parents: dict[str, str | None]) -> int:
    depth = 0
    while id is not None:
        id, depth = parents[id], depth + 1
    return depth


def _stack(
    nodes: Sequence[Node], blocks: Sequence[_Block], ranks: dict[str, int], limit: float
) -> _Block:
    whole = _columns(nodes, ranks, limit)
    for block in blocks:
        whole.put(block, 0.0, whole.height + (_ROW if whole.height else 0.0))
    return whole


def _columns(nodes: Sequence[Node], ranks: dict[str, int], limit: float) -> _Block:
    """Nodes in columns of their rank. A column too long for the page is folded, and so is a row
    of columns at `limit`: what goes round in circles has as many ranks as nodes."""
    by_rank: dict[int, list[Node]] = {}
    for node in nodes:
        by_rank.setdefault(ranks[node.id], []).append(node)
    most = max(6, ceil(2 * sqrt(len(nodes))))
    parts = [
        by_rank[rank][start : start + most]
        for rank in sorted(by_rank)
        for start in range(0, len(by_rank[rank]), most)
    ]
    wides = [max(node.width for node in part) for part in parts]
    highs = [sum(node.height + _ROW for node in part) - _ROW for part in parts]
    whole, x, top = _Block(), 0.0, 0.0
    for part, wide, high in zip(parts, wides, highs, strict=True):
        if x and x + wide > limit:
            x, top = 0.0, whole.height + _BAND
        y = top
        for node in part:
            whole.nodes[node.id] = (x + (wide - node.width) / 2, y)
            y += node.height + _ROW
        whole.width = max(whole.width, x + wide)
        whole.height = max(whole.height, top + high)
        x += wide + _COLUMN
    return whole


def _edge(
    number: int, line: Line, nodes: dict[str, Node], centre: dict[str, Corner]
) -> dict[str, str]:
    """One curve from side to side; a line back or to itself leaves and arrives below."""
    (ax, ay), (bx, by) = centre[line.source], centre[line.target]
    source, target = nodes[line.source], nodes[line.target]
    if bx - target.width / 2 > ax + source.width / 2:
        a, b = (ax + source.width / 2, ay), (bx - target.width / 2, by)
        half = (b[0] - a[0]) / 2
        points = [a, (a[0] + half, a[1]), (b[0] - half, b[1]), (b[0] - _TIP, b[1])]
    else:
        a, b = (ax - 8, ay - source.height / 2), (bx + 8, by - target.height / 2)
        points = [a, (a[0], a[1] - 40), (b[0], b[1] - 40), (b[0], b[1] - _TIP)]
    found = {"id": f"e{number}", "pos": " ".join((f"e,{_text(*b)}", *(_text(*p) for p in points)))}
    if line.label_width:
        found["lp"] = _text(*_middle(points))
    return found


def _middle(p: list[Corner]) -> Corner:
    """The point of a cubic curve half way along it."""
    return (
        (p[0][0] + 3 * p[1][0] + 3 * p[2][0] + p[3][0]) / 8,
        (p[0][1] + 3 * p[1][1] + 3 * p[2][1] + p[3][1]) / 8,
    )


def _text(*numbers: float) -> str:
    return ",".join(f"{number:.1f}" for number in numbers)
