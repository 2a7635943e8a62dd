"""A run ends once, whatever happens to the worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from reviews import workflow
from reviews.models import MAX_ATTEMPTS, STALLED_AFTER, Run, State
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


@pytest.mark.servers
def test_a_worker_killed_in_the_middle_leaves_a_run_that_finishes_later_once(
    people: Cast, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real Celery worker on a real broker, killed with -9; a second one ends the run."""
    if connection.vendor != "postgresql":
        pytest.fail("this test needs the PostgreSQL of `make test`")
    database = connection.settings_dict
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    if str(database["HOST"]).startswith("/"):
        url = "postgresql://{USER}:{PASSWORD}@/{NAME}?host={HOST}".format(**database)
    monkeypatch.setattr(settings, "CELERY_BROKER_URL", redis_url)
    monkeypatch.setattr(workflow, "send", lambda run_id: None)
    run = workflow.submit(people.team, people["editor"], SMALL)
    monkeypatch.undo()
    environment = {**os.environ, "DATABASE_URL": url, "REDIS_URL": redis_url}
    first = _worker(environment)
    try:
        # Taken, and then killed before it can finish.
        Run.objects.filter(pk=run.pk).update(
            state=State.RUNNING, attempt=1, heartbeat=timezone.now()
        )
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.wait(10)
    Run.objects.filter(pk=run.pk).update(heartbeat=timezone.now() - timedelta(minutes=10))
    second = _worker(environment)
    try:
        _send(environment, run.pk)
        for _ in range(300):
            run.refresh_from_db()
            if run.state == State.DONE:
                break
            time.sleep(0.1)
    finally:
        os.killpg(second.pid, signal.SIGKILL)
        second.wait(10)
    assert run.is_done and run.attempt == 2
    assert run.findings.fails().filter(rule="API01").count() == 1


def _worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo"]
    return subprocess.Popen(
        [*command, "--loglevel", "error"],
        cwd=Path(__file__).resolve().parents[2],
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _send(environment: dict[str, str], run_id: int) -> None:
    code = (
        "import django; django.setup(); from celery import current_app;"
        f"current_app.send_task('reviews.tasks.run', [{run_id}])"
    )
    environment = {**environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run(
        [sys.executable, "-c", f"import config\n{code}"],
        cwd=Path(__file__).resolve().parents[2],
        env=environment,
        check=True,
    )
