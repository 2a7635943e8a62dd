"""Lines and bars of a comparison, as SVG: the Content-Security-Policy admits no style."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


_LEFT, _SCALE, _LINE = 10, 4.0, 34
_LIMITS = (0, 50, 65, 80, 90, 100)
_LETTERS = ((25, "E"), (57.5, "D"), (72.5, "C"), (85, "B"), (95, "A"))


@register.simple_tag
def score_line(before: float, after: float) -> SafeString:
    """Both scores on the line from 0 to 100, with the limits of the grades."""
    ticks = "".join(f"M{_x(limit)} {_LINE}v7" for limit in _LIMITS)
    letters = format_html_join(
        "", '<text x="{}" y="58">{}</text>', ((_x(at), letter) for at, letter in _LETTERS)
    )
    return format_html(
        '<svg class="scoreline" viewBox="0 0 420 64" width="420" height="64" role="img" '
        'aria-label="From {} to {} of 100. Grades begin at 50, 65, 80 and 90.">'
        '<path class="axis" d="M{} {}H{}{}"/>{}'
        '<path class="way" d="M{} {}H{}"/>'
        '<circle class="was" cx="{}" cy="{}" r="4.5"/><circle class="now" cx="{}" cy="{}" r="5"/>'
        '<text class="b" x="{}" y="22">{}</text><text class="b" x="{}" y="22">{}</text></svg>',
        *(round(before), round(after)),
        *(_x(0), _LINE, _x(100), ticks, letters),
        *(_x(before), _LINE, _x(after)),
        *(_x(before), _LINE, _x(after), _LINE),
        *(_apart(before, after), round(before), _apart(after, before), round(after)),
    )


def _x(value: float) -> float:
    return round(_LEFT + value * _SCALE, 1)


def _apart(one: float, other: float) -> float:
    """Where a number stands: at its point, or beside it when the other is too near."""
    away = 14 if one >= other else -14
    shift = away if abs(one - other) < 8 else 0
    return min(_x(97), max(_x(3), _x(one) + shift))


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
    """With sign and one decimal: +3.0, −1.5, 0."""
    return f"{value:+.1f}".replace("-", "−") if round(value, 1) else "0"
