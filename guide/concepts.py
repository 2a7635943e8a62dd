"""Concept maps of the glossary, drawn from its relations: the whole on a circle, and one term with
what lies around it. Plain geometry, the same bytes from every process.

A map is SVG whose words are links. Colours come from the page's stylesheet by class; the whole map
can be taken as a file, which then carries a few rules of its own.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

from guide.glossary import GROUPS, Term

NEAR, FAR = 12, 12
"""Most terms drawn next to a term, and in each outer column behind these."""
_ROW, _WIDE, _HIGH_LEAST = 26, 960, 200
_LETTER = 6.1
"""Width of an average letter of the condensed face at 13 units."""
_ARC = 15.4
"""Units of the circle that one label takes."""
_FILE = (
    "text{font:13px sans-serif;fill:#1b2420}.ct-group{font-weight:600}"
    ".ct-line{fill:none;stroke:#14594a;stroke-opacity:.28}.ct-dot{fill:#14594a}"
    ".ct-arc{fill:none;stroke:#837f72}"
)


@dataclass(frozen=True)
class Map:
    """`lines` say in words what the drawing shows: a term, and what it is related to."""

    svg: SafeString
    lines: tuple[tuple[Term, tuple[Term, ...]], ...]


@lru_cache(maxsize=2)
def neighbours(terms: tuple[Term, ...]) -> dict[str, list[Term]]:
    """Id to related terms, in both directions, the most related first."""
    known = {term.id: term for term in terms}
    found: dict[str, set[str]] = {id: set() for id in known}
    for term in terms:
        for other in term.related:
            found[term.id].add(other)
            found[other].add(term.id)
    degree = {id: len(others) for id, others in found.items()}
    return {
        id: [known[o] for o in sorted(others, key=lambda o: (-degree[o], o))]
        for id, others in found.items()
    }


# One term


@lru_cache(maxsize=512)
def around(terms: tuple[Term, ...], term: Term) -> Map | None:
    """The term in the middle, its relations on both sides, theirs behind them. None without any."""
    near = neighbours(terms)
    first = near[term.id][:NEAR]
    if not first:
        return None
    sides = (first[0::2], first[1::2])
    taken = {term.id, *(t.id for t in first)}
    outer: list[list[tuple[Term, Term]]] = []
    for side in sides:
        behind: list[tuple[Term, Term]] = []
        # In turns, so that the first relation does not fill the column alone.
        queues = [[o for o in near[t.id] if o.id not in taken] for t in side]
        while len(behind) < FAR and any(queues):
            for parent, queue in zip(side, queues, strict=True):
                while queue and queue[0].id in taken:
                    queue.pop(0)
                if queue and len(behind) < FAR:
                    taken.add(queue[0].id)
                    behind.append((parent, queue.pop(0)))
        outer.append(sorted(behind, key=lambda pair: side.index(pair[0])))
    rows = max(*(len(s) for s in sides), *(len(o) for o in outer), 1)
    high = max(rows * _ROW + 40, _HIGH_LEAST)
    parts: list[str] = []
    lines: list[str] = []
    centre = _WIDE / 2
    for sign, side, behind in zip((-1, 1), sides, outer, strict=True):
        anchor = "end" if sign < 0 else "start"
        edge = centre + sign * (len(term.term) * _LETTER * 0.62 + 22)
        inner = centre + sign * 170
        places = dict(zip((t.id for t in side), _spread(len(side), high), strict=True))
        heights = _spread(len(behind), high)
        reach = max((len(t.term) for t in side), default=0) * _LETTER + 14
        for one in side:
            y = places[one.id]
            lines.append(_curve(edge, high / 2, inner - sign * 6, y, "ct-line ct-near"))
            parts.append(_word(one, inner, y, anchor, "ct-one"))
        for (parent, one), y in zip(behind, heights, strict=True):
            start = inner + sign * (len(parent.term) * _LETTER + 8)
            end = inner + sign * (reach + 34)
            lines.append(_curve(start, places[parent.id], end - sign * 6, y, "ct-line"))
            parts.append(_word(one, end, y, anchor, "ct-two"))
    middle = html.escape(term.term)
    place = f'x="{centre:g}" y="{high / 2 + 5:g}" text-anchor="middle"'
    parts.append(f'<text class="ct-self" {place}>{middle}</text>')
    left, right = _reach(sides[0], outer[0]), _reach(sides[1], outer[1])
    box = f"{centre - left:g} 0 {left + right:g} {high:g}"
    svg = (
        f'<svg class="concepts" viewBox="{box}" width="{left + right:g}" height="{high:g}" '
        f'role="group" aria-label="Terms around {middle}">{"".join(lines)}{"".join(parts)}</svg>'
    )
    told = [(term, tuple(first))]
    for side, behind in zip(sides, outer, strict=True):
        told += [(t, tuple(o for p, o in behind if p is t)) for t in side]
    return Map(mark_safe(svg), tuple((t, others) for t, others in told if others))


def _reach(side: Sequence[Term], behind: Sequence[tuple[Term, Term]]) -> float:
    """How far from the middle a side's words go."""
    inner = max((len(t.term) for t in side), default=0) * _LETTER
    far = max((len(o.term) for _, o in behind), default=-8) * _LETTER
    return 170 + inner + 14 + (34 + far if behind else 0) + 16


