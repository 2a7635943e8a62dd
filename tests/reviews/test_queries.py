"""Every page of reviews and teams asks the database a fixed number of times, however much there
is. The rows and the pages are those of the bench."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import connection

from bench import reviews as bench

pytestmark = pytest.mark.django_db


def asked(there: dict[str, Any]) -> dict[str, int]:
    """Name of the page to the number of queries, once nothing is read for the first time."""
    counted = {}
    for name, url, client in bench.readable(there):
        queries: list[str] = []
        with connection.execute_wrapper(partial(bench._noted, queries)):
            client.get(url)
        counted[name] = len(queries)
    return counted


def test_no_page_asks_more_than_twelve_times() -> None:
    found = asked(bench.fill(teams=4, designs=24, history=4))
    assert {name: count for name, count in found.items() if count > bench.MOST_QUERIES} == {}
    of_reviews = {"home", "team", "new", "design", "revision", "compare", "history", "manage",
                  "revise", "drafts_of", "draft", "draft_parts", "draft_questions", "draft_history",
                  "findings", "finding", "patch", "talk", "thread", "comments", "waivers", "waiver",
                  "propose_waiver", "plan", "plan_rows", "action", "panel", "panel_marks",
                  "panel_note", "panel_open", "judging_rules", "cohort", "calibration", "sample",
                  "portfolio", "organisation", "organisation_people", "organisations", "reports",
                  "frozen", "archive", "progress", "start", "try", "rubric"}  # fmt: skip
    of_teams = {"home", "team", "you", "notices", "notice_settings", "tokens", "webhooks",
                "webhook", "log", "data"}  # fmt: skip
    expected = {f"reviews:{name}" for name in of_reviews} | {f"teams:{name}" for name in of_teams}
    assert expected <= set(found), "a page that is not asked for is not counted"
