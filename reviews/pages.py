"""What the page of a review shows, made from a result; knows nothing of requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from design import questions as asking
from design.compare import fingerprint
from design.diagram import Drawing
from design.document import value_text
from design.export import open_in_order
from design.model import WHOLE, Design
from design.result import Result
from design.rules import RULES, Evidence, Finding, Rule, Severity, Verdict
from design.scoring import score
from guide.book import book
from guide.contents import Section
from reviews import pictures
from reviews.viewing import Choice

VERDICTS: Final = {
    "A": "ready",
    "B": "ready with small changes",
    "C": "fit with changes",
    "D": "needs work",
    "E": "not fit yet",
}
"""What a grade says of a design, in words."""

BY: Final = {"severity": "By severity", "component": "By component"}
_FACTS_SHOWN: Final = 12
_ASKED: Final = 5
_ASKED_TO: Final = 150
"""Components beyond which questions are not weighed while somebody waits for the page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as the list shows it, with its pin's number. `facts` are what was found: name,
    value as the text would say it, and where that comes from."""

    number: int
    finding: Finding
    where: str
    since: int
    facts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one rule found, in one row: its reason and its fix are said once."""

    rule: Rule | None
    section: Section | None
    findings: tuple[Shown, ...]

    @property
    def first(self) -> Shown:
        return self.findings[0]


@dataclass(frozen=True, slots=True)
class Group:
    """Bundles under one heading, and how many findings these are."""

    heading: str
    bundles: tuple[Bundle, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Question:
    """What the text leaves open: attributes of a subject, and the rules that wait for them."""

    where: str
    missing: tuple[str, ...]
    rules: tuple[str, ...]


def review(
    result: Result,
    *,
    by: str = "severity",
    since: Mapping[str, int] | None = None,
    choice: Choice | None = None,
    drawing: Drawing | str | None = None,
) -> dict[str, Any]:
    """The context of everything between the heading and the history of a review. With a choice
    of view the picture has links to others; one that is there already is taken as it is."""
    found = open_in_order(result)
    links = choice.link(result.design) if choice else None
    return {
        "result": result,
        "score": result.score,
        "word": VERDICTS.get(result.score.grade or "", ""),
        "best": best_case(result),
        "tally": _tally(found),
        "pillars": _pillars(result),
        "drawing": drawing or pictures.of_result(result, choice.view if choice else None, links),
        "switch": choice.switch(result.design) if choice else None,
        "open_count": len(found),
        "waived": [f for f in result.of(Verdict.FAIL) if not result.is_open(f)],
        "broken": result.of(Verdict.ERROR),
        "unplaced": pictures.unplaced(found),
        "groups": _grouped(_shown(result.design, found, since or {}), by),
        "by": by,
        "orders": BY,
        "questions": questions(result),
        "asked": _asked(result),
    }


def best_case(result: Result) -> float:
    """The total if everything that is unknown passed."""
    passed = [
        replace(f, verdict=Verdict.PASS) if f.verdict is Verdict.UNKNOWN else f
        for f in result.findings
    ]
    return score(passed, result.design, result.waived).total


def _pillars(result: Result) -> list[dict[str, Any]]:
    """Each pillar with its bar: the part that is unknown is what its coverage leaves open."""
    rows = []
    for name, pillar in result.score.pillars.items():
        value = pillar.score or 0.0
        unsure = (100 - value) * (100 - pillar.coverage) / 100 if pillar.rules else 0.0
        rows.append({"name": name, "pillar": pillar, "value": value, "unsure": round(unsure, 1)})
    return rows


def _tally(found: Sequence[Finding]) -> list[tuple[str, int]]:
    """How many findings of each severity are open, none of them left out."""
    counts = dict.fromkeys((s.value for s in Severity), 0)
    for finding in found:
        counts[finding.severity.value] += 1
    return sorted(counts.items(), key=lambda item: Severity(item[0]).rank)


def _shown(design: Design, found: Sequence[Finding], since: Mapping[str, int]) -> list[Shown]:
    return [
        Shown(
            number,
            finding,
            where(finding.subject),
            since.get(fingerprint(finding, design), 0),
            tuple(fact(one) for one in finding.evidence[:_FACTS_SHOWN]),
        )
        for number, finding in enumerate(found, 1)
    ]


def fact(one: Evidence) -> tuple[str, str, str]:
    """A value that a verdict rests on: its name, its value in words, where that comes from."""
    value = tuple(one.value) if isinstance(one.value, list) else one.value
    if isinstance(value, float):
        value = round(value, 3)
    said = value if isinstance(value, str) else "unknown" if value is None else value_text(value)
    origin = f"{one.origin}, line {one.line}" if one.line else one.origin
    if said == "not stated":  # its line is that of the part which leaves it out
        origin = f"line {one.line}" if one.line else ""
    return one.what, said, origin


def where(subject: str) -> str:
    """A subject as people read it: ``work → bill, poll`` for ``work->bill:poll``."""
    if subject == WHOLE:
        return "the whole design"
    ends, _, kind = subject.partition(":")
    source, arrow, target = ends.partition("->")
    if not arrow:
        return subject.replace("+", " and ")
    return f"{source} → {target}, {kind.replace('#', ', ')}"


def _grouped(shown: Sequence[Shown], by: str) -> tuple[Group, ...]:
    """Worst first within each group: the list came so, and sorting keeps that order."""
    heading = _component if by == "component" else _severity
    ordered = sorted(shown, key=heading) if by == "component" else shown
    groups = []
    for name, members in groupby(ordered, heading):
        found = tuple(members)
        bundles = tuple(_bundle(tuple(same)) for _, same in groupby(found, _same))
        groups.append(Group(name, bundles, len(found)))
    return tuple(groups)


def _component(one: Shown) -> str:
    return one.where.partition(" → ")[0]


def _severity(one: Shown) -> str:
    return one.finding.severity.value.capitalize()


def _same(one: Shown) -> tuple[str, str]:
    return one.finding.rule, one.finding.severity.value


def _bundle(found: tuple[Shown, ...]) -> Bundle:
    rule = RULES.get(found[0].finding.rule)
    section = book().contents.section(rule.section) if rule else None
    return Bundle(rule, section, found)


def _asked(result: Result) -> tuple[asking.Question, ...]:
    """The few questions whose answers move the score most, in words; of a large design none."""
    if len(result.design.components) > _ASKED_TO:
        return ()
    return asking.questions(
        result.design, result.findings, result.waived, most=_ASKED, rules=result.rules
    )


def questions(result: Result) -> list[Question]:
    """What would turn *unknown* into a verdict, the questions that most rules ask first."""
    waiting: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for finding in result.of(Verdict.UNKNOWN):
        own = f"{finding.subject}."
        missing = tuple(name.removeprefix(own) for name in finding.missing)
        waiting.setdefault((finding.subject, missing), set()).add(finding.rule)
    asked = [Question(where(s), m, tuple(sorted(rules))) for (s, m), rules in waiting.items()]
    return sorted(asked, key=lambda q: (-len(q.rules), q.where, q.missing))
