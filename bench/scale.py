"""The checker by size of design, beside other checkers, at its worst and under random seeds.

Each figure is of a process of its own, as in a pipeline. Python's compiled files are kept, as an
installed package has them.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.core import large_design
from bench.linters import environment, template
from bench.measure import heading, line, median_ms

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1_000, 3_000, 10_000, 30_000)
RUNS = 100
LONGEST_S = 60
CHECK = (sys.executable, "-m", "design", "check")


@dataclass(frozen=True)
class Run:
    """A process that has ended: wall and processor seconds, peak memory in MB."""

    wall: float
    cpu: float
    peak: float
    code: int
    out: str
    err: str


# A process counts the memory of the one that it was copied from. A small one in between keeps the
# benchmark's own out of the figure.
BETWEEN = """
import json, os, signal, sys, time
out, err, most, *command = sys.argv[1:]
flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
actions = [(os.POSIX_SPAWN_OPEN, 1, out, flags, 0o600), (os.POSIX_SPAWN_OPEN, 2, err, flags, 0o600)]
start = time.perf_counter()
child = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
signal.alarm(int(most))
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - start
cpu = used.ru_utime + used.ru_stime
print(json.dumps([wall, cpu, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)]))
"""


def run(command: tuple[str, ...], folder: Path, **more: str) -> Run:
    """Runs a command and measures it. It may take `LONGEST_S` seconds."""
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "pyc"), **more}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    out, err = folder / "out", folder / "err"
    between = (sys.executable, "-I", "-S", "-c", BETWEEN, str(out), str(err), str(LONGEST_S))
    done = subprocess.run(
        (*between, *command), cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True
    )
    wall, cpu, peak, code = json.loads(done.stdout)
    said = out.read_text("utf-8", "replace"), err.read_text("utf-8", "replace")
    return Run(wall, cpu, peak, code, *said)


def middle(command: tuple[str, ...], folder: Path, times: int = 5) -> Run:
    """The run of the median wall time."""
    return sorted((run(command, folder) for _ in range(times)), key=lambda one: one.wall)[
        times // 2
    ]


def report() -> None:
    with tempfile.TemporaryDirectory(prefix="warmstart-scale-") as name:
        folder = Path(name)
        run((*CHECK, "tests/examples/demo/photo-orders.yaml"), folder)  # compiles
        _sizes(folder)
        _beside(folder)
        _worst(folder)
        _seeds(folder)


# -- by size ---------------------------------------------------------------------


def _sizes(folder: Path) -> None:
    heading("The checker by size of design")
    path = folder / "design.yaml"
    path.write_text(large_design(300))
    cold = middle((*CHECK, str(path)), folder)
    line("300 components, cold process", f"{cold.wall * 1000:.0f} ms", "at most 500 wanted")
    _warm(path.read_text())
    first = 0.0
    for size in SIZES:
        path.write_text(large_design(size))
        found = middle((*CHECK, str(path)), folder, 3)
        each = found.wall / size * 1000
        first = first or each
        note = (
            f"{each:.2f} ms a component ({each / first:.2f} of the first); peak {found.peak:.0f} MB"
        )
        if size == 10_000:
            note += "; at most 3 s and 120 MB wanted"
        line(f"{size:,} components, cold process", f"{found.wall:.2f} s", note)


def _warm(text: str) -> None:
    from design.document import load
    from design.export import text as report_text
    from design.result import evaluate

    checked = median_ms(lambda: evaluate(load(text)), 9)
    line("300 components, read, checked and scored, warm", f"{checked:.1f} ms", "at most 50 wanted")
    result = evaluate(load(text))
    told = median_ms(lambda: report_text.render(result), 9)
    line("300 components, the report with its questions, warm", f"{told:.1f} ms")


# -- beside others ---------------------------------------------------------------


def _beside(folder: Path) -> None:
    heading("Beside checkers of templates, 300 resources, cold, in turns")
    tools, why = environment()
    if why:
        line("cfn-lint and checkov", "not measured", why)
        return
    path, design = folder / "template.json", folder / "design.yaml"
    path.write_text(template(300))
    design.write_text(large_design(300))
    commands: dict[str, tuple[str, ...]] = {"warmstart": (*CHECK, str(design))}
    commands["cfn-lint"] = (str(tools / "cfn-lint"), "--regions", "eu-west-1", "--", str(path))
    commands["checkov"] = (
        *(str(tools / "python"), str(tools / "checkov"), "--file", str(path)),
        *("--framework", "cloudformation", "--quiet", "--compact", "--skip-download"),
    )
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(3):
        for name, command in commands.items():
            times[name].append(run(command, folder).wall)
    ours = statistics.median(times["warmstart"])
    for name, taken in times.items():
        theirs = statistics.median(taken)
        note = "" if name == "warmstart" else f"ours is {theirs / ours:.0f} times faster"
        line(name, f"{theirs * 1000:.0f} ms", note)


# -- at its worst ----------------------------------------------------------------


def _worst(folder: Path) -> None:
    heading("At its worst: bounded time, and a message")
    for name, text in worst_cases():
        path = folder / "worst.yaml"
        path.write_text(text)
        found = run((*CHECK, str(path)), folder)
        said = (found.err or found.out).strip().splitlines() or ["nothing"]
        first = re.sub(r"^.*?worst.yaml:\d+: ", "", said[0] if found.code == 2 else said[-1])
        line(name, f"{found.wall:.2f} s", f"exit {found.code}; {found.peak:.0f} MB; {first[:70]}")


def worst_cases() -> Iterator[tuple[str, str]]:
    """Names and texts of designs that are made to hurt."""
    head = "model: sdm/1\ndesign: {id: worst}\ncomponents:\n"
    yield "a lattice with 2^20 paths", head + _lattice(20)
    yield "a cycle of 70 functions, all calling all", head + _dense(70)
    yield "a chain of 2,000 functions", head + _chain(2_000)
    yield "1 MiB of one word", "a" * 1024 * 1024
    yield "1 MiB of brackets", "[" * 1024 * 1024
    yield "1 MiB of wrong lines", "model: sdm/1\ncomponents:\n" + "  - {kind: q}\n" * 75_000
    lists = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    yield "an alias bomb of 9^11 entries", f"a0: &a0 [x]\n{lists}"
    yield "60 levels of groups", "".join("  " * n + f"k{n}:\n" for n in range(100))


def _lattice(layers: int) -> str:
    parts, edges = [], []
    for n in range(layers + 1):
        parts += [f"  - {{id: {side}{n}, kind: function}}\n" for side in "ab"]
        if n:
            edges += [
                f"  - {{from: {x}{n - 1}, to: {y}{n}, kind: call, retries: {{max: 2}}}}\n"
                for x in "ab"
                for y in "ab"
            ]
    return "".join((*parts, "edges:\n", *edges))


def _dense(count: int) -> str:
    parts = [f"  - {{id: f{n}, kind: function}}\n" for n in range(count)]
    edges = [
        f"  - {{from: f{a}, to: f{b}, kind: call}}\n"
        for a in range(count)
        for b in range(count)
        if a != b
    ]
    return "".join((*parts, "edges:\n", *edges))


def _chain(count: int) -> str:
    parts = [f"  - {{id: f{n}, kind: function}}\n" for n in range(count)]
    edges = [f"  - {{from: f{n}, to: f{n + 1}, kind: call}}\n" for n in range(count - 1)]
    return "".join((*parts, "edges:\n", *edges))


# -- under random seeds ----------------------------------------------------------


def _seeds(folder: Path) -> None:
    heading(f"{RUNS} runs under random hash seeds, each with the lines of its file shuffled")
    chance = random.Random(7)
    bytes_of, sense_of = set(), set()
    for _ in range(RUNS):
        text = shuffled(large_design(60), chance.shuffle)
        (folder / "design.yaml").write_text(text)
        command = (*CHECK, str(folder / "design.yaml"), "--format", "json", "--today", "2026-01-01")
        found = run(command, folder, PYTHONHASHSEED=str(chance.randrange(2**32)))
        bytes_of.add(hashlib.sha256(without_lines(found.out).encode()).hexdigest())
        sense_of.add(json.loads(found.out)["text_hash"])
    line("different reports, line numbers apart", str(len(bytes_of)), "1 wanted")
    line("different canonical texts", str(len(sense_of)), "1 wanted")


def shuffled(text: str, shuffle: Callable[[list[str]], None]) -> str:
    """A design with the lines of its components and of its edges in another order."""
    head, _, rest = text.partition("components:\n")
    parts, _, edges = rest.partition("edges:\n")
    said = []
    for block in (parts, edges):
        lines = block.splitlines(keepends=True)
        shuffle(lines)
        said.append("".join(lines))
    return f"{head}components:\n{said[0]}edges:\n{said[1]}"


def without_lines(report: str) -> str:
    """A JSON report with all line numbers 0."""
    return re.sub(r'"line": \d+', '"line": 0', report)
