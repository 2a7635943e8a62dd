"""Marks as a line of dots, as SVG: the Content-Security-Policy admits no style in the page."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reviews.judging.rubric import Criterion
from reviews.judging.statistics import Spread
from reviews.models import Verdict

register = template.Library()

_STEP = 24
_EDGE = 6


@register.simple_tag
def dots(found: Spread, name: str) -> SafeString:
    """The marks of one criterion from 0 to 4, and their median as a bar."""
    shown = format_html_join(
        "", '<circle cx="{}" cy="6" r="4"/>', ((_EDGE + _STEP * n,) for n in sorted({*found.marks}))
    )
    return format_html(
        '<svg class="dotsline" viewBox="0 0 108 12" width="108" height="12" role="img" '
        'aria-label="{}: marks {} of 4, median {}"><path class="axis" d="M6 6H102"/>{}'
        '<path class="median" d="M{} 0V12"/></svg>',
        name,
        ", ".join(map(str, found.marks)),
        f"{found.median:g}",
        shown,
        f"{_EDGE + _STEP * found.median:g}",
    )


@register.filter
def alpha(value: float | None) -> str:
    """A coefficient with two places, or a dash."""
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


@register.filter
def signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")


@register.filter
def level(criterion: Criterion, mark: int | None) -> str:
    """The written level of a mark."""
    return "could not judge" if mark is None else criterion.levels[mark]


@register.filter
def outcome_word(value: str) -> str:
    return Verdict(value).label
