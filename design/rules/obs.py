"""Observability: what somebody can find out afterwards, and is told at once."""

from __future__ import annotations

from ..kinds import EDGE_KINDS, ENTRY
from ._case import Case, above, below, both, either, equal, lacks, listed
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes

EXPECTED = {
    "function": ("errors", "throttles"),
    "workflow": ("failures",),
    **{kind: ("errors", "latency") for kind in ENTRY},
    "websocket": ("errors",),
}


@rule(
    "OBS01",
    "Tracing off",
    "medium",
    "operations",
    why="A request crosses five services and takes four seconds. Without a trace, finding the slow "
    "one means reading five logs with five clocks.",
    detects="An api, graphql, function or workflow states tracing: false.",
    false_alarm="The component has one caller and one dependency, and both measure it.",
    fix="Switch tracing on, pass the context in headers and envelopes, and sample if it costs "
    "too much.",
    section="observability-and-operations/metrics-tracing-dependencies",
    references=(
        "serverless-rules WS1000, WS2002, WS3000, WS5000",
        "checkov CKV_AWS_50, CKV_AWS_73, CKV_AWS_284",
    ),
)
def obs01(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind("api", "graphql", "function", "workflow"):
        case = Case(part).at(part, "tracing")
        dark = equal(case.need(part, "tracing"), False)
        yield (
            case.fail(f"Requests are not traced through {part.id}.") if dark else case.rest(dark)
        )


@rule(
    "OBS02",
    "Unstructured logs or no retention",
    "low",
    "operations",
    why="Free text cannot be counted or joined by request. Without a retention period it is kept, "
    "and paid for, for ever.",
    detects="A function states logs.structured: false or no logs.retention_days.",
    false_alarm="The platform's log store sets one retention for all: state its number.",
    fix="Write JSON lines with the same fields everywhere, and set a retention period.",
    section="observability-and-operations/logging-structured-telemetry",
    references=("serverless-rules WS2001, WS1004", "checkov CKV_AWS_66, CKV_AWS_338"),
)
def obs02(facts: Facts) -> Outcomes:
    for function in facts.functions:
        case = Case(function)
        free = equal(case.need(function, "logs.structured"), False)
        bare = case.absent(function, "logs.retention_days")
        found = ["are free text"] * (free is True) + ["have no retention period"] * (bare is True)
        yield (
            case.fail(f"The logs of {function.id} {listed(found)}.")
            if found
            else case.rest(either(free, bare))
        )


@rule(
    "OBS03",
    "Missing alarms",
    "high",
    "operations",
    why="Without an alarm, users report the outage. By then they have lost something, and the "
    "team begins its search with a rumour.",
    detects="alarms lacks errors or throttles on a function, errors or latency on an entry point "
    "(a websocket needs errors only), or failures on a workflow.",
    false_alarm="An alarm on the caller covers the same failure with the same delay.",
    fix="Generate the set of alarms from the design, one per kind of component.",
    section="observability-and-operations/runbooks-incident-response",
)
def obs03(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind(*EXPECTED):
        case = Case(part).at(part, "alarms")
        alarms = case.need(part, "alarms")
        lacking = [word for word in EXPECTED[part.kind] if lacks(alarms, word)]
        yield (
            case.fail(f"Nobody is told about {listed(lacking)} of {part.id}.")
            if lacking
            else case.rest(None if alarms is None else False)
        )


@rule(
    "OBS04",
    "Backlog invisible",
    "medium",
    "operations",
    why="A slow consumer raises no error. Work is hours late before anything else shows, and the "
    "age of the oldest message says so first.",
    detects="A queue or stream that is polled has neither age nor lag in its alarms. For a "
    "dead-letter queue depth is enough.",
    false_alarm="The consumer reports the delay of each item and alarms on that.",
    fix="Alarm when the oldest message is older than the delay that users accept.",
    section="observability-and-operations/metrics-tracing-dependencies",
)
def obs04(facts: Facts) -> Outcomes:
    polled = {channel.id for _, channel, _ in facts.polls}
    for channel in facts.design.of_kind("queue", "stream"):
        if channel.id not in polled:
            continue
        case = Case(channel).at(channel, "alarms")
        alarms = case.need(channel, "alarms")
        blind = both(lacks(alarms, "age"), lacks(alarms, "lag"))
        if channel.id in facts.dead_letter_queues:
            blind = both(blind, lacks(alarms, "depth"))
        yield (
            case.fail(f"Nobody is told when messages in {channel.id} wait too long.")
            if blind
            else case.rest(blind)
        )


@rule(
    "OBS05",
    "No correlation across asynchronous hops",
    "medium",
    "operations",
    why="A trace ends where a message is stored. Without an id in the envelope, nobody can say "
    "which order a failed event belonged to.",
    detects="The design has an asynchronous edge, and ops.correlation_ids is not true.",
    false_alarm="A business key, such as the order number, is in every message and every log line.",
    fix="Put a correlation id and a causation id into every envelope and every log line.",
    section="observability-and-operations/debugging-distributed-systems",
    references=("AWS Well-Architected Serverless Lens OPS 1 (asks)",),
)
def obs05(facts: Facts) -> Outcomes:
    design = facts.design
    hops = [edge.id for edge in design.edges if EDGE_KINDS[edge.kind].is_async]
    if not hops:
        return
    case = Case(design).at(design, "ops.correlation_ids")
    lost = equal(case.need(design, "ops.correlation_ids"), False)
    case.computed("asynchronous edges", len(hops))
    count = "one asynchronous edge" if len(hops) == 1 else f"{len(hops)} asynchronous edges"
    yield (
        case.fail(f"The design has {count}, and no id follows a request across.")
        if lost
        else case.rest(lost)
    )


@rule(
    "OBS06",
    "Entry point without a service-level objective",
    "medium",
    "operations",
    why="Without a written line between fine and broken, each slow hour becomes a debate. Alarms "
    "are then set by taste, and nobody can say whether a release may go out.",
    detects="An entry point states no slo, and the design's criticality is high or critical.",
    false_alarm="The objective is kept with the product that calls it. Repeat the numbers here.",
    fix="State availability and latency that users need, and spend the error budget on releases.",
    section="observability-and-operations/metrics-tracing-dependencies",
)
def obs06(facts: Facts) -> Outcomes:
    for entry in facts.entries:
        stated = [path for path in entry.attrs if path.startswith("slo.")]
        case = Case(entry)
        values = [case.read(entry, path) for path in stated]
        if any(value is not None for value in values):
            yield case.ok()
            continue
        case.lack(*(f"{entry.id}.{path}" for path in stated))
        bare = None if stated else True
        problem = both(bare, facts.critical_enough(case))
        yield (
            case.fail(
                f"Nothing says how fast and how available {entry.id} has to be, and the design's "
                f"criticality is {facts.design.get('criticality')}."
            )
            if problem
            else case.rest(problem)
        )


@rule(
    "OBS07",
    "Objective looser than the design's goal",
    "low",
    "operations",
    why="Alarms follow the objective. If it allows more than the goal does, the goal is missed "
    "while every light is green.",
    detects="slo.availability_pct of an entry point is below goals.availability_pct, or slo.p99_ms "
    "above goals.p99_ms.",
    false_alarm="The goal is that of another entry point, and this one is for staff.",
    fix="Set the objective at the goal or tighter, or correct the goal.",
    section="observability-and-operations/metrics-tracing-dependencies",
)
def obs07(facts: Facts) -> Outcomes:
    design = facts.design
    objectives = (("availability_pct", below), ("p99_ms", above))
    for entry in facts.entries:
        if not any(entry.has(f"slo.{name}") for name, _ in objectives):
            continue
        case = Case(entry)
        found, loose = [], []
        for name, worse in objectives:
            slo, goal = f"slo.{name}", f"goals.{name}"
            if not design.has(goal):
                continue
            promised, wanted = case.need(entry, slo), case.need(design, goal)
            loose.append(worse(promised, wanted))
            if loose[-1]:
                case.at(entry, slo)
                found.append(f"{slo} is {promised:g} where the goal is {wanted:g}")
        if not loose:
            continue
        yield (
            case.fail(f"{entry.id} promises less than the design wants: {listed(found)}.")
            if found
            else case.rest(either(*loose))
        )


@rule(
    "OBS08",
    "Live without a runbook",
    "medium",
    "operations",
    why="At three in the morning nobody reads code. Without a written first step, the incident "
    "lasts until the person wakes up who knows it by heart.",
    detects="The design is live, its criticality is high or critical, and ops.runbook is none, no "
    "or empty.",
    false_alarm="The runbook is kept where the alarms link to it: state that address.",
    fix="Write for each alarm what to look at first, what may be done, and how it is undone.",
    section="observability-and-operations/runbooks-incident-response",
)
def obs08(facts: Facts) -> Outcomes:
    design = facts.design
    if design.get("stage", "live") != "live":
        return
    case = Case(design).at(design, "ops.runbook")
    serious = facts.critical_enough(case)
    if serious is False:
        return
    live = equal(case.need(design, "stage"), "live")
    runbook = case.need(design, "ops.runbook")
    bare = None if runbook is None else runbook.strip().lower() in NO_RUNBOOK
    lost = both(live, serious, bare)
    yield (
        case.fail(
            f"The design is live, its criticality is {design.get('criticality')}, and it has no "
            "runbook."
        )
        if lost
        else case.rest(lost)
    )


NO_RUNBOOK = ("", "none", "no", "-", "missing", "todo", "tbd")


@rule(
    "OBS09",
    "Live function that nobody owns",
    "medium",
    "operations",
    why="An alarm without an owner rings for everybody and is answered by nobody. Upgrades wait "
    "for the same person.",
    detects="The design is live, and neither it nor one of its functions states an owner.",
    false_alarm="One team owns all of it: state it once, as the owner of the design.",
    fix="Name the team that is called, for the design or for each function.",
    section="observability-and-operations/runbooks-incident-response",
)
def obs09(facts: Facts) -> Outcomes:
    design = facts.design
    if design.get("stage") != "live":
        return
    for function in facts.functions:
        case = Case(function)
        if case.read(design, "owner"):
            yield case.ok()
            continue
        nobody = both(case.absent(design, "owner"), case.absent(function, "owner"))
        yield (
            case.fail(f"{function.id} is live, and neither it nor the design names an owner.")
            if nobody
            else case.rest(nobody)
        )


@rule(
    "OBS10",
    "Container or machine without an alarm on errors",
    "high",
    "operations",
    why="A container that answers every request with an error is healthy for the platform: it "
    "runs. Only its own errors say otherwise.",
    detects="alarms of a container or vm lack errors.",
    false_alarm="The gateway in front counts the same errors and alarms on them.",
    fix="Alarm on the share of failed requests, and on latency where users wait.",
    section="observability-and-operations/runbooks-incident-response",
)
def obs10(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind("container", "vm"):
        case = Case(part).at(part, "alarms")
        silent = lacks(case.need(part, "alarms"), "errors")
        yield (
            case.fail(f"Nobody is told about errors of {part.id}.") if silent else case.rest(silent)
        )
