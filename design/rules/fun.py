"""Function design: what one function has to say about itself."""

from __future__ import annotations

from ._case import Case, above, among, below, equal, number
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes


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
    params=("timeout_headroom",),
    why="A timeout close to the slowest normal run cuts off requests that would have succeeded. "
    "Where the trigger retries, the same slow work starts again and adds to the load.",
    detects="timeout_s of a function is below 1.5 × duration_ms.p99.",
    false_alarm="The 99th percentile comes from a fault that has been repaired: measure again.",
    fix="Raise the timeout to the number in the finding, or shorten the work.",
    section="reliability-and-resilience/timeouts-circuit-breakers-fallbacks",
)
def fun03(facts: Facts, headroom: float) -> Outcomes:
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
                f"takes {number(slowest / 1000)} s; {number(needed or 0)} s leave headroom."
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
