"""A table to fill in: numbers that build on one another, and choices. One slip costs once."""

from __future__ import annotations

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
from ._rows import plain_start, shuffled_choices
from ._values import RIGHT, WRONG, Answer, Choice, Exercise, Form, Mark, Raw, Row, Unanswered
from .numeric import distance

name = "table"
title = "Table"
fields = ("given", "rows", "worked")

_MOST_SHARE: Final = 0.5


@dataclass(frozen=True)
class Cell:
    """A row of the table. A number has `expression`, a choice has `options`; `follow` names the
    earlier rows whose value, as the learner has it, may be carried on."""

    id: str
    text: str
    unit: str
    weight: float
    why: str
    expression: Expression | None = None
    follow: tuple[str, ...] = ()
    relative: float = 0.0
    absolute: float = 0.0
    options: tuple[Choice, ...] = ()
    correct: str = ""
    beliefs: tuple[tuple[str, str], ...] = ()
    """(option, misconception) of a choice."""

    def accepts(self, value: float, wanted: float) -> bool:
        return abs(value - wanted) <= max(self.absolute, self.relative * abs(wanted))


@dataclass(frozen=True)
class Body:
    given: Mapping[str, float]
    cells: tuple[Cell, ...]
    worked: str

    @property
    def misconceptions(self) -> list[str]:
        return [belief for cell in self.cells for _, belief in cell.beliefs if belief]

    def values(self) -> dict[str, float]:
        """Every number of the table when nobody slips, the given ones among them."""
        known = dict(self.given)
        for cell in self.cells:
            if cell.expression:
                known[cell.id] = cell.expression.value(known)
        return known


# Reading


def validate(reader: Reader, prompt: str) -> Body | None:
    before = len(reader.found)
    given = _read_given(reader, prompt)
    cells: list[Cell] = []
    for item in reader.children("rows"):
        earlier = {cell.id for cell in cells if cell.expression}
        cells.append(_read_cell(item, set(given), earlier))
    if not 3 <= len(cells) <= 9:
        reader.problem("E001", f"{len(cells)} rows; there have to be 3 to 9.", "rows")
    ids = [cell.id for cell in cells]
    for id in sorted({id for id in ids if ids.count(id) > 1 or id in given}):
        reader.problem("E002", f"“{id}” stands twice.", "rows")
    total = sum(cell.weight for cell in cells)
    for cell in cells:
        if total and cell.weight / total > _MOST_SHARE:
            reader.problem("E001", f"“{cell.id}” has more than half of the weight.", "rows")
    worked = reader.text("worked")
    if len(reader.found) > before:
        return None
    body = Body(given, tuple(cells), worked)
    try:
        fill(worked, body.values())
        fill(prompt, body.given)
    except (Unsafe, Undefined, KeyError) as error:
        reader.problem("E202", f"{error}", "worked")
        return None
    return body


def _read_given(reader: Reader, prompt: str) -> dict[str, float]:
    holder = reader.child("given")
    if holder is None:
        return {}
    told = " ".join(places(prompt))
    given = {}
    for key in holder.node.items:
        given[key] = holder.number(key)
        if not key.isidentifier():
            holder.problem("E001", f"“{key[:40]}” cannot be a name in an expression.", key)
        elif key not in told:
            hint = f"Write {{{{ {key} }}}} where the prompt gives the number."
            holder.problem("E001", f"The prompt does not tell “{key}”.", key, hint)
    return given


def _read_cell(item: Reader, given: set[str], earlier: set[str]) -> Cell:
    kind = item.word("kind", ("numeric", "choice"), "numeric")
    id, text = item.text("id"), item.text("label")
    weight = item.number("weight", 1.0)
    why = item.text("why", required=False)
    if not id.isidentifier():
        item.problem("E001", f"“{id[:40]}” cannot be a name in an expression.", "id")
    if weight <= 0:
        item.problem("E001", "“weight” is above 0.", "weight")
    if kind == "choice":
        return _choice(item, id, text, weight, why)
    unit = item.text("unit", required=False)
    found, follow = _read_expression(item, given, earlier), item.texts("follow")
    for name in follow:
        if name not in earlier:
            item.problem("E003", f"“{name}” is not a number in an earlier row.", "follow")
    tolerance = item.child("tol")
    relative = tolerance.number("rel", 0.0) if tolerance else 0.0
    absolute = tolerance.number("abs", 0.0) if tolerance else 0.0
    if tolerance:
        tolerance.close()
    if relative < 0 or absolute < 0 or not relative + absolute:
        item.problem("E001", "“tol” needs rel, abs or both, above 0.", "tol")
    item.close()
    return Cell(id, text, unit, weight, why, found, follow, relative, absolute)


def _read_expression(item: Reader, given: set[str], earlier: set[str]) -> Expression | None:
    try:
        found = expression(item.text("expr"))
    except Unsafe as unsafe:
        item.problem("E201", str(unsafe), "expr")
        return None
    if strange := sorted(found.names - given - earlier):
        hint = "Known are the given numbers and the rows above."
        item.problem("E201", f"“{strange[0]}” is not known here.", "expr", hint)
        return None
    return found


def _choice(item: Reader, id: str, text: str, weight: float, why: str) -> Cell:
    options, correct, beliefs = [], [], []
    for option in item.children("options"):
        options.append(Choice(option.id(), option.text("text")))
        beliefs.append((options[-1].id, option.text("misconception", required=False)))
        if option.flag("correct"):
            correct.append(options[-1].id)
        option.close()
    item.close()
    if not 3 <= len(options) <= 5 or len(correct) != 1:
        item.problem("E001", "A choice has 3 to 5 options, exactly one of them right.", "options")
    return Cell(
        id,
        text,
        "",
        weight,
        why,
        options=tuple(options),
        correct=(correct or [""])[0],
        beliefs=tuple(beliefs),
    )


