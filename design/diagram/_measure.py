"""Widths of words, in points, without a font at hand.

Measured on the condensed sans of the product (units of 1/1000 em, regular weight); other
characters count as a wide one, so that a label never leaves its outline.
"""

from __future__ import annotations

from typing import Final

_NARROW: Final = frozenset("iljI.,:;'|!()[] ·-")
_WIDE: Final = frozenset("mwMW@%—≥→")
_BOLD: Final = 1.07


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text at a size in points."""
    units = sum(_units(char) for char in text)
    return units / 1000 * size * (_BOLD if bold else 1.0)


def _units(char: str) -> int:
    if char in _NARROW:
        return 290
    if char in _WIDE:
        return 760
    if char.isupper() or ord(char) > 0x2FF:
        return 570 if ord(char) < 0x2E80 else 1000
    return 500
