"""A result as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote

from ..compare import Comparison, fingerprint
from ..result import Result
from ..rules import Finding, Rule, Severity, Verdict
from ..waivers import Standing
from ._words import covers

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
_TOLD: Final = (Verdict.FAIL, Verdict.UNKNOWN)
_STATUS: Final = {"active": "accepted", "expiring": "accepted", "proposed": "underReview",
                  "re-confirm": "underReview"}  # fmt: skip
"""What a waiver is called here; the others are rejected."""


def render(result: Result, uri: str = "design.yaml", comparison: Comparison | None = None) -> str:
    """All rules stand in the driver, also those without a result, so that a
    reader can tell “ran and clean” from “not run”. With a comparison each result
    says whether it is new. `uri` is the path of the design's file."""
    return json.dumps(document(result, uri, comparison), indent=1, ensure_ascii=False) + "\n"


def document(result: Result, uri: str, comparison: Comparison | None = None) -> dict[str, Any]:
    """The same as JSON values."""
    broken = result.of(Verdict.ERROR)
    run = {
        "tool": {
            "driver": {
                "name": "Warmstart",
                "version": result.engine,
                "rules": [_rule(rule) for rule in result.rules.values()],
                "properties": {"packs": list(result.versions)},
            }
        },
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(uri)}, "sourceLanguage": "yaml"}],
        "results": _results(result, uri, comparison),
        "invocations": [
            {
                "executionSuccessful": not broken,
                "toolExecutionNotifications": [_notification(finding) for finding in broken],
            }
        ],
        "properties": {
            "score": result.score.total,
            "coverage": result.score.coverage,
            "profile": result.profile,
            "packs": list(result.versions),
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _uri(path: str) -> str:
    return quote(path, safe="/:")


def _notification(finding: Finding) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": f"{finding.rule} {finding.subject}: {finding.message}"},
        "associatedRule": {"id": finding.rule},
    }


def _rule(rule: Rule) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": rule.id,
        "name": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
        "properties": {
            "tags": [rule.pillar],
            "pillar": rule.pillar,
            "severity": rule.severity.value,
            "precision": rule.confidence,
        },
    }
    if rule.pack:
        said["properties"]["pack"] = rule.pack
    return said


def _results(result: Result, uri: str, comparison: Comparison | None) -> list[dict[str, Any]]:
    order = {id: number for number, id in enumerate(result.rules)}
    told = [f for f in result.findings if f.verdict in _TOLD and f.rule in order]
    if comparison is None:
        return [_result(result, finding, order, uri) for finding in told]
    earlier = comparison.before
    known = {fingerprint(f, earlier.design): f for f in earlier.findings if f.verdict in _TOLD}
    results = []
    for finding in told:
        said = _result(result, finding, order, uri)
        before = known.pop(fingerprint(finding, result.design), None)
        said["baselineState"] = _state(before, finding)
        results.append(said)
    for finding in known.values():
        if finding.rule in order:
            said = _result(earlier, finding, order, uri)
            results.append({**said, "baselineState": "absent"})
    return results


def _state(before: Finding | None, after: Finding) -> str:
    if before is None:
        return "new"
    same = (before.verdict, before.severity) == (after.verdict, after.severity)
    return "unchanged" if same else "updated"


def _result(result: Result, finding: Finding, order: dict[str, int], uri: str) -> dict[str, Any]:
    """One result; the standard allows no level but none beside the kind open."""
    unknown = finding.verdict is Verdict.UNKNOWN
    said: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": order[finding.rule],
        "kind": "open" if unknown else "fail",
        "level": "none" if unknown else _LEVEL[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(uri), "index": 0},
                    "region": {"startLine": max(1, finding.line)},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.subject, "kind": "element"}],
            }
        ],
        "partialFingerprints": {"warmstart/v1": fingerprint(finding, result.design)},
    }
    suppressions = _suppressions(result, finding)
    if suppressions:
        said["suppressions"] = suppressions
    return said


def _suppressions(result: Result, finding: Finding) -> list[dict[str, Any]]:
    """Waivers meant for a finding, those that are not applied included: the list
    alone suppresses nothing, its `status` does."""
    if finding.verdict is not Verdict.FAIL:
        return []
    found = [_suppression(s) for s in result.waivers if covers(s, finding)]
    category = result.waived.get((finding.rule, finding.subject))
    if category and not any(one["status"] == "accepted" for one in found):
        found.append({"kind": "external", "status": "accepted", "justification": category})
    return found


def _suppression(standing: Standing) -> dict[str, Any]:
    waiver = standing.waiver
    names = ("category", "by", "approved_by", "ticket", "compensating_control")
    properties = {name: waiver.get(name) for name in names if waiver.get(name)}
    return {
        "kind": "external",
        "status": _STATUS.get(standing.state, "rejected"),
        "justification": waiver.get("reason", "") or standing.says,
        "properties": {**properties, "state": standing.state, "expires": standing.expires},
    }