# The contract


def _rows(exercise: Exercise, seed: int) -> tuple[Row, ...]:
    body: Body = exercise.body
    rows = []
    for cell in body.cells:
        if cell.expression:
            rows.append(Row(cell.id, cell.text, "number", unit=cell.unit))
        else:
            order = shuffled_choices(cell.options, f"{exercise.id}:{seed}:{cell.id}")
            rows.append(Row(cell.id, cell.text, "select", order))
    return tuple(rows)


def present(exercise: Exercise, seed: int) -> Form:
    prompt = fill(exercise.prompt, exercise.body.given)
    return Form(prompt, "rows", rows=_rows(exercise, seed))


def parse(exercise: Exercise, seed: int, data: Mapping[str, Sequence[str]]) -> Answer:
    given: dict[str, float | str] = {}
    for row in _rows(exercise, seed):
        typed = (list(data.get(row.field, ())) or [""])[0].strip()
        if not typed:
            continue
        if row.kind == "number":
            value = read_number(typed, row.unit)
            if value is None:
                raise Unanswered(
                    f"“{typed[:30]}” at “{plain_start(row.text)}” is not a number that can be read."
                )
            given[row.id] = value
        elif typed in {choice.id for choice in row.choices}:
            given[row.id] = typed
        else:
            raise Unanswered("That choice is not part of this question. Choose again.")
    if not given:
        raise Unanswered("Fill in at least one row.")
    return {"rows": given}


def grade(exercise: Exercise, seed: int, answer: Answer) -> Raw:
    body: Body = exercise.body
    given: Mapping[str, float | str] = answer["rows"]
    right = body.values()
    score, marks = 0.0, []
    for cell in body.cells:
        mark = _number(cell, given, right) if cell.expression else _chosen(cell, given)
        marks.append(mark)
        score += cell.weight * (mark.case == RIGHT)
    total = sum(cell.weight for cell in body.cells)
    return Raw(score / total, tuple(marks), worked=fill(body.worked, right))


def _number(cell: Cell, given: Mapping[str, float | str], right: Mapping[str, float]) -> Mark:
    wanted = right[cell.id]
    value = given.get(cell.id)
    told = f"{show(wanted)} {cell.unit}".strip()
    if not isinstance(value, int | float):
        return Mark(cell.id, cell.text, WRONG, cell.why, wanted=told)
    said = f"{show(value)} {cell.unit}".strip()
    if cell.accepts(value, wanted):
        return Mark(cell.id, cell.text, RIGHT, cell.why, given=said, wanted=told)
    if cell.follow and _follows(cell, value, given, right):
        carried = "Right method, carried on from a number above that is not right."
        return Mark(cell.id, cell.text, RIGHT, cell.why, given=said, wanted=told, told=carried)
    off = distance(value, wanted)
    return Mark(cell.id, cell.text, WRONG, cell.why, given=said, wanted=told, told=off)


def _follows(
    cell: Cell, value: float, given: Mapping[str, float | str], right: Mapping[str, float]
) -> bool:
    """Whether the number is right for the learner's own earlier numbers."""
    assert cell.expression is not None
    own = {id: given[id] for id in cell.follow if isinstance(given.get(id), int | float)}
    if not own:
        return False
    try:
        carried = cell.expression.value({**right, **own})  # type: ignore[dict-item]
    except Undefined:
        return False
    return bool(carried) and cell.accepts(value, carried)


def _chosen(cell: Cell, given: Mapping[str, float | str]) -> Mark:
    words = {option.id: option.text for option in cell.options}
    chosen = str(given.get(cell.id, ""))
    right = chosen == cell.correct
    return Mark(
        cell.id,
        cell.text,
        RIGHT if right else WRONG,
        cell.why,
        "" if right else dict(cell.beliefs).get(chosen, ""),
        given=words.get(chosen, ""),
        wanted=words[cell.correct],
    )


def trivial(exercise: Exercise, seed: int) -> dict[str, Answer]:
    rows = _rows(exercise, seed)
    first = {row.id: row.choices[0].id for row in rows if row.kind == "select"}
    numbers = [row.id for row in rows if row.kind == "number"]
    found: dict[str, Answer] = {"nothing filled in": {"rows": {}}}
    guesses = {0.0, 1.0, *printed(present(exercise, seed).prompt)}
    for guess in sorted(guesses):
        found[f"{show(guess)} in every row"] = {"rows": {**dict.fromkeys(numbers, guess), **first}}
    return found


def key(exercise: Exercise, seed: int) -> Answer:
    body: Body = exercise.body
    right = body.values()
    return {"rows": {c.id: right[c.id] if c.expression else c.correct for c in body.cells}}


def spoiled(exercise: Exercise, seed: int) -> list[Answer]:
    full = key(exercise, seed)["rows"]
    wrong: list[Answer] = []
    for cell in exercise.body.cells:
        if cell.expression:
            away = 2 * max(cell.absolute, cell.relative * abs(full[cell.id])) + 1e-9
            wrong.append({"rows": {**full, cell.id: full[cell.id] + away}})
        else:
            others = [option.id for option in cell.options if option.id != cell.correct]
            wrong += [{"rows": {**full, cell.id: other}} for other in others]
    return wrong


def seeds(exercise: Exercise) -> int:
    return 1
