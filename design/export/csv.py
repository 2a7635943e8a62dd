"""Findings as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import Any

from ..result import Result
from ..rules import RULES
from ._words import evidence, fix

COLUMNS = (
    "rule", "title", "subject", "verdict", "severity", "pillar", "waived", "line", "message",
    "evidence", "missing", "fix",
)  # fmt: skip


def render(result: Result) -> str:
    """One row for each finding, passes and unknowns included."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for finding in result.findings:
        rule = RULES.get(finding.rule)
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
            fix(finding),
        )
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
