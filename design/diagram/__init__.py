"""From a `Design` to a picture: DOT, positions from Graphviz, and an SVG of our own.

`draw` gives a `Drawing`: one SVG with classes and no colours, so that a stylesheet decides
for each theme and for print; a key of only what it shows; and the graph in words. The
drawing knows neither findings nor comparisons: it takes pins, marks and figures by the id
of a component or an edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from design.model import Design

from ._dot import dot
from ._key import key
from ._layout import LayoutFailed, Layouts, layout
from ._merge import merge
from ._scene import Drawing, Pin, scene
from ._svg import svg
from ._text import description, sentences

MAX_COMPONENTS: Final = 2000
MAX_EDGES: Final = 5000

__all__ = [
    "Drawing",
    "LayoutFailed",
    "Layouts",
    "Pin",
    "TooLarge",
    "dot",
    "draw",
    "merge",
]


class TooLarge(ValueError):
    """The design has more parts than a picture can show; the message says the limits."""


def draw(
    design: Design,
    *,
    pins: Sequence[Pin] = (),
    figures: Sequence[tuple[str, int]] = (),
    changes: Mapping[str, str] | None = None,
    subject: str = "",
    id: str = "drawing",
    layouts: Layouts | None = None,
) -> Drawing:
    """Draws a design.

    `pins` carry the number and severity of a finding; `figures` are (component, number) for a
    text that walks through the picture; `changes` maps ids to ``added``, ``removed`` or
    ``changed``; `subject` is the component the picture is about. `id` starts every id in the
    SVG, so that several stand on one page. Raises TooLarge and LayoutFailed, both with a
    sentence for people.
    """
    if len(design.components) > MAX_COMPONENTS or len(design.edges) > MAX_EDGES:
        raise TooLarge(
            f"{len(design.components):,} components and {len(design.edges):,} edges are too many"
            f" for one picture; it shows {MAX_COMPONENTS:,} and {MAX_EDGES:,}."
        )
    made = scene(design, pins, figures, changes or {}, subject)
    placed = layout(dot(design, made), made, layouts)
    return Drawing(
        svg=svg(made, placed, id, description(design)),
        width=placed.width,
        height=placed.height,
        key=key(made),
        text=sentences(design),
    )
