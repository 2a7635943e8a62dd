"""Every page of reviews asks the database a fixed number of times, however much there is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import reviews as bench

pytestmark = pytest.mark.django_db
MOST = 12


def asked(there: dict[str, Any]) -> dict[str, int]:
    client = Client()
    client.force_login(there["user"])
    counted = {}
    for name, url in bench.pages(there):
        if client.get(url).status_code != 200:
            continue
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counted[name] = len(queries)
    return counted


def test_no_page_asks_more_than_twelve_times() -> None:
    found = asked(bench.fill(teams=4, designs=24, history=6))
    assert {"team", "revision", "compare", "history", "portfolio", "organisation", "reports",
            "frozen", "new", "revise"} <= set(found)  # fmt: skip
    assert {name: count for name, count in found.items() if count > MOST} == {}
