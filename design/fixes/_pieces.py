"""Pieces that several fixes put into a design: whole, so that they raise no
finding of their own."""

from __future__ import annotations

from typing import Any, Final

from ..edit import Value
from ..graph import reachable
from ..model import Component, Edge, Grant
from ._draft import Draft, tidy

TWO_WEEKS: Final = 1_209_600
SECURE: Final = {
    "http": "https",
    "ws": "wss",
    "tcp": "tls",
    "ftp": "sftp",
    "smtp": "smtps",
    "mqtt": "mqtts",
    "amqp": "amqps",
}
_LOOPING: Final = frozenset(
    ("publish", "subscribe", "poll", "change", "invoke_async", "write", "call", "step", "start")
)
LOOP_GUARD: Final = "hop counter in the envelope, dropped after three hops"


def dead_letters(draft: Draft, source: Component) -> str:
    """A dead-letter queue for what `source` cannot deliver: one of its name that
    is there already and fits, else a new one with an alarm and a way back."""
    order = source.get("order") if source.kind == "queue" else None
    kept = source.get("retention_s", 0) if source.kind in ("queue", "stream") else 0
    for name in (f"{source.id}-dead", f"{source.id}-dlq"):
        found = draft.design.find(name)
        if found is not None and found.is_dlq and _fits(found, order, kept):
            return name
    return new_dead_letters(draft, source, order or "none", kept)


def new_dead_letters(
    draft: Draft, source: Component, order: str, kept: float, name: str = ""
) -> str:
    """A new dead-letter queue beside a component, which keeps what fails for two
    weeks, or twice as long as its source does."""
    limited = source.kind in ("queue", "topic", "bus", "stream")
    return draft.add(
        "components",
        draft.fresh(f"{name or source.id}-dead"),
        {
            "kind": "queue",
            **draft.beside(source),
            "purpose": "dlq",
            "order": order,
            "encrypted": True,
            "payload_limit_kb": source.get("payload_limit_kb") if limited else None,
            "retention_s": tidy(max(TWO_WEEKS, 2 * kept)),
            "alarms": ("depth", "age"),
            "redrive": "runbook",
        },
    )


def _fits(dead: Component, order: Any, kept: float) -> bool:
    if order is not None and dead.get("order", order) != order:
        return False
    return bool(dead.get("retention_s", kept + 1) > kept)


def descending(
    draft: Draft, caller: Component, target: Component | None = None, attempts: float = 1
) -> float:
    """A timeout for an edge: all attempts end before the caller is cut off, with
    time left to answer, and if there is room the slowest normal answer arrives."""
    budget = float(draft.get(caller, "timeout_s", 10))
    each = 0.8 * budget / attempts
    slowest = target.get("duration_ms.p99") if target else None
    wanted = max(0.3 * budget, 1.5 * slowest / 1000 if slowest else 0)
    value: float = min(each, wanted)
    for digits in range(7):
        rounded = round(value, digits)
        if 0 < rounded <= each:
            return int(rounded) if rounded == int(rounded) else rounded
    return value


def work_queue(draft: Draft, name: str, like: Component, **said: Value) -> str:
    """A work queue with its dead-letter queue."""
    name = draft.fresh(name)
    dead = new_dead_letters(draft, like, "none", 0, name)
    draft.add(
        "components",
        name,
        {
            "kind": "queue",
            **draft.beside(like),
            "purpose": "work",
            "order": "none",
            "encrypted": True,
            "retention_s": TWO_WEEKS // 4,
            "max_receive": 5,
            "dlq": dead,
            "alarms": ("age", "depth"),
            **said,
        },
    )
    return name


