"""Anti-patterns of shape: chains that are too long, and circles."""

from __future__ import annotations

import operator

from ..graph import cycles, edges_within
from ..kinds import EDGE_KINDS, ENTRY
from ..model import Edge
from ._case import Case, either, listed, number
from ._facts import ASKED_ANEW, SYNC, Facts
from ._registry import rule
from ._types import Outcomes
from .ant import SHAPE

LOOPING = frozenset(
    ("publish", "subscribe", "poll", "change", "invoke_async", "write", "call", "step", "start")
)


@rule(
    "ANT04",
    "Retry multiplication",
    "high",
    "reliability",
    params=("retry_product",),
    why="If each of three layers tries four times, one request becomes 64 at the end of the chain. "
    "It happens when the dependency is weakest.",
    detects="Along a path of synchronous edges that begins at a function, the product of "
    "1 + retries.max is 10 or more. A path that reaches 10 only from a client, entry point, "
    "workflow, container or machine is found there. A cycle is followed once round.",
    false_alarm="A retry budget shared by the layers stops the multiplication.",
    fix="Retry in one layer only, the one that knows whether a repeat is safe, within a budget.",
    section="reliability-and-resilience/retries-backoff-idempotency",
)
def ant04(facts: Facts, most: float) -> Outcomes:
    paths = facts.sync.heaviest(lambda id: 1.0, _attempts, operator.mul)
    unsaid = facts.sync.heaviest(lambda id: 0.0, lambda edge: float(_open(edge)))
    outline = paths.outlines()
    group_of = facts.sync.group_of
    for caller in facts.design.of_kind("function", *CALLERS):
        # The way back in a cycle is not among these.
        straight = {edge.id for edge in facts.sync.leaving[group_of[caller.id]]}
        leaving = [
            edge
            for edge in facts.design.out_edges(caller.id, *SYNC)
            if caller.kind in ASKED_ANEW or edge.id in straight
        ]
        if not leaving:
            continue
        further = max(paths.weight(edge.target) for edge in leaving)
        if caller.kind != "function" and further >= most:
            continue  # found at the caller behind it already
        case = Case(caller)
        worst = max(leaving, key=lambda edge: _attempts(edge) * paths.weight(edge.target))
        attempts = _attempts(worst) * paths.weight(worst.target)
        case.computed("attempts at the end of the chain", attempts)
        case.limit("attempts that are too many", most)
        if attempts >= most:
            begins = "to" if caller.kind in ("function", "container", "vm") else "through"
            way = " → ".join((caller.id, *outline(worst.target)))
            yield case.fail(
                f"One request {begins} {caller.id} may become {number(attempts)} attempts at the "
                f"end of {way}."
            )
        elif any(_open(e) or unsaid.weight(e.target) > 0 for e in leaving):
            case.lack(f"retries.max on the edges behind {caller.id}")
            yield case.unknown()
        else:
            yield case.ok()


def _open(edge: Edge) -> bool:
    """Whether the text says that nobody knows how often the edge is tried."""
    return edge.has("retries.max") and edge.get("retries.max") is None


def _attempts(edge: Edge) -> float:
    return float(1 + edge.get("retries.max", 0))


CALLERS = ("client", "cdn", *ENTRY, "workflow", "container", "vm")
"""What else a chain of synchronous edges begins at."""


@rule(
    "ANT05",
    "Deep synchronous chain",
    "high",
    "reliability",
    params=("chain_functions",),
    never_unknown=SHAPE,
    why="Every caller in a chain of calls is paid for while it waits, and latencies add up. When "
    "the last function fails, all of them do.",
    detects="Three functions or more stand on one path of call edges. The finding is on the "
    "function where the path begins.",
    false_alarm="The calls behind the second function are optional and have a fallback.",
    fix="Publish an event, use a workflow, or merge functions that always run together.",
    section="serverless-anti-patterns/chatty-functions-network-thrash",
)
def ant05(facts: Facts, most: float) -> Outcomes:
    design, graph = facts.onward, facts.calls
    inside = {function.id for function in facts.functions}
    paths = graph.heaviest(lambda id: 1.0 if id in inside else 0.0)
    outline = paths.outlines(inside.__contains__)
    called = {
        graph.group_of[edge.target]
        for edge in design.edges
        if edge.kind == "call"
        and edge.source in inside
        and graph.group_of[edge.source] != graph.group_of[edge.target]
    }
    for place, group in enumerate(graph.groups):
        heads = [id for id in group if id in inside]
        if not heads or place in called:
            continue
        case = Case(design.component(heads[0]))
        length = paths.weight(heads[0])
        case.computed("functions on the longest path", length)
        case.limit("functions that are too many", most)
        if length >= most:
            yield case.fail(
                f"{number(length)} functions stand in one synchronous chain: "
                f"{' → '.join(outline(heads[0]))}."
            )
        else:
            yield case.ok()


@rule(
    "ANT07",
    "Recursive event loop",
    "critical",
    "cost",
    why="An event that causes itself runs as fast as the platform scales. It stops at the "
    "account's limit or at the end of the budget, and over a weekend that is the budget.",
    detects="A cycle over calls, writes, messages, change feeds, steps and starts contains an "
    "asynchronous edge, and no edge in it states a loop_guard. What clients, partners and "
    "websockets send begins anew and closes no cycle.",
    false_alarm="Two flows share a component and no event passes from one to the other. State on "
    "an edge what separates them, as its loop_guard.",
    fix="Separate the store that is read from the one that is written, carry a hop counter in the "
    "envelope, and cap the concurrency.",
    section="core-serverless-patterns/event-driven",
)
def ant07(facts: Facts) -> Outcomes:
    design, quiet = facts.onward, True
    if not any(EDGE_KINDS[edge.kind].is_async for edge in facts.design.edges):
        return
    for members in cycles(design, LOOPING):
        edges = edges_within(design, members, LOOPING)
        if not any(EDGE_KINDS[edge.kind].is_async for edge in edges):
            continue
        quiet = False
        case = Case("+".join(members), edges[0].line)
        guarded = either(*(case.flag(edge, "loop_guard") for edge in edges))
        case.computed("edges of the cycle", tuple(edge.id for edge in edges))
        open_loop = None if guarded is None else not guarded
        yield (
            case.fail(
                f"An event may go round {listed(members)} for ever: no edge has a loop_guard."
            )
            if open_loop
            else case.rest(open_loop)
        )
    if quiet:
        yield Case(facts.design).ok("In order: no cycle contains an asynchronous edge.")


@rule(
    "ANT09",
    "Synchronous call cycle",
    "high",
    "reliability",
    never_unknown=SHAPE,
    why="Two components that wait for each other use up the concurrency that the answer needs, and "
    "under load neither answers. They cannot be released separately either.",
    detects="Two components or more form a cycle over call edges. A partner's callback and the "
    "next message of a websocket close none.",
    false_alarm="The two directions serve separate requests and run in separate pools.",
    fix="Turn one direction into an event, or merge the two.",
    section="serverless-anti-patterns/chatty-functions-network-thrash",
)
def ant09(facts: Facts) -> Outcomes:
    design, quiet = facts.onward, True
    if not any(edge.kind == "call" for edge in facts.design.edges):
        return
    for members in sorted(group for group in facts.calls.groups if len(group) > 1):
        quiet = False
        edges = edges_within(design, members, frozenset({"call"}))
        case = Case("+".join(members), edges[0].line)
        case.computed("edges of the cycle", tuple(edge.id for edge in edges))
        yield case.fail(f"{listed(members)} call one another in a circle.")
    if quiet:
        yield Case(facts.design).ok("In order: no calls lead back to their caller.")
