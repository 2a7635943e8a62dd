"""Reliability: timeouts, retries, connections and limits of what a design depends on."""

from __future__ import annotations

import math
from functools import reduce
from operator import or_

from ..graph import lowest_bits
from ..model import Component, Edge
from ._case import (
    MOST_MISSING,
    Case,
    Known,
    above,
    below,
    both,
    either,
    equal,
    listed,
    number,
    path_of,
    show,
)
from ._facts import ACCESS, Facts
from ._registry import rule
from ._types import Outcome, Outcomes

SHOWN = 20
"""Members of a chain that are written out as evidence."""
PLATFORM_RETRIES = ("poll", "change", "subscribe")
DEPENDENCIES = ("function", "external", "sql", "proxy", "api", "kv", "cache")


@rule(
    "REL01",
    "Dependency call without its own timeout",
    "high",
    "reliability",
    why="A caller that waits for a slow dependency until it is cut off itself never reaches its "
    "error path. Nothing is logged, nothing falls back, and the platform retries the whole work.",
    detects="A call, read or write from a function to a function, external, sql, proxy, api, kv or "
    "cache states no timeout_s, or one that is not below the timeout of the caller.",
    false_alarm="The client library sets a shorter timeout by itself. State it: the number is part "
    "of the design.",
    fix="Set timeout_s on the edge well below that of the caller, so that there is time left to "
    "answer, retry or fall back.",
    section="reliability-and-resilience/timeouts-circuit-breakers-fallbacks",
)
def rel01(facts: Facts) -> Outcomes:
    for edge, caller, target in facts.edges(*ACCESS):
        if caller.kind != "function" or target.kind not in DEPENDENCIES:
            continue
        case = Case(edge).at(edge, "timeout_s")
        bare = case.absent(edge, "timeout_s")
        if bare:
            yield case.fail(f"{caller.id} waits for {target.id} without a timeout of its own.")
            continue
        own, budget = edge.get("timeout_s"), case.need(caller, "timeout_s")
        late = None if own is None or budget is None else own >= budget
        yield (
            case.fail(
                f"{caller.id} waits {number(own)} s for {target.id} and is itself cut off after "
                f"{number(budget)} s, so its error path never runs."
            )
            if late
            else case.rest(late)
        )


@rule(
    "REL02",
    "Retry without backoff and jitter",
    "high",
    "reliability",
    why="Clients that failed together and wait the same time come back together. A dependency that "
    "was about to recover meets the full load again at each step.",
    detects="An edge has retries.max above 0 while backoff is not exponential or jitter is not "
    "true. Poll, change and subscribe edges are left out, since the platform paces those.",
    false_alarm="One single caller retries, so that there is nothing to spread.",
    fix="Use exponential backoff with full jitter, and a budget that limits retries to a small "
    "share of all calls.",
    section="reliability-and-resilience/retries-backoff-idempotency",
)
def rel02(facts: Facts) -> Outcomes:
    for edge in facts.design.edges:
        if edge.kind in PLATFORM_RETRIES or not edge.has("retries.max"):
            continue
        case = Case(edge).at(edge, "retries.max")
        retries = case.need(edge, "retries.max")
        if retries == 0:
            continue
        backoff, jitter = case.need(edge, "retries.backoff"), case.need(edge, "retries.jitter")
        flat = None if backoff is None else backoff != "exponential"
        bare = either(flat, equal(jitter, False))
        if retries is None or not bare:
            yield case.rest(None if retries is None else bare)
            continue
        pause = ["no backoff" if backoff == "none" else "fixed backoff"] * bool(flat)
        pause += ["no jitter"] * (jitter is False)
        yield case.fail(
            f"{edge.source} retries {edge.target} {number(retries)} "
            f"time{'s' * (retries != 1)} with {listed(pause)}."
        )


