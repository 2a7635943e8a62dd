"""The steps of `make check` and `make test`, in order, each with its time; stops at the first failure.

`fast` needs no server and no browser. `all` runs the suite a second time, whole, on a real
PostgreSQL with a real Redis, and in a real browser; pytest's line is the last that is printed.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests import chromium, servers

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# A production environment that is complete: `check --deploy` must find nothing to say.
PRODUCTION = {
    "SECRET_KEY": "production-check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "warmstart.example",
    "DATABASE_URL": "postgresql://user:password@localhost/warmstart",
    "EMAIL_HOST": "mail.example",
}

# Proves that the core runs where no Django is: the import of it fails as on a bare machine. These
# files reach every module through the commands; the rest of the core's tests run once, below.
WITHOUT_DJANGO = """
import sys
sys.modules.update({name: None for name in ("django", "celery", "redis", "markdown")})
import pytest
sys.exit(pytest.main([
    "tests/design/test_cli.py", "tests/design/test_text_commands.py", "tests/design/test_export.py",
    "tests/design/test_packs.py", "tests/design/test_edit.py", "-q", "-x", "-p", "no:django", "-p", "no:cacheprovider", "-p", "no:xdist",
    "-c", "tests/design/pytest.ini", "--rootdir", ".", "--confcutdir", "tests/design",
]))
"""

# A file stays on one process, so that what its tests share is built once; in the order of the
# names, so that the browser's long files do not come last.
BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")


def step(name: str, *command: str | Path, env: dict[str, str] | None = None) -> None:
    """Runs one command; shows its output only if it fails. Raises SystemExit then."""
    start = time.monotonic()
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    took = time.monotonic() - start
    sys.stdout.write(f"{'ok' if done.returncode == 0 else 'FAILED':>6}  {name}  ({took:.1f} s)\n")
    sys.stdout.flush()
    if done.returncode:
        sys.stdout.write(done.stdout)
        raise SystemExit(1)


def static_checks(var: str) -> None:
    """All that needs no server, in two lanes: one reads the code, one the content."""
    manage = (sys.executable, "manage.py")
    clean = {"WARMSTART_VAR": var, "DATABASE_URL": "", "REDIS_URL": ""}
    deployed = {**clean, **PRODUCTION}
    strict = ("--fail-level", "WARNING")

    def code() -> None:
        step("format", BIN / "ruff", "format", "--check", ".")
        step("lint", BIN / "ruff", "check", ".")
        step("types", BIN / "mypy")
        step("imports", BIN / "lint-imports", "--no-cache")
        step("migrations", *manage, "makemigrations", "--check", "--dry-run", env=clean)
        step("the core without Django", sys.executable, "-c", WITHOUT_DJANGO)

    def content() -> None:
        step("content and system checks", *manage, "check", *strict, env=clean)
        security = ("--deploy", "--tag", "security")
        step("deployment checks", *manage, "check", *security, *strict, env=deployed)

    with ThreadPoolExecutor(2) as lanes:
        for lane in [lanes.submit(code), lanes.submit(content)]:
            lane.result()


def pytest(*arguments: str, env: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=False).returncode


def main(which: str) -> int:
    if which not in {"fast", "all"}:
        sys.stderr.write("usage: python -m tests.run fast|all\n")
        return 2
    with contextlib.ExitStack() as stack:
        var = stack.enter_context(tempfile.TemporaryDirectory(prefix="warmstart-var-"))
        clean = {"WARMSTART_VAR": var, "DATABASE_URL": "", "REDIS_URL": ""}
        static_checks(var)
        if which == "fast":
            return pytest("-n", "auto", *BY_FILE, "-m", "not browser and not servers", env=clean)
        browser = chromium.ensure()
        # What differs between databases: locks, constraints, JSON, migrations. All of it runs below.
        apps = (
            *(
                "tests/teams/test_people.py",
                "tests/teams/test_notices.py",
                "tests/fit/test_saved.py",
            ),
            *("tests/reviews/test_submitting.py", "tests/reviews/test_runs.py"),
            *("tests/reviews/test_drafts.py", "tests/reviews/test_following.py"),
            *("tests/scenarios/test_together.py", "tests/scenarios/test_exam.py"),
        )
        step(
            "the apps on SQLite",
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", "2", *BY_FILE),
            *("-m", "django_db and not browser and not servers", *apps),
            env=clean,
        )
        url = stack.enter_context(servers.postgresql())
        redis = stack.enter_context(servers.redis())
        sys.stdout.write("        the whole suite on PostgreSQL, with Redis and a browser:\n")
        sys.stdout.flush()
        real = {"WARMSTART_VAR": var, "DATABASE_URL": url, "TEST_REDIS_URL": redis}
        # Migrated once; each process begins with a copy.
        migrated = {**real, "DATABASE_URL": servers.another_database(url, "migrated")}
        step("migrations on PostgreSQL", sys.executable, "manage.py", "migrate", env=migrated)
        real["TEST_TEMPLATE"] = "migrated"
        return pytest("-n", "3", *BY_FILE, env={**real, "CHROMIUM": browser})


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "fast"))
