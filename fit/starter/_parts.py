"""What runs and what keeps: the compute of each option, its queue and its store."""

from __future__ import annotations

from math import ceil
from typing import Any

from ._sketch import AGAIN, FUNCTION_MB, KIND, LOGS, MEMORY_MB, Part, Sketch


def queue(sketch: Sketch, source: str) -> None:
    """A work queue with the queue for what it gives up."""
    cut_off = timeout(sketch)
    sketch.add(
        "todo", "queue", boundary="cloud", purpose="work", order="none",
        visibility_s=cut_off * 6 + 10, retention_s=345_600, max_receive=5, dlq="dead",
        encrypted=True, payload_limit_kb=256, alarms=["age", "depth"],
    )  # fmt: skip
    dead(sketch)
    kind = {"clock": "subscribe", "inbox": "change"}.get(source, "publish")
    common: Part = {"schema": {"name": "work-item", "versioned": True}, "payload_kb": 4}
    if kind == "publish":
        common |= {"protocol": "https", "timeout_s": 2, "retries": AGAIN, "data": ["item"]}
    else:
        common |= {"on_failure": "dead", "max_age_s": 86_400, "source_restricted": True}
        common |= {"retries": {"max": 5}}
    sketch.join(source, "todo", kind, **common)


def dead(sketch: Sketch) -> None:
    sketch.add(
        "dead", "queue", boundary="cloud", purpose="dlq", order="none", retention_s=1_209_600,
        encrypted=True, payload_limit_kb=256, alarms=["depth", "age"], redrive="runbook",
    )  # fmt: skip


def take(sketch: Sketch, id: str, *, quick: bool = False) -> None:
    """One message at a time where one piece of work fills a run, ten where many fit. `quick`:
    it only hands the message on."""
    p50, p99, cut_off = (100, 400, 10) if quick else sketch.run
    batch = 10 if p99 * 10 < cut_off * 800 else 1
    sketch.join(
        "todo",
        id,
        "poll",
        batch_size=batch,
        batch_window_s=1 if batch > 1 else 0,
        item_ms=p99 if batch == 1 else p50,
        partial_failure=True,
        max_concurrency=runs_at_once(sketch),
        ordering="none",
        source_restricted=True,
        data=["item"],
    )


def timeout(sketch: Sketch, *, answers_callers: bool = False) -> int:
    return min(sketch.run[2], 10) if answers_callers else sketch.run[2]


def runs_at_once(sketch: Sketch) -> int:
    """Runs in hand at the peak, with half as many again for what is slower."""
    peak = sketch.peak_rps or 5
    return max(2, min(1000, ceil(peak * sketch.run[0] / 1000 * 1.5)))


def owner(sketch: Sketch) -> str:
    return "platform-team" if sketch.says("team") == "platform" else "your-team"


def compute(
    sketch: Sketch, option: str, id: str, *, answers_callers: bool = False, item_ms: int = 0,
    **more: Any,
) -> None:  # fmt: skip
    kind, tech = KIND[option]
    p50, p99, _ = sketch.run
    if answers_callers:
        # What answers a caller has to fit into the goal; the longest piece is behind it.
        most = int((sketch.goal_ms or 1000) * 0.6)
        p50, p99 = min(p50, max(1, most // 4)), min(p99, max(1, most))
    if item_ms:
        p50, p99 = item_ms * 50, item_ms * 100
    keeps = sketch.says("state")
    held = kind != "function" and keeps in {"memory", "strong"}
    attributes: Part = {
        "boundary": "cloud",
        "owner": owner(sketch),
        "tech": tech,
        "runtime": {"status": "current"},
        "memory_mb": _memory(sketch, kind),
        "timeout_s": timeout(sketch, answers_callers=answers_callers),
        "duration_ms": {"p50": p50, "p99": p99},
        "idempotent": "key",
        "state_local": ("required" if keeps == "strong" else "cache") if held else "none",
        "routes": 1,
        "responsibilities": ["answer callers" if answers_callers else "do the work"],
        "background_work": False,
        "vendor_api_in_domain": False,
        "secrets": "none",
        "grants": [],
        "role": f"role-{id}",
        "input_validation": "schema",
        "network": {"attached": False},
        "logs": dict(LOGS),
        "tracing": True,
        "alarms": ["errors", "throttles", "duration"]
        if kind == "function"
        else ["errors", "latency"],
        **_scale(sketch, option, kind, answers_callers),
        **more,
    }
    if sketch.says("cpu") == "gpu" and option in {"batch", "kubernetes", "vms"}:
        attributes["tech"] += ", with a GPU"
    if sketch.says("cpu") == "waiting":
        attributes["wait_ms"] = p50 // 2
    sketch.add(id, kind, **attributes)


def _memory(sketch: Sketch, kind: str) -> int:
    wanted = MEMORY_MB[sketch.says("memory") or "small"]
    return min(wanted, FUNCTION_MB) if kind == "function" else wanted


def _scale(sketch: Sketch, option: str, kind: str, answers_callers: bool) -> Part:
    at_once = runs_at_once(sketch)
    if kind == "function":
        quick = answers_callers and (sketch.goal_ms or 1000) <= 200
        warm = 0 if not quick or option == "edge" else max(2, at_once // 2)
        cold = 5 if option == "edge" else 300
        return {
            "public_url": False,
            "init_ms": cold,
            "concurrency": {"reserved": at_once, "max": at_once, "provisioned": warm},
        }
    if kind == "vm":
        return {"count": max(2, ceil(at_once / 50)), "cpu": 2, "public": False}
    rests = option in {"containers", "batch"} and sketch.says("traffic") in {"idle", "spiky", ""}
    rests = rests and not answers_callers
    least = 0 if rests else 2
    return {
        "cpu": 1,
        "public": False,
        "init_ms": 2000,
        "instances": {"min": least, "max": max(least + 2, ceil(at_once / 10))},
        "concurrency": 1 if option == "batch" else 10,
        "scale_to_zero": rests,
    }


def store(sketch: Sketch, *users: str) -> None:
    """Where the state is, once the work is done, and the grants to reach it."""
    relational = sketch.says("state") == "strong" or sketch.says("start") in {"monolith", "legacy"}
    relational = relational and all(c["kind"] != "function" for c in sketch.components)
    files = sketch.says("memory") == "large" or sketch.says("trigger") == "bigjob"
    kind = "sql" if relational else "object_store" if files else "kv"
    attributes: Part = {
        "boundary": "cloud", "owner": owner(sketch), "holds": ["item"], "record": True,
        "encrypted": True, "public": False, "ttl": True,
        "backups": "versioning" if files and not relational else "pitr",
        "tenant_isolation": {"sql": "row", "kv": "partition"}.get(kind, "prefix"),
    }  # fmt: skip
    if kind == "sql":
        attributes |= {"max_connections": 500}
        for component in sketch.components:
            if component["id"] in users:
                component["db_connections"] = 5
    if kind == "kv":
        attributes |= {"capacity": "on_demand", "key_cardinality": "high"}
        attributes |= {"access": ["get", "query"]}
    sketch.add("store", kind, **attributes)
    again = {"timeout_s": 1, "retries": AGAIN, "protocol": "tls", "data": ["item"]}
    for user in users:
        sketch.join(user, "store", "write", **again)
    if sketch.says("state") == "memory":
        sketch.add(
            "warm", "cache", boundary="cloud", ttl_s=300, stampede_protection=True,
            encrypted=True, public=False, ttl=True, holds=["item"], tenant_isolation="prefix",
        )  # fmt: skip
        sketch.join(users[0], "warm", "read", **again)
