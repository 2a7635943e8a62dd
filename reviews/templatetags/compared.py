"""Lines and bars of a comparison, as SVG: the Content-Security-Policy admits no style."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def score_line(before: float, after: float) -> SafeString:
    """Both scores on the line from 0 to 100, with the limits of the grades."""
    return format_html(
        '<svg class="scoreline" viewBox="0 0 400 56" width="400" height="56" role="img" '
        'aria-label="From {} to {} of 100. Grades begin at 50, 65, 80 and 90.">'
        '<path class="axis" d="M0 30H400M200 26V34M260 26V34M320 26V34M360 26V34"/>'
        '<path class="way" d="M{} 30H{}"/><circle class="was" cx="{}" cy="30" r="6"/>'
        '<circle class="now" cx="{}" cy="30" r="7"/>'
        '<text x="{}" y="18">{}</text><text x="{}" y="18" class="b">{}</text>'
        '<text x="100" y="50">E</text><text x="230" y="50">D</text><text x="290" y="50">C</text>'
        '<text x="340" y="50">B</text><text x="380" y="50">A</text></svg>',
        round(before),
        round(after),
        round(before * 4, 1),
        round(after * 4, 1),
        round(before * 4, 1),
        round(after * 4, 1),
        _apart(before, after),
        round(before),
        _apart(after, before),
        round(after),
    )


def _apart(one: float, other: float) -> float:
    """Where a number stands: at its point, or beside it when the other is too near."""
    away = 22 if one >= other else -22
    shift = away if abs(one - other) < 8 else 0
    return round(min(385.0, max(15.0, one * 4 + shift)), 1)


@register.simple_tag
def cause_bar(cause: dict[str, Any]) -> SafeString:
    """The points of one cause to the right or the left of the middle; the number is beside it."""
    return format_html(
        '<svg class="signline{}" viewBox="0 0 100 12" preserveAspectRatio="none" '
        'aria-hidden="true"><path class="axis" d="M50 0V12"/>'
        '<rect x="{}" y="1" width="{}" height="10"/></svg>',
        " neg" if cause["points"] < 0 else "",
        cause["x"],
        cause["width"],
    )


@register.filter
def points(value: float) -> str:
    """With sign and one decimal: +3.0, −1.5."""
    return f"{value:+.1f}".replace("-", "−")
