"""The view *compare*: two designs laid over one another; what stayed is quiet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from design.model import Component

from ._fold import Box, Tie
from ._lens import Lens, Look, counted, edge_facts
from ._words import clean, node_note

_LONG: Final = 34
"""Characters from which a change is named and not spelt out."""
_HOWS: Final = ("added", "removed", "changed")


class Changes(Lens):
    def node(self, c: Component) -> Look:
        how = self.notes.changes.get(c.id, "")
        return Look(self._first(c.id) or node_note(c), quiet=not how, strong=bool(how))

    def tie(self, tie: Tie) -> Look:
        how = self.notes.changes.get(tie.subject, "")
        words = self._first(tie.subject) if how == "changed" else super().tie(tie).words
        return Look(words, quiet=not how, strong=bool(how))

    def _first(self, id: str) -> str:
        said = self.notes.said.get(id, ())
        if not said:
            return ""
        first = clean(said[0])
        if len(first) > _LONG:
            first = f"{first.partition(' ')[0]} changed"
        return first + (f" (+{len(said) - 1})" if len(said) > 1 else "")

    def box(self, box: Box) -> Look:
        ids = (*box.members, *(tie.subject for tie in box.ties))
        touched = sum(id in self.notes.changes for id in ids)
        words = super().box(box).words
        return Look(f"{words} · {counted(touched, 'change')}", quiet=not touched)

    def several(self, ties: Sequence[Tie]) -> Look:
        touched = sum(tie.subject in self.notes.changes for tie in ties)
        words = counted(len(ties), "edge")
        return Look(
            f"{words} · {touched} changed" if touched else words,
            quiet=not touched,
            strong=bool(touched),
        )

    def summary(self) -> list[str]:
        shown = {c.id for c in self.design.components} | {e.id for e in self.design.edges}
        found = [how for id, how in self.notes.changes.items() if id in shown]
        counts = [(found.count(how), how) for how in _HOWS]
        words = [f"{count:,} {how}" for count, how in counts if count]
        return [f"Of components and edges: {', '.join(words) or 'nothing changed'}."]

    def facts(self, c: Component) -> list[str]:
        return [*self._told(c.id), *super().facts(c)]

    def tie_facts(self, tie: Tie) -> list[str]:
        facts = edge_facts(self.design, tie.edge) if tie.edge else [tie.words]
        return [*self._told(tie.subject), *facts]

    def _told(self, id: str) -> list[str]:
        how = self.notes.changes.get(id)
        return [how, *(clean(s) for s in self.notes.said.get(id, ()))] if how else []

    def rank(self, tie: Tie) -> int:
        return 0 if tie.subject in self.notes.changes else 1
