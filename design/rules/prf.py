"""Performance: starts, chains and networks that users wait for."""

from __future__ import annotations

import math

from ..graph import condense
from ..model import Boundary, Component, Edge
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
    params=("tail_share",),
    why="Slow cases add up along a chain of calls. If the functions on the longest path already "
    "take more than the goal, tuning one of them does not reach it.",
    detects="For an entry point, the worst synchronous path is above goals.p99_ms. A path takes "
    "the 99th percentile of its first function, or the sum of those behind it where that is more. "
    "A call made in less than one request of a hundred does not move that percentile and is left "
    "out.",
    false_alarm="The slow calls run in parallel, or their slow cases never coincide and a load "
    "test shows the tail.",
    fix="Shorten the chain, run calls in parallel, cache, or answer first and work later.",
    section="performance-and-cost/optimization-strategies",
)
def prf02(facts: Facts, tail: float) -> Outcomes:
    design = facts.design
    graph = condense(design, frozenset({"call"}), keep=lambda edge: _share(edge) >= tail)
    inside = {function.id: function.get("duration_ms.p99") for function in facts.functions}
    paths = graph.heaviest(lambda id: float(inside.get(id) or 0))
    outline = paths.outlines(inside.__contains__)
    unsaid = graph.heaviest(lambda id: float(id in inside and inside[id] is None))
    for entry in facts.entries:
        edges = [e for e in design.out_edges(entry.id, "call") if _share(e) >= tail]
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
                f"Behind {entry.id}, {' → '.join(outline(slowest))} may take "
                f"{number(worst)} ms; the goal is {number(goal)} ms at the 99th percentile."
            )
            if over
            else case.rest(over)
        )


def _share(edge: Edge) -> float:
    """Times that an edge is travelled per invocation of its source."""
    return float(edge.get("calls_per_request", 1) * edge.get("probability", 1))


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


@rule(
    "PRF04",
    "Container that starts while users wait",
    "medium",
    "performance",
    params=("cold_start_share",),
    why="A service that scales to nothing starts with the first request after a pause. A container "
    "takes longer to start than a function, and the user of that request waits for all of it.",
    detects="A container that is called synchronously may have no instance running, and its "
    "init_ms is above 30 percent of goals.p99_ms.",
    false_alarm="Traffic never pauses for as long as the platform waits before it removes the last "
    "instance.",
    fix="Keep one instance, or shorten the start.",
    section="performance-and-cost/cold-starts-startup",
)
def prf04(facts: Facts, share: float) -> Outcomes:
    design = facts.design
    for part in design.of_kind("container"):
        stated = [path for path in ("scale_to_zero", "instances.min") if part.has(path)]
        if not stated or not design.in_edges(part.id, "call"):
            continue
        case = Case(part).at(part, "init_ms")
        values = [case.need(part, path) for path in stated]
        idle = both(*(None if v is None else v is True or v == 0 for v in values))
        start, goal = case.need(part, "init_ms"), case.need(design, "goals.p99_ms")
        slow = both(above(start, None if goal is None else share * goal), idle)
        case.limit("share of the goal", share)
        yield (
            case.fail(
                f"{part.id} may have no instance running and needs {number(start)} ms to start; "
                f"the goal is {number(goal)} ms at the 99th percentile."
            )
            if slow
            else case.rest(slow)
        )


@rule(
    "PRF05",
    "Too few partitions for the peak",
    "high",
    "performance",
    params=("partition_writes_rps", "partition_kb_s"),
    why="Each partition takes a fixed number of records and bytes per second. Above it the stream "
    "refuses writes, and the producers lose records or stall.",
    detects="partitions of a stream × the profile's limit for one is below the peak rate of "
    "writes, or below that rate × payload_kb; streams with capacity on_demand are left out.",
    false_alarm="Producers put many small records into one: state the rate of what is sent.",
    fix="Add partitions for the peak with room for an uneven key, or let the platform scale them.",
    section="serverless-events-and-messaging/stream-processing",
)
def prf05(facts: Facts, most_writes: float, most_kb: float) -> Outcomes:
    for stream in facts.design.of_kind("stream"):
        writes = facts.design.in_edges(stream.id, "publish", "change", "write")
        if not writes or not stream.has("partitions") or stream.get("capacity") == "on_demand":
            continue
        case = Case(stream).at(stream, "partitions")
        partitions = case.need(stream, "partitions")
        rates = [(facts.rates.edge[edge.id], edge) for edge in writes]
        known = [(rate, edge) for rate, edge in rates if rate is not None]
        peak = sum(rate.peak for rate, _ in known)
        volume = sum(rate.peak * (case.read(edge, "payload_kb") or 0) for rate, edge in known)
        case.computed(f"peak writes to {stream.id}", peak, "requests/s")
        case.computed(f"peak volume into {stream.id}", volume, "KB/s")
        case.limit("most writes to one partition", most_writes, "requests/s")
        case.limit("most volume into one partition", most_kb, "KB/s")
        needed = max(peak / most_writes, volume / most_kb)
        short = above(needed, partitions)
        if short is False and (len(known) < len(rates) or not all(r.complete for r, _ in known)):
            case.lack(*facts.missing_rates(stream.id))
            short = None
        elif short and facts.supposed(case, *(edge.id for edge in writes)):
            short = None
        yield (
            case.fail(
                f"{stream.id} has {number(partitions)} partition{'s' * (partitions != 1)}, and the "
                f"peak of {number(peak)} records/s with {number(volume)} KB/s needs "
                f"{number(math.ceil(needed))}."
            )
            if short
            else case.rest(short)
        )