@rule(
    "REL03",
    "External dependency without breaker or fallback",
    "medium",
    "reliability",
    why="A partner that answers slowly ties up every instance that waits for it. Without a breaker "
    "or another answer, its outage becomes yours, also for requests that do not need it.",
    detects="Criticality is high or critical, and a call to an external service states neither "
    "circuit_breaker nor fallback.",
    false_alarm="The call is made by a queue consumer that may wait for hours, and stopping the "
    "consumer is the breaker.",
    fix="Add a circuit breaker, serve a stored answer, or put the call behind a queue.",
    section="reliability-and-resilience/timeouts-circuit-breakers-fallbacks",
)
def rel03(facts: Facts) -> Outcomes:
    for edge, caller, target in facts.edges("call"):
        if target.kind != "external" or caller.kind in ("client", "external"):
            continue
        case = Case(edge)
        guards = case.flag(edge, "circuit_breaker"), case.flag(edge, "fallback")
        guarded = either(*guards)
        if guarded:
            yield case.ok()
            continue
        serious = facts.critical_enough(case)
        bare = False if serious is False else None if None in (serious, guarded) else True
        if serious is False:
            continue
        yield (
            case.fail(
                f"{caller.id} calls {target.id} with neither circuit breaker nor fallback, and "
                f"the design's criticality is {facts.design.get('criticality')}."
            )
            if bare
            else case.rest(bare)
        )


@rule(
    "REL04",
    "Concurrency can exhaust database connections",
    "critical",
    "reliability",
    params=("connection_share", "default_concurrency"),
    why="Each function instance opens connections of its own. A traffic peak multiplies instances, "
    "the database refuses the next connection, and every function that shares it fails.",
    detects="For each sql or proxy, the sum over all functions that read, write or call it of "
    "instances × db_connections (1 where absent) is above 80 percent of max_connections. A "
    "function without a limit counts with the profile's default concurrency, or with what its peak "
    "keeps busy where that is more, if that is too much, and else leaves the rule unknown.",
    false_alarm="The functions never run at the same time, or the driver opens a connection only "
    "for the query and the overlap has been measured.",
    fix="Limit concurrency to what the database can bear, add a connection proxy, use an HTTP data "
    "API, or buffer through a queue.",
    section="data-and-state-patterns/database-access",
    references=(
        "checkov CKV_AWS_115 (only that a limit exists)",
        "cdk-nag LambdaConcurrency (likewise)",
    ),
)
def rel04(facts: Facts, share: float, default: float) -> Outcomes:
    for store in facts.design.of_kind("sql", "proxy"):
        users = _connecting(facts, store)
        if users and store.get("http_api"):
            case = Case(store).at(store, "http_api")
            case.read(store, "http_api")
            yield case.ok()
        elif users:
            yield from _connections(facts, store, users, share, default)


def _connecting(facts: Facts, store: Component) -> list[Component]:
    sources = {edge.source for edge in facts.design.in_edges(store.id, *ACCESS)}
    found = [facts.design.component(id) for id in sorted(sources)]
    return [component for component in found if component.kind == "function"]


def _connections(
    facts: Facts, store: Component, users: list[Component], share: float, default: float
) -> Outcomes:
    case = Case(store).at(store, "max_connections")
    limit = case.need(store, "max_connections")
    limited = unlimited = 0.0
    terms, open_ended = [], []
    for function in users:
        per_instance = case.read(function, "db_connections")
        if per_instance is None:
            per_instance = 1
        most = facts.ceiling(case, function)
        if most is None:
            open_ended.append(function.id)
            expected = max(default, facts.busy_at_peak(case, function) or 0)
            unlimited += expected * per_instance
            terms.append(f"{function.id} {number(expected)} × {number(per_instance)} by default")
            case.lack(path_of(function, "concurrency.max"))
        else:
            limited += most * per_instance
            terms.append(f"{function.id} {number(most)} × {number(per_instance)}")
    if open_ended:
        case.limit(f"default concurrency of {listed(open_ended)}", default, "instances")
    if limit is None:
        yield case.unknown()
        return
    wanted, allowed = limited + unlimited, share * limit
    case.computed("connections at full concurrency", wanted)
    case.computed(f"{number(share * 100)} percent of max_connections", allowed)
    if wanted > allowed:
        yield case.fail(
            f"Functions may hold {number(wanted)} connections to {store.id} "
            f"({listed(terms)}); it accepts {number(limit)}, of which {number(allowed)} should "
            "be planned."
        )
    else:
        yield case.rest(None if open_ended else False)


