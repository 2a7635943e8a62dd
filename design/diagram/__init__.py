"""From a `Design` to a picture: DOT, positions from Graphviz, and an SVG of our own.

`draw` gives a `Drawing`: one SVG with classes and no colours, so that a stylesheet decides
for each theme and for print; a legend of only what it shows; and the graph in words. A `View`
chooses what the picture is about. The drawing knows neither findings nor comparisons: it
takes pins, marks and figures by the id of a component or an edge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from design.model import Design

from ._dot import source
from ._drawing import Drawing
from ._layout import LayoutFailed, Layouts, layout
from ._legend import entries, key
from ._lens import Notes, Pin
from ._merge import merge
from ._raster import Unavailable, pdf, png
from ._scene import plan, scene
from ._standalone import THEMES
from ._svg import svg
from ._text import Account, account, description
from ._view import MAX_HOPS, VIEWS, BadView, View

MAX_COMPONENTS: Final = 2000
MAX_EDGES: Final = 5000
FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "svg": "image/svg+xml",
        "png": "image/png",
        "pdf": "application/pdf",
        "dot": "text/vnd.graphviz; charset=utf-8",
        "txt": "text/plain; charset=utf-8",
    }
)
"""Formats of `render` by the ending of a file, with their content types."""

__all__ = [
    "FORMATS",
    "MAX_HOPS",
    "THEMES",
    "VIEWS",
    "Account",
    "BadView",
    "Drawing",
    "LayoutFailed",
    "Layouts",
    "Notes",
    "Pin",
    "TooLarge",
    "Unavailable",
    "View",
    "dot",
    "draw",
    "merge",
    "pdf",
    "png",
    "render",
    "tell",
]


class TooLarge(ValueError):
    """The picture would have more parts than it can show; the message says the limits."""


def draw(
    design: Design,
    view: View | None = None,
    *,
    pins: Sequence[Pin] = (),
    figures: Sequence[tuple[str, int]] = (),
    changes: Mapping[str, str] | None = None,
    said: Mapping[str, Sequence[str]] | None = None,
    subject: str = "",
    id: str = "drawing",
    layouts: Layouts | None = None,
    links: Callable[[str], str] | None = None,
) -> Drawing:
    """Draws a design.

    `pins` carry the number and severity of a finding; `figures` are (component, number) for a
    text that walks through the picture; `changes` maps ids to ``added``, ``removed`` or
    ``changed``, and `said` ids to sentences about the change; `subject` is the component the
    picture is about. `id` starts every id in the SVG, so that several stand on one page.
    `links` gives the address behind a component or a shut boundary, by its id. Raises BadView,
    TooLarge and LayoutFailed, each with a sentence for people.
    """
    notes = Notes(pins, figures, changes or {}, said or {}, subject)
    planned = plan(design, view or View(), notes)
    made = scene(planned)
    if len(made.nodes) > MAX_COMPONENTS or len(made.lines) > MAX_EDGES + MAX_COMPONENTS:
        raise TooLarge(
            f"{len(made.nodes):,} components and {len(made.lines):,} edges are too many"
            f" for one picture; it shows {MAX_COMPONENTS:,} and {MAX_EDGES:,}."
            " Shut some boundaries, or look at one component and what is around it."
        )
    placed = layout(source(made), made, layouts)
    legend = entries(made)
    about = description(planned)
    return Drawing(
        svg=svg(made, placed, id, about, links),
        width=placed.width,
        height=placed.height,
        key=key(legend),
        account=account(planned),
        legend=legend,
        plain=svg(made, placed, id, about) if links else "",
    )


def render(
    design: Design,
    form: str,
    view: View | None = None,
    notes: Notes | None = None,
    *,
    theme: str = "light",
    layouts: Layouts | None = None,
) -> bytes:
    """A picture as a file of one of FORMATS. Raises what `draw` does, and Unavailable."""
    notes = notes or Notes()
    if form == "dot":
        return dot(design, view, notes).encode()
    if form == "txt":
        return str(tell(design, view, notes)).encode()
    made = draw(
        design,
        view,
        pins=notes.pins,
        figures=notes.figures,
        changes=notes.changes,
        said=notes.said,
        subject=notes.subject,
        layouts=layouts,
    )
    if form == "svg":
        return made.file(theme).encode()
    return png(made, theme) if form == "png" else pdf(made, theme)


def dot(design: Design, view: View | None = None, notes: Notes | None = None) -> str:
    """The DOT source of a picture, for tools that place and draw by themselves. Raises BadView."""
    return source(scene(plan(design, view or View(), notes or Notes())), words=True)


def tell(design: Design, view: View | None = None, notes: Notes | None = None) -> Account:
    """The picture in words, without drawing it. Raises BadView."""
    return account(plan(design, view or View(), notes or Notes()))
