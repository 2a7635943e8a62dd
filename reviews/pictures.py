"""The pictures of a review: a design with its findings pinned, two designs laid over one another.

Positions are kept on disk, so that a design is laid out once, by the run that checks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings

from design.compare import Comparison
from design.diagram import Drawing, LayoutFailed, Layouts, Pin, TooLarge, draw, merge
from design.export import open_in_order
from design.model import WHOLE, Design
from design.result import Result
from design.rules import Finding


@lru_cache(maxsize=1)
def _layouts() -> Layouts:
    return Layouts(settings.VAR / "layouts")


def of_result(result: Result) -> Drawing | str:
    """The design with its findings pinned, or a sentence that says why there is no picture."""
    try:
        pins = pins_of(result.design, open_in_order(result))
        return draw(result.design, pins=pins, id="review", layouts=_layouts())
    except (TooLarge, LayoutFailed) as error:
        return str(error)


def of_comparison(comparison: Comparison) -> Drawing | str:
    """Both designs in one picture, with what was added, removed and changed marked."""
    both = merge(comparison.before.design, comparison.after.design)
    try:
        return draw(both, changes=comparison.marks, id="compare", layouts=_layouts())
    except (TooLarge, LayoutFailed) as error:
        return str(error)


def pins_of(design: Design, findings: Sequence[Finding]) -> list[Pin]:
    """One pin for each place, with the number of its worst finding: numbers count in the order
    of the list below the picture."""
    places = {c.id for c in design.components} | {e.id for e in design.edges}
    pins: dict[str, Pin] = {}
    for number, finding in enumerate(findings, 1):
        for place in (finding.subject, *finding.subject.split("+")):
            if place in places:
                pins.setdefault(place, Pin(place, number, finding.severity.value))
                break
    return list(pins.values())


def unplaced(findings: Sequence[Finding]) -> list[int]:
    """Numbers of the findings that concern the whole design."""
    return [n for n, finding in enumerate(findings, 1) if finding.subject == WHOLE]


_STYLE = """<style>
svg{background:#F3F0E6;color:#1B2420;font-family:"Arial Narrow",system-ui,sans-serif}
text{fill:#1B2420}.nt,.ns,.elabel{text-anchor:middle}.nt{font-size:14px;font-weight:600}
.ns,.elabel{font-size:12px;fill:#46524C}.node path{fill:none;stroke:#1B2420;stroke-width:1.5}
.node .body{fill:#FAF8F2}.node .extra{stroke-width:1}
.edge path{fill:none;stroke:#46524C;stroke-width:1.5}
.edge-sync .head{fill:#46524C}.edge-async path:first-child{stroke-dasharray:7 5}
.edge-change path:first-child{stroke-dasharray:.1 4.5;stroke-width:2;stroke-linecap:round}
.edge-fail path{stroke:#9A3B1C}.edge-fail path:first-child{stroke-dasharray:3 4}
.mask{fill:#F3F0E6;opacity:.9}.bound rect{fill:none;stroke:#837F72}
.bound text{font-size:11.5px;font-family:monospace;fill:#46524C}
.pin text{font-size:12px;font-weight:600;text-anchor:middle}.pin-critical path{fill:#9A3B1C}
.pin-high path{fill:#7A5200}.pin-critical text,.pin-high text{fill:#FAF8F2}
.pin-medium path{fill:#E2ECF3;stroke:#2A5579}.pin-low circle{fill:#F3F0E6;stroke:#46524C}
</style>"""


def standalone(drawing: Drawing) -> str:
    """The drawing as a file that needs no stylesheet."""
    opening, _, rest = str(drawing.svg).partition(">")
    if "xmlns=" not in opening:
        opening += ' xmlns="http://www.w3.org/2000/svg"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}>{_STYLE}{rest}\n'
