"""Limits that load runs into: connections, shared pools, pollers, partners."""

from __future__ import annotations

import math

from ..model import Component, Edge
from ._case import (
    Case,
    Known,
    above,
    both,
    listed,
    number,
    path_of,
    show,
)
from ._facts import ACCESS, Facts
from ._registry import rule
from ._types import Outcomes
from .rel import SHOWN


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
    "keeps busy where that is more, if that is too much, and else leaves the rule unknown; one "
    "that only schedules start counts with the runs that can overlap.",
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
