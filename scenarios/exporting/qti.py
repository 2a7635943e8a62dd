"""Exercises as QTI 3 items in a package, with a report of what could not be carried over.

Scores are the site's own: the mapping of a response minus what thoughtless answers are worth. Where
an item can only say less than the site does (one variant of the numbers, no follow-through), its
rubric for scorers says so, and so does the report.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from xml.etree.ElementTree import Comment, Element, SubElement, indent, tostring

from scenarios import engine
from scenarios.engine import TYPES, Exercise, numeric
from scenarios.exporting.markup import into, plain

ITEM: Final = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE: Final = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
RESPONSE: Final = "RESPONSE"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The same exercises give the same bytes."""


class NotExportable(Exception):
    """The exercise says something that QTI cannot; the message says what."""


@dataclass(frozen=True)
class Package:
    """`files` by path, `items` that were written, `skipped` with the reason."""

    files: Mapping[str, bytes]
    items: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]

    def zipped(self) -> bytes:
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in sorted(self.files.items()):
                archive.writestr(zipfile.ZipInfo(path, _EPOCH), data, zipfile.ZIP_DEFLATED)
        return out.getvalue()


def package(exercises: Iterable[Exercise], title: str) -> Package:
    """A content package with a manifest, the items and a report in plain text."""
    files: dict[str, bytes] = {}
    notes: list[tuple[str, str]] = []
    skipped: list[tuple[str, str]] = []
    for exercise in sorted(exercises, key=lambda e: e.id):
        try:
            found, note = item(exercise)
        except NotExportable as error:
            skipped.append((exercise.id, str(error)))
            continue
        files[f"items/{exercise.id}.xml"] = _bytes(found)
        if note:
            notes.append((exercise.id, note))
    ids = tuple(path.removeprefix("items/").removesuffix(".xml") for path in files)
    files["imsmanifest.xml"] = _bytes(_manifest(ids, title))
    files["report.txt"] = _report(ids, notes, skipped).encode()
    return Package(files, ids, tuple(skipped))


def _report(
    ids: tuple[str, ...], notes: list[tuple[str, str]], skipped: list[tuple[str, str]]
) -> str:
    lines = [f"{len(ids)} items exported, {len(skipped)} left out.", ""]
    lines += [f"left out  {id}: {why}" for id, why in skipped]
    lines += [f"differs   {id}: {note}" for id, note in notes]
    return "\n".join(lines) + "\n"


def _bytes(root: Element) -> bytes:
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"


def _manifest(ids: tuple[str, ...], title: str) -> Element:
    root = Element("manifest", {"xmlns": PACKAGE, "identifier": "warmstart-practice"})
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "QTI Package"
    SubElement(metadata, "schemaversion").text = "3.0.0"
    root.append(_comment(title))
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    for id in ids:
        place = {"identifier": id, "type": "imsqti_item_xmlv3p0", "href": f"items/{id}.xml"}
        SubElement(SubElement(resources, "resource", place), "file", {"href": place["href"]})
    return root


def _comment(text: str) -> Any:
    return Comment(f" {text.replace('--', '')} ")


# One item


def item(exercise: Exercise) -> tuple[Element, str]:
    """The item and a note of what it says less. Raises NotExportable."""
    write = _WRITERS.get(exercise.type)
    if write is None:
        title = TYPES[exercise.type].title.lower()
        raise NotExportable(f"QTI has no interaction for {title}.")
    root = Element(
        "qti-assessment-item",
        {
            "xmlns": ITEM,
            "identifier": exercise.id,
            "title": exercise.title,
            "adaptive": "false",
            "time-dependent": "false",
            "xml:lang": "en-GB",
        },
    )
    made = _Item(root, exercise)
    note = write(made)
    made.finish(note)
    return root, note


class _Item:
    """An item in the making. Declarations come before the body, processing after it."""

    def __init__(self, root: Element, exercise: Exercise) -> None:
        self.root = root
        self.exercise = exercise
        self.form = engine.present(exercise, 0)
        self.body = Element("qti-item-body")
        self.processing = Element("qti-response-processing")
        self.external = False
        into(SubElement(self.body, "div"), self.form.prompt)

    def declare(self, id: str, cardinality: str, type: str, right: Iterable[str]) -> Element:
        attributes = {"identifier": id, "cardinality": cardinality, "base-type": type}
        found = SubElement(self.root, "qti-response-declaration", attributes)
        values = list(right)
        if values:
            correct = SubElement(found, "qti-correct-response")
            for value in values:
                SubElement(correct, "qti-value").text = value
        return found

    def map(self, declaration: Element, values: Mapping[str, float]) -> None:
        """Raw points for each part of a response, held between 0 and 1."""
        bounds = {"default-value": "0", "lower-bound": "0", "upper-bound": "1"}
        mapping = SubElement(declaration, "qti-mapping", bounds)
        for key, value in values.items():
            entry = {"map-key": key, "mapped-value": _number(value)}
            SubElement(mapping, "qti-map-entry", entry)
        self.normalise("qti-map-response", RESPONSE)

    def normalise(self, what: str, id: str) -> None:
        """SCORE is a value less what thoughtless answers are worth, as a share of the rest."""
        floor = engine.baseline(self.exercise, 0)
        outcome = SubElement(self.processing, "qti-set-outcome-value", {"identifier": "SCORE"})
        most = SubElement(outcome, "qti-max")
        _value(most, 0.0)
        share = SubElement(most, "qti-divide")
        above = SubElement(share, "qti-subtract")
        SubElement(above, what, {"identifier": id})
        _value(above, floor)
        _value(share, 1 - floor)

    def finish(self, note: str) -> None:
        attributes = {"identifier": "SCORE", "cardinality": "single", "base-type": "float"}
        if self.external:
            attributes["external-scored"] = "human"
        for name, value in (("SCORE", "0"), ("MAXSCORE", "1")):
            made = SubElement(
                self.root, "qti-outcome-declaration", {**attributes, "identifier": name}
            )
            SubElement(SubElement(made, "qti-default-value"), "qti-value").text = value
        rule = "Scored from 0 to 1; what thoughtless answers are worth is taken off first."
        rubric = SubElement(self.body, "qti-rubric-block", {"use": "scoring", "view": "scorer"})
        inside = SubElement(rubric, "qti-content-body")
        SubElement(inside, "p").text = f"{rule} {note}".strip()
        if self.exercise.explain:
            into(inside, self.exercise.explain)
        self.root.append(self.body)
        if len(self.processing) or self.processing.attrib:
            self.root.append(self.processing)


