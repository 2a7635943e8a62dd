"""The cells of a heat map. A sheet has thousands: a row of them is written at once."""

from __future__ import annotations

from functools import cache
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from guide.templatetags.warmstart import severity_shape
from reviews.portfolio.heat import Cell, Row

register = template.Library()


@register.simple_tag
def heat_cells(row: Row) -> SafeString:
    """A cell for each column; what fails leads to the design or the team."""
    return mark_safe("".join(f"<td>{_cell(cell)}</td>" for cell in row.cells))


@cache
def _shape(kind: str) -> str:
    return severity_shape(kind, 13)


def _cell(cell: Cell) -> str:
    label = escape(cell.label)
    if cell.count:
        inside, begin = (
            f"{_shape(cell.kind)}{cell.count}",
            f'class="cell h-{cell.kind}"',
        )
        if cell.url:
            return f'<a {begin} href="{escape(cell.url)}" aria-label="{label}">{inside}</a>'
        return f'<span {begin}>{inside}<span class="sr"> {cell.kind}</span></span>'
    if cell.kind == "pass":
        shape = _shape("pass")
        return f'<span class="cell h-pass">{shape}<span class="sr">{label}</span></span>'
    if cell.kind == "none":
        return f'<span class="cell h-none">·<span class="sr"> {label}</span></span>'
    if cell.kind == "unknown":
        return '<span class="cell h-unknown">?<span class="sr"> unknown</span></span>'
    return '<span class="cell h-critical">!<span class="sr"> the rule broke</span></span>'
