"""Pages of reviews under load: 50 teams, 500 designs, 20,000 findings.

    python -m bench.reviews

Fills a PostgreSQL of its own (or the SQLite of `DATABASE_URL=sqlite:///...`), then measures every
page of reviews inside the process: server time and queries, as a member who is signed in. Then 32
people at once against granian, and the acknowledgment of submissions.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.measure import heading, line
from tests import servers

ROOT = Path(__file__).resolve().parent.parent
TEAMS, DESIGNS, FINDINGS = 50, 500, 20_000
PEOPLE, SECONDS, TIMES = 32, 15, 9
HISTORY = 40


def fill(teams: int = TEAMS, designs: int = DESIGNS, history: int = HISTORY) -> dict[str, Any]:
    """The rows, copied from a handful of designs that were really checked. Returns the parts of
    addresses to ask for: the team with the largest design and the longest history."""
    from django.contrib.auth.hashers import make_password

    from reviews import organising, workflow
    from reviews.models import Design, Finding, OrganisationTeam, Revision, Run
    from reviews.reports import workflow as reports
    from teams.models import Membership, Role, Team, User

    password = make_password("bench")
    owner = User.objects.create(username="bench", email="bench@example.org", password=password)
    made = Team.objects.bulk_create(Team(slug=f"team-{n}", name=f"Team {n}") for n in range(teams))
    Membership.objects.bulk_create(
        Membership(team=team, user=owner, role=Role.OWNER) for team in made
    )
    group = organising.found("Bench", owner)
    OrganisationTeam.objects.bulk_create(
        OrganisationTeam(organisation=group, team=team) for team in made
    )
    names = ("shop-monolith", "photo-orders", "claims-office", "meter-platform")
    samples = []
    for name in names:
        text = (ROOT / "guide" / "content" / "designs" / f"{name}.yaml").read_text("utf-8")
        run = workflow.submit(made[0], owner, text)
        run.refresh_from_db()
        if not run.is_done:
            workflow.score(run.pk)
            run.refresh_from_db()
        samples.append((run, text, list(run.findings.all())))
    whole = samples[0][0].revision.design
    _revisions(whole, owner, samples[0][1], history)
    report = reports.freeze(samples[0][0].revision, owner, "bench")
    rest = designs - len(names)
    new = Design.objects.bulk_create(
        Design(team=made[n % teams], slug=f"design-{n}", title=f"Design {n}", created_by=owner)
        for n in range(rest)
    )
    revisions = Revision.objects.bulk_create(
        Revision(design=each, number=1, text=samples[n % 4][1], sha256=f"{n:064d}", by=owner)
        for n, each in enumerate(new)
    )
    runs = Run.objects.bulk_create(
        _copy(samples[n % 4][0], revision=revision) for n, revision in enumerate(revisions)
    )
    rows = [
        _copy(finding, run=run, fingerprint=f"{finding.fingerprint[:40]}{copy:024d}")
        for n, run in enumerate(runs)
        for copy in range(2)
        for finding in samples[n % 4][2]
    ]
    Finding.objects.bulk_create(rows, batch_size=2000)
    return {
        "team": made[0].slug,
        "slug": whole.slug,
        "number": whole.revisions.count(),
        "before": 1,
        "after": whole.revisions.count(),
        "report": report.number,
        "organisation": group.slug,
        "user": owner,
        "findings": Finding.objects.count(),
        "designs": Design.objects.count(),
    }


def _copy(row: Any, **changes: Any) -> Any:
    fields = {f.attname: getattr(row, f.attname) for f in row._meta.fields if f.name != "id"}
    for name, value in changes.items():
        fields.pop(f"{name}_id", None)
        fields[name] = value
    return type(row)(**fields)


def _revisions(design: Any, by: Any, text: str, count: int) -> None:
    """A long history of one design."""
    from reviews import workflow

    for n in range(count):
        changed = text.replace("memory_mb: 128", f"memory_mb: {129 + n}", 1)
        if changed == text:
            changed = f"{text}\n# {n}\n"
        run = workflow.submit(design.team, by, changed, design=design)
        run.refresh_from_db()
        if not run.is_done:
            workflow.score(run.pk)


def pages(there: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every page of reviews that is read, with its address; files are made on request and apart."""
    from django.urls import reverse

    from reviews.urls import urlpatterns

    files = {"text", "drawing", "report", "changes", "compare_drawing", "frozen_file"}
    for pattern, parts in _leaves(urlpatterns, ()):
        if pattern.name in files or not set(parts) <= set(there):
            continue
        yield (
            str(pattern.name),
            reverse(f"reviews:{pattern.name}", kwargs={part: there[part] for part in parts}),
        )


def _leaves(patterns: Iterable[Any], before: tuple[str, ...]) -> Iterator[tuple[Any, list[str]]]:
    """Patterns with the names of all parts of their addresses, those of includes among them."""
    for one in patterns:
        parts = (*before, *one.pattern.converters)
        if hasattr(one, "url_patterns"):
            yield from _leaves(one.url_patterns, parts)
        else:
            yield one, list(dict.fromkeys(parts))


