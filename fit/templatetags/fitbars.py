"""Bars of the wizard, as SVG: the Content-Security-Policy admits no style in the page."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from fit.engine import Standing

register = template.Library()

Number = Decimal | float | int
_WIDE = 304
_BANDS = (
    ("too close", 0, "too close"),
    ("lean", 2.5, "lean, 2.5 to 6"),
    ("clear", 6, "clear, from 6"),
)


def _share(value: Number, low: Number, high: Number) -> float:
    """Where a value lies between two others, from 0 to 100."""
    wide = float(high) - float(low) or 1.0
    return round(min(100.0, max(0.0, (float(value) - float(low)) / wide * 100)), 1)


@register.simple_tag
def span_bar(standing: Standing, low: Number, high: Number) -> SafeString:
    """The score as a mark in the range of everything it can still become."""
    a, b = _share(standing.low, low, high), _share(standing.high, low, high)
    at = _share(standing.score, low, high)
    return format_html(
        '<svg class="spanline{}" viewBox="0 0 100 12" preserveAspectRatio="none" role="img" '
        'aria-label="{} points, from {} to {}"><path class="axis" d="M0 6H100"/>'
        '<rect class="reach" x="{}" y="2" width="{}" height="8"/>'
        '<path class="score" d="M{} 0V12"/></svg>',
        " out" if standing.out else "",
        f"{standing.score:.1f}",
        f"{standing.low:.1f}",
        f"{standing.high:.1f}",
        a,
        round(max(0.4, b - a), 1),
        at,
    )


@register.simple_tag
def signed_bar(points: Number, largest: Number) -> SafeString:
    """Points as a bar to the right or to the left of the middle; the number stands beside it."""
    wide = round(min(50.0, abs(float(points)) / (float(largest) or 1.0) * 50), 1)
    return format_html(
        '<svg class="signline{}" viewBox="0 0 100 12" preserveAspectRatio="none" '
        'aria-hidden="true"><path class="axis" d="M50 0V12"/>'
        '<rect x="{}" y="1" width="{}" height="10"/></svg>',
        " neg" if points < 0 else "",
        50 if points >= 0 else 50 - wide,
        wide,
    )


@register.simple_tag
def band_bar(margin: Number, band: str) -> SafeString:
    """The margin on the scale of the bands, which ends at 12 points. As wide as its column, so
    that its words keep their size."""
    at = round(_share(margin, 0, 12) / 100 * _WIDE, 1)
    words = format_html_join(
        "",
        '<text x="{}" y="46"{}>{}</text>',
        (
            (start * _WIDE / 12 + 6, mark_safe(' class="here"') if name == band else "", label)
            for name, start, label in _BANDS
        ),
    )
    return format_html(
        '<svg class="bandline" viewBox="0 0 304 56" width="304" height="56" role="img" '
        'aria-label="Margin {}, in the band {}">'
        '<path class="axis" d="M304 29H0V56M63 29V56M152 29V56"/>'
        '<path class="score" d="M{} 19V29"/>'
        '<text class="here" x="{}" y="14" text-anchor="middle">{}</text>{}</svg>',
        f"{margin:.1f}",
        band,
        at,
        min(_WIDE - 14, max(14, at)),
        f"{margin:.1f}",
        words,
    )


@register.filter
def points(value: Number | None) -> str:
    """With sign and one decimal: +3.0, −1.5; a plain 0 recedes."""
    if value is None:
        return "out"
    if not value:
        return "0"
    return f"{float(value):+.1f}".replace("-", "−")
