"""Design repair: edit a broken design until its rules are satisfied and it still does its work.

The answer is a list of edits. What decides is the core: see `_repair`. A simulator may later join
through `judge(body, edits, seed)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from design.document import Scalar, read
from design.model import Design
from design.rules import RULES

from ._edits import NoEdit as NoEdit
from ._edits import edits_of as edits_of
from ._edits import read_edits
from ._edits import restore_all as restore_all
from ._edits import stored as stored
from ._flows import Flow
from ._harness import prove, without_each
from ._reader import Reader
from ._repair import GATE_CAP as GATE_CAP
from ._repair import Body, Trap, judge, shortcuts
from ._repair import Judgement as Judgement
from ._repair import edited as edited
from ._repair import fails as fails
from ._values import RIGHT, WRONG, Answer, Exercise, Form, Mark, Raw, Unanswered

name = "repair"
title = "Design repair"
fields = ("model", "keep", "allow", "must_clear", "reference", "traps")


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
    carried = {flow.carries for flow in flows if flow.carries}
    for name in sorted(carried - {item.id for item in base.data}):
        reader.problem("E003", f"“{name}” is not a data item of the model.", "keep")
    body = Body(text, base, flows, locked, kinds, most, must_clear, reference, traps)
    if len(reader.found) == before and not reader.proved:
        prove(reader, body)
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
        ways = item.text("from"), item.text("to"), item.text("what")
        carries = item.text("carries", required=False)
        flows.append(Flow(*ways, carries, item.whole("times", 1, 1, 100_000), item.flag("waits")))
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
    mended = len(found.cleared) == len(body.must_clear) and not found.broken
    for trap in body.traps:
        # What is half of a repair is a trap only for whoever stops there.
        if not mended and trap.edits and all(edit in edits for edit in trap.edits):
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
    return [{"edits": [stored(e) for e in rest]} for rest in without_each(exercise.body)]


def seeds(exercise: Exercise) -> int:
    return 1
