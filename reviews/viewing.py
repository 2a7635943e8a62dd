"""Which picture of a design an address asks for, and the addresses of its neighbours.

An address says ``?view=trust&focus=api&hops=2&shut=cloud``; every choice is a link, so that all
of it works without scripts, and can be sent to somebody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict

from design.diagram import FORMATS, VIEWS, View
from design.model import Design

HOPS: Final = (1, 2, 3)
_SWITCH: Final = tuple(name for name in VIEWS if name != "compare")


@dataclass(frozen=True)
class Choice:
    """What is asked for. `rest` holds the other parts of the address, which links keep."""

    view: View
    rest: tuple[tuple[str, str], ...] = ()
    anchor: str = ""

    def query(self, **changes: Any) -> str:
        """The address of the same page with these changes to the view."""
        view = replace(self.view, **changes)
        parts = [("view", view.name)] if view.name != "structure" else []
        if view.focus:
            parts.append(("focus", view.focus))
            parts += [("hops", str(view.hops))] if view.hops != 1 else []
        if view.collapse is not None:
            parts += [("shut", id) for id in view.collapse or ("",)]
        return f"?{urlencode([*parts, *self.rest])}"

    def link(self, design: Design) -> Any:
        """The address behind a part of the drawing: a component is looked at, a shut boundary
        opens."""
        shut = self.view.shut(design)

        def address(id: str) -> str:
            if design.find(id):
                return self.query(focus=id) + self.anchor
            if id in shut:
                return self.query(collapse=tuple(sorted(shut - {id}))) + self.anchor
            return ""

        return address

    def switch(self, design: Design) -> dict[str, Any]:
        """What the page offers beside the picture."""
        view, shut = self.view, self.view.shut(design)
        used = {b.id for c in design.components for b in design.boundary_chain(c)}
        return {
            "views": [
                (VIEWS[name], self.query(name=name) + self.anchor, name == view.name)
                for name in _SWITCH
            ],
            "focus": view.focus,
            "hops": [(n, self.query(hops=n) + self.anchor, n == view.hops) for n in HOPS],
            "whole": self.query(focus="", hops=1) + self.anchor,
            "boundaries": [
                (
                    b.id,
                    b.id in shut,
                    self.query(collapse=tuple(sorted(shut ^ {b.id}))) + self.anchor,
                )
                for b in design.boundaries
                if b.id in used
            ],
            "files": [(form, form.upper() if form != "txt" else "Text") for form in FORMATS],
            "query": self.query(),
        }


def chosen(given: QueryDict, *, keep: Mapping[str, str] | None = None, anchor: str = "") -> Choice:
    """The choice that an address makes. What is no number counts as one hop; what does not exist
    is told by the drawing."""
    hops = given.get("hops", "1")
    name = given.get("view", "structure")
    shut = given.getlist("shut")
    view = View(
        # A comparison has a page of its own.
        name="structure" if name == "compare" else name,
        focus=given.get("focus", ""),
        hops=int(hops) if hops.isascii() and hops.isdecimal() and len(hops) < 4 else 1,
        collapse=tuple(id for id in shut if id) if shut else None,
    )
    return Choice(view, tuple((keep or {}).items()), f"#{anchor}" if anchor else "")
