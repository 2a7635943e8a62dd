"""Timing helpers: medians over repetitions, processor time of a process tree."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path


def line(name: str, figure: str, note: str = "") -> None:
    sys.stdout.write(f"  {name:<52} {figure:>14}  {note}\n")
    sys.stdout.flush()


def heading(text: str) -> None:
    sys.stdout.write(f"\n{text}\n")


def median_ms(act: Callable[[], object], times: int = 7) -> float:
    """The median wall time of `act`, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def cpu_seconds(pid: int) -> float:
    """User and system time used so far by a process and its children, in seconds (Linux)."""
    tick = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for process in _tree(pid):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            continue
        total += (int(fields[11]) + int(fields[12])) / tick
    return total


def _tree(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        process = waiting.pop()
        found.append(process)
        for path in Path(f"/proc/{process}/task").glob("*/children"):
            waiting += [int(child) for child in path.read_text().split()]
    return found
