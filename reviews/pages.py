"""What the pages show, made from results; knows nothing of requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from design.compare import Comparison, FindingChange, PartChange, fingerprint
from design.document import value_text
from design.export import open_in_order
from design.model import WHOLE, Design
from design.result import Result
from design.rules import RULES, Finding, Rule, Severity, Verdict
from design.scoring import CRITICAL_CAP, HIGH_CAP, score
from guide.book import book
from guide.contents import Section
from reviews import pictures

VERDICTS: Final = {
    "A": "ready",
    "B": "ready with small changes",
    "C": "fit with changes",
    "D": "needs work",
    "E": "not fit yet",
}
"""What a grade says of a design, in words."""

BY: Final = {"severity": "By severity", "component": "By component", "rule": "By rule"}
_ATTRIBUTES_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as the list shows it: with its pin's number and what the guide says."""

    number: int
    finding: Finding
    rule: Rule | None
    section: Section | None
    where: str
    since: int

    @property
    def anchor(self) -> str:
        return f"f{self.number}"


@dataclass(frozen=True, slots=True)
class Group:
    """Findings under one heading."""

    heading: str
    severity: str
    findings: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What the text leaves open: attributes of a subject, and the rules that wait for them."""

    where: str
    missing: tuple[str, ...]
    rules: tuple[str, ...]


def review(
    result: Result, *, by: str = "severity", since: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """The context of everything between the heading and the history of a review."""
    found = open_in_order(result)
    return {
        "result": result,
        "score": result.score,
        "word": VERDICTS.get(result.score.grade or "", ""),
        "best": best_case(result),
        "pillars": _pillars(result),
        "drawing": pictures.of_result(result),
        "open_count": len(found),
        "waived": [f for f in result.of(Verdict.FAIL) if not result.is_open(f)],
        "broken": result.of(Verdict.ERROR),
        "unplaced": pictures.unplaced(found),
        "groups": _grouped(_shown(found, result.design, since or {}), by),
        "by": by,
        "orders": BY,
        "questions": questions(result),
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


def _shown(found: Sequence[Finding], design: Design, since: Mapping[str, int]) -> list[Shown]:
    contents = book().contents
    return [
        Shown(
            number,
            finding,
            rule := RULES.get(finding.rule),
            contents.section(rule.section) if rule else None,
            where(finding.subject),
            since.get(fingerprint(finding), 0),
        )
        for number, finding in enumerate(found, 1)
    ]


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
    groups: dict[str, list[Shown]] = {}
    for one in shown:
        groups.setdefault(_heading(one, by), []).append(one)
    order = groups.items() if by == "severity" else sorted(groups.items())
    return tuple(Group(name, _worst(found), tuple(found)) for name, found in order)


def _heading(one: Shown, by: str) -> str:
    if by == "rule":
        return f"{one.finding.rule} {one.finding.title}"
    if by == "component":
        return one.where.partition(" → ")[0]
    return one.finding.severity.value.capitalize()


def _worst(found: Sequence[Shown]) -> str:
    return min((one.finding.severity for one in found), key=lambda s: Severity(s).rank).value


def questions(result: Result) -> list[Question]:
    """What would turn *unknown* into a verdict, the questions that most rules ask first."""
    waiting: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for finding in result.of(Verdict.UNKNOWN):
        own = f"{finding.subject}."
        missing = tuple(name.removeprefix(own) for name in finding.missing)
        waiting.setdefault((finding.subject, missing), set()).add(finding.rule)
    asked = [Question(where(s), m, tuple(sorted(rules))) for (s, m), rules in waiting.items()]
    return sorted(asked, key=lambda q: (-len(q.rules), q.where, q.missing))


# -- comparison -----------------------------------------------------------------


def comparison(made: Comparison) -> dict[str, Any]:
    """The context of a comparison's page."""
    before, after = made.before.score, made.after.score
    return {
        "made": made,
        "before": before,
        "after": after,
        "marks": _scale(before.total, after.total),
        "sentences": summary(made),
        "drawing": pictures.of_comparison(made),
        "fates": [
            ("Fixed", "fixed", _changes(made.fixed, "before")),
            ("Introduced", "new", _changes(made.new, "after")),
            ("Kept", "kept", _changes(made.kept, "after")),
        ],
        "asides": [
            (title, _changes(changes, side))
            for title, changes, side in (
                ("Gone with its subject", made.gone, "before"),
                ("No longer known", made.newly_unknown, "after"),
                ("Known now", made.newly_decided, "after"),
                ("Changed by the rules, not by the design", made.from_pack, "after"),
            )
            if changes
        ],
        "causes": _causes(made),
        "pillars": made.pillars.items(),
        "parts": [_part(part) for part in made.parts][:_ATTRIBUTES_SHOWN],
        "more_parts": max(0, len(made.parts) - _ATTRIBUTES_SHOWN),
        "attributes": [_attribute(change) for change in made.design],
    }


