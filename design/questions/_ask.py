"""Unknown verdicts to questions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .. import kinds
from ..edit import Set, Value
from ..graph import reachable
from ..kinds import Attribute, Type
from ..model import WHOLE, Component, Design, Edge, Part
from ..rules import RULES, Finding, Rule, Verdict
from ..scoring import Waived
from ._range import Counts, Outlook, Range

_BEHIND: Final = re.compile(r"(?P<path>[a-z0-9_.]+) on the edges behind (?P<id>\S+)")
_WAITING: Final = frozenset({"call", "read", "write", "start"})
_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_YES_NO: Final = ("true", "false")

Place = tuple[str, str, str]
"""Section, subject and path."""


class NotAnAnswer(ValueError):
    """An answer that the attribute cannot have; the text says what it can."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that the text does not say.

    `subject` is a component, edge, boundary, data item or decision, or
    ``design``; `answers` are the words to choose from, empty where a number or
    text is asked for; `several` says that more than one may be given. `rules`
    are those that wait, `verdicts` how many verdicts of theirs do, and `also`
    what else some of these verdicts need. `low` and `high` are the score if the
    answer makes all of them fail, and pass; `pull` is the points between the two
    before any cap.
    """

    section: str
    subject: str
    path: str
    text: str
    expects: str
    unit: str
    answers: tuple[str, ...]
    several: bool
    rules: tuple[str, ...]
    verdicts: int
    low: float
    high: float
    pull: float
    line: int
    also: tuple[str, ...] = ()
    attribute: Attribute | None = field(default=None, repr=False, compare=False)

    @property
    def reach(self) -> float:
        """Points of the score between the worst and the best answer."""
        return round(self.high - self.low, 2)

    def edit(self, answer: Value | str) -> Set:
        """The edit that an answer makes; text, as a form or a shell gives it, is
        read as the attribute asks for. Raises NotAnAnswer."""
        value = _value(self, answer) if isinstance(answer, str) else answer
        subject = "" if self.section == "design" else self.subject
        return Set(self.section, subject, self.path, value)


def as_dict(question: Question) -> dict[str, Any]:
    """A question as JSON values."""
    return {
        "section": question.section,
        "subject": question.subject,
        "attribute": question.path,
        "question": question.text,
        "expects": question.expects,
        "unit": question.unit,
        "answers": list(question.answers),
        "several": question.several,
        "rules": list(question.rules),
        "verdicts": question.verdicts,
        "score": [question.low, question.high],
        "also": list(question.also),
    }


def questions(
    design: Design,
    findings: Iterable[Finding],
    waived: Waived | None = None,
    most: int | None = None,
    rules: Mapping[str, Rule] = RULES,
) -> tuple[Question, ...]:
    """What would decide the unknown verdicts, the most consequential first: by the
    points of the score that lie between the worst and the best answer, then by
    those points before caps, then by how many verdicts wait. `most` limits how
    many are returned; `rules` has every rule that gave a finding."""
    findings = tuple(findings)
    unknown = [f for f in findings if f.verdict is Verdict.UNKNOWN and f.missing]
    if not unknown:
        return ()
    outlook = Outlook(design, findings, waived or {}, rules)
    places = _Places(design)
    waiting: dict[Place, list[Finding]] = {}
    for finding in unknown:
        for place in dict.fromkeys(place for path in finding.missing for place in places.of(path)):
            waiting.setdefault(place, []).append(finding)
    asked = []
    for place, held in waiting.items():
        counts = tuple(sorted(Counter(finding.rule for finding in held).items()))
        asked.append((_rank(outlook.range(counts), len(held), place), counts))
    asked.sort()
    return tuple(
        places.question(rank[-1], waiting[rank[-1]], counts, outlook.range(counts))
        for rank, counts in asked[:most]
    )


def _rank(found: Range, verdicts: int, place: Place) -> tuple[float, float, int, Place]:
    return -round(found.high - found.low, 2), -found.pull, -verdicts, place


class _Places:
    """The parts of a design by the names that rules use for them."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self.parts: dict[str, list[tuple[str, Part]]] = {WHOLE: [("design", design)]}
        for section in ("components", "edges", "data", "boundaries", "decisions"):
            for part in getattr(design, section):
                self.parts.setdefault(part.id, []).append((section, part))
        self._found: dict[str, tuple[Place, ...]] = {}

    def of(self, missing: str) -> tuple[Place, ...]:
        """Section, subject and path of what a rule calls missing; several where
        it names a group of edges."""
        if missing not in self._found:
            self._found[missing] = tuple(self._places(missing))
        return self._found[missing]

    def _places(self, missing: str) -> Iterator[Place]:
        behind = _BEHIND.fullmatch(missing)
        if behind:
            start, path = behind["id"], behind["path"]
            sources = reachable(self.design, start, _WAITING) | {start}
            for edge in self.design.edges:
                if edge.source in sources and edge.has(path) and edge.get(path) is None:
                    yield "edges", edge.id, path
            return
        at = missing.find(".")
        while at > 0:
            name, path = missing[:at], missing[at + 1 :]
            fitting = [
                (part.get(path) is not None, section)
                for section, part in self.parts.get(name, ())
                if path in _table(section, part)
            ]
            if fitting:
                yield min(fitting)[1], name, path
                return
            at = missing.find(".", at + 1)

    def question(
        self, place: Place, waiting: list[Finding], counts: Counts, found: Range
    ) -> Question:
        section, subject, path = place
        part = next(part for name, part in self.parts[subject] if name == section)
        attribute = _table(section, part)[path]
        also = {
            name
            for finding in waiting[:_SHOWN]
            for name in finding.missing
            if place not in self.of(name)
        }
        return Question(
            section=section,
            subject=subject,
            path=path,
            text=wording(section, part, attribute),
            expects=attribute.expects,
            unit=attribute.unit,
            answers=_YES_NO if attribute.type is Type.BOOLEAN else self._answers(attribute),
            several=attribute.type in _LISTS,
            rules=tuple(rule for rule, _ in counts),
            verdicts=len(waiting),
            low=found.low,
            high=found.high,
            pull=found.pull,
            line=part.line_of(path),
            also=tuple(sorted(also)[:_SHOWN]),
            attribute=attribute,
        )

    def _answers(self, attribute: Attribute) -> tuple[str, ...]:
        """Words of the format, or the ids that a reference may name, if few."""
        if attribute.words and attribute.type is not Type.GRANTS:
            return attribute.words
        refers = set(attribute.refers)
        if attribute.type not in (Type.REFERENCE, Type.REFERENCES):
            return ()
        names = [
            name
            for name, found in self.parts.items()
            for section, part in found
            if _SECTION_WORD.get(section) in refers
            or (isinstance(part, Component) and part.kind in refers)
        ]
        return tuple(names) if len(names) <= _SHOWN else ()


