"""The proofs of a repair, and the table that its author reads: what each list of edits is worth."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from design.edit import Add, Edit, Remove, Set
from design.kinds import COMPONENT_KINDS

from ._flows import Flow
from ._reader import Reader
from ._repair import MOST_BASELINE, Body, applicable, judge, shortcuts
from ._values import Unanswered

LEAST_BEST: Final = 0.95
LEAST_LOSS: Final = 0.10
"""What leaving out any edit of the reference has to cost."""
WALKS: Final = 200
MOST_BY_CHANCE: Final = 0.15


def prove(reader: Reader, body: Body) -> None:
    """What must hold before anyone meets the exercise: every rule is broken, the reference mends
    it, each of its edits matters, and no trap or shortcut is worth much."""
    failed = {rule for rule, _ in body.failing}
    for id in body.must_clear:
        if id not in failed:
            reader.problem("E402", f"The model does not fail {id}.", "must_clear")
    for flow in body.flows:
        if not _can_be_cut(body, flow):
            reader.problem("E406", f"“{flow.what}” is no flow that can be cut.", "keep")
    try:
        best = judge(body, body.reference, 0)
    except Unanswered as error:
        reader.problem("E401", f"The reference does not apply: {error}", "reference")
        return
    if len(body.reference) > body.most:
        message = f"The reference has {len(body.reference)} edits, {body.most} are allowed."
        reader.problem("E405", message, "allow")
        return
    if best.score < LEAST_BEST:
        why = "; ".join(best.broken) or ", ".join(f"{f.rule} at {f.subject}" for f in best.left)
        why = why or ", ".join(f"new {f.rule} at {f.subject}" for f in best.new)
        reader.problem("E401", f"The reference scores {best.score:.2f}: {why}.", "reference")
        return
    for number, rest in enumerate(without_each(body)):
        if judge(body, rest, 0).score > best.score - LEAST_LOSS:
            message = f"Edit {number + 1} of the reference costs nothing when it is left out."
            reader.problem("E403", message, "reference")
    _prove_traps(reader, body)


def _prove_traps(reader: Reader, body: Body) -> None:
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


def _can_be_cut(body: Body, flow: Flow) -> bool:
    """Whether the gate notices when everything that leads to the end of a flow is taken away."""
    cut = [Remove("edges", e.id) for e in body.base.edges if e.target == flow.end]
    return bool(cut) and any(flow.what in gate for gate in judge(body, cut, 0).broken)


def without_each(body: Body) -> list[list[Edit]]:
    """The reference with each of its edits left out in turn, and what needs that edit."""
    every = list(enumerate(body.reference))
    return [applicable(body, [e for i, e in every if i != gone]) for gone, _ in every]


# What chance earns


def legal(body: Body, chance: random.Random) -> list[Edit]:
    """A list of edits that somebody might make who only tries buttons."""
    base, edits = body.base, list[Edit]()
    for number in range(chance.randint(1, 5)):
        component, edge = chance.choice(base.components), chance.choice(base.edges)
        kind = chance.choice(list(body.kinds or COMPONENT_KINDS))
        tried: list[Edit] = [
            Set("components", component.id, "timeout_s", chance.choice([1, 60, 900])),
            Set("components", component.id, "concurrency.max", chance.choice([1, 1000])),
            Set("edges", edge.id, "retries.max", chance.choice([0, 9])),
            Remove("edges", edge.id),
            Add("components", f"extra-{number}", {"kind": kind}),
        ]
        edits.append(chance.choice(tried))
    return applicable(body, edits)


def by_chance(body: Body, walks: int = WALKS, seed: int = 7) -> float:
    """The mean score of random legal lists of edits, 0 to 1, before normalising."""
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    return sum(judge(body, legal(body, chance), 0).score for _ in range(walks)) / walks


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the author's table. `holds` says whether the score is on the right side of
    `limit`."""

    what: str
    edits: int
    score: float
    limit: str
    holds: bool


def table(body: Body, walks: int = WALKS) -> list[Line]:
    """What the reference, its parts, the traps, the shortcuts and chance are worth."""
    best = judge(body, body.reference, 0).score
    lines = [_line("reference", body.reference, best, f">= {LEAST_BEST:g}", best >= LEAST_BEST)]
    for number, rest in enumerate(without_each(body), 1):
        score, most = judge(body, rest, 0).score, best - LEAST_LOSS
        lines.append(_line(f"without edit {number}", rest, score, f"<= {most:.2f}", score <= most))
    for trap in body.traps:
        score, most = judge(body, trap.edits, 0).score, trap.at_most
        name = f"trap: {trap.name}"
        lines.append(_line(name, trap.edits, score, f"<= {most:g}", score <= most))
    for name, edits in shortcuts(body).items():
        score, most = judge(body, edits, 0).score, MOST_BASELINE
        lines.append(_line(name, edits, score, f"<= {most:g}", score <= most))
    mean = by_chance(body, walks)
    told = f"{walks} random lists, mean"
    lines.append(_line(told, (), mean, f"<= {MOST_BY_CHANCE:g}", mean <= MOST_BY_CHANCE))
    return lines


def _line(what: str, edits: Sequence[Edit], score: float, limit: str, holds: bool) -> Line:
    return Line(what, len(edits), score, limit, holds)
