"""A result as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from typing import Any, Final

from ..compare import Comparison, fingerprint
from ..result import Result
from ..rules import RULES, Finding, Rule, Severity, Verdict

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}


def render(result: Result, uri: str = "design.yaml", comparison: Comparison | None = None) -> str:
    """All rules stand in the driver, also those without a result, so that a
    reader can tell “ran and clean” from “not run”. With a comparison each result
    says whether it is new."""
    order = {id: number for number, id in enumerate(RULES)}
    baseline = _baseline(comparison) if comparison else {}
    results = [
        _result(result, finding, order[finding.rule], uri, baseline)
        for finding in result.findings
        if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN) and finding.rule in order
    ]
    if comparison:
        results += [_absent(f, order[f.rule], uri) for f in _gone(comparison) if f.rule in order]
    driver = {
        "name": "Warmstart",
        "version": result.pack_version,
        "rules": [_rule(rule) for rule in RULES.values()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [
            {
                "executionSuccessful": not result.of(Verdict.ERROR),
                "toolExecutionNotifications": [
                    {
                        "level": "error",
                        "message": {"text": f"{f.rule} {f.subject}: {f.message}"},
                        "associatedRule": {"id": f.rule},
                    }
                    for f in result.of(Verdict.ERROR)
                ],
            }
        ],
        "properties": {"score": result.score.total, "coverage": result.score.coverage},
    }
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
        "properties": {"pillar": rule.pillar, "severity": rule.severity.value},
    }


def _result(
    result: Result, finding: Finding, index: int, uri: str, baseline: dict[tuple[str, str], str]
) -> dict[str, Any]:
    unknown = finding.verdict is Verdict.UNKNOWN
    said: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "kind": "open" if unknown else "fail",
        "level": "note" if unknown else _LEVEL[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(finding, uri)],
        "partialFingerprints": {"warmstart/v1": fingerprint(finding)},
    }
    if unknown:
        said["level"] = "none"  # the standard allows no other level beside kind "open"
    category = result.waived.get((finding.rule, finding.subject))
    if category:
        said["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": category}
        ]
    state = baseline.get((finding.rule, finding.subject))
    if baseline:
        said["baselineState"] = state or "unchanged"
    return said


def _location(finding: Finding, uri: str) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {"startLine": max(1, finding.line)},
        },
        "logicalLocations": [{"fullyQualifiedName": finding.subject, "kind": "element"}],
    }


def _absent(finding: Finding, index: int, uri: str) -> dict[str, Any]:
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "kind": "fail",
        "level": _LEVEL[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(finding, uri)],
        "partialFingerprints": {"warmstart/v1": fingerprint(finding)},
        "baselineState": "absent",
    }


def _baseline(comparison: Comparison) -> dict[tuple[str, str], str]:
    states = {(c.rule, c.subject): "new" for c in comparison.new}
    states |= {(c.rule, c.subject): "unchanged" for c in comparison.kept}
    states |= {(c.rule, c.subject): "updated" for c in comparison.severity_changed}
    states |= {(c.rule, c.subject): "updated" for c in comparison.newly_unknown}
    return states


def _gone(comparison: Comparison) -> list[Finding]:
    return [c.before for c in (*comparison.fixed, *comparison.gone) if c.before is not None]
