"""Ordering: steps with their prerequisites; independent steps may swap freely."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from ._options import net
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

name = "order"
title = "Ordering"
fields = ("steps", "extras")

_FEWEST_PAIRS: Final = 3
_STARTS: Final = 60


@dataclass(frozen=True)
class Step:
    """A step, or an extra one that belongs nowhere and may name a misconception."""

    id: str
    text: str
    after: tuple[str, ...]
    why: str
    misconception: str = ""


@dataclass(frozen=True)
class Body:
    steps: tuple[Step, ...]
    """In an order that is right."""
    extras: tuple[Step, ...]

    @property
    def misconceptions(self) -> list[str]:
        return [e.misconception for e in self.extras if e.misconception]

    @property
    def every(self) -> tuple[Step, ...]:
        return self.steps + self.extras

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """(earlier, later) for everything that must hold: the transitive closure of `after`."""
        before: dict[str, set[str]] = {}
        for step in self.steps:
            direct = set(step.after)
            before[step.id] = direct.union(*(before.get(id, set()) for id in direct))
        return frozenset((one, other) for other, ones in before.items() for one in ones)

    def tau(self, order: Sequence[str]) -> float:
        """From -1 for reversed to 1 for right; a step left out counts against its pairs."""
        place = {id: i for i, id in enumerate(order)}
        signs = [
            1 if a in place and b in place and place[a] < place[b] else -1 for a, b in self.pairs
        ]
        return sum(signs) / len(signs)


def validate(reader: Reader, prompt: str) -> Body | None:
    before = len(reader.found)
    steps = [_read_step(item) for item in reader.children("steps")]
    extras = tuple(_read_extra(item) for item in reader.children("extras"))
    if not 4 <= len(steps) <= 8:
        reader.problem("E001", f"{len(steps)} steps; there have to be 4 to 8.", "steps")
    ids = [entry.id for entry in [*steps, *extras]]
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        reader.problem("E002", f"“{id}” stands twice.", "steps")
    known = {step.id for step in steps}
    for step in steps:
        for id in step.after:
            if id not in known:
                reader.problem("E003", f"“{id}” is not a step.", "steps")
    if len(reader.found) > before:
        return None
    sorted_steps = _sorted(steps)
    if sorted_steps is None:
        reader.problem("E001", "The steps wait for one another in a circle.", "steps")
        return None
    body = Body(sorted_steps, extras)
    if len(body.pairs) < _FEWEST_PAIRS:
        message = f"Only {len(body.pairs)} pairs of steps have an order; {_FEWEST_PAIRS} have to."
        reader.problem("E001", message, "steps")
        return None
    return body


def _read_step(item: Reader) -> Step:
    found = Step(
        item.id(), item.text("text"), item.texts("after"), item.text("why", required=False)
    )
    item.close()
    if found.after and not found.why:
        item.problem("E010", f"Step “{found.id}” has no “why”.")
    return found


def _read_extra(item: Reader) -> Step:
    why = item.text("why", required=False)
    found = Step(item.id(), item.text("text"), (), why, item.text("misconception", required=False))
    item.close()
    if not why:
        item.problem("E010", f"Extra “{found.id}” has no “why”.")
    return found


def _sorted(steps: Iterable[Step]) -> tuple[Step, ...] | None:
    """The steps such that each stands behind what it waits for, else as written."""
    rest, done, result = list(steps), set[str](), list[Step]()
    while rest:
        ready = next((step for step in rest if set(step.after) <= done), None)
        if ready is None:
            return None
        rest.remove(ready)
        done.add(ready.id)
        result.append(ready)
    return tuple(result)


def start(exercise: Exercise, seed: int) -> list[str]:
    """The order that the page begins with. Sent unchanged it is worth nothing."""
    body: Body = exercise.body
    ids = [entry.id for entry in body.every]
    chance = random.Random(f"{exercise.id}:{seed}")  # noqa: S311 - an order, not a secret
    for _ in range(_STARTS):
        chance.shuffle(ids)
        if body.tau(ids) <= 0:
            return ids
    return [entry.id for entry in (*reversed(body.steps), *body.extras)]


def moved(order: Sequence[str], act: str, id: str) -> list[str]:
    """The order after one button: up, down, out or in (back, at the end)."""
    found = [one for one in order if one != id]
    if act == "out" or (act != "in" and id not in order):
        return found
    if act == "in":
        return [*found, id]
    place = list(order).index(id) + (1 if act == "down" else -1)
    found.insert(max(0, place), id)
    return found


def present(exercise: Exercise, seed: int) -> Form:
    body: Body = exercise.body
    words = {entry.id: entry.text for entry in body.every}
    choices = tuple(Choice(id, words[id]) for id in start(exercise, seed))
    note = "Leave out what does not belong." if body.extras else ""
    return Form(exercise.prompt, "order", choices, note=note)


def parse(exercise: Exercise, seed: int, data: Mapping[str, Sequence[str]]) -> Answer:
    body: Body = exercise.body
    order = list(dict.fromkeys(data.get("answer", ())))
    known = {entry.id for entry in body.every}
    if any(id not in known for id in order):
        raise Unanswered("That step is not part of this question. Load the page again.")
    if len(order) < 2:
        raise Unanswered("Keep at least two steps, and put them in order.")
    return {"order": order}


def grade(exercise: Exercise, seed: int, answer: Answer) -> Raw:
    body: Body = exercise.body
    order: list[str] = answer["order"]
    given = set(order)
    kept = sum(step.id in given for step in body.steps)
    extra = sum(e.id in given for e in body.extras)
    share = net(kept, extra, len(body.steps), len(body.extras)) if body.extras else 1.0
    score = max(0.0, body.tau(order)) * share
    return Raw(score, tuple(_marks(body, order)))


def _marks(body: Body, order: Sequence[str]) -> Iterable[Mark]:
    """The first step that stands too early or is missing is named; extras get their own marks."""
    place = {id: i for i, id in enumerate(order)}
    broken = False
    for step in body.steps:
        late = [id for id in step.after if place.get(id, len(order)) > place.get(step.id, -1)]
        if step.id not in place:
            yield Mark(step.id, step.text, MISSED, step.why or "This step is needed.")
        elif late and not broken:
            broken = True
            first = next(s for s in body.steps if s.id == late[0])
            why = f"This comes too early: first “{first.text}”. {step.why}"
            yield Mark(step.id, step.text, WRONG, why)
        else:
            yield Mark(step.id, step.text, LEFT if late else RIGHT, step.why)
    for extra in body.extras:
        case = WRONG if extra.id in place else LEFT
        belief = extra.misconception if case == WRONG else ""
        yield Mark(extra.id, extra.text, case, extra.why, belief)


def trivial(exercise: Exercise, seed: int) -> dict[str, Answer]:
    full = [step.id for step in exercise.body.steps]
    return {
        "the order as shown": {"order": start(exercise, seed)},
        "reversed": {"order": full[::-1]},
    }


def key(exercise: Exercise, seed: int) -> Answer:
    return {"order": [step.id for step in exercise.body.steps]}


def spoiled(exercise: Exercise, seed: int) -> list[Answer]:
    body: Body = exercise.body
    full = [step.id for step in body.steps]
    wrong = []
    for one, other in pairwise(full):
        if (one, other) in body.pairs:
            i = full.index(one)
            wrong.append([*full[:i], other, one, *full[i + 2 :]])
    wrong += [[id for id in full if id != left] for left in full]
    wrong += [[*full, extra.id] for extra in body.extras]
    return [{"order": order} for order in wrong]


def seeds(exercise: Exercise) -> int:
    return 1
