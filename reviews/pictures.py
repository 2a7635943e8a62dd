"""The pictures of a review: a design with its findings pinned, two designs laid over one another.

Positions are kept on disk, so that each view is laid out once; the one that a page opens with by
the run that checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from design.compare import Comparison
from design.diagram import (
    BadView,
    Drawing,
    LayoutFailed,
    Notes,
    TooLarge,
    Unavailable,
    View,
    draw,
    merge,
    render,
)
from design.export import open_in_order
from design.export.pins import pins
from design.model import WHOLE, Design
from design.result import Result
from design.rules import Finding
from guide.drawings import layouts

_NO_PICTURE = (BadView, TooLarge, LayoutFailed, Unavailable)


def of_result(
    result: Result,
    view: View | None = None,
    links: Callable[[str], str] | None = None,
    *,
    passing: bool = False,
) -> Drawing | str:
    """The design with its findings pinned, or a sentence that says why there is no picture. Of a
    passing state, as every pause in typing makes one, no positions are kept on disk."""
    found = pins(result.design, open_in_order(result))
    kept = None if passing else layouts()
    try:
        return draw(result.design, view, pins=found, id="review", layouts=kept, links=links)
    except _NO_PICTURE as error:
        return str(error)


def bare(design: Design) -> Drawing | str:
    """The design without findings, for people who are to judge it by themselves."""
    try:
        return draw(design, id="judged", layouts=layouts())
    except _NO_PICTURE as error:
        return str(error)


def file(result: Result, form: str, view: View) -> bytes | str:
    """The same as a file, or the sentence."""
    notes = Notes(pins=pins(result.design, open_in_order(result)))
    try:
        return render(result.design, form, view, notes, layouts=layouts())
    except _NO_PICTURE as error:
        return str(error)


def of_comparison(comparison: Comparison) -> Drawing | str:
    """Both designs in one picture, with what was added, removed and changed marked."""
    both = merge(comparison.before.design, comparison.after.design)
    try:
        return draw(
            both,
            View("compare"),
            changes=comparison.marks,
            said=comparison.said,
            id="compare",
            layouts=layouts(),
        )
    except _NO_PICTURE as error:
        return str(error)


def comparison_file(comparison: Comparison, form: str) -> bytes | str:
    """The same as a file, or the sentence."""
    both = merge(comparison.before.design, comparison.after.design)
    notes = Notes(changes=comparison.marks, said=comparison.said)
    try:
        return render(both, form, View("compare"), notes, layouts=layouts())
    except _NO_PICTURE as error:
        return str(error)


def unplaced(findings: Sequence[Finding]) -> list[int]:
    """Numbers of the findings that concern the whole design."""
    return [n for n, finding in enumerate(findings, 1) if finding.subject == WHOLE]
