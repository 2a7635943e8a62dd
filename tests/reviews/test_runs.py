"""A run ends once, whatever happens to the worker."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError as LostDatabase
from django.utils import timezone
from kombu.exceptions import OperationalError

from reviews import workflow
from reviews.models import MAX_ATTEMPTS, STALLED_AFTER, Run
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def waiting(people: Cast, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run that nobody has picked up."""
    with monkeypatch.context() as held:
        held.setattr(workflow, "send", lambda run_id: None)
        return workflow.submit(people.team, people["editor"], SMALL)


def long_ago(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(heartbeat=timezone.now() - STALLED_AFTER * 2)


def test_a_run_that_was_never_picked_up_is_sent_again(waiting: Run) -> None:
    assert workflow.rescue() == 0
    long_ago(waiting)
    assert workflow.rescue() == 1
    waiting.refresh_from_db()
    assert waiting.is_done


def test_a_run_whose_worker_died_is_finished_by_another(waiting: Run) -> None:
    workflow._take(waiting.pk)
    long_ago(waiting)
    workflow.rescue()
    waiting.refresh_from_db()
    assert waiting.is_done and waiting.attempt == 2


def test_a_worker_taken_for_dead_writes_nothing(waiting: Run) -> None:
    from design import document
    from design.result import evaluate

    late = workflow._take(waiting.pk)
    long_ago(waiting)
    workflow.score(waiting.pk)
    assert late is not None
    before = Run.objects.get(pk=waiting.pk)
    workflow._finish(late, evaluate(document.load(SMALL.replace("auth: none", "auth: jwt"))))
    after = Run.objects.get(pk=waiting.pk)
    assert after.result == before.result and after.findings.count() == before.findings.count()


@pytest.mark.parametrize("at", ["evaluate", "_finish"])
def test_a_database_that_goes_away_is_no_fault_of_the_design(
    waiting: Run, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    def away(*args: object, **options: object) -> None:
        raise LostDatabase("terminating connection due to administrator command")

    with monkeypatch.context() as broken:
        broken.setattr(workflow, at, away)
        workflow.score(waiting.pk)
    waiting.refresh_from_db()
    assert not waiting.is_over
    long_ago(waiting)
    workflow.rescue()
    waiting.refresh_from_db()
    assert waiting.is_done and waiting.attempt == 2


def test_a_task_that_runs_twice_scores_once(waiting: Run) -> None:
    workflow.score(waiting.pk)
    count = waiting.findings.count()
    workflow.score(waiting.pk)
    assert waiting.findings.count() == count > 0


def test_after_some_deaths_it_is_given_up_with_a_sentence(waiting: Run) -> None:
    for _ in range(MAX_ATTEMPTS):
        workflow._take(waiting.pk)
        long_ago(waiting)
    workflow.rescue()
    waiting.refresh_from_db()
    assert waiting.is_failed and "stopped" in waiting.error


def test_a_waiting_page_shows_progress_and_reloads_when_done(people: Cast, waiting: Run) -> None:
    client, url = people.client("viewer"), waiting.revision.get_absolute_url()
    body = client.get(url).content.decode()
    assert "<progress" in body and 'http-equiv="refresh"' in body
    assert "HX-Refresh" not in client.get(url + "progress/").headers
    workflow.score(waiting.pk)
    assert client.get(url + "progress/").headers["HX-Refresh"] == "true"


class TestAgain:
    def test_a_run_that_failed_is_sent_again_by_an_editor(
        self, people: Cast, waiting: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(workflow, "evaluate", lambda *a, **k: 1 / 0)
            workflow.score(waiting.pk)
        url = waiting.revision.get_absolute_url()
        body = people.client("editor").get(url).content.decode()
        assert "The check did not end" in body and "The check broke" in body
        assert "Check with the current rules" in body
        assert (
            "Check with the current rules" not in people.client("viewer").get(url).content.decode()
        )
        people.client("editor").post(url + "again/")
        waiting.refresh_from_db()
        assert waiting.is_done and waiting.error == ""

    def test_attempts_are_counted_on_so_that_a_late_worker_is_known(self, waiting: Run) -> None:
        for _ in range(MAX_ATTEMPTS):
            late = workflow._take(waiting.pk)
            long_ago(waiting)
        workflow.rescue()
        run = workflow.check_again(waiting.revision)
        run.refresh_from_db()
        assert run.is_done and late and run.attempt == late.attempt + 1

    def test_a_checked_revision_is_not_checked_twice(self, people: Cast, waiting: Run) -> None:
        workflow.score(waiting.pk)
        people.client("editor").post(waiting.revision.get_absolute_url() + "again/")
        waiting.refresh_from_db()
        assert waiting.attempt == 1 and Run.objects.count() == 1

    @pytest.mark.parametrize("name", ["viewer", "reviewer", "stranger"])
    def test_others_cannot_ask_for_it(self, people: Cast, waiting: Run, name: str) -> None:
        url = waiting.revision.get_absolute_url() + "again/"
        assert people.client(name).post(url).status_code == 404
        assert people.client("editor").get(url).status_code == 405

    def test_a_result_of_older_rules_is_shown_as_such_and_checked_anew(
        self, people: Cast, waiting: Run
    ) -> None:
        workflow.score(waiting.pk)
        Run.objects.update(pack_version="2020.1")
        url = waiting.revision.get_absolute_url()
        assert "Checked with older rules" in people.client("editor").get(url).content.decode()
        people.client("editor").post(url + "again/")
        assert Run.objects.count() == 2
        assert "Checked with older rules" not in people.client("editor").get(url).content.decode()


def test_without_the_broker_the_row_waits_until_it_is_back(
    people: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **options: object) -> None:
        raise OperationalError("no broker")

    settings.CELERY_BROKER_URL = "redis://broker.invalid/0"
    monkeypatch.setattr(workflow.current_app, "send_task", away)
    run = workflow.submit(people.team, people["editor"], SMALL)
    settings.CELERY_BROKER_URL = ""
    assert not run.is_over
    long_ago(run)
    assert workflow.rescue() == 1
    run.refresh_from_db()
    assert run.is_done
