"""Pages: requests a second and processor time per answer, against nginx serving the same bytes."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.measure import cpu_seconds, heading, line, median_ms
from config.serve import THREADS
from tests.servers import free_port, wait_for

PAGE = "/guide/reliability-and-resilience/dead-letter-queues-quarantine/"
ROUNDS, SECONDS = 3, 3
HEADERS = {"Accept-Encoding": "br"}


def report() -> None:
    heading("A section of the guide")
    with tempfile.TemporaryDirectory() as folder, _granian(folder) as (ours, our_pid):
        _sizes(ours)
        _in_process()
        if not shutil.which("wrk"):
            line("requests a second", "not measured", "needs wrk")
            return
        rows: dict[str, list[tuple[float, float]]] = {"ours": [], "nginx": []}
        with _nginx(folder, ours) as (theirs, their_pid):
            for _ in range(ROUNDS):
                rows["ours"].append(_load(ours + PAGE, our_pid))
                if theirs:
                    rows["nginx"].append(_load(theirs + "/page.html", their_pid))
        rate, cpu = (statistics.median(column) for column in zip(*rows["ours"], strict=True))
        line("cached page, granian", f"{rate:,.0f}/s", f"{cpu:.0f} µs of processor time each")
        if rows["nginx"]:
            n_rate, n_cpu = (statistics.median(c) for c in zip(*rows["nginx"], strict=True))
            line(
                "the same bytes, nginx (precompressed)", f"{n_rate:,.0f}/s", f"{n_cpu:.0f} µs each"
            )
            line("ours to nginx, by requests", f"{rate / n_rate:.2f}")
            line("ours to nginx, by processor time", f"{n_cpu / cpu:.2f}")
        else:
            line("nginx", "not measured", "needs nginx")


def _sizes(base: str) -> None:
    page = _get(base + PAGE)
    css = _get(base + "/static/book.css")
    line(
        "the page, brotli",
        f"{len(page) / 1024:.1f} KB",
        f"stylesheet {len(css) / 1024:.1f} KB as sent",
    )


def _get(url: str) -> bytes:
    request = urllib.request.Request(url, headers=HEADERS)
    with urllib.request.urlopen(request) as answer:
        body: bytes = answer.read()
        return body


def _in_process() -> None:
    from config.wsgi import application, django_application

    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": PAGE,
        "QUERY_STRING": "",
        "HTTP_HOST": "localhost",
        "HTTP_ACCEPT_ENCODING": "br",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
    }

    def ask(app: object, times: int) -> None:
        for _ in range(times):
            fresh = {**environ, "wsgi.input": io.BytesIO()}
            list(app(fresh, lambda *args: None))  # type: ignore[operator]

    ask(application, 1)
    cached = median_ms(lambda: ask(application, 1000))
    rendered = median_ms(lambda: ask(django_application, 20)) / 20 * 1000
    line("cached page, inside the process", f"{cached:.1f} µs")
    line(
        "rendered by Django, inside the process",
        f"{rendered:.0f} µs",
        f"{rendered / cached:.0f} times",
    )


def _load(url: str, pid: int) -> tuple[float, float]:
    """Requests a second and microseconds of the server's processor time per request."""
    before = cpu_seconds(pid)
    done = subprocess.run(
        ["wrk", "-t1", "-c32", f"-d{SECONDS}s", "-H", "Accept-Encoding: br", url],
        capture_output=True,
        text=True,
        check=True,
    )
    used = cpu_seconds(pid) - before
    count = int(re.search(r"(\d+) requests in", done.stdout).group(1))
    return count / SECONDS, used / count * 1e6


@contextlib.contextmanager
def _granian(folder: str) -> Iterator[tuple[str, int]]:
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", *THREADS),
            *("--host", "127.0.0.1", "--port", str(port), "--no-access-log"),
            *("--log-level", "error", "config.wsgi:application"),
        ],
        env={**os.environ, "WARMSTART_VAR": folder},
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(10)


@contextlib.contextmanager
def _nginx(folder: str, ours: str) -> Iterator[tuple[str, int]]:
    """nginx with one worker, serving our page as a precompressed file; ("", 0) without nginx."""
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not binary:
        yield "", 0
        return
    port = free_port()
    root = Path(folder) / "www"
    root.mkdir()
    (root / "page.html").write_bytes(_get(ours + PAGE))
    Path(folder).chmod(0o755)
    config = Path(folder) / "nginx.conf"
    config.write_text(
        f"worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log /dev/null;\n"
        "events { worker_connections 256; }\n"
        "http { access_log off; types { text/html html; }\n"
        f"  server {{ listen 127.0.0.1:{port}; root {root};\n"
        "    location / { add_header Content-Encoding br; add_header Vary Accept-Encoding; } } }\n"
    )
    process = subprocess.Popen([binary, "-c", str(config), "-p", folder], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(10)