_SHOWN: Final = 12
_LISTS: Final = (Type.WORDS, Type.TEXTS, Type.REFERENCES)
_SECTION_WORD: Final = {"components": "component", "data": "data", "boundaries": "boundary"}
_TABLES: Final = {
    "design": kinds.DESIGN,
    "edges": kinds.EDGE,
    "data": kinds.DATA,
    "boundaries": kinds.BOUNDARY,
    "decisions": kinds.DECISION,
}


def _table(section: str, part: Part) -> Any:
    if isinstance(part, Component):
        return kinds.COMPONENT_KINDS[part.kind].attributes
    return _TABLES[section]


def wording(section: str, part: Part, attribute: Attribute) -> str:
    """The question about an attribute of a part, in plain words."""
    said = kinds.question(section, attribute.path)
    if not said:
        meaning = attribute.meaning.rstrip(".")
        said = f"What is {attribute.path} of {{id}} ({meaning[:1].lower()}{meaning[1:]})?"
    ends = (part.source, part.target) if isinstance(part, Edge) else ("", "")
    said = said.format(id=part.id, source=ends[0], target=ends[1])
    unit = _UNITS.get(attribute.unit, attribute.unit)
    return f"{said[:-1]}, in {unit}?" if unit in _SAID_UNITS else said


_UNITS: Final = {"s": "seconds", "ms": "milliseconds", "%": "percent"}
_SAID_UNITS: Final = frozenset(
    {"seconds", "milliseconds", "percent", "KB", "MB", "days", "minutes"}
)


def _value(question: Question, answer: str) -> Value:
    """A typed answer as a value of the attribute."""
    attribute, said = question.attribute, answer.strip()
    if said == "unknown" or attribute is None:
        return None
    if question.several:
        entries = tuple(part for part in (p.strip() for p in said.strip("[]").split(",")) if part)
        for entry in entries:
            _known(attribute, entry)
        return entries
    match attribute.type:
        case Type.BOOLEAN:
            if said.lower() not in ("true", "false", "yes", "no"):
                raise NotAnAnswer(f"“{said}” is no answer; expected true or false.")
            return said.lower() in ("true", "yes")
        case Type.NUMBER | Type.INTEGER:
            return _number(attribute, said)
        case Type.NOTE:
            return said.lower() in ("true", "yes") if said.lower() in _BOOLEAN else said
        case Type.GRANTS | Type.RANKS:
            raise NotAnAnswer(f"Write {attribute.path} into the text: {attribute.expects}.")
    if not said:
        raise NotAnAnswer(f"An answer is missing; expected {attribute.expects}.")
    _known(attribute, said)
    return said


_BOOLEAN: Final = ("true", "false", "yes", "no")


def _known(attribute: Attribute, word: str) -> None:
    if attribute.words and word not in attribute.words:
        raise NotAnAnswer(f"“{word}” is no answer; expected {attribute.expects}.")


def _number(attribute: Attribute, said: str) -> int | float:
    plain = said.removesuffix(attribute.unit).strip().replace("_", "")
    if not _NUMBER.fullmatch(plain):
        raise NotAnAnswer(f"“{said}” is no answer; expected {attribute.expects}.")
    number = float(plain)
    whole = number.is_integer()
    if not attribute.low <= number <= attribute.high or (
        attribute.type is Type.INTEGER and not whole
    ):
        raise NotAnAnswer(f"“{said}” is no answer; expected {attribute.expects}.")
    return int(number) if whole else number
