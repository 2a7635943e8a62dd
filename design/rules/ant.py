"""Cross-cutting anti-patterns: shapes that no single component shows."""

from __future__ import annotations

from ..kinds import ENTRY, STORES
from ..model import Component
from ._case import Case, above, both, either, equal, listed, number
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes

SHAPE = "The rule reads only which components and edges there are, and a design states those."


@rule(
    "ANT01",
    "Function monolith",
    "high",
    "operations",
    params=("max_routes", "max_responsibilities"),
    why="A function that does everything holds every permission, starts as slowly as its largest "
    "part and has one timeout for all of them. A change to one route releases them all.",
    detects="A function has more than 10 routes or more than 3 responsibilities.",
    false_alarm="It is a whole web framework on purpose, in a small team, with one owner and one "
    "trigger: record the decision.",
    fix="Split by responsibility first and by kind of trigger second.",
    section="serverless-anti-patterns/function-as-a-monolith",
    references=("AWS Well-Architected Serverless Lens SEC 2 (asks)",),
)
def ant01(facts: Facts, most_routes: float, most_jobs: float) -> Outcomes:
    for function in facts.functions:
        case = Case(function).at(function, "routes")
        routes = case.need(function, "routes")
        jobs = case.need(function, "responsibilities")
        large = above(routes, most_routes)
        broad = above(None if jobs is None else len(jobs), most_jobs)
        found = []
        if large:
            found.append(f"serves {number(routes)} routes ({number(most_routes)} at most)")
        if broad:
            found.append(f"has {len(jobs)} responsibilities ({number(most_jobs)} at most)")
        yield (
            case.fail(f"{function.id} {listed(found)}.")
            if found
            else case.rest(either(large, broad))
        )


@rule(
    "ANT02",
    "Chatty functions",
    "high",
    "performance",
    params=("chatty_calls", "chatty_accesses"),
    why="Each call adds a round trip, a charge and a chance to fail. Twenty queries where one "
    "would do wait for twenty round trips, one after the other.",
    detects="The calls of one function to other functions add up to 5 or more per invocation, or "
    "it reads, writes or calls one store or external service more than 10 times.",
    false_alarm="The calls run in parallel against something that answers in a millisecond, and "
    "the number is bounded.",
    fix="Ask once for many, merge functions that always talk, or hand the work to a workflow.",
    section="serverless-anti-patterns/chatty-functions-network-thrash",
)
def ant02(facts: Facts, most_calls: float, most_accesses: float) -> Outcomes:
    design = facts.design
    for function in facts.functions:
        leaving = design.out_edges(function.id, "call", "read", "write", "invoke_async")
        if not leaving:
            continue
        case = Case(function)
        calls, open_ended, found = 0.0, False, []
        for edge in leaving:
            each = case.default(edge, "calls_per_request", 1)
            kind = design.component(edge.target).kind
            if each is None:
                open_ended = True
            elif edge.kind == "call" and kind == "function":
                calls += each
            elif (kind in STORES or kind in ("external", "proxy")) and each > most_accesses:
                found.append(f"goes to {edge.target} {number(each)} times per invocation")
        if calls >= most_calls:
            found.insert(0, f"calls other functions {number(calls)} times per invocation")
        yield (
            case.fail(f"{function.id} {listed(found)}.")
            if found
            else case.rest(None if open_ended else False)
        )


@rule(
    "ANT03",
    "Stateful assumption",
    "critical",
    "reliability",
    why="The next request may meet another instance, or the same one after the platform has wiped "
    "it. What was kept in memory or on its disk is then gone, for some users and not for others.",
    detects="A function states state_local: required.",
    false_alarm="What is kept is a cache that can be rebuilt: state state_local: cache.",
    fix="Keep the state in a store, a cache service or a workflow.",
    section="serverless-anti-patterns/stateful-assumptions",
)
def ant03(facts: Facts) -> Outcomes:
    for function in facts.functions:
        case = Case(function).at(function, "state_local")
        relies = equal(case.need(function, "state_local"), "required")
        yield (
            case.fail(
                f"{function.id} needs what an earlier request left in the instance, and the next "
                "request may meet another one."
            )
            if relies
            else case.rest(relies)
        )


@rule(
    "ANT06",
    "Hidden vendor coupling",
    "medium",
    "operations",
    why="If business rules read a vendor's event fields, moving means rewriting the rules. The "
    "tests need the vendor's shapes, too.",
    detects="design.portability is required, and a function states vendor_api_in_domain: true.",
    false_alarm="The function is the adapter itself and holds no business rule: state false.",
    fix="Put a thin handler in front that translates the event, and keep the rules in plain code.",
    section="serverless-anti-patterns/vendor-lock-in-hidden-coupling",
)
def ant06(facts: Facts) -> Outcomes:
    design = facts.design
    for function in facts.functions:
        case = Case(function).at(function, "vendor_api_in_domain")
        required = equal(case.need(design, "portability"), "required")
        if required is False:
            yield case.ok()
            continue
        coupled = case.need(function, "vendor_api_in_domain")
        problem = both(required, coupled)
        yield (
            case.fail(
                f"The design has to be portable, and business rules in {function.id} depend on a "
                "vendor's types."
            )
            if problem
            else case.rest(problem)
        )


