"""When something fails: whether a retry helps, and what one failure takes along."""

from __future__ import annotations

from ..kinds import ENTRY
from ..model import Component, Design
from ._case import Case, Known, above, both, either, equal, listed, number, path_of
from ._facts import ACCESS, Facts
from ._registry import rule
from ._types import Outcome, Outcomes

CODE = ("function", "container", "vm")
OUTSIDE = ("client", "cdn", *ENTRY)


@rule(
    "REL10",
    "Retry that never gets its turn",
    "medium",
    "reliability",
    why="The caller has a deadline of its own. If two attempts are longer than that, the retry is "
    "cut off in the middle: the dependency does the work, and nobody takes the answer.",
    detects="An edge from code states retries, and 2 × its timeout_s is longer than timeout_s of "
    "the caller.",
    false_alarm="Attempts are usually refused within milliseconds, and only those are repeated.",
    fix="Shorten the timeout of the edge, or give up the retry: whoever calls the caller tries "
    "again anyway.",
    section="reliability-and-resilience/timeouts-circuit-breakers-fallbacks",
)
def rel10(facts: Facts) -> Outcomes:
    for edge, caller, target in facts.edges(*ACCESS, "start"):
        if caller.kind not in CODE or not edge.has("retries.max") or not edge.has("timeout_s"):
            continue
        again = edge.get("retries.max")
        waits, budget = edge.get("timeout_s"), caller.get("timeout_s")
        too_long_at_once = waits is not None and budget is not None and waits >= budget
        if again == 0 or too_long_at_once:
            continue
        case = Case(edge).at(edge, "timeout_s")
        case.need(edge, "retries.max")
        case.need(edge, "timeout_s")
        case.need(caller, "timeout_s")
        late = above(None if waits is None else 2 * waits, budget)
        wasted = both(None if again is None else True, late)
        yield (
            case.fail(
                f"{caller.id} has {number(budget)} s and gives {target.id} {number(waits)} s for "
                "each attempt, so that the second is cut off."
            )
            if wasted
            else case.rest(wasted)
        )


@rule(
    "REL11",
    "Retried call that cannot bear a repeat",
    "high",
    "reliability",
    why="A timeout does not say whether the work was done. A retry without a key that the other "
    "side recognises charges the card again.",
    detects="A call with retries leads to an external service and states idempotency_key: false, "
    "or leads to a component with side effects that states idempotent: none.",
    false_alarm="The call only reads: state idempotency_key: true, since a read may be repeated.",
    fix="Send a key taken from the business event with each attempt, and let the receiver drop "
    "what it has seen.",
    section="reliability-and-resilience/retries-backoff-idempotency",
)
def rel11(facts: Facts) -> Outcomes:
    for edge, caller, target in facts.edges("call"):
        if not edge.has("retries.max") or edge.get("retries.max") == 0:
            continue
        case = Case(edge).at(edge, "retries.max")
        repeated: Known = None if case.need(edge, "retries.max") is None else True
        if target.kind == "external":
            bare = equal(case.need(edge, "idempotency_key"), False)
        elif target.kind in CODE and facts.has_side_effects(target.id):
            if case.read(edge, "idempotency_key"):
                yield case.ok()
                continue
            bare = equal(case.need(target, "idempotent"), "none")
        else:
            continue
        twice = both(repeated, bare)
        yield (
            case.fail(
                f"{caller.id} tries {target.id} again without a key, and the first attempt may "
                "have taken effect."
            )
            if twice
            else case.rest(twice)
        )


@rule(
    "REL12",
    "One machine behind a critical path",
    "high",
    "reliability",
    why="One instance is down whenever it is replaced, patched or moved. Everything that waits "
    "for it is down for as long.",
    detects="Criticality is high or critical, and a machine with count 1 or a container service "
    "with instances.max 1 is called by an entry point, a client or a function that one waits for.",
    false_alarm="Exactly one may run, as with a lock holder, and callers have a fallback.",
    fix="Run two or more in separate zones, or replace the machine by a managed service.",
    section="reliability-and-resilience/bulkheads-isolation-blast-radius",
)
def rel12(facts: Facts) -> Outcomes:
    paths = {"vm": "count", "container": "instances.max"}
    for part in facts.design.of_kind(*paths):
        path = paths[part.kind]
        callers = {edge.source for edge in facts.design.in_edges(part.id, "call")}
        waiting = any(facts.design.component(id).kind in OUTSIDE for id in callers)
        if not part.has(path) or not (waiting or callers & facts.sync_functions):
            continue
        case = Case(part).at(part, path)
        count = case.need(part, path)
        alone = None if count is None else count <= 1
        serious = facts.critical_enough(case) if alone is not False else False
        exposed = both(alone, serious)
        yield (
            case.fail(
                f"{part.id} runs as one instance, and the design's criticality is "
                f"{facts.design.get('criticality')}."
            )
            if exposed
            else case.rest(exposed)
        )