@rule(
    "REL05",
    "Direct connections without a pooler",
    "high",
    "reliability",
    params=("direct_instances",),
    why="Every new instance opens a connection and every recycled one drops it. Above a few dozen "
    "instances the database spends its memory and its time on connections instead of queries.",
    detects="A function reaches a sql component directly, may run in more instances than the "
    "profile allows without a pooler (20), and the database does not state http_api: true.",
    false_alarm="The driver talks to a pooler that runs inside the database service. Draw it as a "
    "proxy.",
    fix="Put a connection proxy between them, use the HTTP data API, or cap the function.",
    section="data-and-state-patterns/database-access",
)
def rel05(facts: Facts, most: float) -> Outcomes:
    for edge, function, store in facts.edges(*ACCESS):
        if function.kind != "function" or store.kind != "sql":
            continue
        case = Case(edge)
        if case.flag(store, "http_api"):
            yield case.ok()
            continue
        instances = facts.ceiling(case, function)
        if instances is None:
            case.lack(path_of(function, "concurrency.max"))
        case.limit("instances without a pooler", most, "instances")
        many: Known = above(instances, most)
        if many and case.missing:
            many = None
        yield (
            case.fail(
                f"{function.id} may run in {number(instances or 0)} instances, each with its own "
                f"connection to {store.id}; without a pooler {number(most)} are the most."
            )
            if many
            else case.rest(many)
        )


@rule(
    "REL06",
    "Synchronous chain cannot meet the availability goal",
    "high",
    "reliability",
    why="A request that needs four services succeeds only when all four answer. Their "
    "availabilities multiply, so a chain is worse than its weakest link.",
    detects="For an API and everything that it reaches over call edges, three components or more, "
    "the product of sla_pct is below goals.availability_pct.",
    false_alarm="Part of the chain is optional and its failure is answered from a fallback. Draw "
    "that part asynchronously or state the availability with the fallback.",
    fix="Break the chain with events, a cache or a fallback, or agree on a lower goal.",
    section="reliability-and-resilience/bulkheads-isolation-blast-radius",
)
def rel06(facts: Facts) -> Outcomes:
    parts = facts.design.components
    place = {part.id: index for index, part in enumerate(parts)}
    entries = {entry.id for entry in facts.entries}
    same: dict[float | None, int] = {}  # what promises so much, as bits
    for index, part in enumerate(parts):
        promised = part.get("sla_pct")
        same[promised] = same.get(promised, 0) | 1 << index
    sockets = {socket.id for socket in facts.design.of_kind("websocket")}
    first = {id: [e.target for e in facts.design.out_edges(id, "call")] for id in sockets}
    behind = dict.fromkeys((target for targets in first.values() for target in targets), 0)
    for members, chain in facts.calls.reaches(place):
        behind.update(dict.fromkeys(behind.keys() & set(members), chain))
        if chain.bit_count() >= 3 and not entries.isdisjoint(members):
            for id in sorted((entries - sockets).intersection(members)):
                yield _availability(facts, id, chain, same)
    for id in sorted(sockets):
        chain = reduce(or_, (behind[target] for target in first[id]), 1 << place[id])
        if chain.bit_count() >= 3:
            yield _availability(facts, id, chain, same)


