"""Performance: starts, chains and networks that users wait for."""

from __future__ import annotations

from collections.abc import Container

from ..model import Component
from ._case import Case, Known, above, both, equal, number
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes


@rule(
    "PRF01",
    "Cold start breaks the latency goal",
    "medium",
    "performance",
    params=("cold_start_share",),
    why="The slowest requests are those that meet a new instance. If its start takes a third of "
    "the goal, the goal is out of reach for them, whatever the code does.",
    detects="init_ms of a function on a synchronous path is above 30 percent of goals.p99_ms, and "
    "concurrency.provisioned is 0.",
    false_alarm="Traffic is so steady that fewer than one request in a hundred meets a new "
    "instance.",
    fix="Shorten the start, use snapshot start, or keep as many instances warm as the base load "
    "needs.",
    section="performance-and-cost/cold-starts-startup",
)
def prf01(facts: Facts, share: float) -> Outcomes:
    design = facts.design
    for function in facts.functions:
        if function.id not in facts.sync_functions:
            continue
        case = Case(function).at(function, "init_ms")
        start, goal = case.need(function, "init_ms"), case.need(design, "goals.p99_ms")
        allowed = None if goal is None else share * goal
        cold = equal(case.need(function, "concurrency.provisioned"), 0)
        slow = both(above(start, allowed), cold)
        case.limit("share of the goal", share)
        yield (
            case.fail(
                f"A new instance of {function.id} needs {number(start)} ms; the goal is "
                f"{number(goal)} ms at the 99th percentile, which leaves {number(allowed or 0)} ms "
                "for a start, and none is kept warm."
            )
            if slow
            else case.rest(slow)
        )


@rule(
    "PRF02",
    "Latency budget exceeded",
    "high",
    "performance",
    why="Slow cases add up along a chain of calls. If the functions on the longest path already "
    "take more than the goal, tuning one of them does not reach it.",
    detects="For an entry point, the worst synchronous path is above goals.p99_ms. A path takes "
    "the 99th percentile of its first function, or the sum of those behind it where that is more.",
    false_alarm="The slow calls run in parallel, or their slow cases never coincide and a load "
    "test shows the tail.",
    fix="Shorten the chain, run calls in parallel, cache, or answer first and work later.",
    section="performance-and-cost/optimization-strategies",
)
def prf02(facts: Facts) -> Outcomes:
    design = facts.design
    inside = {function.id: function.get("duration_ms.p99") for function in facts.functions}
    paths = facts.calls.heaviest(lambda id: float(inside.get(id) or 0))
    unsaid = facts.calls.heaviest(lambda id: float(id in inside and inside[id] is None))
    for entry in facts.entries:
        edges = design.out_edges(entry.id, "call")
        first = [f for e in edges if (f := design.component(e.target)).kind == "function"]
        if not first:
            continue
        case = Case(entry)
        goal = case.need(design, "goals.p99_ms")
        worst, slowest = 0.0, ""
        for function in first:
            case.read(function, "duration_ms.p99")
            own = float(inside[function.id] or 0)
            behind = paths.weight(function.id) - own
            if max(own, behind) > worst:
                worst, slowest = max(own, behind), function.id
            if unsaid.weight(function.id) > 0:
                members = unsaid[function.id].members
                case.lack(*(f"{id}.duration_ms.p99" for id in members if inside.get(id, 0) is None))
        case.computed("worst synchronous path", worst, "ms")
        over: Known = None if goal is None else worst > goal
        if over is False and case.missing:
            over = None
        yield (
            case.fail(
                f"Behind {entry.id}, {' → '.join(_named(paths[slowest].members, inside))} may "
                f"take {number(worst)} ms; the goal is {number(goal)} ms at the 99th percentile."
            )
            if over
            else case.rest(over)
        )


def _named(members: tuple[str, ...], inside: Container[str]) -> list[str]:
    names = [id for id in members if id in inside]
    return names if len(names) <= 6 else [*names[:3], "…", *names[-2:]]


@rule(
    "PRF03",
    "Function on a private network for no reason",
    "low",
    "performance",
    why="Attaching a function to a private network adds address management, start time on some "
    "platforms, and a paid way out. It protects nothing if nothing there is reached.",
    detects="A function states network.attached: true, and it neither reaches nor polls a "
    "component inside a boundary of kind network.",
    false_alarm="A policy requires all traffic to leave through one inspected address.",
    fix="Detach it, or draw the private component that it needs.",
    section="performance-and-cost/cold-starts-startup",
    references=("opposite of checkov CKV_AWS_117 and cdk-nag LambdaInsideVPC, on purpose",),
)
def prf03(facts: Facts) -> Outcomes:
    design = facts.design
    for function in facts.functions:
        case = Case(function).at(function, "network.attached")
        attached = case.need(function, "network.attached")
        targets = sorted({edge.target for edge in design.out_edges(function.id)})
        targets += sorted({edge.source for edge in design.in_edges(function.id, "poll")})
        private = [id for id in targets if _is_private(facts, design.component(id))]
        case.computed("private components that it reaches", tuple(private))
        idle = both(attached, not private)
        yield (
            case.fail(f"{function.id} is attached to a private network and reaches nothing in one.")
            if idle
            else case.rest(idle)
        )


def _is_private(facts: Facts, component: Component) -> bool:
    return any(boundary.kind == "network" for boundary in facts.design.boundary_chain(component))
