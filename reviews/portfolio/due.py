"""When a design should be looked at again, from how much hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from reviews.portfolio.gathered import Entry

DAYS: Final = {"critical": 90, "high": 180, "medium": 365, "low": 730}
"""Days after the newest revision, by the criticality that the design states."""

UNSTATED: Final = "medium"


@dataclass(frozen=True)
class Due:
    """`why` are the reasons besides the day."""

    entry: Entry
    on: date
    days: int
    why: tuple[str, ...]

    @property
    def is_due(self) -> bool:
        return self.days <= 0 or bool(self.why)


def due(entries: Sequence[Entry], today: date) -> list[Due]:
    """Every design with its day, those that wait longest first."""
    found = []
    for entry in entries:
        criticality = entry.summed.criticality or UNSTATED
        days = DAYS.get(criticality, DAYS[UNSTATED])
        on = entry.revision.created.date() + timedelta(days=days)
        found.append(Due(entry, on, (on - today).days, tuple(_why(entry))))
    return sorted(found, key=lambda d: (not d.is_due, d.on, d.entry.design.slug))


def _why(entry: Entry) -> list[str]:
    run = entry.run
    if entry.covered:
        return []
    if run is None:
        return ["never checked"]
    if run.is_failed:
        return ["the check did not end"]
    if run.is_done and not run.is_current:
        return [f"checked with rules {run.pack_version}"]
    return []
