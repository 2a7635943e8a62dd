"""`make stack`: PostgreSQL, Redis, web server, worker and beat on this machine, from wheels alone.

One supervisor holds them: whoever stops is started again, Ctrl-C stops them all. Data stay under
var/stack/, so that the next start finds them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
_GRACE_S = 15


@dataclass
class Part:
    name: str
    command: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which stops them in order.
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=os.environ, start_new_session=True
        )

    def keep(self) -> None:
        if self.process and self.process.poll() is not None:
            # A worker that was killed leaves its children behind.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            say(f"{self.name} stopped with {self.process.returncode} and is started again")
            time.sleep(1)
            self.start()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Stopped(Exception):
    """Somebody pressed Ctrl-C, or a service manager said so."""


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def parts(host: str, port: str) -> list[Part]:
    python = sys.executable
    web = ("--interface", "wsgi", "--workers", "2", "--blocking-threads", "2", "--host", host)
    celery = (python, "-m", "celery", "-A", "config")
    return [
        Part("worker", (*celery, "worker", "--loglevel", "warning", "--concurrency", "2")),
        Part("beat", (*celery, "beat", "--loglevel", "warning")),
        Part(
            "web",
            (
                *(python, "-m", "granian", *web, "--port", port, "--log-level", "warning"),
                *("--no-access-log", "config.wsgi:application"),
            ),
        ),
    ]


def serve(stack: contextlib.ExitStack, var: Path) -> None:
    """Starts everything, then starts again whatever stops. `stack` ends it in reverse order."""
    for name in ("pg", "redis"):
        (var / "stack" / name).mkdir(parents=True, exist_ok=True)
    say("PostgreSQL ...")
    postgres = servers.PostgreSQL(var / "stack" / "pg")
    stack.callback(postgres.close)
    say("Redis ...")
    redis = servers.Redis(var / "stack" / "redis")
    stack.callback(redis.stop)
    os.environ |= {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
    say("Migrations and the demonstration team ...")
    for command in (("migrate", "--verbosity", "0"), ("demo",)):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    running = parts(host, port)
    for part in running:
        part.start()
        stack.callback(part.stop)
    say(f"\nThe whole stack is on http://{host}:{port}/   (Ctrl-C stops it)\n")
    while True:
        time.sleep(1)
        for part in running:
            part.keep()


def main() -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        # Once: while everything is stopped, a second Ctrl-C changes nothing.
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    var = Path(os.environ.get("WARMSTART_VAR", str(ROOT / "var"))).resolve()
    with contextlib.ExitStack() as stack:
        try:
            serve(stack, var)
        except Stopped:
            say("\nStopping ...")


if __name__ == "__main__":
    main()
