"""Cost: money that leaves without anyone having decided it."""

from __future__ import annotations

from ._case import Case, above, both, equal, listed, number
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes

MANAGED = ("kv", "object_store", "queue", "topic", "bus", "secret_store")


@rule(
    "CST01",
    "No budget alert",
    "medium",
    "cost",
    why="A loop or an attack scales by itself, and the bill arrives at the end of the month. An "
    "alert turns four weeks into a day.",
    detects="ops.budget_alert of the design is not true.",
    false_alarm="The account has an alert that covers several designs: state true.",
    fix="Set a budget with an alert at half of it, and an alert on unusual growth.",
    section="performance-and-cost/cost-modeling-surprises",
    references=("AWS Well-Architected Serverless Lens COST 1 (asks)",),
)
def cst01(facts: Facts) -> Outcomes:
    design = facts.design
    case = Case(design).at(design, "ops.budget_alert")
    blind = equal(case.need(design, "ops.budget_alert"), False)
    yield case.fail("Nobody is told when spending runs away.") if blind else case.rest(blind)


@rule(
    "CST02",
    "Paying to wait",
    "medium",
    "cost",
    params=("wait_share", "min_wait_ms"),
    why="A function is charged by the time it runs, waiting included. In a chain of calls every "
    "caller pays for the same wait.",
    detects="wait_ms of a function is above half of duration_ms.p50 and at least 150 ms.",
    false_alarm="The instance serves many requests at once, so that waiting costs nothing extra.",
    fix="Let a workflow wait, integrate the services directly, or answer by event.",
    section="performance-and-cost/cost-modeling-surprises",
)
def cst02(facts: Facts, share: float, least: float) -> Outcomes:
    for function in facts.functions:
        case = Case(function).at(function, "wait_ms")
        wait, median = case.need(function, "wait_ms"), case.need(function, "duration_ms.p50")
        case.limit("share that may be spent waiting", share)
        long = None if wait is None else wait >= least
        idle = both(above(wait, None if median is None else share * median), long)
        yield (
            case.fail(
                f"{function.id} waits for {number(wait)} ms of {number(median)} ms, and all of it "
                "is charged."
            )
            if idle
            else case.rest(idle)
        )


@rule(
    "CST03",
    "Managed-service traffic through NAT",
    "low",
    "cost",
    why="A gateway that translates addresses charges for each gigabyte. Traffic to the platform's "
    "own services need not pass it.",
    detects="network.egress of a function is nat, and an edge leads to a kv, object_store, queue, "
    "topic, bus or secret_store.",
    false_alarm="The volume is a few megabytes a day, and endpoints have an hourly price.",
    fix="Add private endpoints for these services, or detach the function from the network.",
    section="performance-and-cost/cost-modeling-surprises",
)
def cst03(facts: Facts) -> Outcomes:
    design = facts.design
    for function in facts.functions:
        targets = sorted({edge.target for edge in design.out_edges(function.id)})
        reached = [id for id in targets if design.component(id).kind in MANAGED]
        detached = function.get("network.attached") is False and not function.has("network.egress")
        if not reached or detached:
            continue
        case = Case(function).at(function, "network.egress")
        dear = equal(case.need(function, "network.egress"), "nat")
        case.computed("managed services that it reaches", tuple(reached))
        yield (
            case.fail(
                f"{function.id} reaches {listed(reached)} through address translation, which "
                "charges for each gigabyte."
            )
            if dear
            else case.rest(dear)
        )