def _spread(count: int, high: float) -> list[float]:
    """Heights of rows, even around the middle."""
    step = min((high - 30) / max(count, 1), 56)
    return [round(high / 2 + (i - (count - 1) / 2) * step, 1) for i in range(count)]


def _curve(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    middle = (x1 + x2) / 2
    return (
        f'<path class="{kind}" d="M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} '
        f'{middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"/>'
    )


def _word(term: Term, x: float, y: float, anchor: str, kind: str) -> str:
    return (
        f'<a href="{term.url}"><text class="{kind}" x="{x:.1f}" y="{y + 4.5:.1f}" '
        f'text-anchor="{anchor}">{html.escape(term.term)}</text></a>'
    )


# The whole


@lru_cache(maxsize=2)
def whole(terms: tuple[Term, ...]) -> Map:
    """All terms on a circle, group by group; a line between two that are related."""
    order = sorted(terms, key=lambda t: (list(GROUPS).index(t.group), t.term.lower()))
    near = neighbours(terms)
    grouped = [(key, list(members)) for key, members in groupby(order, key=lambda t: t.group)]
    slots = len(order) + 2 * len(grouped)
    radius = max(slots * _ARC / math.tau, 160)
    label = max((len(t.term) for t in order), default=0) * _LETTER + 24
    size = radius + label + 30
    side = f"{2 * size:.0f}"
    angles: dict[str, float] = {}
    arcs: list[str] = []
    at = 0
    for key, members in grouped:
        begin = at
        for term in members:
            angles[term.id] = (at + 1) / slots * math.tau - math.pi / 2
            at += 1
        at += 2
        arcs.append(_arc(GROUPS[key], begin, at - 2, slots, radius))
    lines = [
        _chord(angles[term.id], angles[other.id], radius, term.id, other.id)
        for term in order
        for other in near[term.id]
        if angles[term.id] < angles[other.id]
    ]
    words = [_spoke(term, angles[term.id], radius) for term in order]
    svg = (
        f'<svg class="concepts concepts-whole" viewBox="{-size:.0f} {-size:.0f} {side} {side}" '
        f'width="{side}" height="{side}" role="group" '
        f'aria-label="All {len(order)} terms of the glossary and how they are related">'
        f"{''.join(arcs)}{''.join(lines)}{''.join(words)}</svg>"
    )
    return Map(mark_safe(svg), tuple((t, tuple(near[t.id])) for t in order if near[t.id]))


def _chord(a: float, b: float, radius: float, one: str, other: str) -> str:
    """Drawn through a point that lies the nearer to the middle the farther the two are apart."""
    apart = abs((b - a + math.pi) % math.tau - math.pi) / math.pi
    pull = radius * (1 - 0.92 * apart**0.55)
    mid = (a + b) / 2 + (math.pi if b - a > math.pi else 0)
    (x1, y1), (x2, y2), (cx, cy) = _at(a, radius - 6), _at(b, radius - 6), _at(mid, pull)
    return (
        f'<path class="ct-line" data-a="{one}" data-b="{other}" '
        f'd="M{x1:.1f} {y1:.1f}Q{cx:.1f} {cy:.1f} {x2:.1f} {y2:.1f}"/>'
    )


def _spoke(term: Term, angle: float, radius: float) -> str:
    """A word that reads outwards, never upside down."""
    x, y = _at(angle, radius)
    left = math.cos(angle) < 0
    turn = math.degrees(angle) + (180 if left else 0)
    anchor, shift = ("end", -8) if left else ("start", 8)
    return (
        f'<a href="{term.url}" data-term="{term.id}">'
        f'<circle class="ct-dot" cx="{x:.1f}" cy="{y:.1f}" r="2.2"/>'
        f'<text transform="translate({x:.1f} {y:.1f}) rotate({turn:.2f})" x="{shift}" y="4.5" '
        f'text-anchor="{anchor}">{html.escape(term.term)}</text></a>'
    )


def _arc(title: str, begin: int, end: int, slots: int, radius: float) -> str:
    """The bracket of a group inside the circle, with its name as a tooltip and for readers."""
    a = (begin + 0.6) / slots * math.tau - math.pi / 2
    b = (end + 0.4) / slots * math.tau - math.pi / 2
    (x1, y1), (x2, y2) = _at(a, radius - 3), _at(b, radius - 3)
    wide = 1 if b - a > math.pi else 0
    return (
        f'<path class="ct-arc" d="M{x1:.1f} {y1:.1f}A{radius - 3:.1f} {radius - 3:.1f} 0 {wide} 1 '
        f'{x2:.1f} {y2:.1f}"><title>{html.escape(title)}</title></path>'
    )


def _at(angle: float, radius: float) -> tuple[float, float]:
    return radius * math.cos(angle), radius * math.sin(angle)


def as_file(drawn: Map, base: str) -> str:
    """The whole map as a file of its own; its links lead to `base`."""
    text = str(drawn.svg).replace('href="/', f'href="{html.escape(base)}/')
    head, _, rest = text.partition(">")
    return f'{head} xmlns="http://www.w3.org/2000/svg"><style>{_FILE}</style>{rest}'


def groups(terms: Iterable[Term]) -> list[tuple[str, str, int]]:
    """Keys, titles and sizes of the groups round the circle, clockwise from the top."""
    counted = [(key, sum(1 for t in terms if t.group == key)) for key in GROUPS]
    return [(key, GROUPS[key], count) for key, count in counted if count]
