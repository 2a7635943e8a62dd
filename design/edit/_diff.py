"""The difference of two texts, as every tool reads it."""

from __future__ import annotations

import difflib


def diff(before: str, after: str, name: str = "design.yaml") -> str:
    """A unified diff, empty where nothing changed. Line ends are kept as they
    are, and a missing last one is marked the usual way."""
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
