"""The core: check of a 300-component design cold and warm, a diagram fresh and kept, a search."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measure import heading, line, median_ms
from design.diagram import Layouts, draw
from design.document import load
from design.result import evaluate
from guide.book import book
from guide.search import search

QUERIES = (
    "dead letter queue",
    "visibility timeout",
    "cold start",
    "idempot",
    '"at least once"',
    "retrys",
)


def large_design(components: int = 300) -> str:
    """A design of 60 branches of five components each behind one gateway."""
    head = (
        "model: sdm/1\n"
        "design: {id: large, title: Large, owner: team, criticality: high, stage: live,"
        " profile: generic}\n"
        "components:\n"
        "  - {id: web, kind: client, load: {mean_rps: 20, peak_rps: 120}}\n"
        "  - {id: api, kind: api, public: true, auth: jwt, throttle: {rps: 200, burst: 400},"
        " timeout_s: 29}\n"
    )
    parts, edges = [], ["  - {from: web, to: api, kind: call, protocol: https}\n"]
    for n in range((components - 2) // 5 + 1):
        parts.append(
            f"  - {{id: f{n}, kind: function, timeout_s: 5, memory_mb: 512, idempotent: key}}\n"
            f"  - {{id: q{n}, kind: queue, visibility_s: 60, dlq: d{n}, max_receive: 5}}\n"
            f"  - {{id: d{n}, kind: queue, purpose: dlq, alarms: [depth], redrive: runbook}}\n"
            f"  - {{id: w{n}, kind: function, timeout_s: 10, memory_mb: 256, idempotent: key}}\n"
            f"  - {{id: s{n}, kind: kv, record: true, backups: pitr, encrypted: true}}\n"
        )
        edges.append(
            f"  - {{from: api, to: f{n}, kind: call}}\n"
            f"  - {{from: f{n}, to: q{n}, kind: publish}}\n"
            f"  - {{from: q{n}, to: w{n}, kind: poll, batch_size: 10}}\n"
            f"  - {{from: w{n}, to: s{n}, kind: write, timeout_s: 1}}\n"
        )
    return head + "".join(parts) + "edges:\n" + "".join(edges)


def report() -> None:
    text = large_design()
    design = load(text)
    heading(f"A design of {len(design.components)} components")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.yaml"
        path.write_text(text)
        command = [sys.executable, "-m", "design", "check", str(path)]
        cold = median_ms(lambda: subprocess.run(command, capture_output=True, check=False), 3)
        line("check, cold (a new process, as in a pipeline)", f"{cold:.0f} ms")
        read = median_ms(lambda: load(text))
        line("reading the text, warm", f"{read:.1f} ms")
        line("check and score, warm", f"{median_ms(lambda: evaluate(design)):.1f} ms")
        small = load(Path("guide/content/designs/photo-orders.yaml").read_text())
        line(
            "check and score of photo-orders, warm", f"{median_ms(lambda: evaluate(small)):.2f} ms"
        )
        heading("A diagram")
        fresh = median_ms(lambda: draw(small), 5)
        kept = Layouts(Path(folder) / "layouts")
        draw(small, layouts=kept)
        again = median_ms(lambda: draw(small, layouts=kept))
        line("photo-orders, fresh", f"{fresh:.1f} ms")
        line("photo-orders, positions kept", f"{again:.2f} ms", f"{fresh / again:.0f} times faster")
        line("300 components, fresh", f"{median_ms(lambda: draw(design), 1):.0f} ms")
    heading("A search")
    book()
    search(QUERIES[0])
    each = sorted(median_ms(lambda q=query: search(q)) for query in QUERIES)
    line("median of six queries", f"{each[len(each) // 2]:.2f} ms", f"slowest {each[-1]:.2f} ms")