def _scale(before: float, after: float) -> dict[str, float]:
    """Places on the line from 0 to 100, in percent of its width."""
    low, high = sorted((before, after))
    return {"low": low, "width": high - low, "near": abs(after - before) < 6}


def summary(made: Comparison) -> list[str]:
    """The change in two or three sentences: coverage first, then what moved the score most."""
    before, after = made.before.score, made.after.score
    said = [f"Coverage went from {before.coverage:.0f} to {after.coverage:.0f} %."]
    if round(before.coverage) == round(after.coverage):
        said = [f"Coverage stayed at {after.coverage:.0f} %."]
    if made.causes:
        top = made.causes[0]
        verb = "gave" if top.points > 0 else "took"
        said.append(f"Most came from {_cause(top.rule)}: it {verb} {abs(top.points):.1f} points.")
    cap = _cap_lifted(before.total, after.total, made)
    return [*said, cap] if cap else said


def _cap_lifted(before: float, after: float, made: Comparison) -> str:
    if before <= CRITICAL_CAP < after and any("critical" in c for c in made.before.score.caps):
        return "No critical finding is open any more, so the cap at 59 is gone."
    if before <= HIGH_CAP < after and any("high" in c for c in made.before.score.caps):
        return "No high finding is open any more, so the cap at 84 is gone."
    return ""


def _cause(rule: str) -> str:
    if rule == "weights":
        return "the weights of the pillars"
    known = RULES.get(rule)
    return f"{rule} {known.title}" if known else rule


def _changes(changes: Iterable[FindingChange], side: str) -> list[dict[str, Any]]:
    rows = []
    for change in changes:
        finding = getattr(change, side) or change.after or change.before
        rows.append({"finding": finding, "where": where(change.subject), "change": change})
    return sorted(rows, key=lambda r: (r["finding"].severity.rank, r["finding"].rule))


def _causes(made: Comparison) -> list[dict[str, Any]]:
    """Bars that share one scale: the longest fills its half."""
    longest = max((abs(cause.points) for cause in made.causes), default=1) or 1
    fixed = {c.rule for c in made.fixed}
    new = {c.rule for c in made.new}
    rows = []
    for cause in made.causes:
        half = round(50 * abs(cause.points) / longest, 1)
        rows.append(
            {
                "label": _cause(cause.rule),
                "how": "fixed"
                if cause.rule in fixed
                else "introduced"
                if cause.rule in new
                else "",
                "points": cause.points,
                "x": 50 if cause.points > 0 else round(50 - half, 1),
                "width": half,
            }
        )
    return rows


_SIGNS: Final = {"added": "+", "removed": "×", "changed": "Δ", "renamed": "Δ"}


def _part(part: PartChange) -> dict[str, Any]:
    return {
        "sign": _SIGNS[part.how],
        "how": part.how,
        "section": part.section,
        "name": where(part.id) if part.section == "edge" else part.id,
        "was": part.was,
        "attributes": [_attribute(change) for change in part.attributes],
    }


def _attribute(change: Any) -> tuple[str, str, str]:
    """Path, old and new value as the text would say them."""
    old = _said(change.old) if change.stated_before else "not stated"
    new = _said(change.new) if change.stated_after else "not stated"
    return change.path, old, new


def _said(value: Any) -> str:
    return "unknown" if value is None else value_text(value)
