"""Fixes of queues, topics and streams."""

from __future__ import annotations

import math

from ..edit import Value
from ..model import Component, Edge
from ._draft import Draft, tidy
from ._pieces import (
    TWO_WEEKS,
    claim_check,
    dead_letters,
    descending,
    make_idempotent,
    new_dead_letters,
    work_queue,
    worker,
)
from ._types import NoFix, fixes

CHANNELS = ("queue", "topic", "bus", "stream")


@fixes("EVT01", "Somebody has to write the redrive procedure and answer the alarm.")
def evt01(draft: Draft) -> str:
    queue = draft.component
    dead = dead_letters(draft, queue)
    draft.set(queue, "dlq", dead)
    if queue.get("max_receive") is None:
        draft.set(queue, "max_receive", 5)
    return f"Sends what {queue.id} cannot deliver to {dead}, which has an alarm and a way back."


@fixes("EVT02", "Somebody has to write the redrive procedure and answer the alarm.")
def evt02(draft: Draft) -> str:
    source, target = draft.ends(draft.edge)
    dead = dead_letters(draft, source)
    draft.set(draft.edge, "on_failure", dead)
    return f"Keeps in {dead} what {source.id} could not deliver to {target.id}."


@fixes("EVT03", "Whether the bounds suit the stream depends on how long a fault usually lasts.")
def evt03(draft: Draft) -> str:
    edge, source = draft.edge, draft.ends(draft.edge)[0]
    if edge.get("on_failure") is None:
        draft.set(edge, "on_failure", dead_letters(draft, source))
    if edge.get("max_age_s") is None:
        kept = source.get("retention_s") if source.kind == "stream" else None
        draft.set(edge, "max_age_s", tidy(min(3600, kept / 2)) if kept else 3600)
    if edge.get("retries.max") is None:
        draft.set(edge, "retries.max", 5)
    return f"Bounds retries and age of what comes from {source.id}, and keeps the rest."


@fixes("EVT04", "The code has to store the key with the effect and drop what it has seen.")
def evt04(draft: Draft) -> str:
    draft.set(draft.component, "idempotent", "key")
    return f"Asks of {draft.subject} that a key makes a repeat harmless."


@fixes("EVT05", "The longer a message stays hidden, the later a failed one is tried again.")
def evt05(draft: Draft) -> str:
    queue = draft.ends(draft.edge)[0]
    draft.show_longer(queue, draft.visibility_for(queue))
    return f"Hides messages of {queue.id} for as long as its consumers may need."


@fixes("EVT06", "How many attempts suit the work is a judgement; five ride out a deployment.")
def evt06(draft: Draft) -> str:
    draft.set(draft.component, "max_receive", max(5, math.ceil(draft.limit("min_receives"))))
    draft.keep_for_attempts(draft.component)
    return f"Gives messages of {draft.subject} five attempts before they are put aside."


@fixes("EVT07", "The consumer's code has to report which items failed.")
def evt07(draft: Draft) -> str:
    draft.set(draft.edge, "partial_failure", True)
    return f"Sends back only the items of {draft.edge.source} that failed."


@fixes("EVT08", "An ordered channel is slower and dearer; messages with versions may be enough.")
def evt08(draft: Draft) -> str:
    edge = draft.edge
    source, target = draft.ends(edge)
    channel = source if source.kind in CHANNELS else target
    kept = ("fifo",) if edge.get("ordering") == "total" else ("fifo", "key")
    if channel.kind != "stream" and channel.get("order") not in kept:
        draft.set(channel, "order", "fifo")
        _match(draft, channel)
    if edge.get("ordering") == "total" and edge.kind != "publish":
        draft.set(edge, "max_concurrency", 1)
    return f"Lets {channel.id} keep the order that its users rely on."


def _match(draft: Draft, queue: Component) -> None:
    """A dead-letter queue has the order of its source, and outlives it."""
    dead = draft.design.find(queue.get("dlq", "")) if queue.kind == "queue" else None
    if dead is None:
        return
    order = draft.get(queue, "order")
    others = [
        other
        for other in draft.design.of_kind("queue")
        if other.get("dlq") == dead.id and other.id != queue.id
    ]
    if order is not None and any(other.get("order", order) != order for other in others):
        kept = queue.get("retention_s", 0)
        draft.set(queue, "dlq", new_dead_letters(draft, queue, order, kept))
        return
    if order is not None and draft.get(dead, "order") != order:
        draft.set(dead, "order", order)
    kept = max([draft.get(q, "retention_s", 0) for q in (queue, *others)])
    if draft.get(dead, "retention_s", math.inf) <= kept:
        draft.set(dead, "retention_s", tidy(max(TWO_WEEKS, 2 * kept)))


