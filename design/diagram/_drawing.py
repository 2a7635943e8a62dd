"""What `draw` gives: the picture, its legend and its words, and the files made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ._legend import Entry
from ._standalone import standalone
from ._text import Account

_PAGE: Final = 1240.0
"""Points that a wide page has for a drawing: one that fits there at a readable size does not
scroll."""


@dataclass(frozen=True)
class Drawing:
    """A picture. `width` and `height` are points at full size, `key` is the HTML of its legend,
    `account` the same graph in words; `plain` is the picture without links where it has some."""

    svg: str
    width: float
    height: float
    key: str
    account: Account
    legend: tuple[Entry, ...]
    plain: str = ""

    @property
    def text(self) -> tuple[str, ...]:
        """One sentence for each component (plain text)."""
        return self.account.sentences

    @property
    def standalone(self) -> str:
        """The picture as a file that needs no stylesheet, light on paper."""
        return self.file()

    def file(self, theme: str = "light") -> str:
        """The picture as an SVG document with title, legend and the colours of a theme."""
        return standalone(self.plain or self.svg, self.account.title, self.legend, theme)

    @property
    def least(self) -> int:
        """The width below which a page lets the drawing scroll instead of shrinking it."""
        return round(max(self.width * 0.72, min(self.width * 0.86, _PAGE)))
