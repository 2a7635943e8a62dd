"""What a comparison says: changes of parts, findings, pillars and points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..document import value_text
from ..result import Result
from ..rules import Finding


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """One attribute: None is absent, so `stated_before` tells it from unknown."""

    path: str
    old: Any
    new: Any
    stated_before: bool = True
    stated_after: bool = True


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part that was added, removed, renamed or changed. `was` is the earlier
    id of a renamed part; `title` what readers know it by."""

    section: str
    id: str
    how: str
    title: str = ""
    was: str = ""
    attributes: tuple[AttributeChange, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding before and after; None where the rule had nothing to say."""

    rule: str
    subject: str
    before: Finding | None
    after: Finding | None


@dataclass(frozen=True, slots=True)
class Cause:
    """What one rule (or ``weights``) did to the total, in points."""

    rule: str
    points: float


@dataclass(frozen=True, slots=True)
class PillarChange:
    before: float | None
    after: float | None
    coverage_before: float
    coverage_after: float

    @property
    def points(self) -> float | None:
        """The difference, None where one side has no score."""
        if self.before is None or self.after is None:
            return None
        return round(self.after - self.before, 2)


@dataclass(frozen=True)
class Comparison:
    """What changed. `new`, `fixed`, `kept` are failing findings; `newly_unknown`
    could be decided before, `newly_decided` can be now; `gone` failed before
    and has lost its subject; `from_pack` changed because the rules did, and
    `packs` says how they did."""

    before: Result
    after: Result
    parts: tuple[PartChange, ...]
    design: tuple[AttributeChange, ...]
    new: tuple[FindingChange, ...]
    fixed: tuple[FindingChange, ...]
    kept: tuple[FindingChange, ...]
    gone: tuple[FindingChange, ...]
    newly_unknown: tuple[FindingChange, ...]
    newly_decided: tuple[FindingChange, ...]
    severity_changed: tuple[FindingChange, ...]
    newly_waived: tuple[FindingChange, ...]
    from_pack: tuple[FindingChange, ...]
    pillars: Mapping[str, PillarChange]
    causes: tuple[Cause, ...]
    packs: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        return round(self.after.score.total - self.before.score.total, 2)

    @property
    def marks(self) -> dict[str, str]:
        """Subject to ``added``, ``removed`` or ``changed``, for the diagram."""
        return {
            part.id: "changed" if part.how == "renamed" else part.how
            for part in self.parts
            if part.section in ("component", "edge", "boundary")
        }

    @property
    def said(self) -> dict[str, tuple[str, ...]]:
        """Subject to what changed of it, for the diagram: ``timeout_s 5 → 30``."""
        found = {}
        for part in self.parts:
            renamed = (f"was {part.was}",) if part.was else ()
            found[part.id] = (*renamed, *(_told(change) for change in part.attributes))
        return found

    def of(self, how: str) -> tuple[PartChange, ...]:
        return tuple(part for part in self.parts if part.how == how)


def _told(change: AttributeChange) -> str:
    old = value_text(change.old) if change.stated_before else "not stated"
    new = value_text(change.new) if change.stated_after else "not stated"
    return f"{change.path} {old} → {new}"