def _availability(facts: Facts, id: str, chain: int, same: dict[float | None, int]) -> Outcome:
    design = facts.design
    case = Case(design.component(id))
    goal = case.need(design, "goals.availability_pct")
    product = 1.0
    for promised, holders in same.items():
        if promised is not None:
            product *= (promised / 100) ** (holders & chain).bit_count()
    silent = same.get(None, 0) & chain
    shown = {*lowest_bits(chain, SHOWN), *lowest_bits(silent, MOST_MISSING)}
    for index in sorted(shown):
        case.need(design.components[index], "sla_pct")
    case.computed("availability of the chain", f"{product * 100:.3f}%")
    low = below(round(product * 100, 6), goal)  # a product may miss by its last bit
    if low is False and case.missing:
        low = None
    return (
        case.fail(
            f"{chain.bit_count()} components have to answer, and together they promise "
            f"{product * 100:.3f}% where the goal is {goal:g}%."
        )
        if low
        else case.rest(low)
    )


@rule(
    "REL07",
    "User traffic shares a pool with unbounded background work",
    "medium",
    "reliability",
    why="Concurrency is one pool per account on most platforms. When a backlog drains at full "
    "speed it takes the instances that waiting users need.",
    detects="A function that an API or client calls reserves no concurrency, while a function fed "
    "by a queue, stream or change feed has neither concurrency.reserved nor max_concurrency on "
    "that edge.",
    false_alarm="The two live in separate accounts or the platform gives each function its own "
    "quota.",
    fix="Reserve instances for the interactive function and cap the background ones.",
    section="reliability-and-resilience/bulkheads-isolation-blast-radius",
    references=("checkov CKV_AWS_115 (asks for a limit everywhere)",),
)
def rel07(facts: Facts) -> Outcomes:
    unbounded, doubtful = _unbounded(facts)
    pool, members = show(tuple(unbounded)), set(unbounded)
    for function in facts.functions:
        callers = facts.design.in_edges(function.id, "call")
        kinds = {facts.design.component(edge.source).kind for edge in callers}
        if not kinds & {"api", "graphql", "websocket", "client"}:
            continue
        case = Case(function)
        threat: Known = True if unbounded else None if doubtful else False
        bare = both(threat, case.absent(function, "concurrency.reserved"))
        case.computed("background functions without a bound", pool)
        if bare is None:
            case.lack(*doubtful)
        others = [id for id in unbounded[:SHOWN] if id != function.id]
        count = len(unbounded) - (function.id in members)
        whose = listed(others, count=count) if others else "its own background work"
        yield (
            case.fail(
                f"{function.id} answers users and reserves nothing, while "
                f"{whose} may take every instance of the shared pool."
            )
            if bare
            else case.rest(bare)
        )


def _unbounded(facts: Facts) -> tuple[list[str], list[str]]:
    """Background functions without a bound, and what would decide the others."""
    unbounded, doubtful = set(), set()
    for edge, _, consumer in facts.edges("poll", "change"):
        if consumer.kind != "function":
            continue
        bounds = ((consumer, "concurrency.reserved"), (edge, "max_concurrency"))
        if any(part.get(path) is not None for part, path in bounds):
            continue
        open_ended = [path_of(part, path) for part, path in bounds if part.has(path)]
        doubtful.update(open_ended)
        if not open_ended:
            unbounded.add(consumer.id)
    return sorted(unbounded), sorted(doubtful)