def _number(value: float) -> str:
    """A number as QTI writes it, with ten digits."""
    return f"{value:.10g}"


def _value(parent: Element, value: float) -> None:
    SubElement(parent, "qti-base-value", {"base-type": "float"}).text = _number(value)


def _prompt(interaction: Element, text: str) -> None:
    SubElement(interaction, "qti-prompt").text = text


# By type


def _choice(made: _Item) -> str:
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
    _prompt(interaction, form.note or ("Choose all that apply." if several else "Choose one."))
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


def _stimulus(made: _Item) -> None:
    design = made.exercise.body.design
    listed = SubElement(SubElement(made.body, "div"), "ul")
    for edge in design.edges:
        SubElement(listed, "li").text = f"{edge.source} → {edge.target} ({edge.kind})"


def _order(made: _Item) -> str:
    exercise = made.exercise
    key = TYPES[exercise.type].key(exercise, 0)["order"]
    if not _only_order(exercise, key):
        raise NotExportable("Several orders are right; QTI compares with one.")
    made.declare(RESPONSE, "ordered", "identifier", key)
    attributes = {"response-identifier": RESPONSE, "shuffle": "true"}
    if len(key) < len(made.form.choices):
        attributes |= {"min-choices": str(2), "max-choices": str(len(made.form.choices))}
    interaction = SubElement(made.body, "qti-order-interaction", attributes)
    _prompt(interaction, made.form.note or "Put them in order.")
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


def _match(made: _Item) -> str:
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
    _prompt(interaction, form.note or "Match each row.")
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


def _numeric(made: _Item) -> str:
    exercise, body = made.exercise, made.exercise.body
    names = numeric.values(exercise, 0)
    right = body.answer.value(names)
    made.declare(RESPONSE, "single", "float", [_number(right)])
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


def _entry(made: _Item, id: str, unit: str, label: str = "") -> None:
    line = SubElement(made.body, "p")
    line.text = f"{label} " if label else ""
    attributes = {"response-identifier": id, "expected-length": "12"}
    entry = SubElement(line, "qti-text-entry-interaction", attributes)
    entry.tail = f" {unit}" if unit else ""


def _conditions(made: _Item, id: str, cases: list[tuple[float, float, float]]) -> None:
    """Sets SCORE by the first value that the response is close enough to."""
    condition = SubElement(made.processing, "qti-response-condition")
    for number, (value, tolerance, worth) in enumerate(cases):
        name = "qti-response-if" if number == 0 else "qti-response-else-if"
        branch = SubElement(condition, name)
        _equal(branch, id, value, tolerance)
        outcome = SubElement(branch, "qti-set-outcome-value", {"identifier": "SCORE"})
        _value(outcome, worth)


def _equal(branch: Element, id: str, value: float, tolerance: float) -> None:
    width = _number(tolerance)
    bounds = {"tolerance-mode": "absolute", "tolerance": f"{width} {width}"}
    equal = SubElement(branch, "qti-equal", bounds)
    SubElement(equal, "qti-variable", {"identifier": id})
    _value(equal, value)


def _table(made: _Item) -> str:
    body = made.exercise.body
    right = body.values()
    total = sum(cell.weight for cell in body.cells)
    for cell in body.cells:
        id = f"{RESPONSE}_{cell.id.replace('-', '_')}"
        if cell.expression:
            value = right[cell.id]
            made.declare(id, "single", "float", [_number(value)])
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
        _value(added, cell.weight / total)
    made.normalise("qti-variable", "SCORE")
    return "A slip that is carried on costs again: there is no follow-through."


def _essay(made: _Item) -> str:
    body = made.exercise.body
    made.external = True
    made.declare(RESPONSE, "single", "string", [])
    attributes = {"response-identifier": RESPONSE, "expected-length": str(7 * body.most)}
    interaction = SubElement(made.body, "qti-extended-text-interaction", attributes)
    _prompt(interaction, made.form.note)
    rubric = SubElement(made.body, "qti-rubric-block", {"use": "scoring", "view": "scorer"})
    inside = SubElement(rubric, "qti-content-body")
    for criterion in body.rubric:
        SubElement(inside, "p").text = f"{criterion.text}: {' / '.join(criterion.levels)}"
    into(inside, body.model_answer)
    return "Scored by a person, with the rubric; the site lets the author rate it."


_WRITERS: Final[Mapping[str, Callable[[_Item], str]]] = {
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
