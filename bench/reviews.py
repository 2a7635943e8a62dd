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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.measure import cpu_seconds, heading, line
from bench.review_rows import fill, text_of
from tests import servers

TEAMS, DESIGNS, FINDINGS = 50, 500, 20_000
PEOPLE, SECONDS, TIMES = 32, 15, 9
MOST_MS, MOST_QUERIES = 100, 12
HISTORY = 40
FILES = {
    *("reviews:text", "reviews:drawing", "reviews:report", "reviews:changes"),
    *("reviews:compare_drawing", "reviews:frozen_file", "teams:your_data", "teams:team_data"),
}


def pages(there: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every page of reviews and teams that is read, with its address; files are made on request
    and apart."""
    from django.urls import reverse

    from reviews.urls import urlpatterns as of_reviews
    from teams.urls import urlpatterns as of_teams

    for app, patterns in (("reviews", of_reviews), ("teams", of_teams)):
        for pattern, parts in _leaves(patterns, ()):
            name = f"{app}:{pattern.name}"
            known = {**there, **there["own"].get(app, {}), **there["own"].get(name, {})}
            if name not in FILES and set(parts) <= set(known):
                url = reverse(name, kwargs={part: known[part] for part in parts})
                yield name, url + known.get("?", "")


def _leaves(patterns: Iterable[Any], before: tuple[str, ...]) -> Iterator[tuple[Any, list[str]]]:
    """Patterns with the names of all parts of their addresses, those of includes among them."""
    for one in patterns:
        parts = (*before, *one.pattern.converters)
        if hasattr(one, "url_patterns"):
            yield from _leaves(one.url_patterns, parts)
        else:
            yield one, list(dict.fromkeys(parts))


def readable(there: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Of the pages those that are read, with the browser of the owner of every team, or of a
    reviewer where only a panel may read; the others only take forms. Raises RuntimeError for one
    that is not there: a bench of error pages would look fast."""
    from django.test import Client

    owner, reviewer = Client(), Client()
    owner.force_login(there["user"])
    reviewer.force_login(there["reviewer"])
    for name, url in pages(there):
        seen = set()
        for client in (owner, reviewer):
            status = client.get(url).status_code
            if status == 200:
                yield name, url, client
                break
            seen.add(status)
        else:
            if not {302, 405} & seen:
                raise RuntimeError(f"{name} answers {seen}: {url}")


@dataclass(frozen=True)
class Cost:
    """Of one answer: milliseconds of processor time here and in the database, and queries."""

    name: str
    here: float
    database: float
    queries: int

    @property
    def whole(self) -> float:
        return self.here + self.database


def _noted(asked: list[str], execute: Any, sql: str, *args: Any) -> Any:
    asked.append(sql)
    return execute(sql, *args)


def measure(there: dict[str, Any]) -> list[Cost]:
    """What each page costs, the median of several answers. The wall clock would tell of whoever
    else uses the machine."""
    return [cost(client, name, url) for name, url, client in readable(there)]


def cost(client: Any, name: str, url: str) -> Cost:
    from django.db import connection

    client.get(url)
    asked: list[str] = []
    with connection.execute_wrapper(partial(_noted, asked)):
        client.get(url)
    backend = _backend()
    here, before = [], backend()
    for _ in range(TIMES):
        start = time.process_time()
        client.get(url)
        here.append((time.process_time() - start) * 1000)
    return Cost(name, statistics.median(here), (backend() - before) / TIMES, len(asked))


def _backend() -> Callable[[], float]:
    """A clock of the processor time that our process of PostgreSQL has used, in milliseconds;
    it stands still with another database, or where the kernel does not tell."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return lambda: 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: int(told.read_text().split()[0]) / 1e6 if told.exists() else 0.0


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


def submissions(there: dict[str, Any], times: int = 20) -> tuple[list[float], list[float]]:
    """Milliseconds until a submission is acknowledged, by the wall clock and by the processor's,
    with a broker: the check comes later. Every second one is a revision of the large design."""
    from django.test import Client

    client = Client()
    client.force_login(there["user"])
    small, large = text_of("photo-orders"), text_of("shop-monolith")
    wall, here, backend = [], [], _backend()
    for n in range(times):
        url, body = f"/reviews/{there['team']}/new/", {"text": small}
        body["text"] = small.replace("id: photo-orders", f"id: sent-{n}", 1)
        if n % 2:
            url = f"/reviews/{there['team']}/{there['slug']}/revise/"
            body = {"text": f"{large}\n# sent {n}\n", "base": there["number"] + n // 2}
        start, used = time.perf_counter(), time.process_time() * 1000 + backend()
        answer = client.post(url, body)
        wall.append((time.perf_counter() - start) * 1000)
        here.append(time.process_time() * 1000 + backend() - used)
        if answer.status_code != 302:
            raise RuntimeError(f"{url} answers {answer.status_code}")
    return sorted(wall), sorted(here)


@contextlib.contextmanager
def granian() -> Iterator[tuple[str, int]]:
    """The address of a web server of two workers, and its process."""
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
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(15)


def share(values: list[float], part: float) -> float:
    return values[min(len(values) - 1, int(len(values) * part))]


def report(alone: bool = False) -> None:
    from django.conf import settings
    from django.test import Client

    there = fill(TEAMS, DESIGNS, HISTORY)
    heading(f"Reviews: {there['designs']} designs, {there['findings']:,} findings, {TEAMS} teams")
    found = measure(there)
    for one in sorted(found, key=lambda one: -one.whole):
        note = "over" if one.whole > MOST_MS or one.queries > MOST_QUERIES else ""
        said = f"{one.here:.0f} here, {one.database:.1f} database, {one.queries} queries {note}"
        line(one.name, f"{one.whole:.0f} ms", said)
    line("over", str(sum(o.whole > MOST_MS or o.queries > MOST_QUERIES for o in found)))
    if alone:
        return
    client = Client()
    client.force_login(there["user"])
    mine = str(there["user"].pk)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    urls = [url for _, url, by in readable(there) if by.session["_auth_user_id"] == mine]
    with granian() as (base, pid):
        crowd(base, urls, cookie)
        before = cpu_seconds(pid)
        taken = crowd(base, urls, cookie)
        used = (cpu_seconds(pid) - before) * 1000
    heading(f"{PEOPLE} people at once, a page a second each")
    line("answers a second", f"{len(taken) / SECONDS:.0f}")
    line("processor time of an answer", f"{used / len(taken):.0f} ms", "web server alone")
    for part in (0.5, 0.95, 0.99):
        line(f"{part:.0%} of the answers within", f"{share(taken, part):.0f} ms")
    wall, here = submissions(there)
    heading("A submission is acknowledged")
    for part, word in ((0.5, "median"), (0.95, "95 %")):
        line(word, f"{share(wall, part):.0f} ms", f"{share(here, part):.0f} ms of processor time")


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