def _noted(asked: list[str], execute: Any, sql: str, *args: Any) -> Any:
    asked.append(sql)
    return execute(sql, *args)


def measure(there: dict[str, Any]) -> list[tuple[str, float, int]]:
    """Name, milliseconds of processor time (the median) and queries of each page that is read.
    The wall clock would tell of whoever else uses the machine."""
    from django.db import connection
    from django.test import Client

    client = Client()
    client.force_login(there["user"])
    found = []
    for name, url in pages(there):
        if client.get(url).status_code not in (200, 302):
            continue
        asked: list[str] = []
        with connection.execute_wrapper(partial(_noted, asked)):
            client.get(url)
        taken = []
        for _ in range(TIMES):
            start = time.process_time()
            client.get(url)
            taken.append((time.process_time() - start) * 1000)
        found.append((name, statistics.median(taken), len(asked)))
    return found


def crowd(base: str, urls: list[str], cookie: str) -> list[float]:
    """Milliseconds of each answer while 32 people turn pages, with the pause of a fast reader."""
    host, taken, lock = urlsplit(base).netloc, [], threading.Lock()
    until = time.monotonic() + SECONDS

    def read(number: int) -> None:
        mine, at = [], number
        link = http.client.HTTPConnection(host, timeout=30)
        while time.monotonic() < until:
            start = time.perf_counter()
            link.request("GET", urls[at % len(urls)], headers={"Cookie": cookie})
            link.getresponse().read()
            mine.append((time.perf_counter() - start) * 1000)
            at += 1
            time.sleep(1)
        with lock:
            taken.extend(mine)

    people = [threading.Thread(target=read, args=(n,)) for n in range(PEOPLE)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return sorted(taken)


def submissions(there: dict[str, Any], times: int = 20) -> list[float]:
    """Milliseconds until a submission is acknowledged, with a broker: the check comes later."""
    from django.test import Client

    client = Client()
    client.force_login(there["user"])
    text = (ROOT / "guide" / "content" / "designs" / "photo-orders.yaml").read_text("utf-8")
    taken = []
    for n in range(times):
        body = {"text": text.replace("id: photo-orders", f"id: sent-{n}", 1)}
        start = time.perf_counter()
        answer = client.post(f"/reviews/{there['team']}/new/", body)
        taken.append((time.perf_counter() - start) * 1000)
        assert answer.status_code == 302, answer.status_code
    return sorted(taken)


@contextlib.contextmanager
def granian() -> Iterator[str]:
    port = servers.free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2"),
            *("--blocking-threads", "2", "--host", "127.0.0.1", "--port", str(port)),
            *("--no-access-log", "--log-level", "error", "config.wsgi:application"),
        ],
        env=os.environ,
    )
    try:
        servers.wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(15)


def share(values: list[float], part: float) -> float:
    return values[min(len(values) - 1, int(len(values) * part))]


def report(alone: bool = False) -> None:
    from django.conf import settings
    from django.test import Client

    there = fill()
    heading(f"Reviews: {there['designs']} designs, {there['findings']:,} findings, {TEAMS} teams")
    found = measure(there)
    for name, taken, queries in sorted(found, key=lambda row: -row[1]):
        note = "over" if taken > 100 or queries > 12 else ""
        line(name, f"{taken:.0f} ms", f"{queries} queries {note}")
    if alone:
        return
    client = Client()
    client.force_login(there["user"])
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    urls = [url for name, url in pages(there) if name in {row[0] for row in found}]
    with granian() as base:
        crowd(base, urls, cookie)
        taken = crowd(base, urls, cookie)
    heading(f"{PEOPLE} people at once, a page a second each")
    line("answers a second", f"{len(taken) / SECONDS:.0f}")
    for part in (0.5, 0.95, 0.99):
        line(f"{part:.0%} of the answers within", f"{share(taken, part):.0f} ms")
    sent = submissions(there)
    line("a submission is acknowledged, median", f"{share(sent, 0.5):.0f} ms")
    line("a submission is acknowledged, 95 %", f"{share(sent, 0.95):.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.reviews", description=__doc__)
    parser.add_argument("--alone", action="store_true", help="without the crowd and submissions")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="warmstart-bench-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        for name in ("pg", "redis"):
            (folder / name).mkdir()
        if not os.environ.get("DATABASE_URL"):
            postgres = servers.PostgreSQL(folder / "pg")
            stack.callback(postgres.close)
            os.environ["DATABASE_URL"] = postgres.url
        redis = servers.Redis(folder / "redis")
        stack.callback(redis.stop)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "REDIS_URL": redis.url,
            "WARMSTART_VAR": str(folder),
            "LOG_LEVEL": "CRITICAL",
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        report(asked.alone)


if __name__ == "__main__":
    main()
