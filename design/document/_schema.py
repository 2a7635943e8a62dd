"""The JSON Schema of `sdm/1`, for editors that complete and check a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .. import kinds
from ..kinds import Attribute, Type

Schema = dict[str, Any]

_ID: Final[Schema] = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"}
_UNKNOWN: Final[Schema] = {"const": "unknown"}


def json_schema() -> Schema:
    """The schema (draft 2020-12) made from the table of kinds.

    It checks the form: kinds, attributes, words and ranges. That names exist
    and ids are unique only `load` can say.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "sdm-1.json",
        "title": "Serverless design model, sdm/1",
        "type": "object",
        "required": ["model", "design", "components"],
        "additionalProperties": False,
        "properties": {
            "model": {"const": kinds.MODEL},
            "design": _group(kinds.DESIGN, {"id": _ID}, required=["id"]),
            "defaults": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    **{k.name: _group(k.attributes) for k in kinds.COMPONENT_KINDS.values()},
                    **{name: {"$ref": "#/$defs/edge-defaults"} for name in _edge_layers()},
                },
            },
            "decisions": _list(_group(kinds.DECISION, {"id": _ID}, required=["id"])),
            "boundaries": _list(_boundary()),
            "data": _list(_group(kinds.DATA, {"id": _ID}, required=["id"])),
            "components": {**_list(_component()), "minItems": 1, "maxItems": 2000},
            "edges": {**_list(_edge()), "maxItems": 5000},
            "scenarios": _list(_group(kinds.SCENARIO, {"id": _ID}, required=["id"])),
            "waivers": _list(_group(kinds.WAIVER, required=["rule", "subject"])),
            "layout": _group(kinds.LAYOUT),
        },
        "$defs": {
            "edge-defaults": _group(kinds.EDGE),
            **{name: _component_of(kind) for name, kind in kinds.COMPONENT_KINDS.items()},
        },
    }


def _edge_layers() -> tuple[str, ...]:
    return ("edge", *kinds.EDGE_KINDS)


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _boundary() -> Schema:
    own = {"id": _ID, "kind": _kind_of(kinds.BOUNDARY_KINDS)}
    return _group(kinds.BOUNDARY, own, required=["id", "kind"])


def _edge() -> Schema:
    meanings = {name: kind.meaning for name, kind in kinds.EDGE_KINDS.items()}
    own = {"from": _ID, "to": _ID, "kind": _kind_of(meanings), "id": _ID}
    return _group(kinds.EDGE, own, required=["from", "to", "kind"])


def _component() -> Schema:
    meanings = {name: kind.meaning for name, kind in kinds.COMPONENT_KINDS.items()}
    return {
        "type": "object",
        "required": ["id", "kind"],
        "properties": {"id": _ID, "kind": _kind_of(meanings)},
        "allOf": [
            {
                "if": {"required": ["kind"], "properties": {"kind": {"const": name}}},
                "then": {"$ref": f"#/$defs/{name}"},
            }
            for name in kinds.COMPONENT_KINDS
        ],
    }


def _component_of(kind: kinds.ComponentKind) -> Schema:
    schema = _group(kind.attributes, {"id": _ID, "kind": {"const": kind.name}}, ["id", "kind"])
    return {**schema, "title": kind.title, "description": kind.meaning}


def _kind_of(meanings: Mapping[str, str]) -> Schema:
    return {
        "enum": list(meanings),
        "description": "; ".join(f"{k}: {v}" for k, v in meanings.items()),
    }


def _group(
    table: Mapping[str, Attribute],
    own: Mapping[str, Schema] | None = None,
    required: list[str] | None = None,
) -> Schema:
    """An object with a table's attributes, groups nested, nothing else allowed."""
    properties: dict[str, Schema] = dict(own or {})
    for attribute in table.values():
        group, _, name = attribute.path.rpartition(".")
        if not group:
            properties[name] = _attribute(attribute)
            continue
        inner = properties.setdefault(
            group,
            {
                "anyOf": [
                    {"type": "object", "additionalProperties": False, "properties": {}},
                    _UNKNOWN,
                ]
            },
        )
        inner["anyOf"][0]["properties"][name] = _attribute(attribute)
    schema: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }
    return {**schema, "required": required} if required else schema


def _attribute(attribute: Attribute) -> Schema:
    meaning = attribute.meaning
    if attribute.unit:
        meaning = f"{meaning} In {attribute.unit}."
    if attribute.type in (Type.TEXT, Type.REFERENCE, Type.DATE):
        return {**_value(attribute), "description": meaning}
    return {"anyOf": [_value(attribute), _UNKNOWN], "description": meaning}


def _value(attribute: Attribute) -> Schema:
    text: Schema = {"type": "string"}
    match attribute.type:
        case Type.INTEGER | Type.NUMBER:
            name = "integer" if attribute.type is Type.INTEGER else "number"
            return {"type": name, "minimum": attribute.low, "maximum": attribute.high}
        case Type.BOOLEAN:
            return {"type": "boolean"}
        case Type.NOTE:
            return {"type": ["boolean", "string"]}
        case Type.WORD:
            return {"enum": list(attribute.words)}
        case Type.WORDS:
            return _list({"enum": list(attribute.words)})
        case Type.TEXTS | Type.REFERENCES:
            return _list(text)
        case Type.RANKS:
            return _list(_list(text))
        case Type.GRANTS:
            return _list(_grant(attribute))
        case _:
            return text


def _grant(attribute: Attribute) -> Schema:
    return {
        "type": "object",
        "required": ["to", "actions"],
        "additionalProperties": False,
        "properties": {
            "to": {"type": "string", "description": "A component, or *."},
            "actions": _list({"enum": list(attribute.words)}),
        },
    }
