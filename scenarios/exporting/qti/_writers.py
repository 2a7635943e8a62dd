"""What each type of exercise is in QTI: a function per interaction, each with what it loses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from scenarios import engine
from scenarios.engine import TYPES, Exercise, numeric
from scenarios.exporting.markup import into, plain
from scenarios.exporting.qti._item import RESPONSE, Item, NotExportable, base_value, digits, prompt


def _choice(made: Item) -> str:
    exercise, form = made.exercise, made.form
    several = form.kind == "checkbox"
    key = TYPES[exercise.type].key(exercise, 0)["chosen"]
    kind = "multiple" if several else "single"
    declaration = made.declare(RESPONSE, kind, "identifier", key)
    made.map(declaration, _worth(exercise, several))
    if exercise.type == "hotspot":
        _stimulus(made)
    most = 0 if several and exercise.type == "multi" else len(key)
    attributes = {
        "response-identifier": RESPONSE,
        "max-choices": str(most),
        "min-choices": "1",
        "shuffle": "false" if exercise.type == "hotspot" else "true",
    }
    interaction = SubElement(made.body, "qti-choice-interaction", attributes)
    prompt(interaction, form.note or ("Choose all that apply." if several else "Choose one."))
    for choice in form.choices:
        option = SubElement(interaction, "qti-simple-choice", {"identifier": choice.id})
        plain(option, f"{choice.text} ({choice.detail})" if choice.detail else choice.text)
    return "The design is told in words, without its drawing." if exercise.type == "hotspot" else ""


def _worth(exercise: Exercise, several: bool) -> dict[str, float]:
    """Raw points of each option: hits by their number, false ones taken off by theirs."""
    grade, form = TYPES[exercise.type].grade, engine.present(exercise, 0)
    ids = [choice.id for choice in form.choices]
    if not several:
        return {id: grade(exercise, 0, {"chosen": [id]}).score for id in ids}
    right = set(TYPES[exercise.type].key(exercise, 0)["chosen"])
    wrong = len(ids) - len(right)
    return {id: 1 / len(right) if id in right else -1 / wrong for id in ids}


def _stimulus(made: Item) -> None:
    design = made.exercise.body.design
    listed = SubElement(SubElement(made.body, "div"), "ul")
    for edge in design.edges:
        SubElement(listed, "li").text = f"{edge.source} → {edge.target} ({edge.kind})"


def _order(made: Item) -> str:
    exercise = made.exercise
    key = TYPES[exercise.type].key(exercise, 0)["order"]
    if not _only_order(exercise, key):
        raise NotExportable("Several orders are right; QTI compares with one.")
    made.declare(RESPONSE, "ordered", "identifier", key)
    attributes = {"response-identifier": RESPONSE, "shuffle": "true"}
    if len(key) < len(made.form.choices):
        attributes |= {"min-choices": str(2), "max-choices": str(len(made.form.choices))}
    interaction = SubElement(made.body, "qti-order-interaction", attributes)
    prompt(interaction, made.form.note or "Put them in order.")
    for choice in made.form.choices:
        plain(SubElement(interaction, "qti-simple-choice", {"identifier": choice.id}), choice.text)
    template = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"
    made.processing.set("template", template)
    return "All or nothing: the site also gives part of the points for pairs in order."


def _only_order(exercise: Exercise, key: list[str]) -> bool:
    """Whether swapping any two neighbours costs something, so that one order alone is right."""
    for place in range(len(key) - 1):
        swapped = [*key[:place], key[place + 1], key[place], *key[place + 2 :]]
        if TYPES[exercise.type].grade(exercise, 0, {"order": swapped}).score >= 1:
            return False
    return True


def _match(made: Item) -> str:
    exercise, form = made.exercise, made.form
    key = TYPES[exercise.type].key(exercise, 0)["rows"]
    pairs = [f"{row} {choice}" for row, choice in key.items()]
    declaration = made.declare(RESPONSE, "multiple", "directedPair", pairs)
    made.map(declaration, _pairs(exercise))
    ends = {choice.id: choice.text for row in form.rows for choice in row.choices}
    attributes = {
        "response-identifier": RESPONSE,
        "max-associations": str(len(form.rows)),
        "shuffle": "true",
    }
    interaction = SubElement(made.body, "qti-match-interaction", attributes)
    prompt(interaction, form.note or "Match each row.")
    rows = {row.id: row.text for row in form.rows}
    for texts, most in ((rows, 1), (ends, len(form.rows))):
        group = SubElement(interaction, "qti-simple-match-set")
        for id, text in texts.items():
            place = {"identifier": id, "match-max": str(most)}
            plain(SubElement(group, "qti-simple-associable-choice", place), text)
    return ""


def _pairs(exercise: Exercise) -> dict[str, float]:
    """What each pair adds to the raw score: that of the key with the pair in place of its row,
    less that of the key with nothing there."""
    kind = TYPES[exercise.type]
    key = dict(kind.key(exercise, 0)["rows"])

    def raw(row: str, choice: str) -> float:
        return kind.grade(exercise, 0, {"rows": {**key, row: choice}}).score

    found: dict[str, float] = {}
    for row in engine.present(exercise, 0).rows:
        nothing = raw(row.id, "")
        for choice in row.choices:
            worth = raw(row.id, choice.id) - nothing
            if worth > 1e-9:
                found[f"{row.id} {choice.id}"] = worth
    return found


def _numeric(made: Item) -> str:
    exercise, body = made.exercise, made.exercise.body
    names = numeric.values(exercise, 0)
    right = body.answer.value(names)
    made.declare(RESPONSE, "single", "float", [digits(right)])
    _entry(made, RESPONSE, body.unit)
    cases = [(right, 1.0)]
    floor = engine.baseline(exercise, 0)
    for near in body.near:
        worth = engine.normalised(near.credit, floor)
        if worth > 0:
            cases.append((near.expression.value(names), worth))
    _conditions(made, RESPONSE, [(value, body.tolerance(value), worth) for value, worth in cases])
    count = body.variants
    return f"One of {count} variants of the numbers." if count > 1 else ""


def _entry(made: Item, id: str, unit: str, label: str = "") -> None:
    line = SubElement(made.body, "p")
    line.text = f"{label} " if label else ""
    attributes = {"response-identifier": id, "expected-length": "12"}
    entry = SubElement(line, "qti-text-entry-interaction", attributes)
    entry.tail = f" {unit}" if unit else ""


def _conditions(made: Item, id: str, cases: list[tuple[float, float, float]]) -> None:
    """Sets SCORE by the first value that the response is close enough to."""
    condition = SubElement(made.processing, "qti-response-condition")
    for number, (value, tolerance, worth) in enumerate(cases):
        name = "qti-response-if" if number == 0 else "qti-response-else-if"
        branch = SubElement(condition, name)
        _equal(branch, id, value, tolerance)
        outcome = SubElement(branch, "qti-set-outcome-value", {"identifier": "SCORE"})
        base_value(outcome, worth)


def _equal(branch: Element, id: str, value: float, tolerance: float) -> None:
    width = digits(tolerance)
    bounds = {"tolerance-mode": "absolute", "tolerance": f"{width} {width}"}
    equal = SubElement(branch, "qti-equal", bounds)
    SubElement(equal, "qti-variable", {"identifier": id})
    base_value(equal, value)


def _table(made: Item) -> str:
    body = made.exercise.body
    right = body.values()
    total = sum(cell.weight for cell in body.cells)
    for cell in body.cells:
        id = f"{RESPONSE}_{cell.id.replace('-', '_')}"
        if cell.expression:
            value = right[cell.id]
            made.declare(id, "single", "float", [digits(value)])
            _entry(made, id, cell.unit, f"{cell.text}:")
        else:
            made.declare(id, "single", "identifier", [cell.correct])
            line = SubElement(made.body, "p")
            line.text = f"{cell.text}: "
            choices = SubElement(
                line,
                "qti-inline-choice-interaction",
                {"response-identifier": id, "shuffle": "true"},
            )
            for option in cell.options:
                place = {"identifier": option.id}
                SubElement(choices, "qti-inline-choice", place).text = option.text
        branch = SubElement(
            SubElement(made.processing, "qti-response-condition"), "qti-response-if"
        )
        if cell.expression:
            tolerance = max(cell.absolute, cell.relative * abs(right[cell.id]))
            _equal(branch, id, right[cell.id], tolerance)
        else:
            match = SubElement(branch, "qti-match")
            SubElement(match, "qti-variable", {"identifier": id})
            SubElement(match, "qti-correct", {"identifier": id})
        outcome = SubElement(branch, "qti-set-outcome-value", {"identifier": "SCORE"})
        added = SubElement(outcome, "qti-sum")
        SubElement(added, "qti-variable", {"identifier": "SCORE"})
        base_value(added, cell.weight / total)
    made.normalise("qti-variable", "SCORE")
    return "A slip that is carried on costs again: there is no follow-through."


def _essay(made: Item) -> str:
    body = made.exercise.body
    made.external = True
    made.declare(RESPONSE, "single", "string", [])
    attributes = {"response-identifier": RESPONSE, "expected-length": str(7 * body.most)}
    interaction = SubElement(made.body, "qti-extended-text-interaction", attributes)
    prompt(interaction, made.form.note)
    rubric = SubElement(made.body, "qti-rubric-block", {"use": "scoring", "view": "scorer"})
    inside = SubElement(rubric, "qti-content-body")
    for criterion in body.rubric:
        SubElement(inside, "p").text = f"{criterion.text}: {' / '.join(criterion.levels)}"
    into(inside, body.model_answer)
    return "Scored by a person, with the rubric; the site lets the author rate it."


WRITERS: Final[Mapping[str, Callable[[Item], str]]] = {
    "single": _choice,
    "multi": _choice,
    "hotspot": _choice,
    "order": _order,
    "match": _match,
    "categorise": _match,
    "numeric": _numeric,
    "table": _table,
    "essay": _essay,
}