@rule(
    "REL13",
    "Availability goal above what one region promises",
    "high",
    "reliability",
    params=("region_availability_pct",),
    why="Providers promise their services by the region. A goal above that promise cannot be met "
    "in one region, however good the code is.",
    detects="goals.availability_pct is above the promise of one region, 99.95 percent, and all "
    "functions, containers, entry points and stores with a region stand in the same one.",
    false_alarm="The goal is a wish: state the one that somebody is measured by.",
    fix="Serve from a second region, with data that is copied and a switch that is practised; or "
    "agree on a lower goal.",
    section="reliability-and-resilience/bulkheads-isolation-blast-radius",
)
def rel13(facts: Facts, promise: float) -> Outcomes:
    design = facts.design
    if not design.has("goals.availability_pct") or not any(design.of_kind(*PLACED)):
        return
    case = Case(design).at(design, "goals.availability_pct")
    goal = case.need(design, "goals.availability_pct")
    case.limit("promise of one region", promise, "%")
    high = above(goal, promise)
    regions: set[str] = set()
    if high is not False:
        regions = _regions(design, case)
        case.computed("regions", tuple(sorted(regions)))
    single: Known = None if not regions else len(regions) == 1
    unmet = both(high, single)
    yield (
        case.fail(
            f"The goal is {goal:g}%, everything stands in {listed(regions)}, and one region "
            f"promises {promise:g}%."
        )
        if unmet
        else case.rest(unmet)
    )


def _regions(design: Design, case: Case) -> set[str]:
    found: set[str] = set()
    for part in design.of_kind(*PLACED):
        region = next(
            (b.get("region") for b in design.boundary_chain(part) if b.get("region")), None
        )
        if region is None:
            case.lack(f"{part.boundary}.region" if part.boundary else f"{part.id}.boundary")
        else:
            found.add(region)
    return found


PLACED = (*CODE, "api", "graphql", "websocket", "workflow", "kv", "sql", "object_store", "queue")


@rule(
    "REL14",
    "Containers can exhaust database connections",
    "critical",
    "reliability",
    params=("connection_share",),
    why="Each container brings a pool of its own. Scaling out for a peak multiplies pools until "
    "the database refuses the next connection, and the new instances fail their first request.",
    detects="The sum over containers and machines that use a sql or proxy of instances × "
    "db_connections, and over functions of their limit × db_connections, is above 80 percent of "
    "max_connections. Designs in which only functions connect are left to REL04.",
    false_alarm="Pools open connections on demand, and the overlap has been measured.",
    fix="Divide what the database accepts by the most instances, set that as the size of each "
    "pool, or put a proxy between them.",
    section="data-and-state-patterns/database-access",
)
def rel14(facts: Facts, share: float) -> Outcomes:
    design = facts.design
    for store in design.of_kind("sql", "proxy"):
        sources = sorted({edge.source for edge in design.in_edges(store.id, *ACCESS)})
        users = [c for id in sources if (c := design.component(id)).kind in CODE]
        if store.get("http_api") or all(user.kind == "function" for user in users):
            continue
        yield _pools(facts, store, users, share)


def _pools(facts: Facts, store: Component, users: list[Component], share: float) -> Outcome:
    case = Case(store).at(store, "max_connections")
    limit = case.need(store, "max_connections")
    wanted, terms = 0.0, []
    for user in users:
        if user.kind == "function":
            most = facts.ceiling(case, user)
            each = case.default(user, "db_connections", 1)
            path = "concurrency.max"
        else:
            path = "count" if user.kind == "vm" else "instances.max"
            most, each = case.read(user, path), case.need(user, "db_connections")
        if most is None:
            case.lack(path_of(user, path))
        if most is not None and each is not None:
            wanted += most * each
            terms.append(f"{user.id} {number(most)} × {number(each)}")
    case.computed("connections at full size", wanted)
    many = above(wanted, None if limit is None else share * limit)
    if many:
        return case.fail(
            f"{store.id} accepts {number(limit)} connections, of which "
            f"{number(share * limit)} should be planned; {number(wanted)} may be opened "
            f"({listed(terms)})."
        )
    return case.rest(None if case.missing else either(many))
