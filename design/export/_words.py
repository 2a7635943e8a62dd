"""What several formats say in the same words."""

from __future__ import annotations

from typing import Any, Final

from ..document import value_text
from ..questions import Question, questions
from ..result import Result
from ..rules import Evidence, Finding, Verdict, open_findings
from ..waivers import Standing


def open_in_order(result: Result) -> tuple[Finding, ...]:
    """Failing findings that no waiver covers, the worst first."""
    return tuple(f for f in open_findings(result.findings) if result.is_open(f))


def waived_in_order(result: Result) -> tuple[Finding, ...]:
    return tuple(f for f in open_findings(result.findings) if not result.is_open(f))


def headline(result: Result) -> str:
    """Score, grade and coverage in one sentence; never one without the other."""
    score = result.score
    what = "provisional" if score.provisional else f"grade {score.grade}"
    return f"Score {score.total:.1f} of 100, {what}, at {score.coverage:.0f} % coverage"


def tally_line(result: Result) -> str:
    """How many rules ran and what came of them."""
    counts = result.score.counts
    skipped = counts["not_applicable"]
    parts = [
        f"{counts['pass']} passed",
        f"{counts['fail']} failed",
        f"{counts['unknown']} unknown",
        *([f"{counts['waived']} waived"] if counts["waived"] else []),
        *([f"{counts['error']} broke"] if counts["error"] else []),
    ]
    ran = counts["rules"] - skipped
    return f"{ran} rules ran: {', '.join(parts)}; {skipped} skipped, having nothing to check."


def severities(findings: tuple[Finding, ...]) -> str:
    """``2 critical, 3 high``, or ``none``."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.severity.value] = counts.get(finding.severity.value, 0) + 1
    order = ("critical", "high", "medium", "low")
    said = [f"{counts[name]} {name}" for name in order if name in counts]
    return ", ".join(said) or "none"


def evidence(one: Evidence) -> str:
    """``timeout_s = 30 (line 12)``: a value and where it comes from."""
    where = f"line {one.line}" if one.line else ""
    origin = "" if one.origin == "stated" else one.origin
    said = ", ".join(part for part in (origin, where) if part)
    return f"{one.what} = {said_value(one.value)}" + (f" ({said})" if said else "")


def said_value(value: Any) -> str:
    """A value as the text would say it, on one line."""
    if isinstance(value, float):
        value = round(value, 3)
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list):
        value = tuple(value)
    return value_text(value)


def fix(result: Result, finding: Finding) -> str:
    rule = result.rules.get(finding.rule)
    return rule.fix if rule else ""


def versions(result: Result) -> str:
    """``rules 2026.11``, and each pack with its version."""
    return ", ".join((f"rules {result.pack_version}", *(f"pack {p}" for p in result.packs)))


def waived_as(result: Result, finding: Finding) -> str:
    """The category of the waiver that covers a finding, and its last day."""
    category = result.waived[(finding.rule, finding.subject)].replace("_", " ")
    for standing in result.waivers:
        if standing.applied and covers(standing, finding):
            soon = " (soon)" if standing.state == "expiring" else ""
            return f"{category} until {standing.expires}{soon}"
    return category


def covers(standing: Standing, finding: Finding) -> bool:
    """Whether a waiver is meant for a finding, whatever its state."""
    return standing.waiver.get("rule") == finding.rule and finding.subject in standing.matches


def not_applied(result: Result) -> list[str]:
    """Each waiver that covers nothing, and why."""
    return [
        f"{standing.waiver.id} is {standing.state}. {standing.says}"
        for standing in result.waivers
        if not standing.applied
    ]


WEIGHED: Final = 1_000
FIRST: Final = 5
"""Open questions that a report for people asks; the command `questions` asks all."""


def first_questions(result: Result) -> tuple[Question, ...]:
    """The questions whose answers could move the score most; none for a design so
    large that weighing them all takes longer than checking it."""
    if len(result.design.components) > WEIGHED:
        return ()
    return questions(result.design, result.findings, result.waived, FIRST, result.rules)


def question_line(question: Question) -> str:
    """A question with where the answer goes and what it decides."""
    said = f"{question.text} ({question.subject}: {question.path}; {', '.join(question.rules)}"
    if question.reach:
        said += f"; score {question.low:.1f} to {question.high:.1f}"
    return f"{said})"


def unknown_by_missing(result: Result) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """What would have to be said: (subject, attributes, rules that wait for them)."""
    return [entry for _, entries in _undecided(result, None) for entry in entries]


def first_unknown(
    result: Result, most: int
) -> tuple[list[tuple[str, tuple[str, ...], tuple[str, ...]]], int]:
    """`unknown_by_missing` of the first so many subjects, and how many more there are."""
    by_subject = _undecided(result, most)
    subjects = {f.subject for f in result.findings if f.verdict is Verdict.UNKNOWN}
    entries = [entry for _, entries in by_subject for entry in entries]
    return entries, len(subjects) - len(by_subject)


def _undecided(
    result: Result, most: int | None
) -> list[tuple[str, list[tuple[str, tuple[str, ...], tuple[str, ...]]]]]:
    unknown = [f for f in result.findings if f.verdict is Verdict.UNKNOWN]
    subjects = sorted({f.subject for f in unknown})[:most]
    found: dict[str, dict[tuple[str, ...], list[str]]] = {subject: {} for subject in subjects}
    for finding in unknown:
        if finding.subject in found:
            own = f"{finding.subject}."
            missing = tuple([name.removeprefix(own) for name in finding.missing])
            found[finding.subject].setdefault(missing, []).append(finding.rule)
    return [
        (
            subject,
            [(subject, m, tuple(sorted(rules))) for m, rules in sorted(found[subject].items())],
        )
        for subject in subjects
    ]
