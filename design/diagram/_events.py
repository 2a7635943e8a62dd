"""The view *events*: who emits, which channels carry it, who takes it, where failures end."""

from __future__ import annotations

from typing import Final

from design.kinds import CHANNELS
from design.model import Component, Design, Edge

from ._fold import Tie, ties
from ._lens import Chip, Lens, Look, Notes, counted, edge_facts
from ._words import edge_label, node_note

_EMITS: Final = ("publish", "invoke_async")
_DELIVERS: Final = ("subscribe", "invoke_async", "change", "poll")
_EVENTS: Final = {*_EMITS, *_DELIVERS}
LOOSE: Final = Chip("loose", "?")
"""Where an event that cannot be handled would go is not stated."""


class Events(Lens):
    def __init__(self, design: Design, notes: Notes) -> None:
        super().__init__(design, notes)
        self.ends = {tie.target for tie in ties(self.design) if tie.edge is None}
        self.roles = {c.id: self._roles(c) for c in self.design.components}

    def _roles(self, c: Component) -> tuple[str, ...]:
        leaving, arriving = self.design.out_edges(c.id), self.design.in_edges(c.id)
        found = []
        if c.is_dlq or c.id in self.ends:
            found.append("failure destination")
        elif c.kind in CHANNELS:
            found.append("channel")
        else:
            emits = any(e.kind in (*_EMITS, "change", "subscribe") for e in leaving)
            takes = any(e.kind in _DELIVERS for e in arriving)
            found += ["source"] if emits and not takes else []
            found += ["consumer"] if takes and not emits else []
            found += ["consumer and source"] if takes and emits else []
        return tuple(found)

    def node(self, c: Component) -> Look:
        roles = self.roles[c.id]
        if not roles:
            return Look(node_note(c), quiet=True)
        detail = node_note(c) if c.kind in (*CHANNELS, "schedule") else ""
        return Look(" · ".join(word for word in (*roles, detail) if word))

    def tie(self, tie: Tie) -> Look:
        edge = tie.edge
        if edge is None:
            return Look(tie.words, strong=True)
        if edge.kind not in _EVENTS:
            return Look(quiet=True)
        words = [edge_label(edge)]
        if edge.get("ordering") not in (None, "none"):
            words.append(f"{edge.get('ordering')} order")
        if edge.get("filter"):
            words.append("filtered")
        chips = (LOOSE,) if self._is_loose(edge) else ()
        return Look(" · ".join(w for w in words if w), chips, strong=True)

    def _is_loose(self, edge: Edge) -> bool:
        if edge.kind not in _DELIVERS or edge.get("on_failure"):
            return False
        source = self.design.find(edge.source)
        return not (edge.kind == "poll" and source and source.get("dlq"))

    def summary(self) -> list[str]:
        said = []
        names = ("source", "channel", "consumer", "failure destination")
        for name in names:
            ids = [id for id, roles in self.roles.items() if any(name in r for r in roles)]
            if ids:
                said.append(f"{counted(len(ids), name)}: {', '.join(ids)}.")
        loose = [e for e in self.design.edges if e.kind in _EVENTS and self._is_loose(e)]
        if loose:
            ways = ", ".join(f"{e.source} to {e.target}" for e in loose)
            said.append(f"No failure destination is stated for {ways}.")
        if not said:
            said = ["Nothing here is asynchronous: every edge waits for its answer."]
        return said

    def facts(self, c: Component) -> list[str]:
        return [*self.roles[c.id], *super().facts(c)]

    def tie_facts(self, tie: Tie) -> list[str]:
        if tie.edge is None:
            return [tie.words]
        facts = edge_facts(self.design, tie.edge)
        if self._is_loose(tie.edge) and tie.edge.kind in _EVENTS:
            facts.append("no failure destination stated")
        return facts

    def rank(self, tie: Tie) -> int:
        return 1 if tie.edge and tie.edge.kind not in _EVENTS else 0
