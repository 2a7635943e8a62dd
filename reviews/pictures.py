"""The pictures of a review: a design with its findings pinned, two designs laid over one another.

Positions are kept on disk, so that a design is laid out once, by the run that checks it.
"""

from __future__ import annotations

from collections.abc import Sequence

from design.compare import Comparison
from design.diagram import Drawing, LayoutFailed, Pin, TooLarge, draw, merge
from design.export import open_in_order
from design.model import WHOLE, Design
from design.result import Result
from design.rules import Finding
from guide.drawings import layouts


def of_result(result: Result) -> Drawing | str:
    """The design with its findings pinned, or a sentence that says why there is no picture."""
    try:
        pins = pins_of(result.design, open_in_order(result))
        return draw(result.design, pins=pins, id="review", layouts=layouts())
    except (TooLarge, LayoutFailed) as error:
        return str(error)


def of_comparison(comparison: Comparison) -> Drawing | str:
    """Both designs in one picture, with what was added, removed and changed marked."""
    both = merge(comparison.before.design, comparison.after.design)
    try:
        return draw(both, changes=comparison.marks, id="compare", layouts=layouts())
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
