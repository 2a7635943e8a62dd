"""Workload fit: work that functions cannot do, or not cheaply."""

from __future__ import annotations

from ._case import Case, Known, above, among, both, either, listed, number
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes

UNMET = ("gpu", "sticky_session", "raw_tcp", "udp", "local_disk")
HELD_OPEN = ("websocket", "ws", "wss", "sse", "grpc-stream", "tcp")


@rule(
    "FIT01",
    "Task too long for a function",
    "high",
    "fit",
    params=("max_timeout_s", "timeout_share"),
    why="A platform stops a function at its ceiling, whatever it was doing. The retry starts again "
    "from zero and meets the same ceiling, so the work is paid for and never done.",
    detects="timeout_s of a function is above the longest run that the profile allows, or "
    "duration_ms.p99 is above 80 percent of it.",
    false_alarm="The work saves its position and a later invocation goes on from there.",
    fix="Cut the work into workflow steps, save checkpoints, or move it to a container job.",
    section="where-serverless-fits/poor-fits",
    references=("AWS Well-Architected Serverless Lens REL 2 (asks)",),
)
def fit01(facts: Facts, longest: float, share: float) -> Outcomes:
    for function in facts.functions:
        case = Case(function).at(function, "timeout_s")
        timeout, slowest = (
            case.need(function, "timeout_s"),
            case.need(function, "duration_ms.p99"),
        )
        case.limit("longest run", longest, "s")
        over, slow = above(timeout, longest), above(slowest, share * longest * 1000)
        if over:
            yield case.fail(
                f"{function.id} asks for {number(timeout)} s; the platform stops it after "
                f"{number(longest)} s."
            )
        elif slow:
            yield case.at(function, "duration_ms.p99").fail(
                f"One in a hundred runs of {function.id} takes {number(slowest / 1000)} s or more, "
                f"and the platform stops it after {number(longest)} s."
            )
        else:
            yield case.rest(either(over, slow))


@rule(
    "FIT02",
    "Steady high load priced as on-demand functions",
    "medium",
    "fit",
    params=("busy_instances",),
    why="Pay per use is cheap because idle time is free. Where instances are busy day and night "
    "there is no idle time, and the price per second is several times that of a container.",
    detects="traffic.shape is steady, and for a function the mean rate × duration_ms.p50 keeps 50 "
    "instances or more busy; concurrency.per_instance requests share one.",
    false_alarm="The team has compared both bills and recorded why it stays: state the decision.",
    fix="Compare the monthly bill with a container service at the same load, and record the "
    "decision either way.",
    section="where-serverless-fits/edge-cases-borderline-fits",
)
def fit02(facts: Facts, most: float) -> Outcomes:
    design = facts.design
    for function in facts.functions:
        case = Case(function).at(function, "duration_ms.p50")
        shape = case.need(design, "traffic.shape")
        if shape not in (None, "steady"):
            yield case.ok()
            continue
        median = case.need(function, "duration_ms.p50")
        rate = facts.rates.component[function.id]
        if rate is None or not rate.mean_known:
            case.lack(*facts.missing_rates(function.id))
        if rate is None or median is None:
            yield case.unknown()
            continue
        busy = rate.mean * median / 1000 / max(1, function.get("concurrency.per_instance", 1))
        case.computed(f"mean rate of {function.id}", rate.mean, "requests/s")
        case.computed("instances busy on average", busy)
        case.limit("most busy instances", most, "instances")
        many: Known = busy >= most if rate.mean_known else None
        steady = both(None if shape is None else True, many)
        yield (
            case.fail(
                f"Work for {number(busy)} instances of {function.id} arrives all day: "
                f"{number(rate.mean)} requests/s of {number(median)} ms each."
            )
            if steady
            else case.rest(steady)
        )


@rule(
    "FIT03",
    "Need the platform cannot meet",
    "critical",
    "fit",
    why="Functions live for one request, have no address of their own and no disk that stays. A "
    "workload that needs one of these fails at the first deployment, or later and less clearly.",
    detects="design.needs names gpu, sticky_session, raw_tcp, udp or local_disk, and the design "
    "has functions but no container or vm.",
    false_alarm="An external service meets the need, for example a hosted model behind an API. "
    "Then it is not a need of this design.",
    fix="Put the part that has the need on a container or a machine, and keep the rest.",
    section="where-serverless-fits/poor-fits",
)
def fit03(facts: Facts) -> Outcomes:
    design = facts.design
    if not facts.functions:
        return
    case = Case(design).at(design, "needs")
    hosts = [c.id for c in design.of_kind("container", "vm")]
    needs = case.need(design, "needs")
    case.computed("containers and machines", tuple(hosts))
    unmet = [need for need in needs or () if need in UNMET]
    if hosts:
        yield case.ok()
    elif unmet:
        yield case.fail(
            f"The design needs {listed(unmet)}, has functions, and has neither container nor "
            "machine to meet it."
        )
    else:
        yield case.rest(None if needs is None else False)


