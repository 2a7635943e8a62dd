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
def _layouts() -> Layouts:
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
            layouts=_layouts(),
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


_STANDALONE = """<style>
svg{background:#F3F0E6;color:#1B2420;font-family:"Arial Narrow",system-ui,sans-serif}
text{fill:#1B2420}.nt,.ns,.elabel{text-anchor:middle}.nt{font-size:14px;font-weight:600}
.ns,.elabel{font-size:12px;fill:#46524C}.node path{fill:none;stroke:#1B2420;stroke-width:1.5}
.node .body{fill:#FAF8F2}.node .extra{stroke-width:1}.subject .body{fill:#DDEEE7}
.edge path{fill:none;stroke:#46524C;stroke-width:1.5}.edge-sync .head{fill:#46524C}
.edge-async path:first-child{stroke-dasharray:7 5}
.edge-change path:first-child{stroke-dasharray:.1 4.5;stroke-width:2;stroke-linecap:round}
.edge-fail path{stroke:#9A3B1C}.edge-fail path:first-child{stroke-dasharray:3 4}
.mask{fill:#F3F0E6;opacity:.9}.bound rect{fill:none;stroke:#837F72}
.bound text{font-size:11.5px;font-family:monospace;fill:#46524C}
</style>"""


def standalone(plate: Plate) -> str | None:
    """The drawing as a file that needs no stylesheet; None when there is no drawing."""
    made = drawing(plate)
    if isinstance(made, str):
        return None
    opening, _, rest = made.svg.partition(">")
    if "xmlns=" not in opening:
        opening += ' xmlns="http://www.w3.org/2000/svg"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}>{_STANDALONE}{rest}\n'