@fixes("EVT09", "Sender and receivers have to be changed to store and fetch the body.")
def evt09(draft: Draft) -> str:
    source, target = draft.ends(draft.edge)
    channel = target if target.kind in CHANNELS else source
    limit = channel.get("payload_limit_kb", draft.limit("message_kb"))
    large = [e for e in _touching(draft, channel) if e.get("payload_kb", 0) > limit]
    senders = [e for e in large if e.target == channel.id] or [draft.edge]
    bodies = ""
    for edge in senders:
        sender = draft.design.component(edge.source)
        if bodies:
            draft.connect(sender.id, bodies, "write", _access(draft, sender, channel, edge))
        else:
            bodies = claim_check(draft, channel, sender, edge)
    for edge in large:
        draft.set(edge, "payload_kb", min(1, limit))
    for edge in draft.design.out_edges(channel.id, "poll", "subscribe", "change"):
        reader = draft.design.component(edge.target)
        if reader.kind in ("function", "container", "vm") and edge in large:
            draft.connect(reader.id, bodies, "read", _access(draft, reader, channel, edge))
    return f"Stores large bodies in {bodies} and sends their address over {channel.id}."


def _touching(draft: Draft, channel: Component) -> list[Edge]:
    design = draft.design
    return [*design.in_edges(channel.id), *design.out_edges(channel.id)]


def _access(draft: Draft, who: Component, channel: Component, edge: Edge) -> dict[str, Value]:
    return {
        "protocol": "https",
        "timeout_s": descending(draft, who, channel),
        "payload_kb": edge.get("payload_kb"),
        "data": edge.get("data"),
    }


@fixes("EVT10", "The schema has to be registered, and the producer's build has to check it.")
def evt10(draft: Draft) -> str:
    draft.set(draft.edge, "schema.versioned", True)
    return f"Gives events from {draft.edge.source} to {draft.edge.target} a versioned schema."


@fixes("EVT11", "Somebody has to answer the alarm and write the procedure that it names.")
def evt11(draft: Draft) -> str:
    queue = draft.component
    draft.more(queue, "alarms", "depth")
    if queue.get("redrive", "none") == "none":
        draft.set(queue, "redrive", "runbook")
    return f"Tells somebody when {queue.id} fills, and names a way back."


@fixes("EVT12", "A queue of another type has to be made anew; its messages have to be moved.")
def evt12(draft: Draft) -> str:
    queue = draft.component
    _match(draft, queue)
    return f"Gives {queue.id} a dead-letter queue of its own kind that keeps messages longer."


@fixes("EVT13", "Smaller batches mean more invocations: compare the cost.")
def evt13(draft: Draft) -> str:
    edge, function = draft.edge, draft.ends(draft.edge)[1]
    seconds = edge.get("item_ms") / 1000
    planned = draft.limit("timeout_share") * function.get("timeout_s")
    size = math.floor(planned / seconds)
    if size < 1:
        draft.set(edge, "batch_size", 1)
        draft.cut_off_after(function, seconds / draft.limit("timeout_share"))
        return f"Takes one item from {edge.source} at a time, and gives {function.id} the time."
    draft.set(edge, "batch_size", size)
    return f"Takes {size} items from {edge.source} at once, which fit into the timeout."


@fixes("FUN05", "The rest of the work has to be moved into the new function.")
def fun05(draft: Draft) -> str:
    function = draft.component
    rest = worker(draft, f"{function.id}-rest", function, f"the rest of {function.id}")
    line = work_queue(
        draft,
        f"{function.id}-later",
        function,
        visibility_s=tidy(60 * draft.limit("visibility_factor")),
    )
    draft.set(function, "background_work", False)
    draft.connect(function.id, line, "publish", payload_kb=10)
    draft.connect(
        line, rest, "poll", batch_size=1, batch_window_s=0, partial_failure=True,
        max_concurrency=5, source_restricted=True, payload_kb=10,
    )  # fmt: skip
    return f"Lets {function.id} put the rest of its work into {line}, from which {rest} takes it."


@fixes("ANT08", "The reader has to be changed to take events; what the schedule does beside it "
       "stays.")  # fmt: skip
def ant08(draft: Draft) -> str:
    edge = draft.edge
    reader, store = draft.ends(edge)
    if store.kind not in ("kv", "sql", "object_store", "search", "cache", "warehouse"):
        raise NoFix("Only a store has a change feed; a partner has to be asked for a callback.")
    draft.set(edge, "polls_status", False)
    draft.connect(
        store.id, reader.id, "change", {"retries.max": 5}, max_age_s=3600,
        on_failure=dead_letters(draft, store), data=edge.get("data"), source_restricted=True,
    )  # fmt: skip
    make_idempotent(draft, reader)
    return f"Lets {store.id} tell {reader.id} of changes, instead of being asked."