@rule(
    "FIT04",
    "Long-lived connection held by a function",
    "high",
    "fit",
    why="A function that holds a connection is paid for while nothing is said, and the platform "
    "cuts the connection at the timeout. Each client then reconnects at once.",
    detects="A call edge into a function has protocol websocket, ws, wss, sse, grpc-stream or tcp.",
    false_alarm="The stream is short and bounded, such as the words of one generated answer within "
    "a few seconds.",
    fix="End the connection in a managed websocket component and push to it through events.",
    section="where-serverless-fits/poor-fits",
)
def fit04(facts: Facts) -> Outcomes:
    for edge, source, target in facts.edges("call"):
        outside = source.kind in ("client", "external")
        if target.kind != "function" or not (outside or edge.has("protocol")):
            continue
        if source.kind == "websocket":
            continue  # it holds the connection and hands single messages on
        case = Case(edge).at(edge, "protocol")
        protocol = case.need(edge, "protocol")
        held = among(protocol and protocol.lower(), HELD_OPEN)
        yield (
            case.fail(
                f"{source.id} holds a {protocol} connection to {target.id}, which is paid for "
                "while idle and cut at the timeout."
            )
            if held
            else case.rest(held)
        )


SIZES = {
    "memory_mb": "memory",
    "ephemeral_mb": "scratch disk",
    "package_mb": "package",
}


@rule(
    "FIT05",
    "Function larger than the platform offers",
    "high",
    "fit",
    params=("max_memory_mb", "max_disk_mb", "max_package_mb"),
    why="Memory, scratch disk and package of a function have ceilings that no order raises. A size "
    "above one is refused at the first deployment, after the code has been written for it.",
    detects="memory_mb, ephemeral_mb or package_mb of a function is above what the profile's "
    "platform offers.",
    false_alarm="A hosting plan of the same platform offers more and you have it: choose the "
    "profile, or model the component as a container.",
    fix="Stream instead of loading, keep large files in an object store, or run it as a container.",
    section="where-serverless-fits/poor-fits",
)
def fit05(facts: Facts, memory: float, disk: float, package: float) -> Outcomes:
    limits = dict(zip(SIZES, (memory, disk, package), strict=True))
    for function in facts.functions:
        stated = [path for path in SIZES if function.has(path)]
        if not stated:
            continue
        case = Case(function).at(function, stated[0])
        over = {path: above(case.need(function, path), limits[path]) for path in stated}
        large = [path for path, is_over in over.items() if is_over]
        found = [
            f"{number(function.get(path))} MB of {SIZES[path]} where {number(limits[path])} MB "
            "are the most"
            for path in large
        ]
        yield (
            case.at(function, large[0]).fail(f"{function.id} asks for {listed(found)}.")
            if found
            else case.rest(either(*over.values()))
        )


@rule(
    "FIT06",
    "Held connections without a component to hold them",
    "high",
    "fit",
    why="A function ends when its request does, so it cannot keep a line to a browser or a device "
    "open. Someone then builds polling into every client, and it stays.",
    detects="design.needs names long_connection, and the design has functions but no websocket, "
    "graphql, container or vm.",
    false_alarm="A service outside holds the connections and calls you for each message: then "
    "they are not a need of this design.",
    fix="Put a managed websocket component in front, and push to its connections from functions.",
    section="where-serverless-fits/poor-fits",
)
def fit06(facts: Facts) -> Outcomes:
    design = facts.design
    if not facts.functions or not design.has("needs"):
        return
    case = Case(design).at(design, "needs")
    needs = case.need(design, "needs")
    hosts = [c.id for c in design.of_kind("websocket", "graphql", "container", "vm")]
    case.computed("components that can hold a connection", tuple(hosts))
    wanted = None if needs is None else "long_connection" in needs
    unmet: Known = False if hosts else wanted
    yield (
        case.fail(
            "The design needs long connections, and has no managed endpoint, container or machine "
            "to hold them."
        )
        if unmet
        else case.rest(unmet)
    )
