"""Decisions that are due: the lists of a person and of a team, and the calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fit.asking import Asked
from fit.assessments import due, workflow
from fit.model import fit
from fit.models import Assessment, Record, Version
from tests.cast import Cast
from tests.fit.keeping import SAID, kept_by

TODAY = dt.date(2026, 11, 25)


def decide(people: Cast, found: Assessment, title: str, days: int) -> Record:
    draft = Record(title=title, choice="functions", decision="d", on_team="when Ana leaves")
    draft.review_on = timezone.localdate() + dt.timedelta(days=days)
    record = workflow.propose(draft, found, found.latest(), people["editor"])
    workflow.accept(record, people["editor"])
    return record


def test_due_ones_come_first_and_proposals_not_at_all(people: Cast) -> None:
    found = kept_by(people)
    decide(people, found, "Later one", 80)
    decide(people, found, "Overdue one", -3)
    draft = Record(title="Proposal", choice="functions", decision="d")
    draft.review_on = timezone.localdate()
    workflow.propose(draft, found, found.latest(), people["editor"])
    body = people.client("viewer").get(f"/fit/teams/{people.team.slug}/decisions/").content.decode()
    assert "1 of 2 due in Prints" in body and "Proposal" not in body
    assert body.index("Overdue one") < body.index("Later one")
    assert (
        "1 due" in people.client("viewer").get(f"/fit/teams/{people.team.slug}/").content.decode()
    )


def test_a_person_sees_their_own_and_those_of_their_teams(people: Cast) -> None:
    mine = workflow.save("mine", people["editor"], Asked(said=SAID))
    decide(people, mine, "My own decision", -1)
    decide(people, kept_by(people), "The team’s decision", 5)
    body = people.client("editor").get("/fit/decisions/").content.decode()
    assert "My own decision" in body and "The team’s decision" in body
    body = people.client("viewer").get("/fit/decisions/").content.decode()
    assert "My own decision" not in body and "The team’s decision" in body
    body = people.client("stranger").get("/fit/decisions/").content.decode()
    assert "decision</a>" not in body and "BEGIN:VEVENT" not in calendar(people, "stranger")


def test_what_is_put_away_or_superseded_is_not_due(people: Cast) -> None:
    found = kept_by(people)
    decide(people, found, "Put away", -1)
    people.client("owner").post(f"{found.get_absolute_url()}archive/")
    other = kept_by(people)
    old = decide(people, other, "Superseded", -1)
    draft = Record(title="Successor", choice="functions", decision="d", supersedes=old)
    draft.review_on = timezone.localdate() + dt.timedelta(days=9)
    workflow.accept(
        workflow.propose(draft, other, other.latest(), people["owner"]), people["owner"]
    )
    body = people.client("viewer").get("/fit/decisions/").content.decode()
    assert "Successor" in body and "Put away" not in body and ">Superseded<" not in body


def test_a_decision_is_due_when_the_model_has_changed_since() -> None:
    current = fit().numbers.version
    later = TODAY + dt.timedelta(days=90)
    records = [
        Record(pk=n, title="t", review_on=later, version=Version(model=model))
        for n, model in ((1, current), (2, current - 1))
    ]
    found = due.listed(records, TODAY)
    assert [(d.record.pk, d.is_due, d.model_changed) for d in found] == [
        (2, True, True),
        (1, False, False),
    ]


def calendar(people: Cast, name: str) -> str:
    response = people.client(name).get("/fit/decisions.ics")
    assert response["Content-Type"].startswith("text/calendar")
    return response.content.decode()


def test_a_calendar_has_a_day_for_each(people: Cast) -> None:
    record = decide(people, kept_by(people), "Functions; for now, that is", 30)
    text = calendar(people, "viewer")
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert f"DTSTART;VALUE=DATE:{record.review_on:%Y%m%d}\r\n" in text
    assert "SUMMARY:Look again: Functions\\; for now\\, that is\r\n" in text
    assert f"http://testserver{record.get_absolute_url()}" in text.replace("\r\n ", "")
    team = people.client("viewer").get(f"/fit/teams/{people.team.slug}/decisions.ics")
    assert team.content.decode() == text


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_the_calendar(title: str, trigger: str) -> None:
    record: Any = Record(pk=1, title=title, on_traffic=trigger, review_on=TODAY)
    record.assessment = Assessment(name=title)
    record.accepted = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    text = due.calendar([(record, "https://warmstart.example/x")], "warmstart.example")
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\n" not in text.replace("\r\n", "") and "\r" not in text.replace("\r\n", "")
    whole = text.replace("\r\n ", "").split("\r\n")
    names = [line.partition(":")[0].partition(";")[0] for line in whole if line]
    assert names == [
        "BEGIN", "VERSION", "PRODID", "BEGIN", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY",
        "DESCRIPTION", "URL", "TRANSP", "END", "END",
    ]  # fmt: skip
