"""/metrics: what it says, and to whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from reviews import workflow
from reviews.models import Run
from tests.cast import cast
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db(transaction=True)


def samples(client: Client | None = None) -> dict[str, float]:
    found = (client or Client()).get("/metrics")
    assert found.status_code == 200
    return {
        f"{one.name}{sorted(one.labels.values())}": one.value
        for family in text_string_to_metric_families(found.content.decode())
        for one in family.samples
    }


def test_runs_are_counted_by_state(monkeypatch: pytest.MonkeyPatch) -> None:
    people = cast()
    workflow.submit(people.team, people["editor"], SMALL)
    monkeypatch.setattr(workflow, "send", lambda run_id: None)
    workflow.submit(people.team, people["editor"], SMALL)
    found = samples()
    assert found["warmstart_runs['done']"] == 1 and found["warmstart_runs['queued']"] == 1
    assert found["warmstart_database_up[]"] == 1 and found["warmstart_run_oldest_seconds[]"] >= 0


def test_requests_are_counted_under_the_name_of_their_address() -> None:
    key = "warmstart_requests_total['200', 'GET', 'reviews:try']"
    before = samples().get(key, 0)
    Client().get("/reviews/try/")
    Client().get("/no/such/page/")
    Client().generic("BREW", "/no/such/page/")
    found = samples()
    assert found[key] == before + 1
    assert found["warmstart_requests_total['404', 'GET', 'unknown']"] >= 1
    assert not any("BREW" in name or "such" in name for name in found)


def test_without_a_database_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(Run.objects, "order_by", away)
    found = samples()
    assert found["warmstart_database_up[]"] == 0 and "warmstart_runs['done']" not in found


def test_without_a_broker_it_says_so(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert samples()["warmstart_broker_up[]"] == 0


@pytest.mark.parametrize(
    ("remote", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.7", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 404),
    ],
)
def test_without_a_token_only_this_machine_may_ask(
    remote: str, headers: dict[str, str], status: int
) -> None:
    assert Client(REMOTE_ADDR=remote).get("/metrics", headers=headers).status_code == status


def test_behind_a_proxy_nobody_is_this_machine(settings: Any) -> None:
    settings.BEHIND_PROXY = True
    assert Client().get("/metrics").status_code == 404


@pytest.mark.parametrize(
    ("said", "status"),
    [("Bearer right", 200), ("Bearer wrong", 404), ("right", 404), ("", 404), ("Bearer é", 404)],
)
def test_with_a_token_only_the_token_counts(settings: Any, said: str, status: int) -> None:
    settings.METRICS_TOKEN = "right"
    client = Client(REMOTE_ADDR="127.0.0.1", HTTP_AUTHORIZATION=said)
    assert client.get("/metrics").status_code == status
