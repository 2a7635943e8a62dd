"""Runs while workers are killed, the broker is stopped and wiped, and the database restarts.

    python -m bench.reliability --runs 200 --seed 7

Starts a PostgreSQL, a Redis and two Celery workers of its own. Designs are submitted as the site
does; meanwhile a seeded sequence of faults strikes. A trigger in the database counts how often each
run ends. Exit code 0 when every run ended once, with the result that its text has.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
FAULTS: Final = ("kill", "kill", "kill", "kill", "redis", "redis", "postgres")
_LIMIT_S: Final = 600


def _work() -> None:
    """A worker, in a process of its own. Waits are shortened, and a worker that dies every second
    is no sign of a poisonous design. Each check is made long enough to be hit."""
    import datetime

    from config.celery import app
    from reviews import workflow
    from reviews.models import designs

    os.setsid()
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    app.conf.broker_transport_options = {"socket_connect_timeout": 1}
    app.conf.broker_connection_max_retries = None
    designs.STALLED_AFTER = datetime.timedelta(seconds=2)
    workflow.MAX_ATTEMPTS = 1000
    whole = workflow.evaluate

    def slower(*args: Any, **options: Any) -> Any:
        time.sleep(random.uniform(0, 0.3))
        return whole(*args, **options)

    workflow.evaluate = slower
    app.worker_main(
        ["worker", "--pool", "solo", "--loglevel", "critical", "--without-gossip",
         "--without-mingle"]
    )  # fmt: skip


TRIGGER: Final = """
CREATE TABLE endings (run bigint, state text);
CREATE FUNCTION note_ending() RETURNS trigger AS $$
BEGIN
  IF NEW.state IN ('done', 'failed')
    AND (OLD.state <> NEW.state
      OR (OLD.result IS NOT NULL AND OLD.result IS DISTINCT FROM NEW.result))
  THEN INSERT INTO endings VALUES (NEW.id, NEW.state); END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER note_ending AFTER UPDATE ON reviews_run
  FOR EACH ROW EXECUTE FUNCTION note_ending();