def through_queue(draft: Draft, edge: Edge, name: str = "") -> str:
    """Lets a call become a message: the caller puts it into a new queue and goes
    on, the callee takes it from there. Returns the queue's id."""
    caller, target = draft.ends(edge)
    timeout = draft.get(target, "timeout_s")
    visible = draft.limit("visibility_factor") * timeout if timeout else None
    like = target if target.boundary or not caller.boundary else caller
    line = work_queue(
        draft,
        name or f"{target.id}-requests",
        like,
        visibility_s=tidy(visible) if visible else None,
    )
    loops = caller.id in reachable(draft.design, target.id, _LOOPING)
    draft.remove(edge)
    draft.connect(
        caller.id, line, "publish", payload_kb=edge.get("payload_kb"), data=edge.get("data"),
        calls_per_request=edge.get("calls_per_request"), probability=edge.get("probability"),
        per=edge.get("per"),
    )  # fmt: skip
    most = draft.ceiling(target)
    draft.connect(
        line, target.id, "poll", batch_size=1, batch_window_s=0, partial_failure=True,
        max_concurrency=int(min(most, 10)) if most else 10, source_restricted=True,
        item_ms=target.get("duration_ms.p50"), payload_kb=edge.get("payload_kb"),
        data=edge.get("data"), loop_guard=LOOP_GUARD if loops else None,
    )  # fmt: skip
    make_idempotent(draft, target)
    return line


def make_idempotent(draft: Draft, part: Component) -> None:
    """Whoever may see a message twice has to know it again."""
    if part.kind in ("function", "container", "vm") and draft.get(part, "idempotent") in (
        None,
        "none",
    ):
        draft.set(part, "idempotent", "key")


def worker(
    draft: Draft, name: str, like: Component, job: str, *grants: Grant, **said: Value
) -> str:
    """A small function that does one job well, beside another."""
    name = draft.fresh(name)
    return draft.add(
        "components",
        name,
        {
            "kind": "function",
            **draft.beside(like),
            "runtime.status": "current",
            "memory_mb": 512,
            "timeout_s": 60,
            "concurrency.reserved": 5,
            "concurrency.max": 5,
            "concurrency.provisioned": 0,
            "idempotent": "key",
            "state_local": "none",
            "routes": 1,
            "responsibilities": (job,),
            "background_work": False,
            "secrets": "none",
            "grants": grants,
            "role": f"role-{name}",
            "public_url": False,
            "input_validation": "schema",
            "network.attached": False,
            "logs.structured": True,
            "logs.retention_days": 30,
            "logs.redacted": True,
            "logs.level": "info",
            "tracing": True,
            "alarms": ("errors", "throttles"),
            "vendor_api_in_domain": False,
            **said,
        },
    )


def store(draft: Draft, name: str, kind: str, like: Component, **said: Value) -> str:
    """A store that is nobody's record: private, encrypted, with an expiry."""
    return draft.add(
        "components",
        draft.fresh(name),
        {
            "kind": kind,
            **draft.beside(like),
            "record": False,
            "encrypted": True,
            "public": False,
            "backups": "none",
            "ttl": True,
            "tenant_isolation": "prefix" if kind == "object_store" else "partition",
            **said,
        },
    )


def carried(draft: Draft, edge: Edge, target: Component | None = None) -> dict[str, Value]:
    """The attributes of an edge that is drawn anew, put right on the way: TLS, a
    timeout below the caller's, retries with backoff and jitter."""
    caller = draft.design.component(edge.source)
    said: dict[str, Value] = {
        path: attr.value for path, attr in edge.attrs.items() if not attr.defaulted
    }
    protocol = str(edge.get("protocol", ""))
    if protocol in SECURE:
        said["protocol"] = SECURE[protocol]
    retries = edge.get("retries.max", 0)
    if retries:
        said |= {"retries.backoff": "exponential", "retries.jitter": True}
    budget, own = caller.get("timeout_s"), edge.get("timeout_s")
    if own is None or (budget is not None and own >= budget):
        end = target or draft.design.component(edge.target)
        said["timeout_s"] = descending(draft, caller, end, 1 + retries)
    return said


def claim_check(draft: Draft, channel: Component, sender: Component, edge: Edge) -> str:
    """A store for bodies that are too large to travel, written by the sender."""
    items = edge.get("data")
    bodies = store(
        draft,
        f"{channel.id}-bodies",
        "object_store",
        channel,
        holds=draft.holds(items, channel.boundary),
        item_kb=edge.get("payload_kb"),
    )
    outside = sender.kind in ("client", "external")
    draft.connect(
        sender.id,
        bodies,
        "write",
        protocol="https",
        signed=True if outside else None,
        timeout_s=None if outside else descending(draft, sender, channel),
        payload_kb=edge.get("payload_kb"),
        data=items,
    )
    return bodies
