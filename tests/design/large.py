"""Designs of any size, for limits and for benchmarks."""

from __future__ import annotations


def large(components: int) -> str:
    """A design made of slices: api, function, store, queue, consumer."""
    lines = ["model: sdm/1", "design: {id: large, criticality: high, stage: live}", "components:"]
    edges = ["edges:"]
    for i in range(components // 5):
        lines += [
            f"  - {{id: api-{i}, kind: api, public: true, auth: jwt, timeout_s: 29, tracing: true,"
            " throttle: {rps: 100, burst: 200}, alarms: [errors, latency]}",
            *(_function(f"{name}-{i}", i) for name in ("serve", "work")),
            f"  - {{id: store-{i}, kind: kv, record: true, backups: pitr, encrypted: true}}",
            f"  - {{id: queue-{i}, kind: queue, visibility_s: 60, max_receive: 5, encrypted: true}}",
        ]
        edges += [
            f"  - {{from: api-{i}, to: serve-{i}, kind: call, timeout_s: 20}}",
            f"  - {{from: serve-{i}, to: queue-{i}, kind: publish, payload_kb: 20}}",
            f"  - {{from: queue-{i}, to: work-{i}, kind: poll, batch_size: 10, item_ms: 20}}",
            f"  - {{from: work-{i}, to: store-{i}, kind: write, timeout_s: 1,"
            " retries: {max: 2, backoff: exponential, jitter: true}}",
        ]
        if i:
            edges.append(f"  - {{from: serve-{i - 1}, to: serve-{i}, kind: call, timeout_s: 2}}")
    return "\n".join((*lines, *edges)) + "\n"


def _function(id: str, number: int) -> str:
    return f"""  - id: {id}
    kind: function
    owner: team-{number % 7}
    runtime: {{name: python3.13, status: current}}
    memory_mb: 512
    timeout_s: 10
    duration_ms: {{p50: 60, p99: 800}}
    init_ms: 400
    concurrency: {{reserved: 10, max: 10, provisioned: 0}}
    idempotent: none
    state_local: none
    logs: {{structured: true, retention_days: 30, redacted: true, level: info}}
    tracing: true
    alarms: [errors, throttles]"""
