"""Cost: money that leaves without anyone having decided it."""

from __future__ import annotations

from ._case import Case, Known, above, both, equal, listed, number
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


@rule(
    "CST04",
    "Instances kept warm for rare traffic",
    "medium",
    "cost",
    why="A warm instance is paid by the hour, and rare traffic uses it for minutes. Most of the "
    "month's bill is then for waiting, which the platform was chosen to avoid.",
    detects="traffic.shape is rare, and a function states concurrency.provisioned above 0, or a "
    "container instances.min above 0.",
    false_alarm="The rare request cannot bear a start, as with an alarm from a device: record it.",
    fix="Let it scale to nothing, shorten the start, or answer first and work later.",
    section="performance-and-cost/cost-modeling-surprises",
)
def cst04(facts: Facts) -> Outcomes:
    design = facts.design
    for part in design.of_kind(*WARM):
        path = WARM[part.kind]
        if not part.has(path):
            continue
        case = Case(part).at(part, path)
        warm = case.need(part, path)
        idle = above(warm, 0)
        rare: Known = False
        if idle is not False:
            rare = equal(case.need(design, "traffic.shape"), "rare")
        wasted = both(idle, rare)
        yield (
            case.fail(
                f"Traffic is rare, and {part.id} keeps {number(warm)} "
                f"instance{'s' * (warm != 1)} warm all month."
            )
            if wasted
            else case.rest(wasted)
        )


WARM = {"function": "concurrency.provisioned", "container": "instances.min"}


@rule(
    "CST05",
    "More instances kept warm than the peak uses",
    "medium",
    "cost",
    params=("warm_factor",),
    why="Warm instances beyond those that the peak keeps busy never see a request. They are bought "
    "once after an incident, and nobody sells them back.",
    detects="concurrency.provisioned of a function is above twice what its peak rate × "
    "duration_ms.p99 keeps busy, and above 2.",
    false_alarm="A spike within seconds is expected that the stated peak does not show.",
    fix="Keep as many warm as the base load uses, and follow the day with a schedule.",
    section="performance-and-cost/cold-starts-startup",
)
def cst05(facts: Facts, factor: float) -> Outcomes:
    for function in facts.functions:
        warm = function.get("concurrency.provisioned")
        if not warm or facts.design.get("traffic.shape") == "rare":
            continue
        case = Case(function).at(function, "concurrency.provisioned")
        case.need(function, "concurrency.provisioned")
        slowest = case.need(function, "duration_ms.p99")
        rate = facts.rates.component[function.id]
        if rate is None or not rate.complete:
            case.lack(*facts.missing_rates(function.id))
        if slowest is None or rate is None or not rate.complete:
            yield case.unknown()
            continue
        busy = rate.peak * slowest / 1000
        case.computed("instances busy at the peak", busy)
        case.limit("warm instances for each busy one", factor)
        yield (
            case.fail(
                f"{function.id} keeps {number(warm)} instances warm, and its peak keeps "
                f"{number(busy)} busy, counting each request at its slowest."
            )
            if warm > factor * max(1, busy)
            else case.ok()
        )


@rule(
    "CST06",
    "Partner's bill above the budget",
    "high",
    "cost",
    params=("month_s",),
    why="The price of one call looks like nothing. Times the rate and a month, the partner alone "
    "costs more than the whole design was allowed.",
    detects="The sum over external services of mean rate × cost_per_call for a month is above "
    "goals.budget_month.",
    false_alarm="The contract has a flat price above some volume: state the price per call that "
    "results.",
    fix="Cache answers, call once for many, or agree on another price or budget.",
    section="performance-and-cost/cost-modeling-surprises",
)
def cst06(facts: Facts, month: float) -> Outcomes:
    design = facts.design
    priced = [p for p in design.of_kind("external") if p.has("cost_per_call")]
    if not priced or not design.has("goals.budget_month"):
        return
    case = Case(design).at(design, "goals.budget_month")
    budget, bill, open_ended = case.need(design, "goals.budget_month"), 0.0, False
    for partner in priced:
        price, rate = case.need(partner, "cost_per_call"), facts.rates.component[partner.id]
        if rate is None or not rate.complete:
            case.lack(*facts.missing_rates(partner.id))
        open_ended = open_ended or price is None or rate is None or not rate.complete
        bill += (0.0 if rate is None else rate.mean) * month * (price or 0)
    case.computed("partners' bill for a month", bill)
    dear = above(bill, budget)
    if open_ended if dear is False else facts.supposed(case, *(p.id for p in priced)):
        dear = None
    yield (
        case.fail(
            f"Calls to {listed(p.id for p in priced)} cost {number(bill)} a month, and the budget "
            f"is {number(budget)}."
        )
        if dear
        else case.rest(dear)
    )
