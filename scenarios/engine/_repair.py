"""Judging a repair: the edited text is read and checked as any design is.

Gates come first (what must still work, what is given), then the share of the rules cleared, then
economy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from design.document import MAX_COMPONENTS, read
from design.edit import Drop, Edit, Refused, Remove, Set, apply
from design.model import Design
from design.rules import RULES, Finding, Severity, Verdict, check

from ._facts import rewritten
from ._flows import Flow, cut
from ._values import Unanswered

RULES_SHARE: Final = 0.85
ECONOMY_SHARE: Final = 0.15
GATE_CAP: Final = 0.25
NEW_COSTS: Final = 0.12
"""What a new finding below high takes from the share of the rules."""
FREE: Final = 1.25
"""Up to this many times the edits of the reference nothing is lost."""
MOST_BASELINE: Final = 0.30
_WEIGHT: Final = {
    Severity.CRITICAL: 4,
    Severity.HIGH: 3,
    Severity.MEDIUM: 2,
    Severity.LOW: 1,
}
"""Flatter than in a design's score: here each rule is a lesson, and each has to be felt."""


@dataclass(frozen=True)
class Trap:
    """A tempting repair that does not repair."""

    name: str
    edits: tuple[Edit, ...]
    at_most: float
    why: str
    misconception: str


@dataclass(frozen=True)
class Judgement:
    """What a list of edits comes to. `broken` names the gates that failed, `left` and `new` are
    findings, `cleared` are rules."""

    score: float
    broken: tuple[str, ...]
    cleared: tuple[str, ...]
    left: tuple[Finding, ...]
    new: tuple[Finding, ...]
    edits: int
    design: Design


@dataclass(frozen=True)
class Body:
    text: str
    base: Design
    flows: tuple[Flow, ...]
    locked: tuple[str, ...]
    kinds: tuple[str, ...]
    """Kinds of components that may be added."""
    most: int
    must_clear: tuple[str, ...]
    reference: tuple[Edit, ...]
    traps: tuple[Trap, ...]
    _seen: dict[tuple[Edit, ...], Judgement] = field(default_factory=dict, compare=False)

    @property
    def misconceptions(self) -> list[str]:
        return [t.misconception for t in self.traps if t.misconception]

    @cached_property
    def free(self) -> frozenset[str]:
        """What the design says of itself that the reference changes, so that anybody may."""
        sets = (edit for edit in self.reference if isinstance(edit, Set | Drop))
        return frozenset(e.path.partition(".")[0] for e in sets if e.section == "design")

    @cached_property
    def failing(self) -> frozenset[tuple[str, str]]:
        """(rule, subject) of what the untouched design fails."""
        return frozenset((f.rule, f.subject) for f in check(self.base) if fails(f))

    @property
    def weight(self) -> float:
        return sum(_WEIGHT[RULES[id].severity] for id in self.must_clear)


def fails(finding: Finding) -> bool:
    return finding.verdict in (Verdict.FAIL, Verdict.ERROR)


def applicable(body: Body, edits: Sequence[Edit]) -> list[Edit]:
    """The edits without those that need one which is missing."""
    kept: list[Edit] = []
    for edit in edits:
        try:
            edited(body, [*kept, edit])
        except Unanswered:
            continue
        kept.append(edit)
    return kept


def edited(body: Body, edits: Sequence[Edit]) -> tuple[str, Design]:
    """The text after the edits, and the design it says. Raises Unanswered with every problem."""
    try:
        text = apply(body.text, list(edits))
    except Refused as refused:
        raise Unanswered(str(refused)) from refused
    design, problems = read(text)
    if design is None:
        told = " ".join(str(problem.message) for problem in problems[:3])
        raise Unanswered(f"The design cannot be read any more. {told}")
    if len(design.components) > min(MAX_COMPONENTS, 60):
        raise Unanswered("A repair needs no more than 60 components.")
    return text, design


