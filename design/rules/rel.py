"""Reliability: timeouts, retries, connections and limits of what a design depends on."""

from __future__ import annotations

from functools import reduce
from operator import or_

from ..graph import lowest_bits
from ._case import (
    MOST_MISSING,
    Case,
    below,
    either,
    equal,
    listed,
    number,
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
