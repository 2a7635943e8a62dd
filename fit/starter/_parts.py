"""What runs and what keeps: the compute of each option, its queue and its store."""

from __future__ import annotations

from math import ceil
from typing import Any

from ._sketch import AGAIN, AT_ONCE, FUNCTION_MB, KIND, LOGS, MEMORY_MB, Part, Sketch


def queue(sketch: Sketch, source: str) -> None:
    """A work queue with the queue for what it gives up."""
    cut_off = timeout(sketch)
    unseen = cut_off * 6 + 10 if cut_off <= 900 else cut_off + 600
    sketch.add(
        "todo", "queue", boundary="cloud", purpose="work", order="none", visibility_s=unseen,
        retention_s=max(345_600, min(1_209_600, unseen * 8)), max_receive=5, dlq="dead",
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
    taker = next(c for c in sketch.components if c["id"] == id)
    quick = quick and taker["kind"] == "function"
    batch = 10 if p99 * 10 < cut_off * 800 else 1
    sketch.join(
        "todo",
        id,
        "poll",
        batch_size=batch,
        batch_window_s=1 if batch > 1 else 0,
        item_ms=p50,
        partial_failure=True,
        max_concurrency=taker["concurrency"]["max"] if quick else runs_at_once(sketch),
        ordering="none",
        source_restricted=True,
        data=["item"],
    )


def timeout(sketch: Sketch, *, answers_callers: bool = False) -> int:
    return min(sketch.run[2], 10) if answers_callers else sketch.run[2]


def runs_at_once(sketch: Sketch) -> int:
    """Runs in hand at the mean, with half as many again: a queue evens out the peak."""
    wanted = ceil((sketch.mean_rps or 5) * sketch.run[0] / 1000 * 1.5)
    return max(2, min(AT_ONCE, wanted) if sketch.option in {"functions", "edge"} else wanted)


def callers_at_once(sketch: Sketch, p99: int) -> int:
    """Callers in hand at the peak, each at its slowest, with a fifth to spare."""
    return max(2, ceil((sketch.peak_rps or 20) * p99 / 1000 * 1.2))


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
        if kind == "function" and sketch.peak_rps:
            most = min(most, int(AT_ONCE / 1.2 / sketch.peak_rps * 1000))
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
        "state_local": "cache" if held else "none",
        "routes": 1,
        "responsibilities": ["answer callers" if answers_callers else "do the work"],
        "background_work": False,
        "vendor_api_in_domain": False,
        "secrets": "none",
        "grants": [],
        "role": f"role-{id}",
        "auth": "iam",
        "input_validation": "schema",
        "network": {"attached": False},
        "logs": dict(LOGS),
        "tracing": True,
        "alarms": ["errors", "throttles", "duration"]
        if kind == "function"
        else ["errors", "latency"],
        **_scale(sketch, option, kind, callers_at_once(sketch, p99) if answers_callers else 0),
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


def _scale(sketch: Sketch, option: str, kind: str, callers: int) -> Part:
    """How many run; `callers` in hand at once, 0 for what works behind a queue."""
    at_once = callers or runs_at_once(sketch)
    if kind == "function":
        at_once = min(at_once, AT_ONCE)
        quick = callers and (sketch.goal_ms or 1000) <= 200 and option != "edge"
        return {
            "public_url": False,
            "init_ms": 5 if option == "edge" else 300,
            "concurrency": {
                "reserved": at_once,
                "max": at_once,
                "provisioned": at_once if quick else 0,
            },
        }
    if kind == "vm":
        return {"count": max(2, ceil(at_once / 50)), "cpu": 2, "public": False}
    sleeps = option in {"containers", "batch"}
    quiet = sketch.says("traffic") == "idle"
    rests = sleeps and (not callers or (quiet and not sketch.goal_ms))
    least = 0 if rests else 1 if sleeps and quiet else 2
    each = 1 if option == "batch" else 10
    return {
        "cpu": 1,
        "public": False,
        "public_url": False,
        "init_ms": 2000,
        "instances": {"min": least, "max": max(least + 2, ceil(at_once / each))},
        "concurrency": each,
        "scale_to_zero": rests,
    }


def _connections(sketch: Sketch, users: tuple[str, ...]) -> int:
    """Gives each user its connections; what the store has to accept so that three quarters do."""
    total = 0
    for component in sketch.components:
        if component["id"] in users:
            component["db_connections"] = 5
            total += 5 * (component.get("count") or component["instances"]["max"])
    return max(100, ceil(total / 0.75))


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
        attributes["max_connections"] = _connections(sketch, users)
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
