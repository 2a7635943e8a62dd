"""Design repair: edit a broken design until its rules are satisfied and it still does its work.

The answer is a list of edits. What decides is the core: the text is edited, read and checked as
any design is. Gates come first (what must still work), then the share of the rules cleared, then
economy. A simulator may later join through `judge(body, edits, seed)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from design.document import MAX_COMPONENTS, Scalar, read
from design.edit import Drop, Edit, Refused, Remove, Set, apply
from design.graph import reachable
from design.model import Design
from design.rules import RULES, Finding, Severity, Verdict, check

from ._edits import NoEdit as NoEdit
from ._edits import edits_of as edits_of
from ._edits import read_edits, restore_all, stored
from ._reader import Reader
from ._values import RIGHT, WRONG, Answer, Exercise, Form, Mark, Raw, Unanswered

name = "repair"
title = "Design repair"
fields = ("model", "keep", "allow", "must_clear", "reference", "traps")

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
class Flow:
    """Something must still be able to travel from one component to another."""

    start: str
    end: str
    what: str


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
    def failing(self) -> frozenset[tuple[str, str]]:
        """(rule, subject) of what the untouched design fails."""
        return frozenset((f.rule, f.subject) for f in check(self.base) if _fails(f))

    @property
    def weight(self) -> float:
        return sum(_WEIGHT[RULES[id].severity] for id in self.must_clear)


def _fails(finding: Finding) -> bool:
    return finding.verdict in (Verdict.FAIL, Verdict.ERROR)


# Reading


def validate(reader: Reader, prompt: str) -> Body | None:
    before = len(reader.found)
    text, base = _read_model(reader)
    flows, locked = _read_keep(reader)
    kinds, most = _read_allow(reader)
    must_clear = reader.texts("must_clear")
    for id in must_clear:
        if id not in RULES:
            reader.problem("E003", f"There is no rule “{id[:20]}”.", "must_clear")
    reference = read_edits(reader, "reference")
    traps = tuple(_read_trap(item) for item in reader.children("traps"))
    if not 1 <= len(must_clear) <= 8 or not reference:
        reader.problem("E001", "One to eight rules to clear and a reference are needed.")
    if base is None or len(reader.found) > before:
        return None
    for id in (*locked, *(end for flow in flows for end in (flow.start, flow.end))):
        if base.find(id) is None:
            reader.problem("E003", f"“{id}” is not a component of the model.", "keep")
    body = Body(text, base, flows, locked, kinds, most, must_clear, reference, traps)
    if len(reader.found) == before:
        _prove(reader, body)
    return body if len(reader.found) == before else None


def _read_model(reader: Reader) -> tuple[str, Design | None]:
    node = reader.get("model")
    if not isinstance(node, Scalar):
        reader.problem("E001", "“model” has to be the text of a design, as a | block.", "model")
        return "", None
    design, problems = read(node.text)
    for problem in problems:
        where = f" (line {problem.line} of the design)" if problem.line else ""
        reader.problem("E305", f"{problem.message}{where}", "model", problem.hint)
    return node.text, design


def _read_keep(reader: Reader) -> tuple[tuple[Flow, ...], tuple[str, ...]]:
    keep = reader.child("keep")
    if keep is None:
        reader.problem("E001", "“keep” has to say what must still work.", "keep")
        return (), ()
    flows = []
    for item in keep.children("flows"):
        flows.append(Flow(item.text("from"), item.text("to"), item.text("what")))
        item.close()
    locked = keep.texts("locked")
    keep.close()
    if not flows:
        keep.problem("E001", "At least one flow has to be kept.", "flows")
    return tuple(flows), locked


def _read_allow(reader: Reader) -> tuple[tuple[str, ...], int]:
    allow = reader.child("allow")
    if allow is None:
        return (), 12
    kinds, most = allow.texts("add"), allow.whole("edits", 12, 1, 40)
    allow.close()
    return kinds, most


def _read_trap(item: Reader) -> Trap:
    trap = Trap(
        item.text("name"),
        read_edits(item, "edits"),
        item.number("at_most", 0.3),
        item.text("why", required=False),
        item.text("misconception", required=False),
    )
    item.close()
    if not trap.why or not trap.edits:
        item.problem("E010", f"Trap “{trap.name}” has edits and a “why”.")
    return trap


def _prove(reader: Reader, body: Body) -> None:
    """What must hold before anyone meets the exercise: every rule is broken, the reference mends
    it, each of its edits matters, and no trap or shortcut is worth much."""
    failed = {rule for rule, _ in body.failing}
    for id in body.must_clear:
        if id not in failed:
            reader.problem("E401", f"The model does not fail {id}.", "must_clear")
    try:
        best = judge(body, body.reference, 0)
    except Unanswered as error:
        reader.problem("E402", f"The reference does not apply: {error}", "reference")
        return
    if best.score < 0.95:
        why = "; ".join(best.broken) or ", ".join(f"{f.rule} at {f.subject}" for f in best.left)
        why = why or ", ".join(f"new {f.rule} at {f.subject}" for f in best.new)
        reader.problem("E402", f"The reference scores {best.score:.2f}: {why}.", "reference")
        return
    for number in range(len(body.reference)):
        rest = _applicable(body, [e for i, e in enumerate(body.reference) if i != number])
        if judge(body, rest, 0).score > best.score - 0.10:
            message = f"Edit {number + 1} of the reference costs nothing when it is left out."
            reader.problem("E403", message, "reference")
    for trap in body.traps:
        try:
            score = judge(body, trap.edits, 0).score
        except Unanswered as error:
            reader.problem("E404", f"Trap “{trap.name}” does not apply: {error}", "traps")
            continue
        if score > trap.at_most:
            reader.problem("E404", f"Trap “{trap.name}” scores {score:.2f}.", "traps")
    for name, edits in shortcuts(body).items():
        if judge(body, edits, 0).score > MOST_BASELINE:
            reader.problem("E009", f"“{name}” is worth more than {MOST_BASELINE:g}.", "model")


def _applicable(body: Body, edits: Sequence[Edit]) -> list[Edit]:
    """The edits without those that need one which is missing."""
    kept: list[Edit] = []
    for edit in edits:
        try:
            edited(body, [*kept, edit])
        except Unanswered:
            continue
        kept.append(edit)
    return kept


# Judging


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
    new = tuple(f for f in findings if _fails(f) and (f.rule, f.subject) not in body.failing)
    left = tuple(f for f in findings if f.rule in body.must_clear and _fails(f))
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
    for flow in body.flows:
        there = design.find(flow.start) and design.find(flow.end)
        if not there or flow.end not in reachable(design, flow.start):
            broken.append(f"{flow.what} no longer gets from {flow.start} to {flow.end}.")
    if edits > body.most:
        broken.append(f"{edits} edits are more than the {body.most} that the task allows.")
    for finding in new:
        if finding.severity.rank <= Severity.HIGH.rank:
            broken.append(f"A new fault: {finding.rule} at {finding.subject}.")
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
        if finding.rule in body.must_clear and _fails(finding):
            hide += _forgetting(body.base, finding)
    found: dict[str, list[Edit]] = {
        "nothing changed": [],
        "what is named thrown out": [*throw_out],
        "no retries": calm,
        "what is named no longer told": list(dict.fromkeys(hide)),
    }
    return {name: tuple(_applicable(body, edits)) for name, edits in found.items()}


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


# The contract


def present(exercise: Exercise, seed: int) -> Form:
    body: Body = exercise.body
    note = f"At most {body.most} edits."
    return Form(exercise.prompt, "repair", note=note)


def parse(exercise: Exercise, seed: int, data: Mapping[str, Sequence[Any]]) -> Answer:
    body: Body = exercise.body
    try:
        edits = restore_all(data.get("edits", ()))
    except NoEdit as error:
        raise Unanswered(str(error)) from error
    if not edits:
        raise Unanswered("Change something first: the design is as you found it.")
    edited(body, edits)
    return {"edits": [stored(edit) for edit in edits]}


def grade(exercise: Exercise, seed: int, answer: Answer) -> Raw:
    body: Body = exercise.body
    edits = restore_all(answer["edits"])
    found = judge(body, edits, seed)
    marks = []
    for id in body.must_clear:
        rule = RULES[id]
        where = [f for f in found.left if f.rule == id]
        told = where[0].message if where else ""
        case = RIGHT if id in found.cleared else WRONG
        marks.append(Mark(id, rule.title, case, rule.fix, told=told))
    for finding in found.new:
        text = f"New: {finding.title} at {finding.subject}"
        marks.append(
            Mark(f"new-{finding.rule}", text, WRONG, finding.message, told=finding.message)
        )
    for number, gate in enumerate(found.broken):
        marks.append(Mark(f"gate-{number}", gate, WRONG, "", told="No repair counts without this."))
    for trap in body.traps:
        if trap.edits and all(edit in edits for edit in trap.edits):
            marks.append(
                Mark(
                    f"trap-{trap.name}",
                    trap.name,
                    WRONG,
                    trap.why,
                    trap.misconception,
                    told=trap.why,
                )
            )
    return Raw(found.score, tuple(marks), echo=f"{len(found.cleared)} of {len(body.must_clear)}")


def trivial(exercise: Exercise, seed: int) -> dict[str, Answer]:
    return {
        name: {"edits": [stored(edit) for edit in edits]}
        for name, edits in shortcuts(exercise.body).items()
    }


def key(exercise: Exercise, seed: int) -> Answer:
    return {"edits": [stored(edit) for edit in exercise.body.reference]}


def spoiled(exercise: Exercise, seed: int) -> list[Answer]:
    body: Body = exercise.body
    wrong: list[Answer] = []
    for number in range(len(body.reference)):
        rest = _applicable(body, [e for i, e in enumerate(body.reference) if i != number])
        wrong.append({"edits": [stored(edit) for edit in rest]})
    return wrong


def seeds(exercise: Exercise) -> int:
    return 1
