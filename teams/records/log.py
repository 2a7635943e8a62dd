"""The log of a team as a list, filtered, and as files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.db.models import QuerySet

from teams.events import KINDS
from teams.models import Event, Team
from teams.notices.topics import topics

COLUMNS: Final = ("id", "at", "kind", "by", "subject", "url", "detail")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CHUNK: Final = 1_000


class LogFilter(forms.Form):
    """What of the log is looked at. Everything may be left out."""

    what = forms.ChoiceField(label="What", required=False)
    who = forms.ChoiceField(label="Who", required=False)
    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any, *, team: Team) -> None:
        super().__init__(data)
        self.team = team
        kinds = [(kind, f"{kind}: {said}") for kind, said in sorted(KINDS.items())]
        what = [("", "Everything"), *topics().items(), ("Kinds", kinds)]
        names = team.events.order_by("who").values_list("who", flat=True).distinct()
        who = [("", "Everybody"), *((name, name) for name in names if name)]
        for field, choices in (("what", what), ("who", who)):
            found = self.fields[field]
            assert isinstance(found, forms.ChoiceField)
            found.choices = choices

    def events(self) -> QuerySet[Event]:
        """The newest first; nothing while a field is wrong."""
        rows = self.team.events.order_by("-pk")
        if not self.is_valid():
            return rows.none()
        asked = self.cleaned_data
        if what := asked["what"]:
            rows = (
                rows.filter(kind=what) if "." in what else rows.filter(kind__startswith=f"{what}.")
            )
        if who := asked["who"]:
            rows = rows.filter(who=who)
        if since := asked["since"]:
            rows = rows.filter(created__gte=datetime.combine(since, time(), UTC))
        if until := asked["until"]:
            end = datetime.combine(until, time(), UTC)
            # The day itself counts; the last day of the calendar has none behind it.
            rows = rows.filter(created__lt=end + timedelta(days=1)) if until.year < 9999 else rows
        return rows


def _row(event: Event) -> dict[str, Any]:
    return {
        "id": event.pk,
        "at": event.created.isoformat(),
        "kind": event.kind,
        "by": event.who,
        "subject": event.subject,
        "url": event.url,
        "detail": event.detail,
    }


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def as_csv(rows: QuerySet[Event]) -> Iterator[str]:
    """Line by line, so that a log of any length fits."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield writer.writerow(COLUMNS)
    for event in rows.iterator(_CHUNK):
        row = {**_row(event), "detail": json.dumps(event.detail, ensure_ascii=False)}
        yield writer.writerow([_cell(row[column]) for column in COLUMNS])


def as_json(rows: QuerySet[Event]) -> Iterator[str]:
    """A list with an object on each line."""
    yield "["
    before = "\n"
    for event in rows.iterator(_CHUNK):
        yield before + json.dumps(_row(event), ensure_ascii=False)
        before = ",\n"
    yield "\n]\n"


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula is marked as text."""
    text = isinstance(value, str) and value.lstrip(" ")[:1] in _FORMULA and value.strip(" ")
    return f"'{value}" if text else value
