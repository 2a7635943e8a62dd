"""Decisions that are due for another look, as a list and as a calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fit.model import fit
from fit.models import Record


@dataclass(frozen=True)
class Due:
    """A standing decision; `days` until its date, negative when that has passed."""

    record: Record
    days: int
    model_changed: bool

    @property
    def is_due(self) -> bool:
        return self.days <= 0 or self.model_changed


def listed(records: Iterable[Record], today: dt.date) -> list[Due]:
    """Due ones first, each by date. A decision is also due when the model has changed since."""
    current = fit().numbers.version
    found = [
        Due(record, (record.review_on - today).days, record.version.model != current)
        for record in records
    ]
    return sorted(found, key=lambda due: (not due.is_due, due.days, due.record.pk))


def calendar(records: Sequence[tuple[Record, str]], host: str) -> str:
    """An iCalendar file (RFC 5545) with a day for each record, given with its address."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Warmstart//Decisions//EN"]
    for record, url in records:
        stamp = (record.accepted or record.created).astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
        day = record.review_on
        about = [record.assessment.name, record.on_traffic, record.on_team, record.on_limit]
        lines += [
            "BEGIN:VEVENT",
            f"UID:decision-{record.pk}@{_text(host)}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text('Look again: ' + record.title)}",
            f"DESCRIPTION:{_text(chr(10).join(part for part in about if part))}",
            f"URL:{url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _text(value: str) -> str:
    """A value of type TEXT: what would end or split it is escaped, other controls go."""
    kept = "".join(c for c in value.replace("\r\n", "\n") if c.isprintable() or c == "\n")
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        kept = kept.replace(plain, escaped)
    return kept


def _folded(line: str) -> list[str]:
    """Lines of at most 75 octets, the later ones with a leading space, no character cut."""
    parts, current, size = [], "", 0
    for char in line:
        wide = len(char.encode())
        if size + wide > 75:
            parts.append(current)
            current, size = " ", 1
        current, size = current + char, size + wide
    return [*parts, current]
