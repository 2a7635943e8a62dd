"""What the editor shows of a text: its problems beside their lines, or its picture and findings.

Nothing here asks the database; the same context serves the page, the fragment that a pause in
typing asks for, and the pages of forms and questions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

from django.utils import timezone

from design import document
from design.diagram import Drawing
from design.document import Problem
from design.edit import Edit, Field, Refused, apply, fields
from design.kinds import COMPONENT_KINDS, EDGE_KINDS
from design.model import Design
from design.questions import NotAnAnswer, Question, questions
from design.result import Result, evaluate
from design.rules import Verdict
from reviews import pages, pictures
from reviews.forms import Fault, faults

ASKED: Final = 12
"""Questions on one page of the questionnaire."""

_KEPT_UP_TO: Final = 100_000
"""Characters; a longer text is read anew each time."""

_MEANT: Final = re.compile(r"Did you mean “([^”]+)”\?")
_FOUND: Final = re.compile(r"“([^”]+)”")


@dataclass(frozen=True)
class Seen:
    """A text as the editor sees it: a design with its result, or the problems that keep it from
    being one."""

    text: str
    design: Design | None
    result: Result | None
    problems: tuple[Problem, ...]

    @property
    def faults(self) -> list[Fault]:
        return faults(self.text, self.problems)

    @cached_property
    def drawing(self) -> Drawing | str:
        """The picture with its findings, or why there is none."""
        assert self.result is not None
        return pictures.of_result(self.result, passing=True)


def see(text: str) -> Seen:
    """Reads and checks a text, whatever it is. The last few are kept: a draft is opened as text, as
    forms and as questions without a word of it changing."""
    look = _seen if len(text) <= _KEPT_UP_TO else _seen.__wrapped__
    return look(text, timezone.localdate().isoformat())


@lru_cache(maxsize=16)
def _seen(text: str, day: str) -> Seen:
    if not text.strip():
        return Seen(text, None, None, (Problem(0, "", "The text is empty."),))
    found, problems = document.read(text)
    if found is None:
        return Seen(text, None, None, problems)
    return Seen(text, found, evaluate(found, day), ())


def panel(seen: Seen) -> dict[str, Any]:
    """The context of the part beside the text: picture and findings, if it can be read."""
    context: dict[str, Any] = {"faults": [(f, replacement(f)) for f in seen.faults]}
    if seen.result is None:
        return context
    context |= pages.review(seen.result, drawing=seen.drawing)
    context["counts"] = seen.result.score.counts
    return context


def marks(seen: Seen) -> list[dict[str, Any]]:
    """What stands beside lines: of problems what is wrong, of open findings their number."""
    if seen.result is None:
        return [
            {"line": p.line, "kind": "problem", "text": f"{p.message} {p.hint}".strip()}
            for p in seen.problems
        ]
    found = pages.open_in_order(seen.result)
    return [
        {"line": f.line, "kind": f.severity.value, "text": f"{n} {f.title}"}
        for n, f in enumerate(found, 1)
        if f.line
    ]


def replacement(fault: Fault) -> tuple[str, str] | None:
    """What a fault's hint would put in the place of what, where both are certain: the word that
    was found stands once in the line."""
    meant, found = _MEANT.search(fault.hint), _FOUND.search(fault.message)
    if not meant or not found or fault.source.count(found[1]) != 1:
        return None
    return found[1], meant[1]


# Forms


def parts(design: Design) -> dict[str, Any]:
    """The parts of a design as the page of forms lists them."""
    return {
        "components": [(c, COMPONENT_KINDS[c.kind].title) for c in design.components],
        "edge_rows": [(e, EDGE_KINDS[e.kind].title) for e in design.edges],
        "kinds": [(k, kind.title) for k, kind in COMPONENT_KINDS.items()],
        "edge_kinds": list(EDGE_KINDS.values()),
    }


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of a part's form. `value` is what is shown; `now` what the text says, where that
    is something else."""

    field: Field
    value: str
    now: str | None

    @property
    def stated(self) -> bool:
        return bool(self.field.value or self.value)

    @property
    def differs(self) -> bool:
        return self.now is not None


def settings(design: Design, subject: str, typed: Mapping[str, str] | None = None) -> list[Setting]:
    rows = []
    for field in fields(design, subject):
        value = field.value
        if typed is not None:
            value = typed.get(f"v-{field.path}", value).replace("\r\n", "\n")
        rows.append(Setting(field, value, field.value if value != field.value else None))
    return rows


# Questions


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its name in the form, what was answered, and why that is no answer."""

    name: str
    question: Question
    answer: str = ""
    error: str = ""

    @property
    def key(self) -> str:
        return key_of(self.question)


def key_of(question: Question) -> str:
    return "\n".join((question.section, question.subject, question.path))


def asked(result: Result) -> tuple[list[Question], int]:
    """The questions of one page, the most consequential first, and how many verdicts wait."""
    found = questions(result.design, result.findings, result.waived, rules=result.rules)
    answerable = [q for q in found if q.attribute is None or q.attribute.type.value not in _BY_TEXT]
    return answerable[:ASKED], len(result.of(Verdict.UNKNOWN))


_BY_TEXT: Final = ("grants", "ranks")
"""What no single field can hold; the text and the forms can."""


def answers(result: Result, given: Sequence[tuple[str, str]]) -> tuple[list[Edit], list[Asked]]:
    """Keys and answers from a form to edits, and the questions with an error where an answer is
    none. A question that is no longer open is passed over."""
    found = questions(result.design, result.findings, result.waived, rules=result.rules)
    by_key = {key_of(q): q for q in found}
    edits: list[Edit] = []
    shown: list[Asked] = []
    for number, (key, answer) in enumerate(given):
        question = by_key.get(key.replace("\r\n", "\n"))
        if question is None:
            continue
        error = ""
        if answer.strip():
            try:
                edits.append(question.edit(answer.strip()))
            except NotAnAnswer as no:
                error = str(no)
        shown.append(Asked(f"q-{number}", question, answer, error))
    return edits, shown


def changed(text: str, edits: Sequence[Edit]) -> str:
    """The text with edits carried out. Raises Refused, also when they make it no design."""
    made = apply(text, edits)
    _, problems = document.read(made)
    if problems:
        raise Refused(None, " ".join(f"{p.message} {p.hint}".strip() for p in problems[:5]))
    return made
