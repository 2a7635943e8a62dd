"""What the editor may propose while somebody types: the table of kinds as one JSON value."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from design import kinds
from design.kinds import Attribute, Type

_LISTS = frozenset({Type.WORDS, Type.TEXTS, Type.REFERENCES})


@cache
def table() -> dict[str, Any]:
    """Attributes of every section and kind, by path: what each means, its unit, its words, and
    what a reference may name."""
    return {
        "sections": {
            "design": _attributes(kinds.DESIGN),
            "boundaries": _attributes(kinds.BOUNDARY),
            "data": _attributes(kinds.DATA),
            "edges": _attributes(kinds.EDGE),
            "decisions": _attributes(kinds.DECISION),
            "scenarios": _attributes(kinds.SCENARIO),
            "waivers": _attributes(kinds.WAIVER),
            "layout": _attributes(kinds.LAYOUT),
        },
        "kinds": {
            name: {"title": kind.title, "attributes": _attributes(kind.attributes)}
            for name, kind in kinds.COMPONENT_KINDS.items()
        },
        "edges": {name: {"title": kind.title} for name, kind in kinds.EDGE_KINDS.items()},
        "boundaries": list(kinds.BOUNDARY_KINDS),
    }


def _attributes(found: Mapping[str, Attribute]) -> dict[str, dict[str, Any]]:
    return {path: _row(attribute) for path, attribute in found.items()}


def _row(attribute: Attribute) -> dict[str, Any]:
    words = ("true", "false") if attribute.type is Type.BOOLEAN else attribute.words
    row: dict[str, Any] = {"means": attribute.meaning}
    if attribute.unit:
        row["unit"] = attribute.unit
    if words and attribute.type is not Type.GRANTS:
        row["words"] = list(words)
    if attribute.refers:
        row["refers"] = list(attribute.refers)
    if attribute.type in _LISTS:
        row["several"] = True
    return row
