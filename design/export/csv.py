"""Findings as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from ..result import Result
from ..rules import Rule
from ._words import evidence, fix

_BLANK: Final = ("\t", "\r", "\n")
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
COLUMNS: Final = (
    "rule", "title", "subject", "verdict", "severity", "pillar", "waived", "line", "message",
    "evidence", "missing", "fix", "rules",
)  # fmt: skip


def render(result: Result) -> str:
    """One row for each finding, passes and unknowns included."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for finding in result.findings:
        rule = result.rules.get(finding.rule)
        row = (
            finding.rule,
            finding.title,
            finding.subject,
            finding.verdict.value,
            finding.severity.value,
            rule.pillar if rule else "",
            result.waived.get((finding.rule, finding.subject), ""),
            finding.line,
            finding.message,
            "; ".join(evidence(one) for one in finding.evidence),
            ", ".join(finding.missing),
            fix(result, finding),
            version_of(rule, result),
        )
        writer.writerow([cell(value) for value in row])
    return out.getvalue()


def version_of(rule: Rule | None, result: Result) -> str:
    """The pack that a rule comes from, with its version."""
    if rule is None or not rule.pack:
        return result.versions[0]
    return next((str(pack) for pack in result.packs if pack.name == rule.pack), rule.pack)


def cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula is marked as text, also
    where white space or a full-width sign hides it."""
    if isinstance(value, str) and (value[:1] in _BLANK or value.lstrip()[:1] in _FORMULA):
        return "'" + value
    return value