@rule(
    "REL08",
    "Poller faster than its function",
    "medium",
    "reliability",
    why="A poller that hands over more batches than the function may run is refused. On some "
    "platforms each refusal counts as an attempt, and messages that no code has seen reach the "
    "dead-letter queue.",
    detects="max_concurrency of a poll edge is above what the target may run at once, which is the "
    "smaller of concurrency.reserved and concurrency.max.",
    false_alarm="The platform leaves throttled messages in the queue without counting an attempt.",
    fix="Set max_concurrency of the poller to the function's own limit or below.",
    section="performance-and-cost/throughput-concurrency-scaling",
)
def rel08(facts: Facts) -> Outcomes:
    for edge, channel, function in facts.polls:
        if function.kind != "function":
            continue
        case = Case(edge).at(edge, "max_concurrency")
        pollers = case.need(edge, "max_concurrency")
        paths = ("concurrency.reserved", "concurrency.max")
        limits = [v for path in paths if (v := case.read(function, path)) is not None]
        if not limits:
            case.lack(path_of(function, "concurrency.reserved"))
        fast = above(pollers, min(limits, default=None))
        yield (
            case.fail(
                f"Up to {number(pollers)} batches of {channel.id} are handed to {function.id}, "
                f"which may run {number(min(limits))} at once."
            )
            if fast
            else case.rest(fast)
        )


@rule(
    "REL09",
    "Peak rate above a third-party limit",
    "high",
    "reliability",
    params=("default_concurrency",),
    why="A partner's limit does not scale with your functions. At your peak it answers with "
    "refusals, and retries bring more of them.",
    detects="The peak rate that reaches an external service, at most what the calling function can "
    "send at its full concurrency, is above rate_limit_rps.",
    false_alarm="The partner allows bursts that cover the length of your peak.",
    fix="Queue the calls and cap the consumer's concurrency, or spend from a token bucket.",
    section="performance-and-cost/throughput-concurrency-scaling",
)
def rel09(facts: Facts, default: float) -> Outcomes:
    for edge in facts.design.edges:
        source, partner = facts.ends(edge)
        if partner.kind != "external" or source.kind in ("client", "external"):
            continue
        if edge.kind == "deploy":
            continue
        case = Case(edge)
        limit = case.need(partner, "rate_limit_rps")
        least, most = sent(facts, case, edge, source, default)
        over: Known = None
        if limit is not None and least > limit:
            over = True
        elif limit is not None and most <= limit:
            over = False
        elif not _is_known(facts, edge):
            case.lack(*facts.missing_rates(source.id))
        yield (
            case.fail(
                f"{source.id} may send {number(least)} requests/s to {partner.id} at the peak; "
                f"{number(limit)} are allowed."
            )
            if over
            else case.rest(over)
        )


def _is_known(facts: Facts, edge: Edge) -> bool:
    rate = facts.rates.edge[edge.id]
    return rate is not None and rate.peak_known


def sent(
    facts: Facts, case: Case, edge: Edge, source: Component, default: float
) -> tuple[float, float]:
    """The least and the most requests per second that the text allows at the peak."""
    rate = facts.rates.edge[edge.id]
    peak = 0.0 if rate is None else rate.peak
    highest = peak if _is_known(facts, edge) else math.inf
    if rate is not None:
        case.computed("peak rate on the edge", peak, "requests/s")
    if source.kind != "function":
        return peak, highest
    ceiling = _ceiling(facts, case, edge, source, default)
    if ceiling is None:
        return 0.0, highest
    if ceiling < math.inf:
        case.computed(f"most that {source.id} can send", ceiling, "requests/s")
    return min(peak, ceiling), min(highest, ceiling)


def _ceiling(
    facts: Facts, case: Case, edge: Edge, source: Component, default: float
) -> float | None:
    """Requests per second that a function sends when it runs at full concurrency."""
    median = case.need(source, "duration_ms.p50")
    if median is None:
        return None
    if median == 0:
        return math.inf
    instances = facts.ceiling(case, source)
    if instances is None:
        instances = default
        case.limit("default concurrency", default, "instances")
    invoked, travelled = facts.rates.component[source.id], facts.rates.edge[edge.id]
    each: float = edge.get("calls_per_request", 1) * edge.get("probability", 1)
    if invoked is not None and travelled is not None and invoked.peak > 0:
        each = travelled.peak / invoked.peak
    instances *= max(1, source.get("concurrency.per_instance", 1))
    return float(instances) * 1000 / float(median) * each
