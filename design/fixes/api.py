"""Fixes at the front door."""

from __future__ import annotations

import math

from ..graph import condense
from ._draft import Draft, tidy
from ._pieces import claim_check, through_queue
from ._types import NoFix, fixes


@fixes("API01", "A person decides which kind of authentication fits its callers, and issues the "
       "credentials; if it is meant to be open, state public_reason instead.")  # fmt: skip
def api01(draft: Draft) -> str:
    draft.set(draft.component, "auth", "jwt")
    return f"Asks callers of {draft.subject} for a signed token."


@fixes("API02", "Whether the numbers suit the clients shows in a load test; quotas for single "
       "clients are a decision of their own.")  # fmt: skip
def api02(draft: Draft) -> str:
    entry = draft.component
    rate = draft.rates.component[entry.id]
    peak = rate.peak if rate and rate.peak else draft.design.get("traffic.peak_rps", 50)
    allowed = max(math.ceil(2 * peak), 1)
    draft.set(entry, "throttle.rps", allowed)
    if entry.get("throttle.burst") is None:
        draft.set(entry, "throttle.burst", 2 * allowed)
    return (
        f"Refuses callers of {entry.id} above {allowed} requests/s, twice the peak that is known."
    )


@fixes("API03", "The contract itself has to be written.")
def api03(draft: Draft) -> str:
    draft.set(draft.component, "request_validation", True)
    return f"Lets {draft.subject} check requests against the contract."


@fixes("API04", "A person checks that no other trigger of the function needs the longer time, or "
       "that callers can take their answer later.")  # fmt: skip
def api04(draft: Draft) -> str:
    entry, function = draft.ends(draft.edge)
    gateway, slowest = entry.get("timeout_s"), function.get("duration_ms.p99", 0)
    after = gateway - 1 if gateway > 10 else 0.8 * gateway
    batches = [
        edge.get("batch_size", 1) * edge.get("item_ms", 0) / 1000 / draft.limit("timeout_share")
        for edge in draft.design.in_edges(function.id, "poll")
    ]
    if draft.limit("timeout_headroom") * slowest / 1000 > after or max(batches, default=0) > after:
        line = through_queue(draft, draft.edge)
        return f"Accepts the work at {entry.id}, which needs longer, and does it from {line}."
    draft.set(function, "timeout_s", round(after, 1) if after % 1 else int(after))
    for edge in draft.design.out_edges(function.id, "call", "read", "write"):
        if draft.get(edge, "timeout_s", 0) >= after:
            share = 0.8 * after / (1 + edge.get("retries.max", 0))
            draft.set(edge, "timeout_s", round(share, 2))
    return f"Cuts {function.id} off before {entry.id} gives up."


@fixes("API05", "Which filter rules apply, and what they refuse by mistake, has to be watched.")
def api05(draft: Draft) -> str:
    draft.set(draft.component, "waf", True)
    return f"Puts filtering of known attacks in front of {draft.subject}."


@fixes("API06", "A person lists the sites whose scripts need access; until then none has it.")
def api06(draft: Draft) -> str:
    entry = draft.component
    origins = tuple(origin for origin in entry.get("cors.origins") if origin != "*")
    draft.set(entry, "cors.origins", origins)
    return f"Takes the wildcard out of the origins that may call {entry.id}."


@fixes("API07", "Retention and access to these logs have to be set.")
def api07(draft: Draft) -> str:
    draft.set(draft.component, "access_logs", True)
    return f"Lets each request to {draft.subject} leave a log line."


@fixes("API08", "Clients have to be changed to ask for a signed address and upload there.")
def api08(draft: Draft) -> str:
    source, entry = draft.ends(draft.edge)
    bodies = claim_check(draft, entry, source, draft.edge)
    limit = entry.get("payload_limit_kb")
    size = min(10, limit)
    draft.set(draft.edge, "payload_kb", size)
    for edge in draft.design.out_edges(entry.id):
        if edge.get("payload_kb", 0) > limit:
            draft.set(edge, "payload_kb", size)
    return f"Lets {source.id} upload the body to {bodies} and send {entry.id} its address."


@fixes("API09", "Clients have to accept 202 and fetch the result, or be called back.")
def api09(draft: Draft) -> str:
    entry, function = draft.ends(draft.edge)
    line = through_queue(draft, draft.edge)
    return f"Lets {entry.id} answer at once and {function.id} take the work from {line}."


@fixes("OBS06", "The numbers are the goals of the design, or a cautious start: users decide what "
       "they need.")  # fmt: skip
def obs06(draft: Draft) -> str:
    entry, goals = draft.component, draft.design
    draft.set(entry, "slo.availability_pct", goals.get("goals.availability_pct", 99.5))
    draft.set(entry, "slo.p99_ms", goals.get("goals.p99_ms", 3000))
    return f"States an objective for {entry.id}."


@fixes("PRF02", "Clients have to accept that the result comes later.")
def prf02(draft: Draft) -> str:
    entry, goal = draft.component, draft.design.get("goals.p99_ms")
    inside = {f.id: f.get("duration_ms.p99") or 0 for f in draft.design.of_kind("function")}
    moved = []
    for edge in draft.edges_of(entry.id, "call"):
        if edge.target in inside and _worst(draft, edge.target, inside) > goal:
            through_queue(draft, edge)
            moved.append(edge.target)
    if not moved:
        raise NoFix("No single path behind the entry point is too slow.")
    return f"Lets {entry.id} answer at once and queues the work of {', '.join(moved)}."


def _worst(draft: Draft, start: str, inside: dict[str, float]) -> float:
    paths = condense(draft.design, frozenset({"call"})).heaviest(lambda id: inside.get(id, 0))
    return max(inside[start], paths.weight(start) - inside[start])


@fixes("PRF01", "What keeping instances warm costs, and how many the base load needs, has to be "
       "measured; a shorter start would be better.")  # fmt: skip
def prf01(draft: Draft) -> str:
    function = draft.component
    rate = draft.rates.component[function.id]
    busy = (rate.mean if rate else 0) * function.get("duration_ms.p50", 0) / 1000
    most = draft.ceiling(function)
    warm = max(1, math.ceil(busy))
    draft.set(function, "concurrency.provisioned", tidy(min(warm, most) if most else warm))
    return f"Keeps instances of {function.id} warm for the mean load that is known."
