"""What a result says of each rule in a few numbers, kept in the row of its run: a heat map of
hundreds of designs must not read results of megabytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from design.result import Result
from design.rules import Severity, Verdict

Summary = dict[str, Any]
_FIELDS = ("open", "waived", "unknown", "error", "pass")


class Tally(NamedTuple):
    """How many subjects of a design a rule fails, waives, leaves unknown, breaks on, passes.
    `severity` is the worst of those that fail, else the rule's own."""

    severity: str
    open: int = 0
    waived: int = 0
    unknown: int = 0
    error: int = 0
    passed: int = 0


def of(result: Result) -> Summary:
    """The summary of a result, as JSON values. Rules that apply to nothing are left out."""
    rules: dict[str, list[Any]] = {}
    for found in result.findings:
        if found.verdict is Verdict.NOT_APPLICABLE:
            continue
        row = rules.setdefault(found.rule, ["", 0, 0, 0, 0, 0])
        word = found.verdict.value
        if found.verdict is Verdict.FAIL:
            word = "open" if result.is_open(found) else "waived"
            row[0] = _worse(row[0], found.severity.value)
        row[1 + _FIELDS.index(word)] += 1
    for id, row in rules.items():
        row[0] = row[0] or result.rules[id].severity.value
    design = result.design
    said = {name: design.get(name) for name in ("criticality", "stage")}
    head = {name: str(value) for name, value in said.items() if value}
    return {**head, "rules": rules}


def _worse(one: str, other: str) -> str:
    return min((w for w in (one, other) if w), key=lambda word: Severity(word).rank)


@dataclass(frozen=True, slots=True)
class Summed:
    """A summary as it is read again. What an older release stored reads as nothing known."""

    criticality: str = ""
    stage: str = ""
    rules: Mapping[str, Tally] = field(default_factory=dict)


def read(summary: Summary) -> Summed:
    rules = {id: Tally._make(row) for id, row in summary.get("rules", {}).items()}
    return Summed(summary.get("criticality", ""), summary.get("stage", ""), rules)
