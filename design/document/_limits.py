"""How much of a text is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read: bytes of text, parts of its syntax, components and
    entries of any other list, edges."""

    bytes: int
    events: int
    components: int
    edges: int


WEB: Final = Limits(bytes=1024 * 1024, events=200_000, components=2_000, edges=5_000)
"""For a text that a stranger sends and others wait behind."""

LOCAL: Final = Limits(bytes=256 * 1024**2, events=50_000_000, components=200_000, edges=1_000_000)
"""For one's own file on one's own machine."""
