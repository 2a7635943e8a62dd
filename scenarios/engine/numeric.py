"""A number: computed from parameters that change with the seed."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ._expr import (
    Expression,
    Undefined,
    Unsafe,
    expression,
    fill,
    places,
    printed,
    read_number,
    show,
)
from ._reader import Reader
from ._values import RIGHT, WRONG, Answer, Exercise, Form, Mark, Raw, Unanswered

name = "numeric"
title = "Number"
fields = ("params", "answer", "tolerance", "plausible", "near", "worked")

TRIED: Final = 200
_MOST_VALUES: Final = 50
_MOST_NEAR: Final = 0.5


@dataclass(frozen=True)
class Near:
    """A slip that is recognised by its result."""

    expression: Expression
    credit: float
    why: str
    misconception: str


@dataclass(frozen=True)
class Body:
    params: Mapping[str, tuple[float, ...]]
    answer: Expression
    unit: str
    relative: float
    absolute: float
    low: float
    high: float
    near: tuple[Near, ...]
    worked: str

    @property
    def misconceptions(self) -> list[str]:
        return [n.misconception for n in self.near if n.misconception]

    @property
    def variants(self) -> int:
        return math.prod(len(values) for values in self.params.values())

    def tolerance(self, answer: float) -> float:
        return max(self.absolute, self.relative * abs(answer))


# Reading


def validate(reader: Reader, prompt: str) -> Body | None:
    before = len(reader.found)
    params = _read_params(reader)
    answer, unit = _read_answer(reader, set(params))
    tolerance = reader.child("tolerance")
    relative = tolerance.number("rel", 0.0) if tolerance else 0.0
    absolute = tolerance.number("abs", 0.0) if tolerance else 0.0
    if tolerance:
        tolerance.close(("rel", "abs"))
    if relative < 0 or absolute < 0 or not relative + absolute:
        reader.problem("E001", "“tolerance” needs rel, abs or both, above 0.", "tolerance")
    low, high = _read_plausible(reader)
    near = tuple(_read_near(item, set(params)) for item in reader.children("near"))
    worked = reader.text("worked")
    for field, text in (("prompt", prompt), ("worked", worked)):
        known = set(params) | ({"answer"} if field == "worked" else set())
        for place in places(text):
            _expression(reader, field, place, known)
    if len(reader.found) > before or answer is None:
        return None
    usable = tuple(n for n in near if n)
    return Body(params, answer, unit, relative, absolute, low, high, usable, worked)


def _expression(reader: Reader, key: str, text: str, names: set[str]) -> Expression | None:
    try:
        found = expression(text)
    except Unsafe as unsafe:
        reader.problem("E201", str(unsafe), key)
        return None
    if strange := sorted(found.names - names):
        known = f"Known: {', '.join(sorted(names))}." if names else "No parameters are defined."
        reader.problem("E201", f"“{strange[0]}” is not a parameter.", key, known)
        return None
    return found


def _read_params(reader: Reader) -> dict[str, tuple[float, ...]]:
    holder = reader.child("params")
    if holder is None:
        return {}
    params = {}
    for name in holder.node.items:
        if not name.isidentifier() or name == "answer":
            holder.problem("E001", f"“{name[:40]}” cannot be a parameter's name.", name)
        params[name] = _read_values(holder, name)
    return params


def _read_values(holder: Reader, name: str) -> tuple[float, ...]:
    node = holder.node.items[name]
    if not hasattr(node, "items"):
        return (holder.number(name),)
    spec = holder.child(name)
    if spec is None:
        return ()
    if "choose" in spec.node.items:
        values = tuple(_float(spec, t) for t in spec.texts("choose"))
    else:
        low, high, step = (spec.number(k) for k in ("from", "to", "step"))
        count = int((high - low) / step) + 1 if step > 0 and high >= low else 0
        values = tuple(low + i * step for i in range(min(count, _MOST_VALUES + 1)))
    spec.close(("choose", "from", "to", "step"))
    if not 1 <= len(values) <= _MOST_VALUES:
        message = f"“{name}” takes {len(values)} values; 1 to {_MOST_VALUES} are allowed."
        spec.problem("E001", message)
        return (1.0,)
    return values


def _float(reader: Reader, text: str) -> float:
    value = read_number(text)
    if value is None:
        reader.problem("E001", f"“{text[:30]}” is not a number.", "choose")
    return value if value is not None else 1.0


def _read_answer(reader: Reader, names: set[str]) -> tuple[Expression | None, str]:
    item = reader.child("answer")
    if item is None:
        reader.problem("E001", "“answer” is missing.")
        return None, ""
    text, unit = item.text("expr"), item.text("unit", required=False)
    item.close(("expr", "unit"))
    if not unit:
        item.problem("W207", "The answer has no unit.")
    return (_expression(item, "expr", text, names) if text else None), unit


def _read_plausible(reader: Reader) -> tuple[float, float]:
    bounds = [read_number(text) for text in reader.texts("plausible")]
    match bounds:
        case [float(low), float(high)] if low < high:
            return low, high
    reader.problem("E001", "“plausible” has to be a list of two numbers, low and high.")
    return 0.0, 1.0


def _read_near(item: Reader, names: set[str]) -> Near | None:
    found = _expression(item, "expr", item.text("expr"), names)
    credit = item.number("credit", 0.0)
    why = item.text("why", required=False)
    misconception = item.text("misconception", required=False)
    item.close(("expr", "credit", "why", "misconception"))
    if not why:
        item.problem("E010", "A recognised slip has no “why”.")
    if not 0 <= credit <= _MOST_NEAR:
        item.problem("E001", f"“credit” is at most {_MOST_NEAR}.", "credit")
    return Near(found, credit, why, misconception) if found else None


# Variants


def values(exercise: Exercise, seed: int) -> dict[str, float]:
    """The parameters of a seed. Neighbouring seeds differ; every combination is reached."""
    body: Body = exercise.body
    total = body.variants
    stride = max(1, int(total * 0.618))
    while math.gcd(stride, total) != 1:
        stride += 1
    index = (seed * stride + zlib.crc32(exercise.id.encode())) % total
    found = {}
    for name, choices in body.params.items():
        index, place = divmod(index, len(choices))
        found[name] = choices[place]
    return found


def seeds(exercise: Exercise) -> int:
    body: Body = exercise.body
    return min(body.variants, TRIED)


# The contract


def present(exercise: Exercise, seed: int) -> Form:
    prompt = fill(exercise.prompt, values(exercise, seed))
    return Form(prompt, "number", unit=exercise.body.unit)


def parse(exercise: Exercise, seed: int, data: Mapping[str, Sequence[str]]) -> Answer:
    typed = (list(data.get("answer", ())) or [""])[0].strip()
    if not typed:
        raise Unanswered("Enter a number.")
    value = read_number(typed, exercise.body.unit)
    if value is None:
        raise Unanswered(
            f"“{typed[:30]}” is not a number that can be read. Write it as 1200 or 0.25."
        )
    return {"typed": typed[:60], "value": value}


def grade(exercise: Exercise, seed: int, answer: Answer) -> Raw:
    body: Body = exercise.body
    names = values(exercise, seed)
    right = body.answer.value(names)
    given = answer["value"]
    echo = f"{show(given)} {body.unit}".strip()
    worked = fill(body.worked, {**names, "answer": right})
    if given is not None and abs(given - right) <= body.tolerance(right):
        return Raw(1.0, (Mark("value", echo, RIGHT, ""),), echo, worked)
    for near in body.near:
        slip = near.expression.value(names)
        if abs(given - slip) <= body.tolerance(slip):
            mark = Mark("value", echo, WRONG, near.why, near.misconception)
            return Raw(near.credit, (mark,), echo, worked)
    return Raw(0.0, (Mark("value", echo, WRONG, distance(given, right)),), echo, worked)


def distance(given: float, right: float) -> str:
    """What may be said of an unexpected number without giving the answer away."""
    if right and given and abs(math.log10(abs(given / right))) >= 1:
        return "This is off by a factor of ten or more; look at the units."
    return f"This is too {'high' if given > right else 'low'}."


def trivial(exercise: Exercise, seed: int) -> dict[str, Answer]:
    body: Body = exercise.body
    guesses = {"zero": 0.0, "one": 1.0, "the middle": (body.low + body.high) / 2}
    shown = printed(present(exercise, seed).prompt)
    guesses |= {f"the printed {show(number)}": number for number in shown}
    return {name: {"value": number} for name, number in guesses.items()}


def key(exercise: Exercise, seed: int) -> Answer:
    return {"value": exercise.body.answer.value(values(exercise, seed))}


def spoiled(exercise: Exercise, seed: int) -> list[Answer]:
    right = key(exercise, seed)["value"]
    away = 1.5 * exercise.body.tolerance(right)
    return [{"value": right + away}, {"value": right - away}]


def prove(exercise: Exercise) -> list[tuple[str, str]]:
    """What is wrong with the numbers, over all seeds tried: the first of each kind."""
    found: dict[str, str] = {}
    for seed in range(seeds(exercise)):
        names = values(exercise, seed)
        where = ", ".join(f"{n} = {show(v)}" for n, v in names.items()) or "these numbers"
        try:
            problems = _prove_one(exercise, seed, names)
        except (Undefined, Unsafe) as error:
            problems = {"E202": str(error)}
        for code, message in problems.items():
            found.setdefault(code, f"With {where}: {message}")
    return list(found.items())


def _prove_one(exercise: Exercise, seed: int, names: Mapping[str, float]) -> dict[str, str]:
    body: Body = exercise.body
    found = {}
    right = body.answer.value(names)
    tolerance = body.tolerance(right)
    fill(body.worked, {**names, "answer": right})
    if right <= 0 or not body.low <= right <= body.high:
        found["E203"] = f"the answer {show(right)} is not inside plausible."
    if 2 * tolerance > 0.05 * (body.high - body.low):
        found["E203"] = "the tolerance covers more than 5 percent of plausible."
    for number in (*printed(present(exercise, seed).prompt), 0.0, 1.0, (body.low + body.high) / 2):
        if abs(number - right) <= tolerance:
            message = f"{show(number)} is right; it is printed, 0, 1 or the middle of plausible."
            found["E204"] = message
    points = [right, *(n.expression.value(names) for n in body.near)]
    for i, one in enumerate(points):
        for other in points[i + 1 :]:
            if abs(one - other) < 3 * max(body.tolerance(one), body.tolerance(other)):
                found["E205"] = f"{show(one)} and {show(other)} are within three tolerances."
    return found
