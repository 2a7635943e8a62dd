"""Practice: loading and proving the bank, the page of an exercise, grading a repair.

The wanted figures are those of docs/practice-goals.md; nothing is judged here. All are processor
time of this one process, which a busy machine does not stretch.
"""

from __future__ import annotations

import statistics
import time
import zlib
from collections.abc import Callable, Sequence
from functools import partial

from bench.measure import heading, line
from scenarios import catalogue, engine
from scenarios.engine import TYPES, Exercise

_PAGES = 60
_REPEATS = 1_000


def _ms(act: Callable[[], object], times: int) -> float:
    """The median processor time of `act`, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        act()
        taken.append((time.process_time() - start) * 1000)
    return statistics.median(taken)


def report() -> None:
    heading("Practice")
    known = _load()
    _pages(known)
    _repairs([e for e in known.live() if e.type == engine.REPAIR])


def _load() -> catalogue.Catalogue:
    start = time.process_time()
    known = catalogue.load()
    proved = time.process_time() - start
    note = f"{len(known.exercises)} exercises, {len(known.errors)} errors; at most 60 s wanted"
    line("the whole bank, read and proved", f"{proved:.1f} s", note)
    texts = frozenset(catalogue.texts())
    line("the same, of texts proved before", f"{_ms(partial(catalogue.load, texts), 3):.0f} ms")
    repairs = [p for p in catalogue.sources() if p.suffix == ".yaml" and p.stem.startswith("r-")]
    start = time.process_time()
    for path in repairs:
        catalogue.read_file(path)
    took = time.process_time() - start
    line(f"the harness of {len(repairs)} repairs", f"{took:.1f} s", "at most 150 s wanted")
    return known


def _pages(known: catalogue.Catalogue) -> None:
    """Pages of exercises of every type, as a guest sees them; the second time, as in a running
    server: the bank and the templates are in memory, the page is not."""
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    every = known.live()
    shown = every[:: max(1, len(every) // _PAGES)]
    for exercise in shown:
        client.get(f"/practice/{exercise.id}/")
    took, sizes = [], []
    for exercise in shown:
        url = f"/practice/{exercise.id}/"
        took.append(_ms(partial(client.get, url), 3))
        sizes.append(len(zlib.compress(client.get(url).content, 6)) / 1024)
    line("a page of an exercise, 95th percentile", f"{_p95(took):.1f} ms", "at most 30 wanted")
    note = f"compressed, of {len(shown)} pages; at most 60 wanted"
    line("its size, the largest", f"{max(sizes):.1f} KB", note)
    listing = _ms(lambda: client.get("/practice/"), 5)
    line("the list of all exercises", f"{listing:.0f} ms")


def _repairs(repairs: Sequence[Exercise]) -> None:
    def graded(exercise: Exercise) -> Callable[[], object]:
        return partial(engine.grade, exercise, 0, TYPES[exercise.type].key(exercise, 0))

    took = [_ms(graded(exercise), 3) for exercise in repairs]
    note = f"of {len(repairs)}, the slowest {max(took):.0f} ms; at most 200 wanted"
    line("grading a repair, 95th percentile", f"{_p95(took):.0f} ms", note)
    quickest = repairs[took.index(min(took))]
    different = {repr(graded(quickest)()) for _ in range(_REPEATS)}
    line(f"different grades in {_REPEATS:,} repeats", str(len(different)), "1 wanted")


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]
