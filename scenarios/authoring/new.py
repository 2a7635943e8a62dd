"""A new exercise from a template: complete, with a comment at every field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from scenarios.catalogue import Catalogue
from scenarios.engine import TYPES

FOLDER: Final = Path(__file__).parent / "templates"
_PREFIX: Final = {"essay": "e", "incident": "i", "repair": "r"}
_MINUTES: Final = {"essay": 10, "incident": 8, "repair": 12, "single": 2, "multi": 2}
_BLOOM: Final = {"essay": "evaluate", "repair": "evaluate", "incident": "analyse"}


def text(type: str, known: Catalogue, day: date, id: str = "", section: str = "") -> str:
    """The text of a new exercise, which loads without an error. `section` decides which skill
    and which misconceptions it names. Raises KeyError for an unknown type."""
    if type not in TYPES:
        raise KeyError(type)
    section = section or "reliability-and-resilience/dead-letter-queues-quarantine"
    near = [s.id for s in known.skills.values() if s.section == section] or [*known.skills]
    beliefs = [m.id for m in known.misconceptions.values() if m.section == section]
    beliefs = [*beliefs, *known.misconceptions]
    values: Mapping[str, str] = {
        "ID": id or f"{_PREFIX.get(type, 'q')}-0000-new",
        "TYPE": type,
        "SECTION": section,
        "SKILL": near[0],
        "BLOOM": _BLOOM.get(type, "apply"),
        "MINUTES": str(_MINUTES.get(type, 4)),
        "DATE": day.isoformat(),
        "BELIEF": beliefs[0],
        "OTHER": beliefs[1],
    }
    parts = (FOLDER / f"{name}.yaml" for name in ("_header", type, "_footer"))
    whole = "".join(part.read_text(encoding="utf-8") for part in parts)
    for name, value in values.items():
        whole = whole.replace(f"@{name}@", value)
    return whole
