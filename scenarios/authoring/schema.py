"""The shape of an exercise file as JSON Schema (draft 2020-12), for editors that complete and check
while somebody types. What only the proofs can know is left to `exercises check`."""

from __future__ import annotations

from typing import Any, Final

from scenarios.engine import BLOOM, CODES, STATUS, TYPES
from scenarios.engine._header import SCOPES
from scenarios.engine.incident import KINDS

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string", "minLength": 1}
_NUMBER: Final[Schema] = {"type": "number"}
_ID: Final[Schema] = {"type": "string", "pattern": "^[a-z0-9]+([.-][a-z0-9]+)*$"}
_ANY: Final[Schema] = {}


def _list(items: Schema, least: int = 0, most: int = 0) -> Schema:
    found: Schema = {"type": "array", "items": items}
    if least:
        found["minItems"] = least
    if most:
        found["maxItems"] = most
    return found


def _object(required: str, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


_OPTION: Final = _object(
    "id text why",
    **{"id": _ID, "text": _TEXT, "why": _TEXT, "misconception": _ID},
    **{"correct": {"type": "boolean"}, "credit": {"type": "number", "maximum": 0.5}},
)
_EDIT: Final[Schema] = {
    "type": "object",
    "oneOf": [
        {"required": ["set", "to"]},
        {"required": ["drop"]},
        {"required": ["remove"]},
        {"required": ["add", "kind"]},
        {"required": ["connect", "kind"]},
    ],
}
_DESIGN: Final[Schema] = {"type": "string", "description": "The text of a design, as a | block."}
_VALUES: Final[Schema] = {
    "oneOf": [
        _NUMBER,
        _object("choose", choose=_list(_NUMBER, 1, 50)),
        _object("from to step", **{"from": _NUMBER, "to": _NUMBER, "step": _NUMBER}),
    ]
}
_TOLERANCE: Final = _object("", rel=_NUMBER, abs=_NUMBER) | {"minProperties": 1}
_CHOICE: Final = _object(
    "id text why go",
    **{"id": _ID, "text": _TEXT, "why": _TEXT, "go": _TEXT, "misconception": _ID},
    **{"do": {"type": "object"}, "max": {"type": "integer"}, "kind": {"enum": list(KINDS)}},
)

BODIES: Final[dict[str, tuple[str, dict[str, Schema]]]] = {
    "single": ("options", {"options": _list(_OPTION, 3, 5)}),
    "multi": ("options", {"options": _list(_OPTION, 4, 6), "choose": _ANY}),
    "order": (
        "steps",
        {
            "steps": _list(_object("id text", id=_ID, text=_TEXT, after=_list(_ID), why=_TEXT), 4, 8),
            "extras": _list(_object("id text why", id=_ID, text=_TEXT, why=_TEXT, misconception=_ID)),
        },
    ),
    "match": (
        "left right",
        {
            "left": _list(_object("id text answer why", id=_ID, text=_TEXT, answer=_ID, why=_TEXT), 4, 7),
            "right": _list(_object("id text", id=_ID, text=_TEXT, fits=_TEXT, misconception=_ID), 3, 9),
        },
    ),
    "categorise": (
        "bins items",
        {
            "bins": _list(_object("id text", id=_ID, text=_TEXT), 2),
            "ordinal": {"type": "boolean"},
            "near": {"type": "number", "maximum": 0.25},
            "profile": _TEXT,
            "items": _list(
                _object("id text bin why", id=_ID, text=_TEXT, bin=_ID, why=_TEXT, misconception=_ID, profile=_TEXT), 4, 9
            ),
        },
    ),
    "numeric": (
        "answer tolerance plausible worked",
        {
            "params": {"type": "object", "additionalProperties": _VALUES},
            "answer": _object("expr", expr=_TEXT, unit=_TEXT),
            "tolerance": _TOLERANCE,
            "plausible": _list(_NUMBER, 2, 2),
            "near": _list(_object("expr why", expr=_TEXT, credit=_NUMBER, why=_TEXT, misconception=_ID)),
            "worked": _TEXT,
        },
    ),
    "table": (
        "rows worked",
        {
            "given": {"type": "object", "additionalProperties": _NUMBER},
            "rows": _list({"type": "object", "required": ["id", "label"]}, 3, 9),
            "worked": _TEXT,
        },
    ),
    "hotspot": (
        "diagram targets others_why",
        {
            "diagram": _DESIGN,
            "pick": {"type": "integer", "minimum": 1, "maximum": 4},
            "edges": {"type": "boolean"},
            "targets": _list(
                _object(
                    "node role why",
                    **{"node": _TEXT, "role": {"enum": ["cause", "symptom"]}, "why": _TEXT},
                    **{"credit": {"type": "number", "maximum": 0.4}, "misconception": _ID},
                ),
                1,
            ),
            "proved_by": _list(_TEXT),
            "others_why": _TEXT,
        },
    ),
    "essay": (
        "words rubric exemplars model_answer",
        {
            "words": _list({"type": "integer"}, 2, 2),
            "rubric": _list(_object("id text levels", id=_ID, text=_TEXT, levels=_list(_TEXT, 3, 3)), 3, 5),
            "exemplars": _list(
                _object("score text why", score=_list({"enum": [0, 1, 2]}), text=_TEXT, why=_TEXT), 2
            ),
            "model_answer": _TEXT,
            "peer": {"enum": ["optional", "none"]},
        },
    ),
    "incident": (
        "state start nodes utility",
        {
            "state": {"type": "object", "additionalProperties": _NUMBER, "minProperties": 1},
            "limits": {"type": "object", "additionalProperties": _NUMBER},
            "start": _TEXT,
            "nodes": {
                "type": "object",
                "additionalProperties": _object(
                    "text", text=_TEXT, end={"type": "boolean"}, choices=_list(_CHOICE, 2, 5)
                ),
            },
            "utility": _TEXT,
            "caps": {"type": "object", "additionalProperties": _NUMBER},
        },
    ),
    "repair": (
        "model keep must_clear reference",
        {
            "model": _DESIGN,
            "keep": _object(
                "flows",
                flows=_list(
                    _object(
                        "from to what",
                        **{"from": _ID, "to": _ID, "what": _TEXT, "carries": _ID},
                        **{"times": {"type": "integer", "minimum": 1}},
                        **{"waits": {"type": "boolean"}},
                    ),
                    1,
                ),
                locked=_list(_ID),
            ),
            "allow": _object("", add=_list(_TEXT), edits={"type": "integer"}),
            "must_clear": _list({"type": "string", "pattern": "^[A-Z]{3}[0-9]{2}$"}, 1, 8),
            "reference": _list(_EDIT, 1),
            "traps": _list(
                _object(
                    "name edits why",
                    **{"name": _TEXT, "edits": _list(_EDIT, 1), "at_most": _NUMBER},
                    **{"why": _TEXT, "misconception": _ID},
                )
            ),
        },
    ),
}  # fmt: skip
"""By type: the required fields of its own, and the shape of all of them."""


def schema() -> Schema:
    """Files of the bank; exercises inside a section take section and date from their page."""
    header: dict[str, Schema] = {
        "id": _ID,
        "rev": {"type": "integer", "minimum": 1, "maximum": 999},
        "type": {"enum": list(TYPES)},
        "title": _TEXT,
        "section": _TEXT,
        "skills": _list(_ID, 1, 3),
        "rules": _list({"type": "string", "pattern": "^[A-Z]{3}[0-9]{2}$"}),
        "bloom": {"enum": list(BLOOM)},
        "level": {"type": "integer", "minimum": 1, "maximum": 3},
        "minutes": {"type": "integer", "minimum": 1, "maximum": 60},
        "scope": {"enum": list(SCOPES)},
        "checked": {"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$"},
        "sources": _list(_TEXT),
        "status": {"enum": list(STATUS)},
        "prompt": _TEXT,
        "hints": _list(_TEXT, 0, 3),
        "explain": _TEXT,
        "accepts": _list(
            _object(
                "code because",
                code={"enum": [c for c in CODES if c.startswith("W")]},
                because=_TEXT,
            )
        ),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An exercise of Warmstart",
        "type": "object",
        "properties": header,
        "required": ["id", "type", "title", "section", "skills", "checked", "prompt", "explain"],
        "allOf": [
            {
                "if": {"properties": {"type": {"const": type}}},
                "then": {"properties": body, "required": required.split()},
            }
            for type, (required, body) in BODIES.items()
        ],
        "unevaluatedProperties": False,
    }
