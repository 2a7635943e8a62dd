"""Parts that were added, removed, renamed or changed, attribute by attribute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..model import Attr, Design, Edge, Part
from ._types import AttributeChange, PartChange

SECTIONS: Final = ("component", "edge", "boundary", "data", "decision", "scenario")
_NOT_COMPARED: Final = frozenset({"was"})


def _sections(design: Design) -> dict[str, Sequence[Part]]:
    return {
        "component": design.components,
        "edge": design.edges,
        "boundary": design.boundaries,
        "data": design.data,
        "decision": design.decisions,
        "scenario": design.scenarios,
    }


def renames_of(before: Design, after: Design) -> dict[str, dict[str, str]]:
    """By section: old id to new id, for parts that say `was` and replace it."""
    old, new = _sections(before), _sections(after)
    found: dict[str, dict[str, str]] = {}
    for section in SECTIONS:
        gone = {part.id for part in old[section]} - {part.id for part in new[section]}
        found[section] = {
            part.get("was"): part.id for part in new[section] if part.get("was") in gone
        }
    moved = found["component"]
    found["edge"] = {
        edge.id: _moved(edge, moved)
        for edge in before.edges
        if edge.source in moved or edge.target in moved
    }
    return found


def _moved(edge: Edge, moved: Mapping[str, str]) -> str:
    source, target = moved.get(edge.source, edge.source), moved.get(edge.target, edge.target)
    return f"{source}->{target}:{edge.id.partition(':')[2]}"


def part_changes(
    before: Design, after: Design, renames: Mapping[str, Mapping[str, str]]
) -> tuple[PartChange, ...]:
    changes: list[PartChange] = []
    old_parts, new_parts = _sections(before), _sections(after)
    ids = {name: new for section in renames.values() for name, new in section.items()}
    for section in SECTIONS:
        renamed = renames[section]
        old = {renamed.get(part.id, part.id): part for part in old_parts[section]}
        new = {part.id: part for part in new_parts[section]}
        for id in sorted(old.keys() | new.keys()):
            change = _part(section, id, old.get(id), new.get(id), ids)
            if change is not None:
                changes.append(change)
    return tuple(changes)


def _part(
    section: str, id: str, old: Part | None, new: Part | None, ids: Mapping[str, str]
) -> PartChange | None:
    if old is None and new is not None:
        return PartChange(section, id, "added", _title(new))
    if new is None and old is not None:
        return PartChange(section, old.id, "removed", _title(old))
    assert old is not None
    assert new is not None
    attributes = attribute_changes(old.attrs, new.attrs, ids)
    kinds = (getattr(old, "kind", ""), getattr(new, "kind", ""))
    if kinds[0] != kinds[1]:
        attributes = (AttributeChange("kind", *kinds), *attributes)
    if old.id != new.id and section != "edge":
        return PartChange(section, id, "renamed", _title(new), old.id, attributes)
    if attributes:
        return PartChange(section, id, "changed", _title(new), "", attributes)
    return None


def _title(part: Part) -> str:
    return str(part.get("title") or part.id)


def attribute_changes(
    old: Mapping[str, Attr], new: Mapping[str, Attr], ids: Mapping[str, str]
) -> tuple[AttributeChange, ...]:
    changes: list[AttributeChange] = []
    for path in sorted(old.keys() | new.keys()):
        if path in _NOT_COMPARED:
            continue
        said = path in old, path in new
        values = (old[path].value if said[0] else None, new[path].value if said[1] else None)
        if said[0] == said[1] and (values[0] == values[1] or _renamed(values[0], ids) == values[1]):
            continue
        changes.append(AttributeChange(path, *values, *said))
    return tuple(changes)


def _renamed(value: Any, ids: Mapping[str, str]) -> Any:
    """A value with old ids replaced, so that a rename changes one part only."""
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        return tuple(sorted(ids.get(item, item) for item in value))
    if isinstance(value, tuple) and value and hasattr(value[0], "actions"):
        moved = (type(g)(ids.get(g.to, g.to), g.actions) for g in value)
        return tuple(sorted(moved, key=lambda grant: grant.to))
    return value
