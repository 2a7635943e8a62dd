"""A new part as text, in braces or in lines."""

from __future__ import annotations

from collections.abc import Mapping

from ..document import value_text
from ._edits import Value


def _entries(said: Mapping[str, Value]) -> list[str]:
    """``key: value`` for each attribute, groups in braces where they first occur."""
    groups: dict[str, list[str]] = {}
    for path, value in said.items():
        group, _, name = path.rpartition(".")
        groups.setdefault(group or f".{name}", []).append(f"{name}: {value_text(value)}")
    return [
        members[0] if group.startswith(".") else f"{group}: {{{', '.join(members)}}}"
        for group, members in groups.items()
    ]


def grouped(said: Mapping[str, Value]) -> str:
    return ", ".join(_entries(said))


def in_braces(said: Mapping[str, Value]) -> str:
    return f"{{{grouped(said)}}}"


def in_lines(said: Mapping[str, Value]) -> list[str]:
    return _entries(said)
