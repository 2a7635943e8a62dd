"""The key of a drawing: the outlines and lines that occur in it, with their words."""

from __future__ import annotations

from typing import Final

from design.kinds import COMPONENT_KINDS

from ._scene import ASYNC, CHANGE, FAIL, SYNC, Scene
from ._shapes import outline

_LINES: Final = {
    SYNC: "call, waits",
    ASYNC: "message, does not wait",
    CHANGE: "change feed",
    FAIL: "failure path",
}


def key(made: Scene) -> str:
    """HTML made of our own words only."""
    shapes = dict.fromkeys(node.shape for node in made.nodes)
    styles = {line.style for line in made.lines}
    kinds = [_shape(shape) for shape in shapes]
    return "".join([*kinds, *(_style(style) for style in _LINES if style in styles)])


def _shape(shape: str) -> str:
    word = "dead-letter queue" if shape == "dlq" else COMPONENT_KINDS[shape].title.lower()
    body, extra = outline(shape, 16.5, 9.5, 30, 16)
    more = f'<path class="extra" d="{extra}"/>' if extra else ""
    return (
        '<span><svg class="glyph" viewBox="0 -1 34 21" width="34" height="21" aria-hidden="true">'
        f'<g class="node kind-{shape}"><path class="body" d="{body}"/>{more}</g></svg>{word}</span>'
    )


def _style(style: str) -> str:
    if style == SYNC:
        paths = '<path d="M1 6H34"/><path class="head" d="M43 6L33 2L33 10Z"/>'
    else:
        paths = '<path d="M1 6H42"/><path class="head" d="M35 1L43 6L35 11"/>'
    return (
        '<span><svg class="glyph" viewBox="0 0 44 12" width="44" height="12" aria-hidden="true">'
        f'<g class="edge edge-{style}">{paths}</g></svg>{_LINES[style]}</span>'
    )
