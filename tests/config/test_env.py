"""Settings refuse what they do not understand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("raw", "value"), [("1", True), ("on", True), ("No", False), ("", False)])
def test_a_flag_reads_the_usual_words(monkeypatch, raw: str, value: bool) -> None:
    monkeypatch.setenv("X_FLAG", raw)
    assert env.flag("X_FLAG", not value) is value


def test_a_flag_refuses_another_word(monkeypatch) -> None:
    monkeypatch.setenv("X_FLAG", "maybe")
    with pytest.raises(ImproperlyConfigured, match="X_FLAG='maybe'"):
        env.flag("X_FLAG", True)


def test_a_number_refuses_a_word(monkeypatch) -> None:
    monkeypatch.setenv("X_NUMBER", "ten")
    with pytest.raises(ImproperlyConfigured, match="whole number"):
        env.number("X_NUMBER", 1)


def test_a_database_url_is_taken_apart(tmp_path: Path) -> None:
    found = env.database("postgresql://me:p%40ss@db.example:5433/site?sslmode=require", tmp_path)
    assert found["USER"] == "me"
    assert found["PASSWORD"] == "p@ss"
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "site")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_folder_may_stand_in_the_query(tmp_path: Path) -> None:
    found = env.database("postgresql://postgres:@/postgres?host=/run/pg", tmp_path)
    assert (found["HOST"], found["OPTIONS"]) == ("/run/pg", {})


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://host/"])
def test_another_database_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        env.database(url, tmp_path)


def start(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Loads the settings in a process of their own, with these variables alone."""
    return subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "WARMSTART_VAR": str(tmp_path),
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_site_starts_with_nothing_set(tmp_path: Path) -> None:
    assert start(tmp_path).returncode == 0
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"SECRET_KEY": "x" * 60}, "ALLOWED_HOSTS is not set"),
        ({"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "a.example", "DEBUG": "1"}, "tracebacks"),
        ({"LOG_FORMAT": "xml"}, "expected text or json"),
        ({"EMAIL_PORT": "smtp"}, "expected a whole number"),
    ],
)
def test_a_setting_that_is_not_understood_stops_the_start(
    tmp_path: Path, variables: dict[str, str], says: str
) -> None:
    done = start(tmp_path, **variables)
    assert done.returncode != 0
    assert says in done.stderr


def test_every_variable_is_in_the_operations_page() -> None:
    source = (ROOT / "config/settings.py").read_text() + (ROOT / "config/serve.py").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    names |= set(re.findall(r'environ\.get\("([A-Z_]+)"', source))
    page = (ROOT / "docs/operations.md").read_text()
    assert names
    assert {name for name in names if f"`{name}`" not in page} == set()
