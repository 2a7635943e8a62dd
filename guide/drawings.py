"""Plates as figures. Positions are kept on disk, so that a design is laid out once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from guide.plates import Plate

if TYPE_CHECKING:
    from design.diagram import Drawing, Layouts

WIDE = 660
"""Drawings wider than this carry their caption on top instead of in the left gutter."""


@lru_cache(maxsize=1)
def layouts() -> Layouts:
    """Where positions are kept, for every app that draws."""
    from design.diagram import Layouts

    return Layouts(settings.VAR / "layouts")


def drawing(plate: Plate, figures: Sequence[tuple[str, int]] = ()) -> Drawing | str:
    """The drawing, or a sentence that says why there is none."""
    from design.diagram import LayoutFailed, TooLarge, draw

    if plate.design is None:
        return "The design of this plate cannot be read."
    try:
        return draw(
            plate.design,
            figures=figures,
            id="d" + plate.number.replace(".", "-").lower(),
            layouts=layouts(),
        )
    except (TooLarge, LayoutFailed) as error:
        return str(error)


def figure(
    plate: Plate,
    caption: str,
    *,
    title: str = "",
    figures: Sequence[tuple[str, int]] = (),
    acts: Sequence[tuple[str, str]] = (),
    top: bool | None = None,
) -> SafeString:
    """The whole figure. `caption` is HTML that we made."""
    made = drawing(plate, figures)
    if isinstance(made, str):
        context = {"plate": plate, "caption": mark_safe(caption), "reason": made}
        return render_to_string("guide/_undrawn.html", context)
    context = {
        "number": plate.number,
        "anchor": plate.number.replace(".", "-"),
        "title": title or plate.title,
        "caption": mark_safe(caption),
        "drawing": made,
        "acts": [
            *acts,
            ("SVG", f"/plates/{plate.number}.svg"),
            ("YAML", f"/plates/{plate.number}.yaml"),
        ],
        "top": made.width > WIDE if top is None else top,
    }
    return mark_safe(render_to_string("design/_plate.html", context).strip())


def standalone(plate: Plate, theme: str = "light") -> str | None:
    """The drawing as a file that needs no stylesheet; None when there is no drawing."""
    made = drawing(plate)
    if isinstance(made, str):
        return None
    return made.file(theme)
