"""The only ornament of the book: a line of hills, on the pages of chapters and parts."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe


def contour(number: int) -> SafeString:
    """One line of hills, the same for a chapter every time."""
    state = number * 2654435761 % 2**32
    points, height = [], 30.0
    for x in range(0, 721, 24):
        state = (1103515245 * state + 12345) % 2**31
        height = min(54.0, max(6.0, height + state / 2**31 * 26 - 13))
        points.append(f"{x},{height:.1f}")
    return mark_safe(
        '<svg class="contour" viewBox="0 0 720 60" width="720" height="60" aria-hidden="true">'
        f'<polyline fill="none" stroke="currentColor" points="{" ".join(points)}"/></svg>'
    )
