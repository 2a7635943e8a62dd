"""What `pip install .` gives: the checker with its data, and nothing of the site."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "tests/examples/demo/photo-orders.yaml"
BUILD = "from setuptools import build_meta; import sys; print(build_meta.build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built by the backend that pyproject.toml names, without a network."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    shutil.copytree(
        ROOT / "design", source / "design", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, source)
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(out)], cwd=source, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(out / "site")
    return out / "site"


def test_it_holds_the_core_with_all_its_data(wheel):
    packed = {p.relative_to(wheel).as_posix() for p in wheel.rglob("*") if p.is_file()}
    packed = {path for path in packed if not path.startswith("warmstart-")}
    here = [p for p in (ROOT / "design").rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert packed == {p.relative_to(ROOT).as_posix() for p in here}


def test_it_has_a_command(wheel):
    (info,) = wheel.glob("warmstart-*.dist-info")
    scripts = configparser.ConfigParser()
    scripts.read(info / "entry_points.txt")
    assert dict(scripts["console_scripts"]) == {"warmstart": "design.__main__:start"}


def test_the_command_checks_a_design_with_a_pack(wheel):
    code = "from design.__main__ import start; start()"
    done = subprocess.run(
        [sys.executable, "-c", code, "check", str(DEMO), "--pack", "privacy"],
        cwd=wheel,
        env={**os.environ, "PYTHONPATH": str(wheel)},
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    assert "pack privacy 1.0.0" in done.stdout
    assert "rules ran" in done.stdout.splitlines()[-1]
