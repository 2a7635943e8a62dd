"""From text to an exercise: the common header, then the type's own fields, then the proofs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from design.document import Mapping, Node

from ._codes import CODES, FOUND_LATER
from ._contract import TYPES
from ._lint import lint
from ._proof import prove
from ._reader import Problem, Reader, tree
from ._values import Exercise

BLOOM: Final = ("remember", "understand", "apply", "analyse", "evaluate")
PLATFORMS: Final = {
    "aws": "AWS",
    "azure": "Azure",
    "gcp": "Google Cloud",
    "cloudflare": "Cloudflare",
    "knative": "Knative",
}
"""The scopes that are about one platform: their facts age, so they carry date and source."""
SCOPES: Final = ("neutral", *PLATFORMS)
STATUS: Final = ("draft", "pilot", "live", "retired")

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_RULE: Final = re.compile(r"[A-Z]{3}\d{2}")
_COMMON: Final = (
    *("id", "rev", "type", "title", "section", "skills", "rules", "bloom", "level", "minutes"),
    *("scope", "checked", "sources", "status", "prompt", "hints", "explain"),
    "accepts",
)


@dataclass(frozen=True)
class Place:
    """Where an exercise stands. Inline ones take section and date from their page."""

    path: str = ""
    first_line: int = 1
    section: str = ""
    checked: str = ""

    @property
    def inline(self) -> bool:
        return bool(self.section)


def read_exercise(
    text: str | bytes, place: Place, *, proved: bool = False
) -> tuple[Exercise | None, list[Problem]]:
    """The exercise in a text, or None, and every problem. Warnings alone do not refuse it. Of a
    text that is known to be `proved` only the form is read."""
    node, found = tree(text, place.first_line)
    if not isinstance(node, Mapping):
        if not found:
            found.append(Problem(place.first_line, "E001", "This is not an exercise."))
        return None, found
    exercise = _read(node, found, place, proved)
    if exercise and not proved and not any(p.is_error for p in found):
        found += prove(exercise)
        found += lint(exercise) if all(p.code != "E202" for p in found) else []
        found = _without_accepted(exercise, found)
    found.sort()
    if any(p.is_error for p in found):
        return None, found
    return exercise, found


def _read(node: Node, found: list[Problem], place: Place, proved: bool) -> Exercise | None:
    assert isinstance(node, Mapping)
    reader = Reader(node, found, place.first_line - 1)
    reader.proved = proved
    type = reader.word("type", tuple(TYPES))
    prompt = reader.text("prompt")
    body = TYPES[type].validate(reader, prompt) if type in TYPES else None
    exercise = Exercise(
        id=reader.id(),
        rev=reader.whole("rev", 1, 1, 999),
        type=type,
        title=reader.text("title"),
        section=_section(reader, place),
        skills=_skills(reader, place),
        rules=_rules(reader),
        bloom=reader.word("bloom", BLOOM, "apply"),
        level=reader.whole("level", 2, 1, 3),
        minutes=reader.whole("minutes", 2, 1, 60),
        scope=reader.word("scope", SCOPES, "neutral"),
        checked=_date(reader, place),
        sources=reader.texts("sources"),
        status=reader.word("status", STATUS, "live"),
        prompt=prompt,
        hints=_hints(reader),
        explain=reader.text("explain", required=not place.inline),
        accepts=_accepts(reader),
        body=body,
        path=place.path,
        line=reader.line("id"),
    )
    reader.close((*_COMMON, *TYPES[type].fields) if type in TYPES else _COMMON)
    return exercise if body is not None else None


def _section(reader: Reader, place: Place) -> str:
    given = reader.text("section", required=not place.inline)
    if place.inline and given not in ("", place.section):
        reader.problem("E003", f"This page is “{place.section}”.", "section", "Leave it out.")
    return place.section or given


def _skills(reader: Reader, place: Place) -> tuple[str, ...]:
    skills = reader.texts("skills")
    if not skills:
        code = "W001" if place.inline else "E001"
        reader.problem(code, "“skills” names no skill.", "skills", "One to three ids.")
    if len(skills) > 3:
        reader.problem("E001", "More than three skills.", "skills", "One idea per exercise.")
    return skills


def _rules(reader: Reader) -> tuple[str, ...]:
    rules = reader.texts("rules")
    for rule in rules:
        if not _RULE.fullmatch(rule):
            reader.problem("E003", f"“{rule[:20]}” is not a rule's id.", "rules")
    return rules


def _date(reader: Reader, place: Place) -> str:
    given = reader.text("checked", required=not place.inline) or place.checked
    if given and not _DATE.fullmatch(given):
        reader.problem("E001", "“checked” has to be a date, 2026-11-22.", "checked")
    return given


def _hints(reader: Reader) -> tuple[str, ...]:
    hints = reader.texts("hints")
    if len(hints) > 3:
        reader.problem("E001", "More than three hints.", "hints")
    return hints


def _accepts(reader: Reader) -> tuple[tuple[str, str], ...]:
    """Warnings that the author knows and keeps: ``- {code: W104, because: …}``."""
    accepted = []
    for item in reader.children("accepts"):
        code, because = item.text("code"), item.text("because")
        item.close()
        if code and (code not in CODES or not code.startswith("W")):
            item.problem("E001", f"“{code[:10]}” is not a warning that can be accepted.", "code")
        accepted.append((code, because))
    return tuple(accepted)


def _without_accepted(exercise: Exercise, found: list[Problem]) -> list[Problem]:
    left = [p for p in found if p.code not in dict(exercise.accepts)]
    given = {p.code for p in found}
    for code, _ in exercise.accepts:
        if code not in given and code not in FOUND_LATER:
            left.append(Problem(exercise.line, "W002", f"{code} is accepted and does not occur."))
    return left
