"""The legend of a drawing: only what occurs in it, each with a glyph and its words.

A page has it as HTML (`key`), a file carries it below the picture (`foot`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from design.kinds import COMPONENT_KINDS

from ._badges import chip, mark, pin
from ._fold import ASYNC, CHANGE, DEPLOY, FAIL, SYNC
from ._lens import Chip, Pin
from ._measure import width
from ._scene import Line, Node, Scene, line_name
from ._shapes import n, outline

_SIZE: Final = 12.0
_ROW: Final = 26.0
_GAP: Final = 18.0
_LINES: Final = (SYNC, ASYNC, CHANGE, FAIL, DEPLOY, "stub")
_SEVERITIES: Final = ("critical", "high", "medium", "low", "unknown")
_NAMES: Final = {"dlq": "dead-letter queue", "boundary": "boundary as one box",
                 "stub": "components not shown"}  # fmt: skip
_CHANGES: Final = ("added", "removed", "changed")
_CHIPS: Final = {
    "entry": "public entry point",
    "gate": "crosses so many trust boundaries",
    "data-public": "public data",
    "data-internal": "internal data",
    "data-confidential": "confidential data",
    "data-restricted": "restricted data",
    "data-unknown": "data or its class not stated",
    "hot": "step of the hottest path",
    "over": "above its limit",
    "loose": "no failure destination stated",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """`glyph` is SVG of ours around (0, 0) to (`wide`, 20), `words` plain text."""

    glyph: str
    wide: float
    words: str


def entries(made: Scene) -> tuple[Entry, ...]:
    """What occurs, always in the same order: nodes, lines, marks."""
    return (*_nodes(made), *_lines(made), *_marks(made))


def _nodes(made: Scene) -> Iterator[Entry]:
    for shape in dict.fromkeys(node.shape for node in made.nodes):
        word = _NAMES.get(shape) or _lowered(COMPONENT_KINDS[shape].title)
        body, extra = outline(shape, 16.5, 10, 30, 16)
        more = f'<path class="extra" d="{extra}"/>' if extra else ""
        css = "node ghost" if shape == "stub" else f"node kind-{shape}"
        yield Entry(f'<g class="{css}"><path class="body" d="{body}"/>{more}</g>', 34, word)


def _lowered(title: str) -> str:
    """“Event bus” within a list of words; “SQL database” and “API” keep their capitals."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _lines(made: Scene) -> Iterator[Entry]:
    for style in _LINES:
        found = [line for line in made.lines if line.style == style]
        for quiet in (False, True):
            some = [line for line in found if ("quiet" in line.classes.split()) == quiet]
            if some:
                aside = quiet and style != "stub" and _loud(made)
                word = line_name(style) + (", in the background" if aside else "")
                yield Entry(_stroke(style, "quiet" if quiet else ""), 44, word)
    weights = {line.weight for line in made.lines if line.weight}
    for weight in sorted(weights):
        yield Entry(_stroke(SYNC, f"w{weight}", headless=True), 44, made.steps[weight - 1])


def _loud(made: Scene) -> bool:
    """Whether there are lines that quiet ones have to be told from."""
    return any("quiet" not in line.classes.split() for line in made.lines)


def _stroke(style: str, css: str, *, headless: bool = False) -> str:
    classes = " ".join(w for w in ("edge", f"edge-{style}", css) if w)
    if headless:
        return f'<g class="{classes}"><path d="M1 10H43"/></g>'
    if style in (SYNC, DEPLOY):
        paths = '<path d="M1 10H34"/><path class="head" d="M43 10L33 6L33 14Z"/>'
    else:
        paths = '<path d="M1 10H42"/><path class="head" d="M35 5L43 10L35 15"/>'
    return f'<g class="{classes}">{paths}</g>'


def _marks(made: Scene) -> Iterator[Entry]:
    parts: tuple[Node | Line, ...] = (*made.nodes, *made.lines)
    changes = {part.change for part in parts}
    for how in _CHANGES:
        if how in changes:
            yield Entry(mark(how, 10, 10), 22, how)
    severities = {part.pin.severity for part in parts if part.pin}
    for severity in _SEVERITIES:
        if severity in severities:
            glyph = pin(Pin("", 1, severity), 14, 10)
            yield Entry(glyph, 30, f"finding by its number, {severity}")
    chips = {c.kind: c for part in parts for c in part.chips}
    for kind, word in _CHIPS.items():
        if kind in chips:
            wide = 46 if kind == "entry" else 28
            yield Entry(chip(Chip(kind, chips[kind].text), wide / 2, 10), wide, word)
    if any(c.dot for part in parts for c in part.chips):
        dot = '<g class="chip chip-data"><circle class="dot" cx="8" cy="10" r="3.5"/></g>'
        yield Entry(dot, 16, "about a person")
    if any(strong for _, _, _, strong in made.bounds):
        rect = '<g class="bound strong"><rect x="1" y="2" width="30" height="16" rx="2"/></g>'
        yield Entry(rect, 33, "trust boundary")


def key(found: tuple[Entry, ...]) -> str:
    """HTML made of our own words only."""
    return "".join(
        f'<span><svg class="glyph" viewBox="0 -2 {n(e.wide)} 24" width="{n(e.wide)}" height="24"'
        f' aria-hidden="true">{e.glyph}</svg>{escape(e.words)}</span>'
        for e in found
    )


def foot(found: tuple[Entry, ...], left: float, top: float, wide: float) -> tuple[str, float]:
    """The legend in rows of a picture, and its height in points."""
    parts, x, y = [], left, top
    for e in found:
        takes = e.wide + 6 + width(e.words, _SIZE) + _GAP
        if x > left and x + takes > left + wide:
            x, y = left, y + _ROW
        words = (
            f'<text class="kt" x="{n(x + e.wide + 6)}" y="{n(y + 14.5)}">{escape(e.words)}</text>'
        )
        parts.append(f'<g transform="translate({n(x)} {n(y)})">{e.glyph}</g>{words}')
        x += takes
    return "".join(parts), y - top + _ROW if found else 0.0
