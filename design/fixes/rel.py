"""Fixes of what happens between components: timeouts, retries, chains and limits."""

from __future__ import annotations

import math
import operator

from ..graph import condense, reachable
from ..kinds import EDGE_KINDS
from ..model import Component, Edge, Grant
from ._draft import Draft, tidy
from ._pieces import (
    LOOP_GUARD,
    carried,
    descending,
    make_idempotent,
    through_queue,
    work_queue,
    worker,
)
from ._types import NoFix, fixes

ACCESS = ("read", "write", "call")


@fixes("REL01", "The client library has to be given the number; what happens when it strikes has "
       "to be written.")  # fmt: skip
def rel01(draft: Draft) -> str:
    edge = draft.edge
    caller, target = draft.ends(edge)
    value = descending(draft, caller, target, 1 + edge.get("retries.max", 0))
    draft.set(edge, "timeout_s", value)
    return f"Lets {caller.id} wait {value:g} s for {target.id}, which leaves time to answer."


@fixes("REL02", "A budget for retries, shared by all callers, is a decision of its own.")
def rel02(draft: Draft) -> str:
    draft.set(draft.edge, "retries.backoff", "exponential")
    draft.set(draft.edge, "retries.jitter", True)
    return f"Spreads the retries of {draft.edge.source} with backoff and jitter."


@fixes("REL03", "What callers are told while the breaker is open has to be decided.")
def rel03(draft: Draft) -> str:
    draft.set(draft.edge, "circuit_breaker", True)
    return f"Stops calls of {draft.edge.source} for a while when {draft.edge.target} fails."


@fixes("REL04", "Lower limits turn a peak into waiting or refusals: check them against the load.")
def rel04(draft: Draft) -> str:
    store = draft.component
    users = _users(draft, store)
    room = draft.limit("connection_share") * store.get("max_connections")
    each = {user.id: user.get("db_connections", 1) for user in users}
    wants = {user.id: _instances(draft, user) * each[user.id] for user in users}
    capped: dict[str, Component] = {}
    rest = list(users)
    while rest:
        fair = room / len(rest)
        small = [user for user in rest if wants[user.id] <= fair]
        if not small:
            capped = {user.id: user for user in rest}
            break
        room -= sum(wants[user.id] for user in small)
        rest = [user for user in rest if user not in small]
    for user in capped.values():
        draft.cap(user, room / len(capped) / (each[user.id] or 1))
    return f"Limits {', '.join(capped)} to the connections that {store.id} can bear."


def _users(draft: Draft, store: Component) -> list[Component]:
    sources = sorted({edge.source for edge in draft.design.in_edges(store.id, *ACCESS)})
    return [c for id in sources if (c := draft.design.component(id)).kind == "function"]


def _instances(draft: Draft, function: Component) -> float:
    most = draft.ceiling(function)
    return draft.limit("default_concurrency") if most is None else most


@fixes("REL05", "The proxy has to be set up and priced; transactions that pin a connection defeat "
       "it.")  # fmt: skip
def rel05(draft: Draft) -> str:
    function, store = draft.ends(draft.edge)
    design = draft.design
    old = [
        c
        for c in design.of_kind("proxy")
        if any(e.target == store.id for e in design.out_edges(c.id))
    ]
    moved = [e for e in draft.edges_of(function.id, *ACCESS) if e.target == store.id]
    users = {function.id, *(e.source for p in old for e in design.in_edges(p.id, *ACCESS))}
    needed = sum(
        _instances(draft, c) * c.get("db_connections", 1)
        for id in sorted(users)
        if (c := design.component(id)).kind == "function"
    )
    room = tidy(needed / draft.limit("connection_share"))
    if old:
        proxy = old[0].id
        if old[0].get("max_connections", room) < room:
            draft.set(old[0], "max_connections", room)
    else:
        proxy = draft.add(
            "components",
            draft.fresh(f"{store.id}-proxy"),
            {
                "kind": "proxy",
                **draft.beside(store),
                "max_connections": max(int(room), int(store.get("max_connections", 0))),
                "encrypted": True,
            },
        )
        for kind in dict.fromkeys(edge.kind for edge in moved):
            draft.connect(proxy, store.id, kind, protocol="tls", data=moved[0].get("data"))
    for edge in moved:
        said = carried(draft, edge)
        draft.remove(edge)
        draft.connect(function.id, proxy, edge.kind, said)
    return f"Lets {function.id} share connections to {store.id} through {proxy}."


