"""Events and data at containers and machines: what repeats, waits or is written twice."""

from __future__ import annotations

from ._case import Case, below, equal, listed, number
from ._facts import TRIGGERS, Facts
from ._registry import rule
from ._types import Outcomes
from .servers import SERVERS


@rule(
    "DAT15",
    "Dual write from a container or machine",
    "high",
    "reliability",
    why="A deployment stops the process between the write and the event. One of the two exists "
    "then, and the two sides differ from that day.",
    detects="A container or vm writes to a store with record: true and also publishes or invokes "
    "asynchronously, without outbox: true and without a change edge from that store.",
    false_alarm="The event is only a hint, and the receiver reads the store anyway.",
    fix="Publish from the change feed of the store, or write the event into an outbox in the same "
    "transaction.",
    section="core-serverless-patterns/event-driven",
)
def dat15(facts: Facts) -> Outcomes:
    design = facts.design
    for part in design.of_kind(*SERVERS):
        sent = design.out_edges(part.id, "publish", "invoke_async")
        written = sorted({edge.target for edge in design.out_edges(part.id, "write")})
        records = [
            id
            for id in written
            if design.component(id).get("record") and not design.out_edges(id, "change")
        ]
        if not sent or not records:
            continue
        case = Case(part).at(part, "outbox")
        for id in records:
            case.read(design.component(id), "record")
        outbox = case.flag(part, "outbox")
        dual = None if outbox is None else not outbox
        channels = sorted({edge.target for edge in sent})
        yield (
            case.fail(
                f"{part.id} writes {listed(records)} and sends to {listed(channels)}; a stop "
                "between the two leaves one without the other."
            )
            if dual
            else case.rest(dual)
        )


@rule(
    "EVT20",
    "Non-idempotent server behind at-least-once delivery",
    "critical",
    "reliability",
    why="The broker delivers again whenever an acknowledgement is late or lost, and it does not "
    "matter to it what runs the consumer. A container that cannot tell charges the card again.",
    detects="A container or vm is triggered by poll, subscribe, invoke_async or change, has an "
    "outgoing write, publish, start or call to an external service, and states idempotent: none.",
    false_alarm="The effect is naturally repeatable. State idempotent: natural, and the rule "
    "passes.",
    fix="Store an idempotency key together with the effect, and drop what has been seen.",
    section="reliability-and-resilience/retries-backoff-idempotency",
)
def evt20(facts: Facts) -> Outcomes:
    for part in facts.design.of_kind(*SERVERS):
        triggers = [edge.id for edge in facts.design.in_edges(part.id, *TRIGGERS)]
        if not triggers or not facts.has_side_effects(part.id):
            continue
        case = Case(part).at(part, "idempotent")
        case.computed("edges that may deliver twice", tuple(triggers))
        unsafe = equal(case.need(part, "idempotent"), "none")
        yield (
            case.fail(
                f"{part.id} states idempotent: none, has side effects, and may see an event twice "
                f"over {listed(triggers)}."
            )
            if unsafe
            else case.rest(unsafe)
        )


@rule(
    "EVT21",
    "Queue visibility shorter than the work of its server",
    "high",
    "reliability",
    why="A message that is still being worked on becomes visible again and is given to the next "
    "worker. Under load everything is done twice, which makes the load larger.",
    detects="On a poll from a queue to a container or vm, visibility_s is below duration_ms.p99.",
    false_alarm="The worker extends the visibility while it works.",
    fix="Raise visibility_s to several times the slowest normal work, or let the worker extend it.",
    section="serverless-events-and-messaging/queue-triggered-processing",
)
def evt21(facts: Facts) -> Outcomes:
    for edge, queue, part in facts.polls:
        if queue.kind != "queue" or part.kind not in SERVERS:
            continue
        case = Case(edge).at(queue, "visibility_s")
        hidden, slowest = case.need(queue, "visibility_s"), case.need(part, "duration_ms.p99")
        short = below(hidden, None if slowest is None else slowest / 1000)
        yield (
            case.fail(
                f"{queue.id} becomes visible again after {number(hidden)} s, and one message in a "
                f"hundred takes {part.id} {number(slowest / 1000)} s."
            )
            if short
            else case.rest(short)
        )


@rule(
    "EVT22",
    "Push to a server without failure destination",
    "high",
    "reliability",
    why="A topic or bus retries a container that is being replaced for a while and then gives up. "
    "Without a failure destination, a long deployment loses events.",
    detects="A subscribe or invoke_async edge into a container or vm names no on_failure.",
    false_alarm="The next event repeats the whole state, so a lost one heals by itself.",
    fix="Set on_failure to a queue with an alarm, or put a queue in front of the container.",
    section="serverless-events-and-messaging/pub-sub-fan-out",
)
def evt22(facts: Facts) -> Outcomes:
    for edge, source, part in facts.edges("subscribe", "invoke_async"):
        if part.kind not in SERVERS or source.kind == "external":
            continue
        case = Case(edge)
        bare = case.absent(edge, "on_failure")
        yield (
            case.fail(
                f"When delivery from {source.id} to {part.id} is given up, the event is lost: the "
                "edge names no on_failure."
            )
            if bare
            else case.rest(bare)
        )
