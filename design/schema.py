"""The published JSON Schema of a result: what `export.json` writes.

Fields are added, never renamed or removed: a program that reads one keeps
working.
"""

from __future__ import annotations

from typing import Any, Final

from .result import FORMAT
from .rules import PILLARS, Severity, Verdict

_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer", "minimum": 0}
_PERCENT: Final = {"type": "number", "minimum": 0, "maximum": 100}
_TEXTS: Final = {"type": "array", "items": _TEXT}
_SEVERITY: Final = {"enum": [severity.value for severity in Severity]}
_STATES: Final = (
    "active", "expiring", "proposed", "re-confirm", "expired", "malformed", "unused", "undated",
)  # fmt: skip


def result_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `warmstart-result/2`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Result of checking a design",
        "description": "What the rules found, and what it is worth. Written by “check --format "
        "json”; several files give one such object on a line.",
        **_object(
            {
                "file": {**_TEXT, "description": "The design's file, where several were checked."},
                "format": {"const": FORMAT},
                "engine": _object({"name": _TEXT, "version": _TEXT}),
                "packs": {
                    "type": "array",
                    "minItems": 1,
                    "description": "The sets of rules that were asked, the built-in one first.",
                    "items": _object(
                        {
                            "name": _TEXT,
                            "version": _TEXT,
                            "title": _TEXT,
                            "rules": {"type": "array", "items": _rule()},
                        },
                        optional=("title", "rules"),
                    ),
                },
                "pack_version": {**_TEXT, "description": "The version of the built-in rules."},
                "profile": _TEXT,
                "text_hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                "score": {**_PERCENT, "description": "Means little without its coverage."},
                "coverage": _PERCENT,
                "grade": {"enum": ["A", "B", "C", "D", "E", None]},
                "provisional": {"type": "boolean"},
                "without_accepted": _PERCENT,
                "caps": _TEXTS,
                "shifts": _TEXTS,
                "counts": {
                    "type": "object",
                    "description": "How many rules ended in each verdict.",
                    "additionalProperties": _COUNT,
                },
                "pillars": _object({name: _pillar() for name in PILLARS}),
                "findings": {"type": "array", "items": _finding()},
                "questions": {
                    "type": "array",
                    "description": "What the text would have to state, the most consequential "
                    "first.",
                    "items": _question(),
                },
                "waived": {
                    "type": "array",
                    "items": _object({"rule": _TEXT, "subject": _TEXT, "category": _TEXT}),
                },
                "waivers": {"type": "array", "items": _waiver()},
                "design": {**_TEXT, "description": "The design's canonical text."},
            },
            optional=("file",),
        ),
    }


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties}


def _pillar() -> dict[str, Any]:
    return _object(
        {
            "score": {"anyOf": [_PERCENT, {"type": "null"}]},
            "coverage": _PERCENT,
            "weight": {"type": "number"},
            "cap": {"anyOf": [_PERCENT, {"type": "null"}]},
            "rules": _COUNT,
            "subjects": _COUNT,
        }
    )


def _finding() -> dict[str, Any]:
    evidence = {"what": _TEXT, "value": _TEXT, "line": _COUNT, "origin": _TEXT}
    return _object(
        {
            "rule": _TEXT,
            "subject": _TEXT,
            "verdict": {"enum": [verdict.value for verdict in Verdict]},
            "severity": _SEVERITY,
            "title": _TEXT,
            "message": _TEXT,
            "line": {**_COUNT, "description": "Counts from 1; 0 where the text has none."},
            "missing": _TEXTS,
            "evidence": {"type": "array", "items": _object(evidence)},
        }
    )


def _question() -> dict[str, Any]:
    names = ("section", "subject", "attribute", "question", "expects", "unit")
    score = {
        "type": "array",
        "items": _PERCENT,
        "minItems": 2,
        "maxItems": 2,
        "description": "If the answer fails all the rules that wait, and if it passes them.",
    }
    return _object(
        {
            **dict.fromkeys(names, _TEXT),
            "answers": _TEXTS,
            "several": {"type": "boolean"},
            "rules": _TEXTS,
            "verdicts": _COUNT,
            "score": score,
            "also": _TEXTS,
        }
    )


def _rule() -> dict[str, Any]:
    names = ("id", "version", "title", "pillar", "area", "why", "detects", "false_alarm", "fix",
             "section")  # fmt: skip
    return _object(
        {
            **dict.fromkeys(names, _TEXT),
            "severity": _SEVERITY,
            "confidence": {"enum": ["high", "medium", "low"]},
            "references": _TEXTS,
            "waivable": {"type": "boolean"},
        }
    )


def _waiver() -> dict[str, Any]:
    names = ("rule", "subject", "says", "expires", "basis")
    kept = {
        "type": "object",
        "description": "What a waiver says that is kept outside the design's text.",
        "additionalProperties": _TEXT,
    }
    properties = {
        **dict.fromkeys(names, _TEXT),
        "state": {"enum": list(_STATES)},
        "matches": _TEXTS,
        "waiver": kept,
    }
    return _object(properties, optional=("waiver",))
