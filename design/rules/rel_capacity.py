"""Capacity: what arrives, against what may run and what others accept."""

from __future__ import annotations

import math
from collections import defaultdict

from ..kinds import ENTRY
from ..model import Component, Edge
from ._case import Case, Known, above, listed, number, path_of
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes
from .rel_limits import sent

WAITING = ("client", "api", "graphql", "websocket", "function", "container", "vm", "cdn")


@rule(
    "REL15",
    "Concurrency below what the peak needs",
    "high",
    "reliability",
    why="Requests beyond the limit are refused while the platform has room. The users of the peak "
    "see errors, and their clients try again.",
    detects="For a function that users wait for, the peak rate × duration_ms.p50 is above the "
    "instances that may run; for a container service, above instances.max × concurrency. Behind "
    "entry points that all have a throttle, no more than those admit is counted.",
    false_alarm="Refusing the excess is the plan, as with a share that protects a database.",
    fix="Raise the limit and what stands behind it, shorten the work, or put a queue in front.",
    section="performance-and-cost/throughput-concurrency-scaling",
)
def rel15(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind("function", "container"):
        if part.kind == "function":
            if part.id not in facts.sync_functions or not _stated(part, *FUNCTION_LIMITS):
                continue
        elif not part.has("instances.max") or not _waited_for(facts, part):
            continue
        case = Case(part).at(part, LIMIT_LINE[part.kind])
        room = _room(facts, case, part)
        median = case.need(part, "duration_ms.p50")
        rate = facts.rates.component[part.id]
        admitted = _admitted(facts, case, part)
        peak = None if rate is None else min(rate.peak, admitted)
        needed = None if peak is None or median is None else peak * median / 1000
        if needed is not None:
            case.computed("requests in progress at the peak", needed)
        full = above(needed, room)
        if rate is None or (full is False and not rate.complete and admitted == math.inf):
            case.lack(*facts.missing_rates(part.id))
            full = None
        elif full and facts.supposed(case, part.id):
            full = None
        yield (
            case.fail(
                f"At the peak {number(needed or 0)} requests to {part.id} are in progress at "
                f"once, and {number(room or 0)} may be."
            )
            if full
            else case.rest(full)
        )


FUNCTION_LIMITS = ("concurrency.reserved", "concurrency.max")
LIMIT_LINE = {"function": "concurrency.max", "container": "instances.max"}


def _stated(part: Component, *paths: str) -> bool:
    return any(part.has(path) for path in paths)


def _waited_for(facts: Facts, part: Component) -> bool:
    callers = facts.design.in_edges(part.id, "call")
    return any(facts.design.component(edge.source).kind in WAITING for edge in callers)


def _admitted(facts: Facts, case: Case, part: Component) -> float:
    """Most requests per second that reach a component whose callers are all
    throttled entry points; infinity where they are not."""
    arriving = [e for e in facts.design.in_edges(part.id) if e.kind != "deploy"]
    entries = [facts.design.component(edge.source) for edge in arriving]
    if not all(entry.kind in ENTRY and entry.get("throttle.rps") for entry in entries):
        return math.inf
    total = 0.0
    for edge, entry in zip(arriving, entries, strict=True):
        each = edge.get("calls_per_request", 1) * edge.get("probability", 1)
        total += case.read(entry, "throttle.rps") * each
    return total


def _room(facts: Facts, case: Case, part: Component) -> float | None:
    """Requests that may be in progress at once."""
    if part.kind == "container":
        most, each = case.need(part, "instances.max"), case.need(part, "concurrency")
        return None if most is None or each is None else float(most * each)
    instances = facts.ceiling(case, part)
    each = case.default(part, "concurrency.per_instance", 1)
    if instances is None:
        case.lack(*(path_of(part, path) for path in FUNCTION_LIMITS if part.has(path)))
    return None if instances is None or each is None else instances * each


@rule(
    "REL16",
    "Queue that fills faster than it drains",
    "critical",
    "reliability",
    why="A queue moves a peak to a quieter hour. Where the average is above what the consumer can "
    "do, there is no quieter hour, and the backlog grows until messages expire.",
    detects="The mean rate into a polled queue or stream is above the instances that its consumer "
    "may run × 1000 / item_ms.",
    false_alarm="item_ms is the slowest case instead of the usual one: state the usual one.",
    fix="Raise the limits of poller and function, shorten the work on one item, or refuse earlier.",
    section="serverless-events-and-messaging/queue-triggered-processing",
)
def rel16(facts: Facts) -> Outcomes:
    for edge, channel, consumer in facts.polls:
        limited = _stated(consumer, *FUNCTION_LIMITS) or edge.has("max_concurrency")
        if consumer.kind != "function" or channel.kind not in ("queue", "stream") or not limited:
            continue
        if channel.id in facts.dead_letter_queues:
            continue
        case = Case(edge).at(edge, "max_concurrency")
        able = _drained(facts, case, edge, consumer)
        rate = facts.rates.component[channel.id]
        arriving = None if rate is None else rate.mean
        if arriving is not None:
            case.computed(f"mean rate into {channel.id}", arriving, "messages/s")
        behind = above(arriving, able)
        if rate is None or (behind is False and not rate.complete):
            case.lack(*facts.missing_rates(channel.id))
            behind = None
        elif behind and facts.supposed(case, channel.id):
            behind = None
        yield (
            case.fail(
                f"{number(arriving or 0)} messages/s arrive in {channel.id} on average, and "
                f"{consumer.id} can work off {number(able or 0)}."
            )
            if behind
            else case.rest(behind)
        )


def _drained(facts: Facts, case: Case, edge: Edge, consumer: Component) -> float | None:
    """Messages per second that a consumer works off when it runs at its limit."""
    limits = [facts.ceiling(case, consumer), case.read(edge, "max_concurrency")]
    stated = [limit for limit in limits if limit is not None]
    if not stated:
        case.lack(path_of(edge, "max_concurrency"))
    item = case.need(edge, "item_ms")
    if not stated or item is None:
        return None
    able = min(stated) * 1000 / item if item else math.inf
    case.computed("messages that can be worked off", able, "messages/s")
    return able


@rule(
    "REL17",
    "Reserved instances exceed the account",
    "high",
    "reliability",
    params=("default_concurrency",),
    why="Reservations are taken from one pool per account and region. When they add up to more, "
    "the last function to be deployed is refused, and what reserves nothing has nothing left.",
    detects="The sum of concurrency.reserved over the functions of one account is above the "
    "profile's concurrency of an account.",
    false_alarm="The quota of the account has been raised: waive it with the number of the "
    "request.",
    fix="Reserve only where isolation matters, raise the quota, or use a second account.",
    section="reliability-and-resilience/bulkheads-isolation-blast-radius",
)
def rel17(facts: Facts, pool: float) -> Outcomes:
    design = facts.design
    case = Case(design)
    sums: dict[tuple[str, ...], float] = defaultdict(float)
    first: Component | None = None
    for function in facts.functions:
        if not function.has("concurrency.reserved"):
            continue
        first = first or function
        around = design.boundary_chain(function)
        place = tuple(b.id for b in around if b.kind in ("account", "region"))
        sums[place] += case.need(function, "concurrency.reserved") or 0
    if first is None:
        return
    place, most = max(sums.items(), key=lambda item: (item[1], item[0]))
    case.computed("reserved instances", most, "instances")
    case.limit("instances of an account", pool, "instances")
    over: Known = True if most > pool else None if case.missing else False
    yield (
        case.at(first, "concurrency.reserved").fail(
            f"Functions{f' in {place[0]}' if place else ''} reserve {number(most)} instances, and "
            f"an account has {number(pool)}."
        )
        if over
        else case.rest(over)
    )


@rule(
    "REL18",
    "Callers that together exceed a partner's limit",
    "high",
    "reliability",
    params=("default_concurrency",),
    why="A partner counts all requests of a customer. Each of your functions stays within the "
    "limit, and their peaks fall into the same hour.",
    detects="Two callers or more send to an external service, none of them alone is above "
    "rate_limit_rps at the peak, and their sum is.",
    false_alarm="The callers use separate contracts with limits of their own: draw two partners.",
    fix="Send through one queue with one limit, or divide the limit between the callers.",
    section="performance-and-cost/throughput-concurrency-scaling",
)
def rel18(facts: Facts, default: float) -> Outcomes:
    design = facts.design
    for partner in design.of_kind("external"):
        arriving = [
            edge
            for edge in design.in_edges(partner.id, "call", "write", "publish")
            if design.component(edge.source).kind not in ("client", "external")
        ]
        if len(arriving) < 2 or not partner.has("rate_limit_rps"):
            continue
        case = Case(partner).at(partner, "rate_limit_rps")
        limit = case.need(partner, "rate_limit_rps")
        bounds = [
            sent(facts, case, edge, design.component(edge.source), default) for edge in arriving
        ]
        least, most = sum(low for low, _ in bounds), sum(high for _, high in bounds)
        if limit is not None and any(low > limit for low, _ in bounds):
            continue
        over: Known = None
        if limit is not None and least > limit:
            over = None if facts.supposed(case, *(edge.id for edge in arriving)) else True
        elif limit is not None and most <= limit:
            over = False
        else:
            case.lack(*facts.missing_rates(partner.id))
        callers = sorted({edge.source for edge in arriving})
        yield (
            case.fail(
                f"{listed(callers)} together send {number(least)} requests/s to {partner.id} at "
                f"the peak; {number(limit)} are allowed."
            )
            if over
            else case.rest(over)
        )


@rule(
    "REL20",
    "Fan-out wider than its target may run",
    "medium",
    "reliability",
    why="Work that is spread over more invocations than may run is refused for the rest. The "
    "retries of those meet the same limit, and some give up.",
    detects="An invoke_async or step edge has calls_per_request above the instances that its "
    "target may run, and no max_concurrency within them.",
    false_alarm="Invocations last milliseconds and are spread over minutes.",
    fix="Bound the width where the work is spread, or put a queue between the two.",
    section="workflow-and-orchestration/fan-out-fan-in",
)
def rel20(facts: Facts) -> Outcomes:
    for edge, spreader, worker in facts.edges("invoke_async", "step"):
        if worker.kind != "function" or not edge.has("calls_per_request"):
            continue
        if not _stated(worker, *FUNCTION_LIMITS):
            continue
        case = Case(edge).at(edge, "calls_per_request")
        width, room = case.need(edge, "calls_per_request"), _room(facts, case, worker)
        bound = case.read(edge, "max_concurrency")
        if width is not None and bound is not None:
            width = min(width, bound)
        wide = above(width, room)
        yield (
            case.fail(
                f"{spreader.id} starts {worker.id} {number(width)} times at once, and "
                f"{number(room or 0)} may run."
            )
            if wide
            else case.rest(wide)
        )