@rule(
    "PRF06",
    "Fixed capacity under spiky traffic",
    "medium",
    "performance",
    why="Capacity that is bought ahead follows a spike minutes later, and until then requests are "
    "refused. Between the spikes it is paid for and idle.",
    detects="traffic.shape is spiky, and a key-value store or stream states capacity: provisioned.",
    false_alarm="The spikes are announced, and capacity is raised before each.",
    fix="Buy by request, or put a queue between the spike and the store.",
    section="performance-and-cost/throughput-concurrency-scaling",
)
def prf06(facts: Facts) -> Outcomes:
    design = facts.design
    for store in design.of_kind("kv", "stream"):
        if not store.has("capacity"):
            continue
        case = Case(store).at(store, "capacity")
        fixed = equal(case.need(store, "capacity"), "provisioned")
        spiky: Known = False
        if fixed is not False:
            spiky = equal(case.need(design, "traffic.shape"), "spiky")
        refused = both(fixed, spiky)
        yield (
            case.fail(f"Traffic is spiky, and {store.id} has a capacity that was bought ahead.")
            if refused
            else case.rest(refused)
        )


@rule(
    "PRF07",
    "Busy stream read one record at a time",
    "medium",
    "performance",
    params=("small_batch_rps",),
    why="Each batch costs an invocation and a round trip, whatever it holds. At a hundred records "
    "a second, batches of one fall behind where batches of fifty would idle.",
    detects="A poll from a stream has batch_size 1, and 100 records per second or more arrive at "
    "the peak.",
    false_alarm="Each record takes so long that the round trip does not matter.",
    fix="Read batches, collect for a second, and report failed records one by one.",
    section="serverless-events-and-messaging/stream-processing",
)
def prf07(facts: Facts, busy: float) -> Outcomes:
    for edge, stream, consumer in facts.polls:
        if stream.kind != "stream":
            continue
        case = Case(edge).at(edge, "batch_size")
        single = equal(case.need(edge, "batch_size"), 1)
        rate = facts.rates.component[stream.id]
        peak = 0.0 if rate is None else rate.peak
        case.computed(f"peak rate into {stream.id}", peak, "records/s")
        many: Known = True if peak >= busy else False if rate and rate.complete else None
        if many is None and single is not False:
            case.lack(*facts.missing_rates(stream.id))
        elif many and single is not False and facts.supposed(case, stream.id):
            many = None
        slow = both(single, many)
        yield (
            case.fail(
                f"{consumer.id} takes one record at a time from {stream.id}, where "
                f"{number(peak)} arrive each second."
            )
            if slow
            else case.rest(slow)
        )


@rule(
    "PRF08",
    "Secret or setting fetched for every request",
    "medium",
    "performance",
    why="A secret changes a few times a year and is fetched a million times. Each fetch adds a "
    "round trip and a charge, and the store's own limit becomes yours.",
    detects="A read of a secret_store or config_store from code states cached: false.",
    false_alarm="The code runs a few times a day.",
    fix="Fetch at start, keep it for minutes, and fetch again when it is refused.",
    section="serverless-security/secrets-keys-configuration",
)
def prf08(facts: Facts) -> Outcomes:
    for edge, reader, store in facts.edges("read", "call"):
        if store.kind not in ("secret_store", "config_store") or not edge.has("cached"):
            continue
        case = Case(edge).at(edge, "cached")
        again = equal(case.need(edge, "cached"), False)
        yield (
            case.fail(f"{reader.id} asks {store.id} again for every request.")
            if again
            else case.rest(again)
        )


@rule(
    "PRF09",
    "Users wait for another region",
    "medium",
    "performance",
    why="A round trip between regions takes longer than most of the work it is for, and it fails "
    "when either region does.",
    detects="A call, read or write from a function that users wait for leads to a component in "
    "another region.",
    false_alarm="It is the way that is taken only while the own region is out: state a "
    "probability of 0.",
    fix="Keep a copy in the region, or send an event.",
    section="performance-and-cost/optimization-strategies",
)
def prf09(facts: Facts) -> Outcomes:
    for edge, caller, target in facts.edges("call", "read", "write"):
        if caller.id not in facts.sync_functions or edge.get("probability") == 0:
            continue
        here, there = _region(facts, caller), _region(facts, target)
        if here is None or there is None or target.kind == "external":
            continue
        case = Case(edge)
        regions = [case.need(boundary, "region") for boundary in (here, there)]
        apart = None if None in regions else regions[0] != regions[1]
        yield (
            case.fail(
                f"{caller.id} is in {regions[0]} and lets its callers wait for {target.id} in "
                f"{regions[1]}."
            )
            if apart
            else case.rest(apart)
        )


def _region(facts: Facts, part: Component) -> Boundary | None:
    """The innermost boundary that states where a component is."""
    around = facts.design.boundary_chain(part)
    return next((boundary for boundary in around if boundary.has("region")), None)
