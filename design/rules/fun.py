"""Function design: what one function has to say about itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model import Component, Edge
from ._case import Case, above, among, below, both, either, equal, number, path_of
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes

KB: Final = 1000
"""Kilobytes in the megabyte that memory is stated in."""


@rule(
    "FUN01",
    "Timeout not set explicitly",
    "medium",
    "reliability",
    why="Platform defaults run from a few seconds to several minutes. Visibility, retries and the "
    "timeouts of callers are computed from this number, so nobody can check them while it is "
    "unsaid.",
    detects="A function states no timeout_s.",
    false_alarm="None that we know: even where the default fits, saying so costs one line.",
    fix="Measure the 99th percentile and set about twice that, within the limit of the caller.",
    section="reliability-and-resilience/timeouts-circuit-breakers-fallbacks",
    references=("serverless-rules ES1006", "cdk-nag LambdaDefaultTimeout"),
)
def fun01(facts: Facts) -> Outcomes:
    for function in facts.functions:
        case = Case(function).at(function, "timeout_s")
        bare = case.absent(function, "timeout_s")
        yield (
            case.fail(f"{function.id} runs with whatever timeout the platform sets.")
            if bare
            else case.rest(bare)
        )


@rule(
    "FUN02",
    "Memory not set explicitly",
    "low",
    "performance",
    why="On most platforms memory also sets the share of a processor. The default is often the "
    "smallest size, and code that waits for a processor runs longer for the same money.",
    detects="A function states no memory_mb.",
    false_alarm="The function only waits for others, and its duration does not change with memory.",
    fix="Measure duration and price at two or three sizes and write the chosen one down.",
    section="performance-and-cost/optimization-strategies",
    references=("serverless-rules ES1005", "cdk-nag LambdaDefaultMemorySize"),
)
def fun02(facts: Facts) -> Outcomes:
    for function in facts.functions:
        case = Case(function).at(function, "memory_mb")
        bare = case.absent(function, "memory_mb")
        yield (
            case.fail(f"{function.id} runs with whatever memory the platform sets.")
            if bare
            else case.rest(bare)
        )


@rule(
    "FUN03",
    "Timeout tighter than the work",
    "high",
    "reliability",
    params=("timeout_headroom", "max_timeout_s"),
    why="A timeout close to the slowest normal run cuts off requests that would have succeeded. "
    "Where the trigger retries, the same slow work starts again and adds to the load.",
    detects="timeout_s of a function is below 1.5 × duration_ms.p99.",
    false_alarm="The 99th percentile comes from a fault that has been repaired: measure again.",
    fix="Raise the timeout to the number in the finding, or shorten the work; where the platform "
    "allows no such timeout, cut the work into steps or run it as a container job.",
    section="reliability-and-resilience/timeouts-circuit-breakers-fallbacks",
)
def fun03(facts: Facts, headroom: float, longest: float) -> Outcomes:
    for function in facts.functions:
        case = Case(function).at(function, "timeout_s")
        timeout = case.need(function, "timeout_s")
        slowest = case.need(function, "duration_ms.p99")
        case.limit("headroom", headroom)
        needed = None if slowest is None else headroom * slowest / 1000
        tight = below(timeout, needed)
        yield (
            case.fail(
                f"{function.id} is cut off after {number(timeout)} s, and one run in a hundred "
                f"takes {number(slowest / 1000)} s; {number(needed or 0)} s leave headroom"
                + (
                    "."
                    if (needed or 0) <= longest
                    else f", and the platform stops it after {number(longest)} s."
                )
            )
            if tight
            else case.rest(tight)
        )


@rule(
    "FUN04",
    "Runtime deprecated or end of life",
    "high",
    "security",
    why="A runtime past its end gets no security fixes. Some platforms then refuse updates, so the "
    "repair of an unrelated fault has to wait for the upgrade.",
    detects="runtime.status of a function is deprecated or eol.",
    false_alarm="The vendor sells extended support for this version and you have it: state current "
    "and record the date it ends.",
    fix="Upgrade the runtime, and let the build fail when a version nears its end.",
    section="testing-and-delivery/ci-cd-iac-safe-deployment",
    references=(
        "cfn-lint W2531, E2531, E2533",
        "checkov CKV_AWS_363",
        "cdk-nag LambdaLatestVersion",
    ),
)
def fun04(facts: Facts) -> Outcomes:
    for function in facts.functions:
        case = Case(function).at(function, "runtime.status")
        status = case.need(function, "runtime.status")
        case.read(function, "runtime.name")
        old = among(status, ("deprecated", "eol"))
        word = "past its end of life" if status == "eol" else "deprecated"
        yield (
            case.fail(f"{function.id} runs on {_runtime(function.get('runtime.name'))} {word}.")
            if old
            else case.rest(old)
        )


def _runtime(name: str | None) -> str:
    return f"{name}, which is" if name else "a runtime that is"


@rule(
    "FUN05",
    "Work continues after the response",
    "high",
    "reliability",
    why="The platform may freeze or discard an instance as soon as the handler has answered. What "
    "runs afterwards happens late, twice or never, and no retry covers it.",
    detects="A function states background_work: true.",
    false_alarm="The platform keeps the processor allocated after the response and you have "
    "switched that on.",
    fix="Publish an event or start a workflow for the rest, and answer when that is stored.",
    section="serverless-anti-patterns/stateful-assumptions",
)
def fun05(facts: Facts) -> Outcomes:
    for function in facts.functions:
        case = Case(function).at(function, "background_work")
        goes_on = equal(case.need(function, "background_work"), True)
        yield (
            case.fail(
                f"{function.id} goes on working after it has answered, where the platform may "
                "freeze or discard it."
            )
            if goes_on
            else case.rest(goes_on)
        )


@rule(
    "FUN06",
    "Slow initialisation",
    "medium",
    "performance",
    params=("slow_init_ms",),
    why="Every new instance pays its start before the first request. In a burst most instances are "
    "new, so most users see it.",
    detects="init_ms of a function is above 1,500 ms.",
    false_alarm="The function is fed by a queue or a schedule, and nobody waits for it.",
    fix="Ship a smaller package, load on first use, create fewer clients, or use snapshot start.",
    section="performance-and-cost/cold-starts-startup",
    references=("cfn-lint I2530 (snapshot start only)",),
)
def fun06(facts: Facts, longest: float) -> Outcomes:
    for function in facts.functions:
        case = Case(function).at(function, "init_ms")
        start = case.need(function, "init_ms")
        case.limit("longest start", longest, "ms")
        slow = above(start, longest)
        yield (
            case.fail(
                f"A new instance of {function.id} needs {number(start)} ms before its first "
                f"request; {number(longest)} ms are the limit."
            )
            if slow
            else case.rest(slow)
        )


@rule(
    "FUN07",
    "Bodies that do not fit into memory",
    "high",
    "reliability",
    params=("payload_share",),
    why="A body is held at least once as bytes and once as objects, so half the memory is soon all "
    "of it. The instance is then killed without a log line of yours, and the retry meets the same "
    "body.",
    detects="payload_kb of an edge into a function, or of a read by it, times batch_size and "
    "requests per instance, is above half of memory_mb.",
    false_alarm="The function streams the body and never holds more than a part of it.",
    fix="Stream it, take fewer items at once, or give the function more memory.",
    section="performance-and-cost/optimization-strategies",
)
def fun07(facts: Facts, share: float) -> Outcomes:
    for edge, function in _received(facts):
        case = Case(edge).at(edge, "payload_kb")
        size, memory = case.need(edge, "payload_kb"), case.need(function, "memory_mb")
        at_once = case.need(edge, "batch_size") if edge.kind == "poll" else 1
        parallel = case.default(function, "concurrency.per_instance", 1)
        if None in (size, memory, at_once, parallel):
            yield case.unknown()
            continue
        held = size * (at_once or 1) * (parallel or 1) / KB
        case.computed("bodies held at once", held, "MB")
        case.limit("share of memory for bodies", share)
        yield (
            case.fail(
                f"{function.id} has {number(memory)} MB and may hold {number(held)} MB of bodies "
                f"from {edge.source if edge.target == function.id else edge.target} at once."
            )
            if held > share * memory
            else case.ok()
        )


def _received(facts: Facts) -> Iterator[tuple[Edge, Component]]:
    """Edges that bring a function bodies of a stated size."""
    for edge in facts.design.edges:
        if not edge.has("payload_kb") or edge.kind in ("deploy", "write", "publish", "start"):
            continue
        source, target = facts.ends(edge)
        taker = source if edge.kind == "read" else target
        if taker.kind == "function":
            yield edge, taker


@rule(
    "FUN08",
    "More instances kept warm than may run",
    "medium",
    "performance",
    why="Warm instances count against the function's own limit. A number above it is refused when "
    "it is deployed, or pays for instances that no request may reach.",
    detects="concurrency.provisioned of a function is above the smaller of concurrency.reserved "
    "and concurrency.max.",
    false_alarm="None that we know: the two numbers contradict each other.",
    fix="Raise the limit, or keep fewer instances warm.",
    section="performance-and-cost/throughput-concurrency-scaling",
)
def fun08(facts: Facts) -> Outcomes:
    for function in facts.functions:
        if not function.get("concurrency.provisioned"):
            continue
        case = Case(function).at(function, "concurrency.provisioned")
        warm = case.need(function, "concurrency.provisioned")
        paths = ("concurrency.reserved", "concurrency.max")
        limits = [v for path in paths if (v := case.read(function, path)) is not None]
        if not limits:
            case.lack(*(path_of(function, path) for path in paths))
        idle = above(warm, min(limits, default=None))
        yield (
            case.fail(
                f"{function.id} keeps {number(warm)} instances warm and may run "
                f"{number(min(limits))}."
            )
            if idle
            else case.rest(idle)
        )


@rule(
    "FUN09",
    "Debug logging in live traffic",
    "low",
    "operations",
    why="At debug level each request writes its bodies and its loops. The bill for logs can pass "
    "that for compute, and what nobody meant to keep is kept.",
    detects="logs.level of a function, container or machine is debug, and the design is live.",
    false_alarm="The level is raised for one request in a thousand and this states the most: state "
    "the usual level.",
    fix="Write info and above, and raise the level by a switch for an hour when you need it.",
    section="observability-and-operations/logging-structured-telemetry",
)
def fun09(facts: Facts) -> Outcomes:
    design = facts.design
    for part in design.of_kind("function", "container", "vm"):
        if not part.has("logs.level"):
            continue
        case = Case(part).at(part, "logs.level")
        talkative = equal(case.need(part, "logs.level"), "debug")
        live = equal(case.need(design, "stage"), "live") if talkative is not False else False
        noisy = both(talkative, live)
        yield (
            case.fail(f"{part.id} is live and writes debug lines for every request.")
            if noisy
            else case.rest(noisy)
        )


@rule(
    "FUN10",
    "Package too large for a quick start",
    "medium",
    "performance",
    params=("large_package_mb",),
    why="A new instance fetches and opens the package before the first request. Hundreds of "
    "megabytes are mostly libraries that this function never calls, and a waiting user pays.",
    detects="package_mb of a function on a synchronous path is above 250, and no instance is kept "
    "warm.",
    false_alarm="The platform fetches only the blocks that are read, and the measured start is "
    "short.",
    fix="Drop what is not called, or give what is large a package with the one function that needs "
    "it.",
    section="performance-and-cost/cold-starts-startup",
)
def fun10(facts: Facts, largest: float) -> Outcomes:
    for function in facts.functions:
        if function.id not in facts.sync_functions or not function.has("package_mb"):
            continue
        case = Case(function).at(function, "package_mb")
        size = case.need(function, "package_mb")
        case.limit("largest package that starts quickly", largest, "MB")
        cold = equal(case.need(function, "concurrency.provisioned"), 0)
        slow = both(above(size, largest), cold)
        yield (
            case.fail(
                f"Callers wait for {function.id} while {number(size)} MB are fetched; "
                f"{number(largest)} MB are the limit."
            )
            if slow
            else case.rest(slow)
        )


@rule(
    "FUN14",
    "Function that may not run",
    "high",
    "reliability",
    why="A limit of nothing switches a function off. It is set in an incident and forgotten, and "
    "what is sent to the function is refused or waits until it expires.",
    detects="concurrency.reserved or concurrency.max of a function with incoming edges is 0.",
    false_alarm="It is switched off on purpose, such as a replay between two incidents: leave out "
    "the edge that feeds it.",
    fix="Set the limit that the function's dependencies can bear.",
    section="performance-and-cost/throughput-concurrency-scaling",
)
def fun14(facts: Facts) -> Outcomes:
    paths = ("concurrency.reserved", "concurrency.max")
    for function in facts.functions:
        stated = [path for path in paths if function.has(path)]
        if not stated or not facts.design.in_edges(function.id):
            continue
        case = Case(function).at(function, stated[0])
        off = either(*(equal(case.need(function, path), 0) for path in stated))
        yield (
            case.fail(f"{function.id} may run in no instance, and work is sent to it.")
            if off
            else case.rest(off)
        )
