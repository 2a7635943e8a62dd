"""Which picture of a design: the view, what it is centred on, which boundaries are shut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from design.model import Design

VIEWS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "structure": "Structure",
        "events": "Event flow",
        "trust": "Trust and data",
        "load": "Load",
        "compare": "Before and after",
    }
)
"""Names of the views, with their titles. ``compare`` wants two designs laid over one another."""

MAX_HOPS: Final = 99


class BadView(ValueError):
    """The view asks for something that the design or the program does not have."""


@dataclass(frozen=True, slots=True)
class View:
    """`focus` is the id of a component, and `hops` how many edges around it are followed in
    either direction. `collapse` holds the ids of boundaries drawn as one box; None leaves that
    to the text (``layout.collapse``), () opens all of them."""

    name: str = "structure"
    focus: str = ""
    hops: int = 1
    collapse: tuple[str, ...] | None = None

    def shut(self, design: Design) -> frozenset[str]:
        """Boundaries drawn as one box. One around the focus is open, or nothing would be seen."""
        wanted = self.collapse
        if wanted is None:
            wanted = design.layout["collapse"].value if "collapse" in design.layout else ()
        centre = design.find(self.focus)
        around = {b.id for b in design.boundary_chain(centre)} if centre else set()
        return frozenset(wanted or ()) - around

    def check(self, design: Design) -> None:
        """Raises BadView with a sentence for people."""
        _known("view", self.name, VIEWS)
        if self.focus:
            _known("component", self.focus, [c.id for c in design.components])
        for id in self.collapse or ():
            _known("boundary", id, [b.id for b in design.boundaries])
        if not 0 <= self.hops <= MAX_HOPS:
            raise BadView(f"{self.hops} hops; it takes 0 to {MAX_HOPS}.")


def _known(what: str, name: str, names: Mapping[str, str] | list[str]) -> None:
    if name in names:
        return
    near = get_close_matches(name, list(names), n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    if not near and len(names) < 12:
        hint = f" There is {', '.join(names)}." if names else f" The design has no {what}."
    raise BadView(f"There is no {what} “{name[:80]}”.{hint}")
