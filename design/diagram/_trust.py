"""The view *trust*: which boundaries are crossed, by what, how, and where strangers come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from design.kinds import STORES
from design.model import Boundary, Component, Design, Edge

from ._fold import Box, Tie
from ._lens import Chip, Lens, Look, Notes, counted, data_words, edge_facts, highest_class
from ._words import clean

_TRUST: Final = ("internet", "account", "network", "tenant")
"""Kinds of boundaries behind which others rule; a region, a service or a team is an order only."""
_OUTSIDE: Final = ("client", "external")
ENTRY: Final = Chip("entry", "entry")
_SIGN_IN: Final = {"none": "no sign-in", "key": "key", "iam": "iam", "jwt": "jwt", "mtls": "mtls"}


class Trust(Lens):
    def __init__(self, design: Design, notes: Notes) -> None:
        super().__init__(design, notes)
        self.around = {
            c.id: tuple(b for b in design.boundary_chain(c) if b.kind in _TRUST)
            for c in design.components
        }
        self.entries = {c.id for c in design.components if self._is_entry(c)}

    def _is_entry(self, c: Component) -> bool:
        """Stated to be public, or used by somebody outside."""
        if c.kind in _OUTSIDE:
            return False
        return bool(
            c.get("public")
            or c.get("public_url")
            or any(self._is_outside(e.source) for e in self.design.in_edges(c.id))
        )

    def _is_outside(self, id: str) -> bool:
        c = self.design.find(id)
        return c is not None and (
            c.kind in _OUTSIDE or any(b.kind == "internet" for b in self.around[id])
        )

    def crossed(self, edge: Edge) -> tuple[list[Boundary], list[Boundary]]:
        """Trust boundaries that the edge leaves, and those that it enters, outermost last and
        first: the order in which they are met."""
        out, into = self.around[edge.source], self.around[edge.target]
        both = {b.id for b in out} & {b.id for b in into}
        return [b for b in out if b.id not in both], [b for b in into[::-1] if b.id not in both]

    def node(self, c: Component) -> Look:
        words = self._guards(c)[:2]
        entry = (ENTRY,) if c.id in self.entries else ()
        chips = (*entry, *self._class_chip(c.get("holds") or ()))
        return Look(" · ".join(words), chips, quiet=not words and not chips)

    def _guards(self, c: Component) -> list[str]:
        found = []
        auth = c.get("auth")
        if auth:
            found.append(_SIGN_IN.get(auth, f"{auth} sign-in"))
        elif c.id in self.entries and c.kind not in STORES:
            found.append("sign-in not stated")
        if c.get("waf"):
            found.append("waf")
        encrypted = c.get("encrypted")
        if encrypted is not None and c.kind in STORES:
            found.append("encrypted" if encrypted else "not encrypted")
        if c.get("public") and c.kind in STORES:
            found.insert(0, "public")
        isolation = c.get("tenant_isolation")
        if isolation:
            found.append("tenants share all" if isolation == "none" else f"tenants by {isolation}")
        return found

    def _class_chip(self, data: Sequence[str]) -> tuple[Chip, ...]:
        top, personal = highest_class(self.design, data)
        if top is None:
            return (Chip("data-unknown", "?", personal),) if data else ()
        return (Chip(f"data-{top}", top[0].upper(), personal),)

    def tie(self, tie: Tie) -> Look:
        edge = tie.edge
        if edge is None:
            return Look(quiet=True)
        count = sum(len(part) for part in self.crossed(edge))
        data = edge.get("data")
        chips: list[Chip] = [Chip("gate", str(count))] if count else []
        if isinstance(data, tuple):
            chips += self._class_chip(data)
        elif count and edge.kind != "deploy":
            chips.append(Chip("data-unknown", "?"))
        words = [", ".join(data)] if data else []
        if count:
            words += self._passes(edge)
        return Look(" · ".join(words), tuple(chips), quiet=not chips, strong=bool(count))

    def _passes(self, edge: Edge) -> list[str]:
        """How a crossing is made: the protocol, and what is shown at the gate."""
        found = [edge.get("protocol") or "protocol ?"]
        target = self.design.find(edge.target)
        auth = target.get("auth") if target else None
        if auth:
            found.append(_SIGN_IN.get(auth, auth))
        if edge.get("signed"):
            found.append("signed")
        return found

    def box(self, box: Box) -> Look:
        entry = (ENTRY,) if self.entries & set(box.members) else ()
        held = [id for m in box.members for id in self._held(m)]
        return Look(super().box(box).words, (*entry, *self._class_chip(held)))

    def _held(self, id: str) -> tuple[str, ...]:
        c = self.design.find(id)
        return (c.get("holds") or ()) if c else ()

    def several(self, ties: Sequence[Tie]) -> Look:
        edges = [tie.edge for tie in ties if tie.edge]
        most = max((sum(len(p) for p in self.crossed(e)) for e in edges), default=0)
        data = [id for e in edges for id in e.get("data") or ()]
        chips = ((Chip("gate", str(most)),) if most else ()) + self._class_chip(data)
        return Look(counted(len(ties), "edge"), chips, quiet=not chips, strong=bool(most))

    def bound(self, boundary: Boundary) -> bool:
        return boundary.kind in _TRUST

    def summary(self) -> list[str]:
        crossings = [e for e in self.design.edges if any(self.crossed(e))]
        said = [f"{counted(len(crossings), 'edge')} cross a trust boundary."]
        if len(crossings) == 1:
            said = ["1 edge crosses a trust boundary."]
        if self.entries:
            entries = ", ".join(sorted(self.entries))
            said.append(f"{counted(len(self.entries), 'public entry point')}: {entries}.")
        open_ = [e for e in crossings if e.get("protocol") is None and e.kind != "deploy"]
        if open_:
            ways = ", ".join(f"{e.source} to {e.target}" for e in open_)
            said.append(f"The protocol of a crossing is not stated for {ways}.")
        return said

    def facts(self, c: Component) -> list[str]:
        facts = ["public entry point"] if c.id in self.entries else []
        facts += self._guards(c)
        if holds := c.get("holds"):
            facts.append("holds " + ", ".join(data_words(self.design, id) for id in holds))
        return facts

    def tie_facts(self, tie: Tie) -> list[str]:
        if tie.edge is None:
            return [tie.words]
        out, into = self.crossed(tie.edge)
        facts = [f"leaves {b.kind} {clean(b.id)}" for b in out]
        facts += [f"enters {b.kind} {clean(b.id)}" for b in into]
        if out or into:
            facts += [w for w in self._passes(tie.edge) if w != tie.edge.get("protocol")]
        if not isinstance(tie.edge.get("data"), tuple) and tie.edge.kind != "deploy":
            facts.append("data not stated")
        return facts + edge_facts(self.design, tie.edge)

    def rank(self, tie: Tie) -> int:
        return 0 if tie.edge and any(self.crossed(tie.edge)) else 1
