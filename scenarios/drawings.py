"""The drawing of a hot-spot's design: what the list offers can be pointed at in the picture."""

from __future__ import annotations

from design.diagram import Drawing, LayoutFailed, TooLarge, draw
from guide.drawings import layouts
from scenarios.engine import Exercise


def drawing(exercise: Exercise) -> Drawing | None:
    """None for a type without a design, or where it cannot be drawn: the list is then enough."""
    design = getattr(exercise.body, "design", None)
    if design is None:
        return None
    try:
        return draw(design, id="spot", layouts=layouts())
    except (TooLarge, LayoutFailed):
        return None
