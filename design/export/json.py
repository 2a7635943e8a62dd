"""A result as JSON: what `design.result.from_dict` reads, and the open questions."""

from __future__ import annotations

import json
from typing import Any

from ..compare import AttributeChange, Comparison, FindingChange, fingerprint
from ..questions import as_dict, questions
from ..result import Result, finding_dict, score_dict, to_dict


def render(result: Result) -> str:
    return json.dumps(values(result), indent=1, ensure_ascii=False) + "\n"


def values(result: Result) -> dict[str, Any]:
    """The report as JSON values. The questions follow from the rest, so that what
    is stored does without them. `design.schema` has the published schema."""
    asked = questions(result.design, result.findings, result.waived, rules=result.rules)
    return {**to_dict(result), "questions": [as_dict(question) for question in asked]}


def render_comparison(comparison: Comparison) -> str:
    return json.dumps(comparison_dict(comparison), indent=1, ensure_ascii=False) + "\n"


def comparison_dict(comparison: Comparison) -> dict[str, Any]:
    """A comparison as JSON values; both results only by hash and score."""
    lists = ("new", "fixed", "kept", "gone", "newly_unknown", "newly_decided", "severity_changed",
             "newly_waived", "from_pack")  # fmt: skip
    return {
        "format": "warmstart-comparison/1",
        **{
            side: {
                "text_hash": result.text_hash,
                "pack_version": result.pack_version,
                "packs": list(result.versions),
                "score": score_dict(result.score),
            }
            for side, result in (("before", comparison.before), ("after", comparison.after))
        },
        "points": comparison.points,
        "packs_changed": list(comparison.packs),
        "causes": [{"rule": c.rule, "points": c.points} for c in comparison.causes],
        "design": [_attribute(change) for change in comparison.design],
        "parts": [
            {
                "section": part.section,
                "id": part.id,
                "how": part.how,
                "was": part.was,
                "attributes": [_attribute(change) for change in part.attributes],
            }
            for part in comparison.parts
        ],
        "findings": {
            name: [_finding(comparison, c) for c in getattr(comparison, name)] for name in lists
        },
    }


def _attribute(change: AttributeChange) -> dict[str, Any]:
    return {
        "path": change.path,
        "old": _plain(change.old) if change.stated_before else "absent",
        "new": _plain(change.new) if change.stated_after else "absent",
    }


def _plain(value: Any) -> Any:
    if value is None:
        return "unknown"
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "actions"):
        return {"to": value.to, "actions": list(value.actions)}
    return value


def _finding(comparison: Comparison, change: FindingChange) -> dict[str, Any]:
    finding = change.after or change.before
    design = (comparison.after if change.after else comparison.before).design
    return {
        "rule": change.rule,
        "subject": change.subject,
        "fingerprint": fingerprint(finding, design) if finding else "",
        "before": finding_dict(change.before) if change.before else None,
        "after": finding_dict(change.after) if change.after else None,
    }