@fixes("REL06", "Whoever asked has to accept the result later; or agree on a lower goal.")
def rel06(draft: Draft) -> str:
    entry, goal = draft.component, draft.design.get("goals.availability_pct") / 100
    chain = reachable(draft.design, entry.id, frozenset({"call"})) | {entry.id}
    promised = {id: draft.design.component(id).get("sla_pct", 100) / 100 for id in chain}
    moved: list[str] = []
    for id in sorted(chain - {entry.id}, key=lambda id: (promised[id], id)):
        left = _still_called(draft, entry.id, {*moved, id})
        moved.append(id)
        if len(left) < 3 or math.prod(promised[one] for one in left) >= goal:
            break
    else:
        raise NoFix("The entry point alone promises less than the goal.")
    for id in moved:
        for edge in draft.design.in_edges(id, "call"):
            if edge.source in chain:
                _by_message(draft, edge)
    return f"Takes {', '.join(moved)} out of the chain behind {entry.id}, by message."


def _still_called(draft: Draft, start: str, without: set[str]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        for edge in draft.design.out_edges(waiting.pop(), "call"):
            if edge.target not in found | without:
                found.add(edge.target)
                waiting.append(edge.target)
    return found


def _by_message(draft: Draft, edge: Edge) -> str:
    """A queue between caller and callee, and a worker where the callee is a
    partner who takes no messages."""
    if draft.ends(edge)[1].kind in ("function", "container", "vm"):
        return through_queue(draft, edge)
    return through_worker(draft, edge, 5)


def through_worker(draft: Draft, edge: Edge, most: int) -> str:
    caller, partner = draft.ends(edge)
    line = work_queue(
        draft,
        f"{partner.id}-calls",
        caller,
        visibility_s=tidy(60 * draft.limit("visibility_factor")),
    )
    size = {"payload_kb": edge.get("payload_kb", 10), "data": edge.get("data")}
    name = worker(
        draft,
        f"{partner.id}-caller",
        caller,
        f"calls {partner.id}",
        Grant(partner.id, ("call",)),
        **{
            "concurrency.max": most,
            "concurrency.reserved": most,
            "duration_ms.p50": caller.get("duration_ms.p50"),
            "duration_ms.p99": min(caller.get("duration_ms.p99", 20_000), 30_000),
        },
    )
    share = round(48 / (1 + edge.get("retries.max", 0)), 1)
    said = {**carried(draft, edge), "timeout_s": min(20, share), "circuit_breaker": True}
    said.pop("calls_per_request", None)
    draft.remove(edge)
    draft.connect(
        caller.id, line, "publish", size, calls_per_request=edge.get("calls_per_request"),
        probability=edge.get("probability"), per=edge.get("per"),
    )  # fmt: skip
    draft.connect(
        line, name, "poll", size, batch_size=1, batch_window_s=0, partial_failure=True,
        max_concurrency=most, source_restricted=True,
    )  # fmt: skip
    draft.connect(name, partner.id, "call", said)
    return line


@fixes("REL07", "Reserved instances are taken from the shared pool: check the account's quota.")
def rel07(draft: Draft) -> str:
    function = draft.component
    rate = draft.rates.component[function.id]
    busy = (rate.peak if rate else 0) * function.get("duration_ms.p99", 0) / 1000
    most = draft.get(function, "concurrency.max")
    wanted = max(10, math.ceil(busy))
    draft.set(function, "concurrency.reserved", int(min(wanted, most)) if most else wanted)
    return f"Keeps instances of {function.id} free for those who wait."


@fixes("REL08", "Fewer batches at once drain a backlog more slowly.")
def rel08(draft: Draft) -> str:
    function = draft.ends(draft.edge)[1]
    draft.set(draft.edge, "max_concurrency", int(draft.ceiling(function) or 1))
    return f"Hands {function.id} no more batches than it may run."


@fixes("REL09", "Above the limit work waits or is refused: a person decides whether callers may "
       "wait, and asks the partner for more.")  # fmt: skip
def rel09(draft: Draft) -> str:
    caller, partner = draft.ends(draft.edge)
    median = caller.get("duration_ms.p50")
    if caller.kind != "function" or not median:
        raise NoFix("How fast the caller may go is not in the text.")
    invoked, sent = draft.rates.component[caller.id], draft.rates.edge[draft.edge.id]
    each = draft.edge.get("calls_per_request", 1) * draft.edge.get("probability", 1)
    if invoked and sent and invoked.peak > 0:
        each = sent.peak / invoked.peak
    instances = partner.get("rate_limit_rps") * median / 1000 / (each or 1)
    if instances >= 1 and draft.design.in_edges(caller.id, "call"):
        line = through_worker(draft, draft.edge, int(instances))
        return f"Queues the calls of {caller.id} in {line}, for no more workers than are allowed."
    if instances >= 1:
        draft.cap(caller, instances)
        return f"Lets {caller.id} run in no more instances than the limit of {partner.id} bears."
    raise NoFix("Even one instance would be too fast: the calls need a token bucket.")


@fixes("ANT04", "The layer that retries has to know whether a repeat is safe.")
def ant04(draft: Draft) -> str:
    kinds = frozenset({"call", "read", "write", "start"})
    sync = condense(draft.design, kinds)
    reached = reachable(draft.design, draft.subject, kinds) | {draft.subject}
    paths = sync.heaviest(
        lambda id: 1.0, lambda e: 1.0 + draft.get(e, "retries.max", 0), operator.mul
    )
    most = draft.limit("retry_product")
    for id in sorted(reached):
        for edge in draft.design.out_edges(id, *kinds):
            retries = edge.get("retries.max", 0)
            last = paths.weight(edge.target) <= 1
            wanted = min(retries, max(0, math.ceil(most) - 2)) if last else 0
            if retries > wanted:
                draft.set(edge, "retries.max", wanted)
    return f"Retries behind {draft.subject} in the last layer only."


@fixes("ANT05", "Whoever asked has to accept the result later; functions that always run together "
       "are better merged.")  # fmt: skip
def ant05(draft: Draft) -> str:
    graph = condense(draft.design, frozenset({"call"}))
    inside = {function.id for function in draft.design.of_kind("function")}
    start, length, cut = graph.group_of[draft.subject], {}, []
    length[start] = len(inside.intersection(graph.groups[start]))
    for place in range(start, len(graph.groups)):
        if place not in length:
            continue
        for edge in graph.leaving[place]:
            there = graph.group_of[edge.target]
            own = len(inside.intersection(graph.groups[there]))
            if length[place] + own >= draft.limit("chain_functions") and own:
                cut.append(edge)
                length[there] = max(length.get(there, 0), own)
            else:
                length[there] = max(length.get(there, 0), length[place] + own)
    for edge in cut:
        through_queue(draft, edge)
    ends = ", ".join(dict.fromkeys(edge.target for edge in cut))
    return f"Breaks the chain behind {draft.subject}: {ends} takes its work from a queue."


@fixes("ANT07", "The envelope has to carry the counter and the code has to drop what has gone "
       "round; parting the stores is better.")  # fmt: skip
def ant07(draft: Draft) -> str:
    members = set(draft.subject.split("+"))
    edges = [e for e in draft.design.edges if e.source in members and e.target in members]
    loose = [e for e in edges if EDGE_KINDS[e.kind].is_async]
    draft.set(loose[0], "loop_guard", LOOP_GUARD)
    return f"Stops what goes round {draft.subject.replace('+', ', ')} after three hops."


@fixes("ANT09", "Which direction becomes the message is for those who know what the answer is for.")
def ant09(draft: Draft) -> str:
    members = draft.subject.split("+")
    inside = [
        edge
        for id in members
        for edge in draft.design.out_edges(id, "call")
        if edge.target in members
    ]
    back: list[Edge] = []
    placed: list[str] = []
    for id in sorted(members, key=lambda id: (_served(draft, id), id)):
        placed.append(id)
        back += [e for e in inside if e.source == id and e.target in placed and e.target != id]
    for edge in back:
        _by_message(draft, edge)
    return f"Turns {len(back)} of the calls among {', '.join(members)} into messages."


def _served(draft: Draft, id: str) -> bool:
    """Whether nothing but the cycle itself calls a member: such come last."""
    members = draft.subject.split("+")
    return all(edge.source in members for edge in draft.design.in_edges(id, "call"))


@fixes("WFL01", "The sequence has to be moved into the workflow, with what undoes each step.")
def wfl01(draft: Draft) -> str:
    function, design = draft.component, draft.design
    calls = [
        edge
        for edge in draft.edges_of(function.id, "call")
        if design.component(edge.target).kind == "function"
    ]
    others = [
        edge
        for edge in draft.edges_of(function.id, "call")
        if design.component(edge.target).kind == "external"
    ]
    if len(others) >= draft.limit("orchestrated_calls"):
        raise NoFix("It calls too many partners itself: a person decides which belong to a step.")
    grants = tuple(Grant(edge.target, ("invoke",)) for edge in calls)
    flow = draft.add(
        "components",
        draft.fresh(f"{function.id}-flow"),
        {
            "kind": "workflow",
            **draft.beside(function),
            "mode": "durable",
            "timeout_s": 3600,
            "compensation": "saga",
            "grants": tuple({grant.to: grant for grant in grants}.values()),
            "role": f"role-{function.id}-flow",
            "tracing": True,
            "alarms": ("failures", "timeouts"),
        },
    )
    for edge in calls:
        target = design.component(edge.target)
        draft.remove(edge)
        draft.connect(
            flow, target.id, "step",
            {"retries.max": 2, "retries.backoff": "exponential", "retries.jitter": True},
            catch=True, payload_kb=edge.get("payload_kb"),
            data=edge.get("data"),
        )  # fmt: skip
        if draft.get(target, "idempotent") == "none":
            make_idempotent(draft, target)
    data = sorted({item for edge in calls for item in edge.get("data", ())})
    unsaid = any(edge.get("data") is None for edge in calls)
    draft.connect(
        function.id, flow, "start", timeout_s=descending(draft, function), payload_kb=10,
        data=None if unsaid else tuple(data),
    )  # fmt: skip
    return f"Lets {flow} run the steps, with retries, and {function.id} only start it."
