"""Values as a reader writes them."""

from __future__ import annotations

import math
from typing import Any, Final

from ..kinds import BOUNDARY, COMPONENT_KINDS, DATA, DECISION, DESIGN, EDGE
from ..model import Grant

TRILLION: Final = 1e12
"""Stated numbers end here; computed ones above it mean nothing to a reader."""

SHOWN: Final = 12
"""Entries of a list that evidence shows; a cycle may have 5,000 edges."""


def _units() -> dict[str, str]:
    tables = [kind.attributes for kind in COMPONENT_KINDS.values()]
    tables += [EDGE, DESIGN, DATA, BOUNDARY, DECISION]
    return {path: a.unit for table in tables for path, a in table.items() if a.unit}


UNITS: Final = _units()


def number(value: float) -> str:
    """A number as a reader writes it: 1,500 and 0.3, never 1500.0 or 1e+06."""
    if not math.isfinite(value) or abs(value) >= TRILLION:
        return "more than a trillion"
    if abs(value) >= 100 or value == int(value):
        return f"{round(value):,}"
    if abs(value) > 99:  # every nine counts
        return f"{value:.6g}"
    return f"{value:.3g}"


def show(value: Any, unit: str = "") -> str:
    """A value as text, with its unit."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{number(value)}{'' if unit == '%' else ' '}{unit}".rstrip()
    if isinstance(value, tuple):
        return _joined([show(v) for v in value[:SHOWN]], len(value))
    if isinstance(value, Grant):
        return f"{', '.join(value.actions)} on {value.to}"
    return str(value)


def _joined(shown: list[str], count: int) -> str:
    if count > len(shown):
        shown.append(f"{count - len(shown)} more")
    return ", ".join(shown) or "none"
