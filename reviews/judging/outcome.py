"""What a panel's decisions come to under a team's rules. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

APPROVE, CONDITIONS, CHANGES, REJECT = "approve", "conditions", "changes", "reject"
VERDICTS: Final = (APPROVE, CONDITIONS, CHANGES, REJECT)
"""From the mildest to the strictest."""
STRICTEST, MAJORITY = "strictest", "majority"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a team judges. `quorum` and `quorum_critical` are decisions that are needed, for most
    designs and for those of critical importance; `voice` is the least role whose decision counts;
    `calibrate` is off, offered or required; `blend` the percentage of the automatic score in a
    blended one, None for no blend. A panel keeps the rules under which it was opened."""

    quorum: int = 2
    quorum_critical: int = 3
    voice: str = "reviewer"
    needs_owner: bool = False
    settle: str = STRICTEST
    hide_score: bool = False
    calibrate: str = "offered"
    blend: int | None = None
    version: int = 0

    def needed(self, criticality: str) -> int:
        """How many decisions, and so at least how many reviewers."""
        return self.quorum_critical if criticality == "critical" else self.quorum

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Rules:
        """What a row of an earlier version does not say has its default."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: value for key, value in data.items() if key in known})


@dataclass(frozen=True, slots=True)
class Voice:
    """One reviewer's decision that stands, and whether an owner of the team gave it."""

    verdict: str
    owner: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """Either a verdict, or a sentence that says what it waits for."""

    verdict: str = ""
    waits: str = ""


def outcome(voices: Sequence[Voice], rules: Rules, needed: int) -> Outcome:
    """What the panel decides. By the strictest rule the strictest decision stands; by majority
    the mildest that more than half of the decisions do not exceed, so a tie goes to the stricter.
    A decision that does not count (a role below the team's) is kept and changes nothing."""
    counting = [voice for voice in voices if voice.counts]
    if (missing := needed - len(counting)) > 0:
        return Outcome(waits=f"{missing} more decision{'s' if missing > 1 else ''}")
    if rules.needs_owner and not any(voice.owner for voice in counting):
        return Outcome(waits="the decision of an owner")
    order = sorted(VERDICTS.index(voice.verdict) for voice in counting)
    if not order:
        return Outcome(waits="a decision")
    place = order[-1] if rules.settle == STRICTEST else order[len(order) // 2]
    return Outcome(VERDICTS[place])


def blended(automatic: float, human: float, share: int) -> float:
    """A blend of two scores, 0 to 100: `share` percent of the automatic one, the rest human."""
    return (automatic * share + human * (100 - share)) / 100


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A criterion and the pillar that looks at the same thing, far apart; both from 0 to 100."""

    criterion: str
    pillar: str
    automatic: float
    human: float

    @property
    def gap(self) -> float:
        return self.human - self.automatic


APART: Final = 30
"""Points between a pillar and its criterion from which it is worth asking why."""


def disagreements(
    medians: Mapping[str, float], pillars: Mapping[str, float], beside: Mapping[str, str]
) -> list[Disagreement]:
    """Where people and rules differ by `APART` points or more, the widest first. `beside` maps a
    criterion to its pillar; a pillar without a score is left out."""
    found = [
        Disagreement(id, pillar, pillars[pillar], medians[id] * 25)
        for id, pillar in beside.items()
        if id in medians and pillar in pillars
    ]
    wide = [one for one in found if abs(one.gap) >= APART]
    return sorted(wide, key=lambda one: (-abs(one.gap), one.criterion))