@rule(
    "ANT08",
    "Store used as a queue",
    "medium",
    "performance",
    why="Asking a table every few seconds whether there is work costs money when there is none. "
    "When there is, it waits for half the interval on average.",
    detects="A function that a schedule triggers has a read edge with polls_status: true.",
    false_alarm="The other side offers no notification, as with a partner's batch interface.",
    fix="Use a queue, the change feed of the store, or a callback.",
    section="core-serverless-patterns/scheduled-and-automation",
)
def ant08(facts: Facts) -> Outcomes:
    for edge, reader, store in facts.edges("read"):
        if reader.kind != "function" or not edge.has("polls_status"):
            continue
        if not _scheduled(facts, reader):
            continue
        case = Case(edge).at(edge, "polls_status")
        asks = case.need(edge, "polls_status")
        yield (
            case.fail(f"{reader.id} asks {store.id} again and again on a schedule for work.")
            if asks
            else case.rest(asks)
        )


def _scheduled(facts: Facts, function: Component) -> bool:
    arriving = facts.design.in_edges(function.id)
    return any(facts.design.component(edge.source).kind == "schedule" for edge in arriving)


@rule(
    "ANT10",
    "Component that nothing is connected to",
    "low",
    "operations",
    params=("drawn_edges",),
    never_unknown=SHAPE,
    why="What nothing reaches is either left over, and still holds data, permissions and a bill, "
    "or its edges have not been drawn, and no rule can see its faults.",
    detects="A design has 3 edges or more, and a component that runs, stores or carries something "
    "has none, is no failure destination and is granted to nobody.",
    false_alarm="It is prepared for the next revision: draw the edge, or leave it out until then.",
    fix="Draw what uses it, or remove it.",
    section="architectures-case-studies-decisions/reference-small-product-team",
)
def ant10(facts: Facts, drawn: float) -> Outcomes:
    design = facts.design
    edges = [edge for edge in design.edges if edge.kind != "deploy"]
    if len(edges) < drawn:
        return
    named = {end for edge in edges for end in (edge.source, edge.target)}
    named |= {edge.get("on_failure", "") for edge in edges}
    named |= {queue.get("dlq", "") for queue in design.of_kind("queue")}
    named |= {grant.to for part in design.components for grant in part.grants}
    alone = [c for c in design.components if c.id not in named and c.kind not in BESIDE]
    for part in alone:
        case = Case(part)
        case.computed("edges", 0)
        yield case.fail(f"Nothing leads to {part.id}, and nothing leads from it.")
    if not alone:
        yield Case(design).ok("In order: something leads to or from every component.")


BESIDE = ("client", "external", "secret_store", "config_store", "identity", "log_sink", "pipeline")
"""Kinds that a design may name without drawing who uses them."""


@rule(
    "ANT12",
    "Code that waits by asking",
    "medium",
    "cost",
    why="Code that asks every second whether something is done is paid for doing nothing. It holds "
    "an instance for as long as the slowest answer takes, and learns of it late.",
    detects="A call or read from a function, container or workflow that no schedule triggers "
    "states polls_status: true.",
    false_alarm="The other side offers no notification, and the wait is a few seconds.",
    fix="Let a workflow wait, take a callback, or subscribe to the event.",
    section="workflow-and-orchestration/long-running-processes",
)
def ant12(facts: Facts) -> Outcomes:
    for edge, waiting, asked in facts.edges("call", "read"):
        if waiting.kind not in ("function", "container", "vm", "workflow"):
            continue
        if not edge.has("polls_status") or _scheduled(facts, waiting):
            continue
        case = Case(edge).at(edge, "polls_status")
        asks = case.need(edge, "polls_status")
        yield (
            case.fail(f"{waiting.id} runs on while it asks {asked.id} whether something is ready.")
            if asks
            else case.rest(asks)
        )


@rule(
    "ANT13",
    "One function behind users and a backlog",
    "medium",
    "reliability",
    never_unknown=SHAPE,
    why="The two need different timeouts, memory and limits, and get the same. A backlog takes the "
    "instances that users wait for, and a limit against it refuses users.",
    detects="A function is called by a client or entry point, and also polls a queue or stream or "
    "follows a change feed.",
    false_alarm="The backlog is a handful of messages a day, and both want the same limits.",
    fix="Deploy the same code as two functions, one for each way in.",
    section="reliability-and-resilience/bulkheads-isolation-blast-radius",
)
def ant13(facts: Facts) -> Outcomes:
    design = facts.design
    for function in facts.functions:
        callers = {edge.source for edge in design.in_edges(function.id, "call")}
        waiting = sorted(id for id in callers if design.component(id).kind in ("client", *ENTRY))
        if not waiting:
            continue
        fed = sorted({edge.source for edge in design.in_edges(function.id, "poll", "change")})
        case = Case(function)
        case.computed("callers that wait", tuple(waiting))
        case.computed("backlogs that feed it", tuple(fed))
        yield (
            case.fail(f"{function.id} answers {listed(waiting)} and works off {listed(fed)} too.")
            if fed
            else case.ok()
        )