"""


class Workers:
    """Two workers; whoever is killed is replaced, as a supervisor does. They are copies of a
    process that has read all the code, so that a new one is there at once, connected to nothing."""

    def __init__(self) -> None:
        self.running: list[BaseProcess] = []
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["config.wsgi", "config.celery"])

    def start(self) -> None:
        worker = self.context.Process(target=_work, daemon=True)
        worker.start()
        self.running.append(worker)

    def replace(self) -> None:
        """Starts a worker for each that is gone, by our hand or of itself."""
        gone = [worker for worker in self.running if not worker.is_alive()]
        for worker in gone:
            self.running.remove(worker)
            self.start()

    def kill(self, worker: BaseProcess) -> None:
        with contextlib.suppress(ProcessLookupError):
            # With what it started itself; it leads a group as soon as it works.
            os.killpg(worker.pid, signal.SIGKILL)
        worker.kill()
        worker.join(10)

    def close(self) -> None:
        for worker in self.running:
            self.kill(worker)


@dataclass(frozen=True)
class Place:
    postgres: servers.PostgreSQL
    redis: servers.Redis
    workers: Workers


def strike(place: Place, fault: str, chance: random.Random) -> None:
    if fault == "kill":
        place.workers.kill(chance.choice(place.workers.running))
        place.workers.replace()
    elif fault == "redis":
        place.redis.stop()
        time.sleep(chance.uniform(0.1, 0.6))
        place.redis.start()
    else:
        place.postgres.stop(chance.choice(("fast", "immediate")))
        time.sleep(chance.uniform(0.1, 0.4))
        place.postgres.start()


def text(number: int, name: str = "photo-orders") -> str:
    source = (ROOT / "guide" / "content" / "designs" / f"{name}.yaml").read_text("utf-8")
    return source.replace(f"id: {name}", f"id: run-{number}", 1)


class Submitter:
    """Submits as the site does, and again while the database is away: a person who reloads."""

    def __init__(self, names: tuple[str, ...]) -> None:
        from teams.models import Team, User

        self.names = names
        self.team = Team.objects.create(slug="reliability", name="Reliability")
        self.by = User.objects.create_user("reliable", "reliable@example.org")

    def submit(self, number: int) -> None:
        from django.db import DatabaseError, InterfaceError, connection

        from reviews import workflow
        from reviews.models import Design

        for _ in range(200):
            try:
                if not Design.objects.filter(team=self.team, slug=f"run-{number}").exists():
                    workflow.submit(
                        self.team, self.by, text(number, self.names[number % len(self.names)])
                    )
                return
            except (DatabaseError, InterfaceError):
                connection.close()
                time.sleep(0.1)
        raise RuntimeError("the database never came back")


def rescue() -> None:
    """What beat does every half minute, here every half second."""
    from django.db import DatabaseError, InterfaceError, connection

    from reviews import workflow

    try:
        workflow.rescue()
    except (DatabaseError, InterfaceError):
        connection.close()


def trial(runs: int, seed: int, place: Place, say: Any) -> list[str]:
    """What went wrong, a line each; nothing when every run ended once."""
    from datetime import timedelta

    from django.db import connection

    from reviews.models import Run, designs

    designs.STALLED_AFTER = timedelta(seconds=2)
    with connection.cursor() as cursor:
        cursor.execute(TRIGGER)
    names = ("photo-orders", "shop-monolith")
    submitter, chance = Submitter(names), random.Random(seed)
    for _ in range(2):
        place.workers.start()
    struck: Counter[str] = Counter()
    for number in range(runs):
        submitter.submit(number)
        if number % 4 == 3:
            fault = chance.choice(FAULTS)
            strike(place, fault, chance)
            struck[fault] += 1
            rescue()
    for fault in sorted(set(FAULTS) - set(struck)):
        strike(place, fault, chance)
        struck[fault] += 1
    connection.close()
    deadline = time.monotonic() + _LIMIT_S
    while time.monotonic() < deadline:
        place.workers.replace()
        rescue()
        with contextlib.suppress(Exception):
            if not Run.objects.unfinished().exists():
                break
        time.sleep(0.5)
    say(", ".join(f"{count} x {fault}" for fault, count in sorted(struck.items())))
    return verdict(runs, names)


def verdict(runs: int, names: tuple[str, ...]) -> list[str]:
    from django.db import connection

    from design import document
    from design.result import evaluate
    from reviews.models import Run, State

    with connection.cursor() as cursor:
        cursor.execute("SELECT run, count(*) FROM endings GROUP BY run")
        endings = dict(cursor.fetchall())
    expected = [sum(f.verdict.value in ("fail", "unknown", "error") for f in evaluate(
        document.load(text(0, name))).findings) for name in names]  # fmt: skip
    wrong = []
    found = list(Run.objects.select_related("revision__design").order_by("pk"))
    if len(found) != runs:
        wrong.append(f"{len(found)} runs instead of {runs}")
    for run in found:
        number = int(run.revision.design.slug.removeprefix("run-"))
        if run.state != State.DONE or not run.result:
            wrong.append(f"run {run.pk} is {run.state} {run.error}")
        elif endings.get(run.pk) != 1:
            wrong.append(f"run {run.pk} ended {endings.get(run.pk, 0)} times")
        elif run.findings.count() != expected[number % len(names)]:
            wrong.append(f"run {run.pk} has {run.findings.count()} findings")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.reliability", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="warmstart-reliability-"))
    (folder / "redis").mkdir()
    (folder / "pg").mkdir()
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        postgres = servers.PostgreSQL(folder / "pg")
        stack.callback(postgres.close)
        redis = servers.Redis(folder / "redis")
        stack.callback(redis.stop)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis.url,
            "WARMSTART_VAR": str(folder),
            "LOG_LEVEL": "CRITICAL",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        workers = Workers()
        stack.callback(workers.close)
        start = time.monotonic()
        place = Place(postgres, redis, workers)
        wrong = trial(asked.runs, asked.seed, place, lambda line: sys.stdout.write(f"{line}\n"))
        took = time.monotonic() - start
    for line in wrong:
        sys.stdout.write(f"{line}\n")
    ended = "every run ended once" if not wrong else f"{len(wrong)} wrong"
    sys.stdout.write(f"{asked.runs} runs, seed {asked.seed}: {ended} ({took:.0f} s)\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
