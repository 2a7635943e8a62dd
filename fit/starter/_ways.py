"""How work arrives: from callers, a queue, a stream, a clock, a socket or the edge."""

from __future__ import annotations

from math import ceil

from ._parts import compute, dead, owner, queue, store, take, timeout
from ._sketch import AGAIN, ENTRY, Part, Sketch


def single(sketch: Sketch, option: str) -> None:
    trigger = sketch.says("trigger") or "http"
    slow = sketch.run[1] > 20_000 or option == "batch"
    if option == "edge":
        _edge(sketch)
    elif _sockets(sketch) and option in {"containers", "kubernetes", "vms"}:
        _direct(sketch, option)
    elif trigger == "stream" and option != "batch":
        _stream(sketch, option)
    elif trigger == "schedule" and option != "batch" and not slow:
        _clock(sketch, option)
    elif trigger in ENTRY and not slow:
        front(sketch, option, "work")
        store(sketch, "work")
    else:
        _behind(sketch, option, trigger)


def _sockets(sketch: Sketch) -> bool:
    return sketch.says("connections") in {"own_sockets", "custom"}


def _client(sketch: Sketch) -> str:
    return sketch.add("users", "client", boundary="net", **sketch.load)


def _door(sketch: Sketch) -> str:
    """The gateway or balancer that callers meet."""
    sockets = sketch.says("connections") == "managed_ws" or sketch.says("trigger") == "session"
    peak = sketch.peak_rps or 50
    goals: Part = {"availability_pct": 99.9}
    if sketch.goal_ms:
        goals["p99_ms"] = sketch.goal_ms
    return sketch.add(
        "door",
        "websocket" if sockets else "api",
        boundary="cloud",
        public=True,
        auth="jwt",
        throttle={"rps": ceil(peak * 1.5), "burst": ceil(peak * 3)},
        request_validation=True,
        timeout_s=29,
        waf=True,
        cors={"origins": ["https://app.example"]},
        access_logs=True,
        payload_limit_kb=1024,
        tracing=True,
        slo=goals,
        alarms=["errors", "latency"],
    )


def front(sketch: Sketch, option: str, id: str) -> None:
    """Callers, the door, and what answers them."""
    client, door = _client(sketch), _door(sketch)
    protocol = "wss" if sketch.components[-1]["kind"] == "websocket" else "https"
    sketch.join(client, door, "call", protocol=protocol, payload_kb=20, data=["item"])
    compute(sketch, option, id, answers_callers=True)
    wait = min(20, timeout(sketch, answers_callers=True) + 1)
    sketch.join(
        door, id, "call", timeout_s=wait, payload_kb=20, data=["item"], source_restricted=True
    )


def _direct(sketch: Sketch, option: str) -> None:
    """Connections that the code holds itself."""
    client = _client(sketch)
    custom = sketch.says("connections") == "custom"
    sketch.needs.append("raw_tcp" if custom else "long_connection")
    compute(sketch, option, "work", answers_callers=True, public=True, auth="jwt")
    sketch.join(client, "work", "call", protocol="tls" if custom else "wss", data=["item"])
    store(sketch, "work")


def _stream(sketch: Sketch, option: str) -> None:
    source = sketch.add("sources", "client", boundary="net", **sketch.load)
    sketch.add(
        "readings",
        "stream",
        boundary="cloud",
        order="key",
        partitions=max(2, ceil((sketch.peak_rps or 50) / 200)),
        key_cardinality="high",
        retention_s=604_800,
        encrypted=True,
        payload_limit_kb=256,
        alarms=["lag"],
    )
    dead(sketch)
    versioned = {"name": "reading", "versioned": True}
    sketch.join(
        source, "readings", "publish", protocol="https", timeout_s=2, payload_kb=4,
        ordering="key", schema=versioned, data=["item"],
    )  # fmt: skip
    compute(sketch, option, "work", item_ms=10)
    sketch.join(
        "readings", "work", "poll", batch_size=100, batch_window_s=1, item_ms=10,
        partial_failure=True, ordering="key", retries={"max": 5}, max_age_s=86_400,
        on_failure="dead", max_concurrency=4, source_restricted=True, data=["item"],
    )  # fmt: skip
    store(sketch, "work")


def _clock(sketch: Sketch, option: str) -> None:
    sketch.add("clock", "schedule", boundary="cloud", every_s=3600, overlap="forbid")
    dead(sketch)
    compute(sketch, option, "work")
    sketch.join(
        "clock", "work", "subscribe", on_failure="dead", max_age_s=3600, source_restricted=True,
        schema={"name": "tick", "versioned": True},
    )  # fmt: skip
    store(sketch, "work")


def _behind(sketch: Sketch, option: str, trigger: str) -> None:
    """Work that waits in a queue: whoever starts it has a receipt and goes."""
    if trigger == "schedule":
        sketch.add("clock", "schedule", boundary="cloud", every_s=86_400, overlap="forbid")
        source = "clock"
    elif trigger in {"events", "stream"}:
        source = sketch.add(
            "inbox", "object_store", boundary="cloud", owner=owner(sketch), holds=["item"],
            record=True, backups="versioning", ttl=True, encrypted=True, public=False,
            tenant_isolation="prefix",
        )  # fmt: skip
        client = _client(sketch)
        sketch.join(
            client, source, "write", protocol="https", timeout_s=60, signed=True, payload_kb=800,
            data=["item"],
        )  # fmt: skip
    else:
        front(sketch, "functions" if option == "batch" else option, "accept")
        source = "accept"
    queue(sketch, source)
    if sketch.says("state") == "workflow" and option in {"functions", "containers"}:
        _workflow(sketch, option)
    else:
        compute(sketch, option, "work")
        take(sketch, "work")
    store(sketch, "work")


def _workflow(sketch: Sketch, option: str) -> None:
    """Where a process has got to is kept by a workflow, started from the queue."""
    compute(sketch, option, "begin", answers_callers=True)
    take(sketch, "begin", quick=True)
    sketch.add(
        "process",
        "workflow",
        boundary="cloud",
        mode="durable",
        timeout_s=604_800,
        compensation="saga",
        role="role-process",
        tracing=True,
        alarms=["failures", "timeouts"],
    )
    sketch.join("begin", "process", "start", timeout_s=3, retries=AGAIN, idempotency_key=True)
    compute(sketch, option, "work")
    sketch.join(
        "process",
        "work",
        "step",
        timeout_s=timeout(sketch) + 5,
        retries=AGAIN,
        catch=True,
        compensate="undo-work",
        idempotency_key=True,
        data=["item"],
    )


def _edge(sketch: Sketch) -> None:
    client = _client(sketch)
    sketch.add(
        "edge", "cdn", boundary="net", ttl_s=60, waf=True, origin_shield=True, access_logs=True,
        public=True, public_reason="every user is served here", alarms=["errors", "latency"],
    )  # fmt: skip
    sketch.join(client, "edge", "call", protocol="https", payload_kb=20, data=["item"])
    compute(sketch, "edge", "work", answers_callers=True)
    sketch.join(
        "edge", "work", "call", protocol="https", timeout_s=2, payload_kb=20, data=["item"],
        source_restricted=True,
    )  # fmt: skip
    store(sketch, "work")
