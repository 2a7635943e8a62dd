"""Runs under faults: workers killed, the broker wiped, the database restarted (bench.reliability).

The trial has servers of its own, so that nobody else's database goes away. `python -m
bench.reliability --runs 200 --seed N` is the same for longer.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.servers
def test_every_run_ends_once_whatever_is_taken_away() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.reliability", "--runs", "20", "--seed", "3"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every run ended once" in done.stdout
    for fault in ("kill", "redis", "postgres"):
        assert f"x {fault}" in done.stdout, "a trial without this fault shows nothing"