def judge(body: Body, edits: Sequence[Edit], seed: int) -> Judgement:
    """What the edits are worth, from 0 to 1. Pure; raises Unanswered where they do not apply."""
    known = tuple(edits)
    if _hashable(known) and known in body._seen:
        return body._seen[known]
    _, design = edited(body, edits)
    findings = [f for f in check(design) if f.verdict is not Verdict.NOT_APPLICABLE]
    open_ = {f.rule for f in findings if f.verdict is not Verdict.PASS}
    cleared = tuple(id for id in body.must_clear if id not in open_)
    new = tuple(f for f in findings if fails(f) and (f.rule, f.subject) not in body.failing)
    left = tuple(f for f in findings if f.rule in body.must_clear and fails(f))
    unsure = tuple(
        f for f in findings if f.rule in body.must_clear and f.verdict is Verdict.UNKNOWN
    )
    share = sum(_WEIGHT[RULES[id].severity] for id in cleared) / body.weight
    small = sum(f.severity.rank > Severity.HIGH.rank for f in new)
    share = max(0.0, share - NEW_COSTS * small)
    broken = tuple(_broken_gates(body, design, len(known), new))
    score = share * (RULES_SHARE + ECONOMY_SHARE * _economy(body, len(known)))
    if broken:
        score = min(score, GATE_CAP)
    result = Judgement(score, broken, cleared, left + unsure, new, len(known), design)
    if _hashable(known) and len(body._seen) < 500:
        body._seen[known] = result
    return result


def _hashable(edits: tuple[Edit, ...]) -> bool:
    try:
        hash(edits)
    except TypeError:
        return False
    return True


def _economy(body: Body, edits: int) -> float:
    free = FREE * len(body.reference)
    if edits <= free:
        return 1.0
    return max(0.0, (body.most - edits) / (body.most - free)) if body.most > free else 0.0


def _broken_gates(body: Body, design: Design, edits: int, new: Sequence[Finding]) -> list[str]:
    broken = [f"{id} has to stay." for id in body.locked if design.find(id) is None]
    broken += filter(None, (cut(flow, body.base, design) for flow in body.flows))
    if edits > body.most:
        broken.append(f"{edits} edits are more than the {body.most} that the task allows.")
    for finding in new:
        if finding.severity.rank <= Severity.HIGH.rank:
            broken.append(f"A new fault: {finding.rule} at {finding.subject}.")
    broken += rewritten(body.base, design, body.locked, body.free)
    return broken


def shortcuts(body: Body) -> dict[str, tuple[Edit, ...]]:
    """What somebody tries who does not think: nothing, throwing out, switching off."""
    named = sorted({s for rule, s in body.failing if rule in body.must_clear and body.base.find(s)})
    named = [id for id in named if id not in body.locked]
    edges = [e for e in body.base.edges if e.source in named or e.target in named]
    throw_out: list[Edit] = [Remove("edges", e.id) for e in edges]
    throw_out += [Remove("components", id) for id in named]
    retries = [e for e in body.base.edges if e.get("retries.max")]
    calm: list[Edit] = [Set("edges", e.id, "retries.max", 0) for e in retries]
    hide: list[Edit] = []
    for finding in check(body.base):
        if finding.rule in body.must_clear and fails(finding):
            hide += _forgetting(body.base, finding)
    found: dict[str, list[Edit]] = {
        "nothing changed": [],
        "what is named thrown out": [*throw_out],
        "no retries": calm,
        "what is named no longer told": list(dict.fromkeys(hide)),
    }
    return {name: tuple(applicable(body, edits)) for name, edits in found.items()}


def _forgetting(design: Design, finding: Finding) -> list[Edit]:
    """Taking out what the finding rests on, so that nobody can say that it fails."""
    edits: list[Edit] = []
    for evidence in finding.evidence:
        subject, _, path = evidence.what.partition(".")
        section = "edges" if "->" in subject else "components"
        part = design.find(subject) or next((e for e in design.edges if e.id == subject), None)
        if part is not None and path in part.attrs:
            edits.append(Drop(section, subject, path))
    return edits
