"""Hot-spot: point at the component or edge of a design that causes what the case tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import Final

from design.document import Scalar, read
from design.kinds import STORES
from design.model import Design
from design.rules import RULES, Finding, Verdict, check

from ._options import chosen, net, plain
from ._reader import Reader
from ._values import (
    LEFT,
    MISSED,
    RIGHT,
    WRONG,
    Answer,
    Choice,
    Exercise,
    Form,
    Mark,
    Raw,
    Unanswered,
)

name = "hotspot"
title = "Hot-spot"
fields = ("diagram", "pick", "targets", "others_why", "edges", "proved_by")

_FEWEST: Final = 5
_MOST_CREDIT: Final = 0.4
_MOST_BY_CHANCE: Final = 0.25


@dataclass(frozen=True)
class Target:
    id: str
    cause: bool
    credit: float
    why: str
    misconception: str


@dataclass(frozen=True)
class Body:
    design: Design
    text: str
    """The design as it is written, for whoever wants to read a setting."""
    candidates: tuple[Choice, ...]
    """In reading order: id, title, kind in words."""
    targets: Mapping[str, Target]
    pick: int
    others_why: str
    proved_by: tuple[str, ...] = ()
    """Rules whose findings are the key: each fails at causes only, and every cause fails one."""

    @property
    def misconceptions(self) -> list[str]:
        return [t.misconception for t in self.targets.values() if t.misconception]

    @property
    def causes(self) -> list[str]:
        return [t.id for t in self.targets.values() if t.cause]


# Reading


def validate(reader: Reader, prompt: str) -> Body | None:
    before = len(reader.found)
    design, text = _read_design(reader)
    pick = reader.whole("pick", 1, 1, 4)
    others_why = reader.text("others_why")
    with_edges = reader.flag("edges")
    proved_by = reader.texts("proved_by")
    targets: dict[str, Target] = {}
    if design is None:
        reader.get("targets")
        return None
    candidates = _candidates(design, with_edges)
    known = {c.id for c in candidates}
    for item in reader.children("targets"):
        target = _read_target(item)
        if target.id not in known:
            item.problem("E305", f"“{target.id}” is not among the candidates.", "node")
        if target.id in targets:
            item.problem("E002", f"“{target.id}” is a target twice.", "node")
        targets[target.id] = target
    body = Body(design, text, candidates, targets, pick, others_why, proved_by)
    _check(reader, body, prompt)
    if not reader.proved:
        _compare(reader, body)
    return body if len(reader.found) == before else None


def _read_design(reader: Reader) -> tuple[Design | None, str]:
    node = reader.get("diagram")
    if not isinstance(node, Scalar):
        reader.problem("E001", "“diagram” has to be the text of a design, as a | block.", "diagram")
        return None, ""
    design, problems = read(node.text)
    for problem in problems:
        where = f" (line {problem.line} of the design)" if problem.line else ""
        reader.problem("E305", f"{problem.message}{where}", "diagram", problem.hint)
    return design, node.text


def _read_target(item: Reader) -> Target:
    role = item.word("role", ("cause", "symptom"))
    target = Target(
        id=item.text("node"),
        cause=role == "cause",
        credit=item.number("credit", 0.0),
        why=item.text("why", required=False),
        misconception=item.text("misconception", required=False),
    )
    item.close(("node", "role", "credit", "why", "misconception"))
    if not target.why:
        item.problem("E010", f"Target “{target.id}” has no “why”.")
    most = 0 if target.cause else _MOST_CREDIT
    if not 0 <= target.credit <= most:
        item.problem("E001", f"“credit” is at most {most:g} on a {role}.", "credit")
    return target


def _check(reader: Reader, body: Body, prompt: str) -> None:
    count, causes = len(body.candidates), len(body.causes)
    symptoms = len(body.targets) - causes
    if count < _FEWEST:
        reader.problem("E001", f"{count} candidates; at least {_FEWEST} are needed.", "diagram")
    if causes != body.pick:
        message = f"{causes} causes, but {body.pick} to pick."
        reader.problem("E001", message, "targets")
        return
    if symptoms * 3 > count:
        reader.problem("E001", "More than a third of the parts are symptoms.", "targets")
    if count > causes and _by_chance(body) > _MOST_BY_CHANCE:
        reader.problem("E009", "Pointing at random scores above 0.25.", "targets")
    told = f" {plain(prompt)} {plain(body.design.title)} "
    for candidate in body.candidates:
        names = {plain(candidate.id), plain(candidate.text)}
        if candidate.id in body.causes and any(f" {n} " in told for n in names if n):
            message = f"The prompt or the title names the answer, “{candidate.id}”."
            reader.problem("E306", message, "prompt")


def _compare(reader: Reader, body: Body) -> None:
    """What the rules of `proved_by` find has to be the key, no more and no less. A finding at an
    edge is one at the edge or at either of its ends, one at a cycle at each of its members, and
    one about the whole design at each part that its evidence names."""
    unmet = set(body.causes) if body.proved_by else set()
    found = check(body.design) if body.proved_by else ()
    ends = {e.id: {e.id, e.source, e.target} for e in body.design.edges}
    for rule in body.proved_by:
        if rule not in RULES:
            reader.problem("E003", f"There is no rule “{rule[:20]}”.", "proved_by")
            continue
        here = [f for f in found if f.rule == rule]
        if all(f.verdict is not Verdict.FAIL for f in here):
            reader.problem("E308", f"The design does not fail {rule}.", "proved_by")
        for finding in here:
            at = _places(body.design, ends, finding) & set(body.causes)
            if finding.verdict is Verdict.FAIL:
                unmet -= at
            if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR) and not at:
                message = f"{rule} is {finding.verdict.value} at {finding.subject}, not in the key."
                reader.problem("E308", message, "proved_by")
    for cause in sorted(unmet):
        reader.problem("E308", f"None of the rules finds “{cause}”.", "proved_by")


def _places(design: Design, ends: Mapping[str, set[str]], finding: Finding) -> set[str]:
    if finding.subject != "design":
        return ends.get(finding.subject) or {finding.subject, *finding.subject.split("+")}
    named = {evidence.what.partition(".")[0] for evidence in finding.evidence}
    held = {c.id for c in design.of_kind(*STORES) if named & set(c.get("holds") or ())}
    return named | held


def _by_chance(body: Body) -> float:
    """The score to expect from picking at random."""
    count, pick = len(body.candidates), body.pick
    if pick == 1:
        return sum(1.0 if t.cause else t.credit for t in body.targets.values()) / count
    wrong = count - pick
    ways = (
        comb(pick, hits) * comb(wrong, pick - hits) * net(hits, pick - hits, pick, wrong)
        for hits in range(pick + 1)
    )
    return sum(ways) / comb(count, pick)


def _candidates(design: Design, with_edges: bool) -> tuple[Choice, ...]:
    order = reading_order(design)
    found = [Choice(c, design.component(c).title, _words(design.component(c).kind)) for c in order]
    if with_edges:
        place = {id: i for i, id in enumerate(order)}
        edges = sorted(design.edges, key=lambda e: (place[e.source], place[e.target], e.id))
        found += [
            Choice(
                e.id,
                f"{design.component(e.source).title} to {design.component(e.target).title}",
                f"link, {_words(e.kind)}",
            )
            for e in edges
        ]
    return tuple(found)


def reading_order(design: Design) -> list[str]:
    """Components from where things start to where they end, each step by id."""
    waiting = sorted(c.id for c in design.components if not design.in_edges(c.id))
    order: list[str] = []
    rest = sorted(c.id for c in design.components)
    while waiting or len(order) < len(rest):
        here = waiting.pop(0) if waiting else next(id for id in rest if id not in order)
        if here in order:
            continue
        order.append(here)
        waiting += sorted(e.target for e in design.out_edges(here) if e.target not in order)
    return order


def _words(kind: str) -> str:
    return kind.replace("_", " ")


# The contract


def present(exercise: Exercise, seed: int) -> Form:
    body: Body = exercise.body
    kind = "radio" if body.pick == 1 else "checkbox"
    note = "" if body.pick == 1 else f"Choose {body.pick}."
    return Form(exercise.prompt, kind, body.candidates, note=note)


def parse(exercise: Exercise, seed: int, data: Mapping[str, Sequence[str]]) -> Answer:
    body: Body = exercise.body
    ids = chosen(data, {c.id for c in body.candidates})
    if len(ids) != body.pick:
        raise Unanswered("Choose one part." if body.pick == 1 else f"Choose {body.pick} parts.")
    return {"chosen": sorted(ids)}


def grade(exercise: Exercise, seed: int, answer: Answer) -> Raw:
    body: Body = exercise.body
    given = set(answer["chosen"])
    causes = set(body.causes)
    if body.pick == 1:
        target = body.targets.get(next(iter(given)))
        score = 0.0 if target is None else 1.0 if target.cause else target.credit
    else:
        wrong = len(body.candidates) - len(causes)
        score = net(len(given & causes), len(given - causes), len(causes), wrong)
    return Raw(score, tuple(_mark(body, choice, given) for choice in body.candidates))


def _mark(body: Body, choice: Choice, given: set[str]) -> Mark:
    target = body.targets.get(choice.id)
    cause = target is not None and target.cause
    cases = {(True, True): RIGHT, (True, False): WRONG, (False, True): MISSED}
    case = cases.get((choice.id in given, cause), LEFT)
    why = target.why if target else body.others_why
    return Mark(choice.id, choice.text, case, why, target.misconception if target else "")


def trivial(exercise: Exercise, seed: int) -> dict[str, Answer]:
    """The list is not shuffled, so its ends are what a hurried person picks."""
    body: Body = exercise.body
    ids = [c.id for c in body.candidates]
    return {
        "first of the list": {"chosen": ids[: body.pick]},
        "last of the list": {"chosen": ids[-body.pick :]},
    }


def key(exercise: Exercise, seed: int) -> Answer:
    return {"chosen": exercise.body.causes}


def spoiled(exercise: Exercise, seed: int) -> list[Answer]:
    causes = exercise.body.causes
    others = [c.id for c in exercise.body.candidates if c.id not in causes]
    return [
        {"chosen": [*(c for c in causes if c != gone), other]}
        for gone in causes
        for other in others
    ]


def seeds(exercise: Exercise) -> int:
    return 1
