"""Small marks beside words: findings, changes, numbers, and the chips of the views.

Each is told by its shape and by what stands in it; colours only help. Every function takes the
point in the middle.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Final

from ._lens import Chip, Pin
from ._shapes import n

_MARKS: Final = {"added": "+", "removed": "×", "changed": "Δ"}
_BARS: Final = {"data-internal": 1, "data-confidential": 2, "data-restricted": 3}
_ROOM: Final = {"entry": 46.0, "gate": 26.0, "hot": 30.0, "loose": 26.0, "over": 26.0}

Point = tuple[float, float]


def room(chip: Chip) -> float:
    """Points that a chip takes in a row, its air included."""
    return _ROOM.get(chip.kind, 24.0)


def mark(change: str, x: float, y: float) -> str:
    rect = f'<rect x="{n(x - 9)}" y="{n(y - 9)}" width="18" height="18" rx="2"/>'
    sign = _said(_MARKS.get(change, "Δ"), x, y + 4.6)
    return f'<g class="mark mark-{escape(change)}">{rect}{sign}</g>'


def pin(pin: Pin, x: float, y: float) -> str:
    shape = _PIN_SHAPES.get(pin.severity, _circle)(x, y)
    css = ' class="long"' if pin.number > 99 else ""
    number = f'<text{css} x="{n(x)}" y="{n(y + 4)}">{pin.number}</text>'
    return f'<g class="pin pin-{escape(pin.severity)}">{shape}{number}</g>'


def figure(number: int, x: float, y: float) -> str:
    circle = f'<circle cx="{n(x)}" cy="{n(y)}" r="11"/>'
    return f'<g class="figkey">{circle}{_said(str(number), x, y + 4.5)}</g>'


def chip(chip: Chip, x: float, y: float) -> str:
    css = f"chip chip-{escape(chip.kind)}"
    if chip.kind.startswith("data-"):
        css = f"chip chip-data chip-{escape(chip.kind)}"
    return f'<g class="{css}">{_CHIP_SHAPES.get(chip.kind, _sheet)(chip, x, y)}</g>'


def _said(text: str, x: float, y: float) -> str:
    return f'<text x="{n(x)}" y="{n(y)}">{escape(text)}</text>'


# -- outlines of pins -----------------------------------------------------------------


def _octagon(x: float, y: float) -> str:
    r, c = 11.0, 4.6
    return _closed((x - c, y - r), (x + c, y - r), (x + r, y - c), (x + r, y + c), (x + c, y + r),
                   (x - c, y + r), (x - r, y + c), (x - r, y - c))  # fmt: skip


def _diamond(x: float, y: float) -> str:
    return _closed((x, y - 13), (x + 13, y), (x, y + 13), (x - 13, y))


def _square(x: float, y: float) -> str:
    return _closed((x - 9, y - 9), (x + 9, y - 9), (x + 9, y + 9), (x - 9, y + 9))


def _circle(x: float, y: float) -> str:
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="9.5"/>'


def _closed(*points: Point) -> str:
    return '<path d="M' + " L".join(f"{n(x)} {n(y)}" for x, y in points) + 'Z"/>'


_PIN_SHAPES: Final = {"critical": _octagon, "high": _diamond, "medium": _square}


# -- outlines of chips ----------------------------------------------------------------


def _sheet(chip: Chip, x: float, y: float) -> str:
    """A sheet with the first letter of a data class: the higher the class, the more bars."""
    body = _closed(
        (x - 9, y - 10), (x + 5, y - 10), (x + 9, y - 6), (x + 9, y + 10), (x - 9, y + 10)
    )
    bars = _BARS.get(chip.kind, 0)
    lines = " ".join(f"M{n(x - 3 * bars + 6 * i + 1)} {n(y + 7)}h4" for i in range(bars))
    more = f'<path class="bars" d="{lines}"/>' if lines else ""
    dot = f'<circle class="dot" cx="{n(x + 9)}" cy="{n(y - 9)}" r="3.5"/>' if chip.dot else ""
    return f"{body}{more}{_said(chip.text, x, y + (3 if bars else 4.4))}{dot}"


def _gate(chip: Chip, x: float, y: float) -> str:
    """Two posts, and between them how many boundaries are crossed."""
    posts = f'<path d="M{n(x - 8)} {n(y - 10)}v20M{n(x + 8)} {n(y - 10)}v20"/>'
    back = f'<rect x="{n(x - 8)}" y="{n(y - 9)}" width="16" height="18"/>'
    return f"{back}{posts}{_said(chip.text, x, y + 4.4)}"


def _flag(chip: Chip, x: float, y: float) -> str:
    body = _closed((x - 21, y - 9), (x + 12, y - 9), (x + 20, y), (x + 12, y + 9), (x - 21, y + 9))
    return f"{body}{_said(chip.text, x - 4, y + 4.2)}"


def _step(chip: Chip, x: float, y: float) -> str:
    upper, lower = ((x - 13, y - 10), (x + 7, y - 10)), ((x + 7, y + 10), (x - 13, y + 10))
    body = _closed(*upper, (x + 13, y), *lower, (x - 8, y))
    return f"{body}{_said(chip.text, x + 1, y + 4.2)}"


def _triangle(chip: Chip, x: float, y: float) -> str:
    body = _closed((x, y - 11), (x + 11, y + 9), (x - 11, y + 9))
    return f"{body}{_said(chip.text, x, y + 6.5)}"


_CHIP_SHAPES: Final[dict[str, Callable[[Chip, float, float], str]]] = {
    "entry": _flag,
    "gate": _gate,
    "hot": _step,
    "loose": _triangle,
    "over": _triangle,
}
