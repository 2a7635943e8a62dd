"""Branching incident: situations, choices with consequences, and a utility of where it ends.

An incident is a graph of nodes with a small numeric state. Best, worst and the expectation of
careless policies are found by searching the whole of it, which is why it has to be small.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ._expr import Expression, Undefined, Unsafe, expression, fill, places, show
from ._incident import (
    MOST_STEPS,
    Body,
    Effect,
    Happened,
    Node,
    Option,
    Scene,
    State,
    TooLarge,
    Where,
)
from ._reader import Reader
from ._values import RIGHT, WRONG, Answer, Choice, Exercise, Form, Mark, Raw, Unanswered

name = "incident"
title = "Incident"
fields = ("state", "limits", "start", "nodes", "utility", "caps")

KINDS: Final = ("scale", "restart", "roll-back", "wait", "purge", "other")
"""What a single-minded person does everywhere; `other` is not a policy."""

_MOST_NODES: Final = 30


# Reading


def validate(reader: Reader, prompt: str) -> Body | None:
    before = len(reader.found)
    names, begin = _read_state(reader)
    limits = _read_numbers(reader, "limits", set(names))
    nodes = _read_nodes(reader, set(names))
    start = reader.text("start")
    utility = _expression(reader, "utility", reader.text("utility"), set(names))
    caps = _read_numbers(reader, "caps", set(nodes))
    if start and start not in nodes:
        reader.problem("E003", f"There is no node “{start}”.", "start")
    if len(reader.found) > before or utility is None:
        return None
    body = Body(names, begin, limits, start, nodes, utility, caps)
    _check(reader, body)
    return body if len(reader.found) == before else None


def _read_state(reader: Reader) -> tuple[tuple[str, ...], State]:
    holder = reader.child("state")
    if holder is None or not holder.node.items:
        reader.problem("E001", "“state” has to hold at least one number.", "state")
        return (), ()
    for name in holder.node.items:
        if not name.isidentifier():
            holder.problem("E001", f"“{name[:40]}” cannot be a name in an expression.", name)
    return tuple(holder.node.items), tuple(holder.number(n) for n in holder.node.items)


def _read_numbers(reader: Reader, key: str, known: set[str]) -> dict[str, float]:
    holder = reader.child(key)
    if holder is None:
        return {}
    for name in holder.node.items:
        if name not in known:
            holder.problem("E003", f"“{name[:40]}” is not known here.", name)
    return {name: holder.number(name) for name in holder.node.items}


def _read_nodes(reader: Reader, names: set[str]) -> dict[str, Node]:
    holder = reader.child("nodes")
    if holder is None:
        reader.problem("E001", "“nodes” is missing.", "nodes")
        return {}
    nodes: dict[str, Node] = {}
    for id in holder.node.items:
        item = holder.child(id)
        if item is None:
            continue
        options = tuple(_read_option(o, names) for o in item.children("choices"))
        text = item.text("text")
        ends = item.flag("end")
        item.close()
        for place in places(text):
            _expression(item, "text", place, names)
        if ends == bool(options):
            item.problem("E001", f"“{id}” has either choices or “end: true”.")
        if options and not 2 <= len(options) <= 5:
            item.problem("E001", f"“{id}” offers {len(options)} choices; 2 to 5 are good.")
        nodes[id] = Node(id, text, options)
    for node in nodes.values():
        for option in node.options:
            if option.go not in nodes:
                holder.problem("E003", f"“{option.id}” leads to “{option.go}”, which is no node.")
    ids = [o.id for node in nodes.values() for o in node.options]
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        holder.problem("E002", f"The choice “{id}” stands twice.")
    if not 3 <= len(nodes) <= _MOST_NODES:
        reader.problem("E001", f"{len(nodes)} nodes; there have to be 3 to {_MOST_NODES}.", "nodes")
    return nodes


def _read_option(item: Reader, names: set[str]) -> Option:
    found = Option(
        id=item.id(),
        text=item.text("text"),
        why=item.text("why", required=False),
        go=item.text("go"),
        effects=tuple(_read_effects(item, names)),
        most=item.whole("max", 0, 0, MOST_STEPS),
        misconception=item.text("misconception", required=False),
        kind=item.word("kind", KINDS, "other"),
    )
    item.close()
    if not found.why:
        item.problem("E010", f"Choice “{found.id}” has no “why”.")
    return found


def _read_effects(item: Reader, names: set[str]) -> Iterator[Effect]:
    holder = item.child("do")
    if holder is None:
        return
    for name in holder.node.items:
        text = holder.text(name)
        if name not in names:
            holder.problem("E003", f"“{name[:40]}” is not part of the state.", name)
        found = _expression(holder, name, text.removeprefix("="), names)
        if found:
            yield Effect(name, text.startswith(("+", "-")), found)


def _expression(reader: Reader, key: str, text: str, names: set[str]) -> Expression | None:
    try:
        found = expression(text)
    except Unsafe as unsafe:
        reader.problem("E201", str(unsafe), key)
        return None
    if strange := sorted(found.names - names):
        reader.problem("E201", f"“{strange[0]}” is not part of the state.", key)
        return None
    return found


def _check(reader: Reader, body: Body) -> None:
    try:
        worst, best = body.bounds(body.first)
        careless = body.careless
    except (TooLarge, RecursionError):
        reader.problem("E301", "There are too many ways through; end earlier, or use “max”.")
        return
    except Undefined as undefined:
        reader.problem("E202", str(undefined))
        return
    reached = {where.node for where in body._values}
    for id in sorted(set(body.nodes) - reached):
        reader.problem("E302", f"No way leads to “{id}”.", "nodes")
    if any(w.steps >= MOST_STEPS and not body.nodes[w.node].ends for w in body._values):
        reader.problem("E301", f"A way goes on for {MOST_STEPS} steps without an end.", "nodes")
    if best <= worst:
        reader.problem("E303", "Every way ends equally well.", "utility")
    elif (careless - worst) / (best - worst) > 0.5:
        reader.problem("E009", "Choosing without thought is worth more than half.", "utility")
    first = body.nodes[body.start].options
    if not any(o.misconception for o in first):
        reader.problem("W307", "No first step is tempting and wrong: none names a misconception.")


# Playing


def play(exercise: Exercise, path: Sequence[str]) -> tuple[Where, list[tuple[Where, Option]]]:
    """Where a path leads, and each step with where it was taken. Raises Unanswered."""
    body: Body = exercise.body
    where, done = body.first, []
    for id in path:
        option = next((o for o in body.offered(where) if o.id == id), None)
        if option is None or body.over(where):
            raise Unanswered("That is not possible at this point. Choose one of what is offered.")
        done.append((where, option))
        where = body.after(where, option)
    return where, done


def scene(exercise: Exercise, seed: int, path: Sequence[str]) -> Scene:
    """The situation after the choices of a path. Raises Unanswered for an impossible one."""
    body: Body = exercise.body
    where, done = play(exercise, path)
    ended = body.over(where)
    choices = [] if ended else [Choice(o.id, o.text) for o in body.offered(where)]
    order = random.Random(f"{exercise.id}:{seed}:{len(path)}")  # noqa: S311 - an order
    order.shuffle(choices)
    before = tuple(
        Happened(fill(body.nodes[w.node].text, body.known(w)), o.text, _shown(body, w))
        for w, o in done
    )
    text = fill(body.nodes[where.node].text, body.known(where))
    return Scene(text, _shown(body, where), tuple(choices), before, ended)


def _shown(body: Body, where: Where) -> tuple[tuple[str, str], ...]:
    return tuple((n.replace("_", " "), show(v)) for n, v in body.known(where).items())


# The contract


def present(exercise: Exercise, seed: int) -> Form:
    return Form(exercise.prompt, "incident", choices=scene(exercise, seed, ()).choices)


def parse(exercise: Exercise, seed: int, data: Mapping[str, Sequence[str]]) -> Answer:
    path = [str(id) for id in data.get("path", ())][:MOST_STEPS]
    where, _ = play(exercise, path)
    if not exercise.body.over(where):
        raise Unanswered("The incident is not over. Choose what to do.")
    return {"path": path}


def grade(exercise: Exercise, seed: int, answer: Answer) -> Raw:
    body: Body = exercise.body
    where, done = play(exercise, answer["path"])
    worst, best = body.bounds(body.first)
    score = (body.worth(where) - worst) / (best - worst)
    marks = []
    for number, (at, option) in enumerate(done):
        lost = body.bounds(at)[1] - body.bounds(body.after(at, option))[1]
        case = WRONG if lost > 1e-9 else RIGHT
        belief = option.misconception if case == WRONG else ""
        marks.append(Mark(f"{number}", option.text, case, option.why, belief))
    end = fill(body.nodes[where.node].text, body.known(where))
    return Raw(score, tuple(marks), echo=end)


def best_way(exercise: Exercise) -> list[tuple[str, str]]:
    """What was done and why, along a best way."""
    _, done = play(exercise, exercise.body.best(exercise.body.first))
    return [(option.text, option.why) for _, option in done]


def floor(exercise: Exercise, seed: int) -> float:
    """The raw score that careless policies may expect: random, or always the same kind."""
    body: Body = exercise.body
    worst, best = body.bounds(body.first)
    return (body.careless - worst) / (best - worst)


def trivial(exercise: Exercise, seed: int) -> dict[str, Answer]:
    return {}


def key(exercise: Exercise, seed: int) -> Answer:
    return {"path": exercise.body.best(exercise.body.first)}


def spoiled(exercise: Exercise, seed: int) -> list[Answer]:
    """The best way with one other choice in it, and from there the best that is left."""
    body: Body = exercise.body
    path = body.best(body.first)
    wrong: list[Answer] = []
    for number, id in enumerate(path):
        where, _ = play(exercise, path[:number])
        for option in body.offered(where):
            if option.id != id:
                rest = body.best(body.after(where, option))
                wrong.append({"path": [*path[:number], option.id, *rest]})
    return wrong


def seeds(exercise: Exercise) -> int:
    return 1
