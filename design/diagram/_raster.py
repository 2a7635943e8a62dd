"""PNG and PDF, made from the picture's own SVG by Typst, where that is installed.

It is optional: everything else of the core works without it. The fonts beside this file are
those of the site, so that words have the widths that were reckoned with; letters that they do
not have come from the system's fonts.
"""

from __future__ import annotations

from importlib import import_module
from math import sqrt
from pathlib import Path
from types import ModuleType
from typing import Final

from ._drawing import Drawing

FONTS: Final = Path(__file__).parent / "fonts"
_PIXELS: Final = 16_000_000
"""Most pixels of a PNG: four bytes each while it is made."""
_LONGEST: Final = 14_000.0
"""Points of a PDF page's side; readers stop at 14,400."""
_SHARP: Final = 2.0
"""Pixels for each point, where the picture is small enough."""

_PAGE: Final = """
#set document(title: sys.inputs.title, date: none)
#set page(width: 1pt * float(sys.inputs.width), height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, alt: sys.inputs.alt)
"""


class Unavailable(RuntimeError):
    """The format cannot be made here; the message says what to install."""


def png(made: Drawing, theme: str = "light") -> bytes:
    """The picture in pixels, at most 16 million of them. Raises Unavailable."""
    wide, high = _size(made, theme)
    scale = min(_SHARP, sqrt(_PIXELS / (wide * high)))
    return _compile(made, theme, wide, "png", ppi=72.0 * scale)


def pdf(made: Drawing, theme: str = "light") -> bytes:
    """The picture on one page of its own size, with text that can be searched. Raises
    Unavailable."""
    wide, high = _size(made, theme)
    return _compile(made, theme, wide * min(1.0, _LONGEST / max(wide, high)), "pdf")


def _size(made: Drawing, theme: str) -> tuple[float, float]:
    opening = made.file(theme).split('viewBox="', 1)[1]
    _, _, wide, high = (float(part) for part in opening.split('"', 1)[0].split())
    return wide, high


def _compile(made: Drawing, theme: str, wide: float, form: str, **more: float) -> bytes:
    typst = _typst()
    inputs = {
        "svg": made.file(theme),
        "title": made.account.title,
        "alt": " ".join((made.account.title + ".", *made.account.summary)),
        "width": f"{wide:.1f}",
    }
    try:
        found = typst.compile(
            _PAGE.encode(), format=form, font_paths=[str(FONTS)], sys_inputs=inputs, **more
        )
    except RuntimeError as error:
        raise Unavailable(f"The {form.upper()} could not be made: {error}") from error
    return bytes(found)


def _typst() -> ModuleType:
    try:
        return import_module("typst")
    except ImportError:
        raise Unavailable(
            "PNG and PDF are made with Typst: install the package typst, or take SVG."
        ) from None
