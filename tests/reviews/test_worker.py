"""A real Celery worker with a real broker and database, killed with -9 in the middle of a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from reviews import workflow
from reviews.models import Run, State
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
_SETUP = "import django, time; from config.celery import app; django.setup();"
_WORK = "app.worker_main(['worker', '--pool', 'solo', '--loglevel', 'error'])"
# Stops between taking the run and having a result, until it is killed.
_HANG = "from reviews import workflow; workflow.evaluate = lambda *a, **k: time.sleep(600);"


@pytest.fixture
def environment(redis_url: str) -> dict[str, str]:
    """What a worker needs to reach the test's own database and broker."""
    if connection.vendor != "postgresql":
        pytest.fail("this test needs the PostgreSQL of `make test`")
    said = connection.settings_dict
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**said)
    if str(said["HOST"]).startswith("/"):
        url = "postgresql://{USER}:{PASSWORD}@/{NAME}?host={HOST}".format(**said)
    return {
        **os.environ,
        "DATABASE_URL": url,
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def python(code: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", _SETUP + code],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def send(task: str, args: list[int], environment: dict[str, str]) -> None:
    assert python(f"app.send_task({task!r}, {args!r})", environment).wait(30) == 0


def kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def wait_for(run: Run, state: Callable[[Run], bool]) -> None:
    for _ in range(300):
        run.refresh_from_db()
        if state(run):
            return
        time.sleep(0.1)
    pytest.fail(f"after 30 s the run is still {run.state} at {run.progress} %")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A stored run that waits for a worker."""
    people: Cast = cast()
    with monkeypatch.context() as held:
        held.setattr(workflow, "send", lambda run_id: None)
        return workflow.submit(people.team, people["editor"], SMALL)


def test_a_worker_killed_in_the_middle_leaves_a_run_that_finishes_later_once(
    run: Run, environment: dict[str, str]
) -> None:
    first = python(_HANG + _WORK, environment)
    try:
        send(workflow.TASK, [run.pk], environment)
        wait_for(run, lambda r: r.doing == "Checking the rules")
    finally:
        kill(first)
    run.refresh_from_db()
    assert run.state == State.RUNNING and not run.findings.exists()
    Run.objects.filter(pk=run.pk).update(heartbeat=timezone.now() - timedelta(minutes=10))
    second = python(_WORK, environment)
    try:
        # As beat does every 30 seconds; twice, and the run still ends once.
        for _ in range(2):
            send("reviews.tasks.rescue", [], environment)
        wait_for(run, lambda r: r.is_over)
    finally:
        kill(second)
    assert run.is_done and run.attempt == 2
    assert run.findings.fails().filter(rule="API01").count() == 1
