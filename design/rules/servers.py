"""Containers and machines: the faults of functions that they share, and their own."""

from __future__ import annotations

from typing import Final

from ..kinds import ENTRY
from ._case import Case, Known, above, among, below, both, equal, number
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes
from .sec import personal, reached_from_outside

SERVERS: Final = ("container", "vm")
ANSWERING: Final = ("function", "external", "api", "graphql", "container")


@rule(
    "ANT11",
    "State kept in one of several servers",
    "high",
    "reliability",
    why="The load balancer sends the next request to another instance, which has not seen the "
    "last one. Users lose their basket now and then, and nobody can repeat it.",
    detects="A container or vm states state_local: required, and may run in more than one "
    "instance or in none.",
    false_alarm="Requests of one user always reach the same instance, and losing it is accepted.",
    fix="Keep the state in a store or a cache service.",
    section="serverless-anti-patterns/stateful-assumptions",
)
def ant11(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind(*SERVERS):
        if not part.has("state_local"):
            continue
        case = Case(part).at(part, "state_local")
        relies = equal(case.need(part, "state_local"), "required")
        several: Known = False
        if relies is not False:
            path = "count" if part.kind == "vm" else "instances.max"
            several = above(case.need(part, path), 1)
            if part.get("scale_to_zero") or part.get("instances.min") == 0:
                several = True
        lost = both(relies, several)
        yield (
            case.fail(
                f"{part.id} needs what an earlier request left in the instance, and the next "
                "request may meet another one."
            )
            if lost
            else case.rest(lost)
        )


@rule(
    "API13",
    "Gateway times out before its container",
    "high",
    "reliability",
    why="The caller sees an error while the container works on and stores the result. The caller "
    "tries again, and the work is done twice.",
    detects="On a call from an entry point to a container or vm, timeout_s of the entry point is "
    "not above timeout_s of the component.",
    false_alarm="The long timeout serves another way in. Split the two.",
    fix="Set the timeout of the service below that of the gateway; move longer work behind a "
    "queue.",
    section="reliability-and-resilience/timeouts-circuit-breakers-fallbacks",
)
def api13(facts: Facts) -> Outcomes:
    for edge, entry, part in facts.edges("call"):
        if entry.kind not in ENTRY or part.kind not in SERVERS or not part.has("timeout_s"):
            continue
        case = Case(edge).at(entry, "timeout_s")
        gateway, work = case.need(entry, "timeout_s"), case.need(part, "timeout_s")
        early = None if gateway is None or work is None else gateway <= work
        yield (
            case.fail(
                f"{entry.id} gives up after {number(gateway)} s while {part.id} may work "
                f"{number(work)} s, so work goes on that nobody waits for."
            )
            if early
            else case.rest(early)
        )


@rule(
    "FUN11",
    "Server on a runtime without security fixes",
    "high",
    "security",
    why="Nobody forces an image or a machine to be upgraded, as a platform does with functions. It "
    "runs on for years with holes that are public.",
    detects="runtime.status of a container or vm is deprecated or eol.",
    false_alarm="The vendor sells extended support for this version and you have it: state current "
    "and record the date it ends.",
    fix="Upgrade the base image, and rebuild it every week whether or not the code has changed.",
    section="testing-and-delivery/ci-cd-iac-safe-deployment",
)
def fun11(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind(*SERVERS):
        if not part.has("runtime.status"):
            continue
        case = Case(part).at(part, "runtime.status")
        status = case.need(part, "runtime.status")
        old = among(status, ("deprecated", "eol"))
        word = "past its end of life" if status == "eol" else "deprecated"
        name = case.read(part, "runtime.name") or "a runtime"
        yield case.fail(f"{part.id} runs on {name}, {word}.") if old else case.rest(old)


@rule(
    "FUN12",
    "Timeout of a server or workflow tighter than its work",
    "high",
    "reliability",
    params=("timeout_headroom",),
    why="A timeout close to the slowest normal run cuts off work that would have succeeded. What "
    "started it tries again and adds to the load.",
    detects="timeout_s of a container, vm or workflow is below 1.5 × duration_ms.p99.",
    false_alarm="The 99th percentile comes from a fault that has been repaired: measure again.",
    fix="Raise the timeout to the number in the finding, or shorten the work.",
    section="reliability-and-resilience/timeouts-circuit-breakers-fallbacks",
)
def fun12(facts: Facts, headroom: float) -> Outcomes:
    for part in facts.design.of_kind(*SERVERS, "workflow"):
        if not part.has("timeout_s") or not part.has("duration_ms.p99"):
            continue
        case = Case(part).at(part, "timeout_s")
        timeout, slowest = case.need(part, "timeout_s"), case.need(part, "duration_ms.p99")
        case.limit("headroom", headroom)
        needed = None if slowest is None else headroom * slowest / 1000
        tight = below(timeout, needed)
        yield (
            case.fail(
                f"{part.id} is cut off after {number(timeout)} s, and one run in a hundred takes "
                f"{number(slowest / 1000)} s; {number(needed or 0)} s leave headroom."
            )
            if tight
            else case.rest(tight)
        )


@rule(
    "FUN13",
    "Background work in a service that scales to nothing",
    "high",
    "reliability",
    why="A service that is paid by the request gets no processor once it has answered, and is "
    "removed when nobody asks. What it still had to do is done late or never.",
    detects="A container states background_work: true and scale_to_zero: true.",
    false_alarm="The platform keeps the processor allocated and waits for the work to end.",
    fix="Publish an event for the rest, or keep one instance with its processor.",
    section="serverless-anti-patterns/stateful-assumptions",
)
def fun13(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind("container"):
        if not part.has("background_work"):
            continue
        case = Case(part).at(part, "background_work")
        goes_on = equal(case.need(part, "background_work"), True)
        idle: Known = case.need(part, "scale_to_zero") if goes_on is not False else False
        lost = both(goes_on, idle)
        yield (
            case.fail(
                f"{part.id} goes on working after it has answered, and may be removed as soon as "
                "nobody asks."
            )
            if lost
            else case.rest(lost)
        )


@rule(
    "OBS11",
    "Tracing ends at a server",
    "medium",
    "operations",
    why="The part of a request that is spent in the container is then a gap in the trace, and the "
    "gap is where most of the time goes.",
    detects="A container, vm or websocket states tracing: false.",
    false_alarm="A sidecar or mesh traces the same requests: state true.",
    fix="Switch tracing on, and pass the context on to what is called.",
    section="observability-and-operations/metrics-tracing-dependencies",
)
def obs11(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind(*SERVERS, "websocket"):
        if not part.has("tracing"):
            continue
        case = Case(part).at(part, "tracing")
        dark = equal(case.need(part, "tracing"), False)
        yield case.fail(f"Requests are not traced through {part.id}.") if dark else case.rest(dark)


@rule(
    "OBS12",
    "Server that logs free text",
    "low",
    "operations",
    why="Free text cannot be counted or joined by request. With several instances writing at once, "
    "it cannot even be read in order.",
    detects="A container or vm states logs.structured: false.",
    false_alarm="An agent turns the lines into fields before they are stored: state true.",
    fix="Write JSON lines with the same fields as the functions.",
    section="observability-and-operations/logging-structured-telemetry",
)
def obs12(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind(*SERVERS):
        if not part.has("logs.structured"):
            continue
        case = Case(part).at(part, "logs.structured")
        free = equal(case.need(part, "logs.structured"), False)
        yield case.fail(f"The logs of {part.id} are free text.") if free else case.rest(free)


@rule(
    "REL19",
    "Server that calls without a timeout",
    "high",
    "reliability",
    why="A container serves many requests at once. When a partner answers slowly, all of them wait "
    "for it, and the service stops answering those that need no partner.",
    detects="A call from a container or vm to a function, external, api or container states no "
    "timeout_s.",
    false_alarm="The client library sets one by itself. State it: the number is part of the "
    "design.",
    fix="Set timeout_s on the edge well below what the callers of the service wait.",
    section="reliability-and-resilience/timeouts-circuit-breakers-fallbacks",
)
def rel19(facts: Facts) -> Outcomes:
    for edge, caller, target in facts.edges("call"):
        if caller.kind not in SERVERS or target.kind not in ANSWERING:
            continue
        case = Case(edge)
        bare = case.absent(edge, "timeout_s")
        yield (
            case.fail(f"{caller.id} waits for {target.id} without a timeout.")
            if bare
            else case.rest(bare)
        )


@rule(
    "SEC25",
    "Personal data in the logs of a server",
    "high",
    "security",
    why="Logs are copied to more places, read by more people and kept longer than the data itself. "
    "A request to erase somebody does not reach them.",
    detects="An edge of a container or vm carries personal data, and it states "
    "logs.redacted: false.",
    false_alarm="It never logs bodies or identifiers: that is redaction, state it.",
    fix="Redact in the logger, and test it with a made-up person.",
    section="observability-and-operations/logging-structured-telemetry",
)
def sec25(facts: Facts) -> Outcomes:
    design = facts.design
    for part in design.of_kind(*SERVERS):
        if not part.has("logs.redacted"):
            continue
        case = Case(part).at(part, "logs.redacted")
        touching = (*design.in_edges(part.id), *design.out_edges(part.id))
        about_people = personal(facts, case, touching)
        leaks = both(about_people, equal(case.need(part, "logs.redacted"), False))
        yield (
            case.fail(f"{part.id} handles personal data and writes it to its logs.")
            if leaks
            else case.rest(leaks)
        )


@rule(
    "SEC26",
    "Server that trusts what comes from outside",
    "high",
    "security",
    why="A header, a file name or a message body is in an attacker's hands, whatever runs the code "
    "that reads it. Behind a queue it only arrives later.",
    detects="A container or vm that can be reached from a client, an external service or a public "
    "entry point states input_validation: none.",
    false_alarm="Everything in front of it has validated the same fields with the same schema.",
    fix="Check every request and message against a schema where it enters the code.",
    section="serverless-security/input-validation-event-trust",
)
def sec26(facts: Facts) -> Outcomes:
    exposed = reached_from_outside(facts)
    for part in facts.design.of_kind(*SERVERS):
        if part.id not in exposed or not part.has("input_validation"):
            continue
        case = Case(part).at(part, "input_validation")
        trusting = equal(case.need(part, "input_validation"), "none")
        yield (
            case.fail(f"What {part.id} receives can come from outside, and it does not check it.")
            if trusting
            else case.rest(trusting)
        )
