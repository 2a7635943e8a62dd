"""Run the rules over a design."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Final

from ..model import WHOLE, Design
from ..profiles import Profile, profile
from ._facts import Facts
from ._types import Finding, Outcome, Rule, RuleError, Verdict

_SUBJECT: Final = attrgetter("subject")


def run(rules: Iterable[Rule], design: Design, chosen: Profile | None) -> tuple[Finding, ...]:
    """One finding per rule and subject, in order of rule id and subject.

    A rule without a subject gives one finding, *not applicable*, on ``design``.
    A rule that raises gives one finding with the verdict *error* and nothing
    else, so that a broken rule never looks like a clean design.
    """
    if chosen is None:
        chosen = profile(design.get("profile", "generic"))
    facts = Facts(design, chosen)
    found: list[Finding] = []
    for rule in rules:
        found.extend(_apply(rule, facts))
    return tuple(found)


def _apply(rule: Rule, facts: Facts) -> list[Finding]:
    try:
        outcomes = sorted(rule.judge(facts), key=_SUBJECT)
    except RuleError as error:
        message = f"The rule itself failed: {error}"
        outcomes = [Outcome(WHOLE, Verdict.ERROR, message, line=facts.design.line)]
    except Exception as error:
        import logging  # slow to load, and seldom wanted

        log = logging.getLogger(__name__)
        log.exception("rule %s failed on design %s", rule.id, facts.design.id)
        message = f"The rule itself failed: {type(error).__name__}. Its verdict is missing."
        outcomes = [Outcome(WHOLE, Verdict.ERROR, message, line=facts.design.line)]
    if not outcomes:
        message = "Nothing in this design is of the kind that the rule looks at."
        outcomes = [Outcome(WHOLE, Verdict.NOT_APPLICABLE, message, line=facts.design.line)]
    id, title, severity = rule.id, rule.title, rule.severity
    return [
        Finding(
            id,
            o.subject,
            o.verdict,
            o.severity or severity,
            title,
            o.message,
            o.noted,
            o.missing,
            o.line,
        )
        for o in outcomes
    ]


def open_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The failures, worst first, then by rule and subject: pins count in this order."""
    failed = [finding for finding in findings if finding.verdict is Verdict.FAIL]
    return tuple(sorted(failed, key=lambda f: (f.severity.rank, f.rule, f.subject)))
