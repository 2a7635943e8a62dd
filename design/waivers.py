"""Waivers in a design's text: which hold on a day, and what is wrong with the rest.

A waiver that has expired, lacks something or matches nothing is never applied
in silence and never dropped in silence: each has a `Standing` that says so.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from .model import Design, Waiver
from .rules import RULES, Finding, Rule, Severity, Verdict
from .scoring import OMEGA

LONGEST: Final[Mapping[Severity, int]] = MappingProxyType(
    {Severity.CRITICAL: 30, Severity.HIGH: 90, Severity.MEDIUM: 180, Severity.LOW: 365}
)
"""Days that a waiver may last, by the rule's severity."""

USUAL: Final = 90
"""Days that a waiver lasts when it does not say, or as long as it may if that is less."""

SOON: Final = 30
"""Days before its end from which a waiver counts as expiring."""

SHORTEST_REASON: Final = 20
APPLIED: Final = ("active", "expiring")


@dataclass(frozen=True, slots=True)
class Standing:
    """A waiver on a day.

    `state` is ``active``, ``expiring`` (both are applied), ``proposed`` (nobody
    else has agreed), ``re-confirm`` (what it was agreed on has changed),
    ``expired``, ``malformed``, ``unused`` (it matches no failing finding) or
    ``undated`` (no day was given to judge it by). `says` is a sentence, empty
    for an active one; `matches` names the subjects of the failing findings.
    """

    waiver: Waiver
    state: str
    says: str = ""
    expires: str = ""
    matches: tuple[str, ...] = ()
    basis: str = ""

    @property
    def applied(self) -> bool:
        return self.state in APPLIED


def standings(
    design: Design,
    findings: Iterable[Finding],
    today: str | None,
    rules: Mapping[str, Rule] = RULES,
) -> tuple[Standing, ...]:
    """What has become of each waiver, in the order of the design."""
    if not design.waivers:
        return ()
    fails: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.verdict is Verdict.FAIL:
            fails.setdefault(finding.rule, []).append(finding)
    return tuple(
        _standing(
            waiver, matching(waiver.get("subject"), fails.get(waiver.get("rule"), ())), today, rules
        )
        for waiver in design.waivers
    )


def applied(found: Iterable[Standing]) -> dict[tuple[str, str], str]:
    """(rule, subject) to category, for the findings that waivers cover."""
    covered: dict[tuple[str, str], str] = {}
    for standing in found:
        if standing.applied:
            rule, category = standing.waiver.get("rule"), standing.waiver.get("category")
            for subject in standing.matches:
                covered.setdefault((rule, subject), category)
    return covered


def in_force(
    design: Design,
    findings: Iterable[Finding],
    today: str,
    rules: Mapping[str, Rule] = RULES,
) -> dict[tuple[str, str], str]:
    """The waivers of the text that hold on a day, for the findings they match."""
    return applied(standings(design, findings, today, rules))


def matching(subject: str, fails: Sequence[Finding]) -> list[Finding]:
    """Failing findings that a waiver's subject names."""
    return [finding for finding in fails if names(subject, finding.subject)]


def names(pattern: str, subject: str) -> bool:
    """Whether a waiver's subject, in which ``*`` stands for any text, names this
    one: nothing may be left over at either end. Takes no more than the product
    of both lengths, whatever a stranger writes."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == subject
    last = rest.pop()
    at, end = len(first), len(subject) - len(last)
    if at > end or not subject.startswith(first) or not subject.endswith(last):
        return False
    for part in rest:
        found = subject.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _standing(
    waiver: Waiver, found: list[Finding], today: str | None, rules: Mapping[str, Rule]
) -> Standing:
    rule = rules.get(waiver.get("rule"))
    matches = tuple(finding.subject for finding in found)
    ends = "" if rule is None else expiry(waiver, rule)
    basis = basis_of(found, rule) if rule is not None and found else ""
    state, says = _judge(waiver, rule, ends, today)
    if state in APPLIED and not found:
        state, says = "unused", "It matches no failing finding."
    elif state in APPLIED and waiver.get("basis") not in (None, basis):
        state = "re-confirm"
        says = f"What it was agreed on has changed: agree again and state basis: {basis}."
    return Standing(waiver, state, says, ends, matches, basis)


def _judge(waiver: Waiver, rule: Rule | None, ends: str, today: str | None) -> tuple[str, str]:
    if rule is None:
        return "malformed", "There is no such rule, or its pack is not in use."
    if problem := _malformed(waiver, rule, ends):
        return "malformed", problem
    if today is None:
        return "undated", "Whether it still holds cannot be told without a day."
    if waiver.get("created", today) > today:
        return "malformed", f"It begins on {waiver.get('created')}, which is still to come."
    if not waiver.get("created") and _days(today, ends) > LONGEST[rule.severity]:
        return "malformed", _too_long(rule)
    if ends < today:
        return "expired", f"It expired on {ends}."
    if needs_second(rule) and waiver.get("approved_by") in (None, waiver.get("by")):
        return "proposed", "A second person has to agree."
    left = _days(today, ends)
    if left <= SOON:
        return "expiring", f"It expires on {ends}, in {left} {'day' if left == 1 else 'days'}."
    return "active", ""


def _malformed(waiver: Waiver, rule: Rule, ends: str) -> str:
    if not rule.waivable:
        return "This rule cannot be waived."
    if waiver.get("category") not in OMEGA:
        return "The category is missing."
    if len(waiver.get("reason", "").strip()) < SHORTEST_REASON:
        return f"The reason is shorter than {SHORTEST_REASON} characters."
    if not waiver.get("by"):
        return "It names no author."
    if not ends:
        return "It names neither the day on which it began nor the day on which it ends."
    created = waiver.get("created")
    if created and ends < created:
        return "It ends before it begins."
    if created and _days(created, ends) > LONGEST[rule.severity]:
        return _too_long(rule)
    return ""


def _too_long(rule: Rule) -> str:
    most = LONGEST[rule.severity]
    return f"It lasts longer than {most} days, the most for a {rule.severity.value} finding."


def needs_second(rule: Rule) -> bool:
    """Whether a waiver of this rule wants somebody else's agreement."""
    return rule.severity in (Severity.CRITICAL, Severity.HIGH)


def expiry(waiver: Waiver, rule: Rule) -> str:
    """The day on which a waiver ends: the stated one, else the usual time after
    it was created. Empty when it states neither."""
    if waiver.get("expires"):
        return str(waiver.get("expires"))
    if not waiver.get("created"):
        return ""
    days = datetime.timedelta(days=min(USUAL, LONGEST[rule.severity]))
    return (datetime.date.fromisoformat(waiver.get("created")) + days).isoformat()


def waiver_problem(waiver: Waiver, today: str, rules: Mapping[str, Rule] = RULES) -> str:
    """Why a waiver is not applied on a day, or an empty text."""
    rule = rules.get(waiver.get("rule"))
    state, says = _judge(waiver, rule, expiry(waiver, rule) if rule else "", today)
    return "" if state in APPLIED else says


def basis_of(found: Iterable[Finding], rule: Rule) -> str:
    """What an agreement rests on: the version of the rule, and the values that
    its failing findings read. Sixteen hexadecimal digits."""
    lines = sorted(
        f"{finding.subject}\t{one.what}\t{one.value}"
        for finding in found
        for one in finding.evidence
    )
    subjects = sorted(finding.subject for finding in found)
    text = "\n".join((rule.id, rule.version, *subjects, *lines))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _days(begins: str, ends: str) -> int:
    first, last = datetime.date.fromisoformat(begins), datetime.date.fromisoformat(ends)
    return (last - first).days
