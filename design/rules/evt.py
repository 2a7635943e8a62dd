"""Events and messaging: what queues, topics and streams do to the code behind them."""

from __future__ import annotations

from ..model import Edge
from ._case import Case, above, both, either, equal, listed, number
from ._facts import TRIGGERS, Facts
from ._registry import rule
from ._types import Outcomes, Severity

ORDERS = {"none": "no order", "key": "order per key", "fifo": "fifo order", "total": "total order"}
MESSAGING = frozenset({"queue", "topic", "bus", "stream"})


@rule(
    "EVT03",
    "Stream or change-feed consumer without bounds",
    "high",
    "reliability",
    why="A stream is read in order, so one record that always fails holds up everything behind "
    "it in the same shard. Without bounds, that lasts until the record expires. The notification "
    "of an object store holds nothing up; it is tried a few times and then it is gone.",
    detects="A change edge, or a poll of a stream, lacks on_failure, max_age_s or retries.max.",
    false_alarm="Order matters more than progress and a person is paged at once: then a stalled "
    "shard is the wanted behaviour, and an alarm on lag has to exist.",
    fix="Set retries.max and max_age_s below the retention of the stream, split failing batches, "
    "and send what is left to on_failure.",
    section="serverless-events-and-messaging/stream-processing",
    references=("serverless-rules ES1001", "cdk-nag LambdaEventSourceMappingDestination"),
)
def evt03(facts: Facts) -> Outcomes:
    for edge, source, target in facts.edges("change", "poll"):
        if edge.kind == "change" or source.kind == "stream":
            case = Case(edge)
            paths = ("on_failure", "max_age_s", "retries.max")
            bare = {path: case.absent(edge, path) for path in paths}
            without = [path for path, absent in bare.items() if absent]
            # What an object store tells waits in no shard: nothing stands behind it.
            ends = (
                "so what cannot be handled is tried as often as the platform likes, and lost"
                if source.kind == "object_store"
                else "so one bad record holds up those behind it"
            )
            yield (
                case.fail(f"{target.id} reads {source.id} without {listed(without)}, {ends}.")
                if without
                else case.rest(either(*bare.values()))
            )


@rule(
    "EVT04",
    "Non-idempotent consumer of at-least-once delivery",
    "critical",
    "reliability",
    why="At-least-once delivery means that the same event arrives twice on an ordinary day: after "
    "a timeout, a deployment or a lost acknowledgement. A consumer that cannot tell repeats the "
    "effect, and a card is charged again.",
    detects="A function is triggered by poll, subscribe, invoke_async or change, or by a step that "
    "may be repeated, has an outgoing write, publish, start or call to an external service, and "
    "states idempotent: none.",
    false_alarm="The effect is naturally repeatable, such as storing the same value under the same "
    "key. State idempotent: natural, and the rule passes.",
    fix="Store an idempotency key together with the effect, taken from the business event and not "
    "from the broker's message id, and drop what has been seen.",
    section="reliability-and-resilience/retries-backoff-idempotency",
    references=("AWS Well-Architected Serverless Lens REL 2 (asks)",),
)
def evt04(facts: Facts) -> Outcomes:
    for function in facts.functions:
        triggers = _repeating(facts, function.id)
        if triggers and facts.has_side_effects(function.id):
            case = Case(function)
            unsafe = equal(case.need(function, "idempotent"), "none")
            case.computed("edges that may deliver twice", tuple(edge.id for edge in triggers))
            yield (
                case.at(function, "idempotent").fail(
                    f"{function.id} states idempotent: none, has side effects, and may see an "
                    f"event twice over the {listed([_told(edge) for edge in triggers])}."
                )
                if unsafe
                else case.rest(unsafe)
            )


def _told(edge: Edge) -> str:
    return f"{edge.kind} edge from {edge.source}"


def _repeating(facts: Facts, id: str) -> list[Edge]:
    """Incoming edges over which the same work may arrive twice."""
    design = facts.design
    found = list(design.in_edges(id, *TRIGGERS))
    for edge in design.in_edges(id, "step"):
        express = design.component(edge.source).get("mode") == "express"
        if express or edge.get("retries.max", 0) > 0:
            found.append(edge)
    return found


@rule(
    "EVT05",
    "Queue visibility too short for its consumer",
    "high",
    "reliability",
    params=("visibility_factor", "max_batch_window_s"),
    why="A queue hides a received message for the visibility timeout and then hands it to the next "
    "consumer. If the first one is still at work, or waits to be admitted, both process it.",
    detects="On a poll from a queue to a function, visibility_s is below the profile's factor "
    "(6) × timeout_s + batch_window_s. Below one timeout the finding is critical. Where "
    "batch_window_s is not stated, the rule decides only if no window could change the answer.",
    false_alarm="The consumer extends the visibility while it works, or the measured duration is "
    "far below a generous timeout and throttling cannot occur.",
    fix="Raise visibility_s to the number in the finding, or lower the timeout of the function to "
    "what its slowest normal batch needs.",
    section="serverless-events-and-messaging/queue-triggered-processing",
    references=(
        "cdk-nag LambdaEventSourceSQSVisibilityTimeout (6 ×, without the batch window)",
        "cfn-lint E3505 (1 × only)",
    ),
)
def evt05(facts: Facts, factor: float, longest: float) -> Outcomes:
    for edge, queue, function in facts.polls:
        if queue.kind != "queue" or function.kind != "function":
            continue
        case = Case(edge)
        hidden = case.need(queue, "visibility_s")
        timeout = case.need(function, "timeout_s")
        window = case.need(edge, "batch_window_s")
        case.limit("visibility factor", factor)
        if hidden is None or timeout is None:
            yield case.unknown()
            continue
        needed = factor * timeout + (window or 0)
        short: bool | None = hidden < needed
        if window is None and needed <= hidden < needed + longest:
            short = None
        case.computed("visibility needed", needed, "s")
        collects = f" and collects {number(window)} s" if window else ""
        yield (
            case.at(queue, "visibility_s").fail(
                f"{queue.id} becomes visible again after {number(hidden)} s; {function.id} may "
                f"run {number(timeout)} s{collects}, so {number(needed)} s are needed.",
                Severity.CRITICAL if hidden < timeout else None,
            )
            if short
            else case.rest(short)
        )


@rule(
    "EVT07",
    "Whole batch retried for one bad record",
    "medium",
    "reliability",
    why="If the consumer can only answer for the whole batch, one bad record sends its neighbours "
    "back as well. They are processed again, and they reach the dead-letter queue with it.",
    detects="A poll edge has a batch_size above 1 and states partial_failure: false.",
    false_alarm="The batch is written in one transaction, so that either all of it counts or none.",
    fix="Report failed items one by one, and let the poller retry only those.",
    section="serverless-events-and-messaging/queue-triggered-processing",
)
def evt07(facts: Facts) -> Outcomes:
    for edge, channel, consumer in facts.polls:
        case = Case(edge)
        size = case.need(edge, "batch_size")
        whole = both(above(size, 1), equal(case.need(edge, "partial_failure"), False))
        yield (
            case.at(edge, "partial_failure").fail(
                f"{consumer.id} takes {number(size)} messages from {channel.id} at once and "
                f"reports no single failures, so one bad message sends back {number(size - 1)} "
                "others."
            )
            if whole
            else case.rest(whole)
        )


@rule(
    "EVT08",
    "Ordering assumed but not provided",
    "high",
    "reliability",
    why="A standard queue delivers nearly in order while it is quiet and out of order under load. "
    "Code that relies on the order passes every test and corrupts state at the peak.",
    detects="An edge states ordering key or total, but the queue, topic or bus at its end does not "
    "keep such an order; or ordering is total and max_concurrency is not 1.",
    false_alarm="The messages carry a version and the consumer drops older ones. Then it does not "
    "rely on order: state ordering: none.",
    fix="Use an ordered channel keyed by the entity, or put a version in the message and ignore "
    "what is older than the stored one.",
    section="serverless-events-and-messaging/stream-processing",
)
def evt08(facts: Facts) -> Outcomes:
    for edge in facts.design.edges:
        source, target = facts.ends(edge)
        wanted = edge.get("ordering", "none")
        channels = [end for end in (source, target) if end.kind in MESSAGING]
        if wanted == "none" or not (channels or edge.has("max_concurrency")):
            continue
        case = Case(edge).at(edge, "ordering")
        case.read(edge, "ordering")
        kept: tuple[str, ...] = ("fifo", "key") if wanted == "key" else ("fifo",)
        loose: bool | None = False
        channel = source
        for end in channels:
            order = None if end.kind == "stream" else case.need(end, "order")
            if order is not None and order not in kept:
                loose, channel = True, end
            elif order is None and end.kind != "stream" and not loose:
                loose = None
        parallel: bool | None = False
        if wanted == "total" and (edge.kind != "publish" or edge.has("max_concurrency")):
            parallel = above(case.need(edge, "max_concurrency"), 1)
        problem = either(loose, parallel)
        if not problem:
            yield case.rest(problem)
        elif loose:
            yield case.fail(
                f"What goes from {source.id} to {target.id} relies on {ORDERS[wanted]}; "
                f"{channel.id} keeps {ORDERS[channel.get('order')]}."
            )
        else:
            yield case.fail(
                f"What goes from {source.id} to {target.id} relies on total order, and "
                f"{number(edge.get('max_concurrency'))} batches are handled at once."
            )


@rule(
    "EVT09",
    "Message larger than the channel accepts",
    "high",
    "reliability",
    params=("message_kb",),
    why="Channels refuse what is over their limit. The publish call fails each time, and retrying "
    "changes nothing.",
    detects="payload_kb of an edge at a queue, topic, bus or stream is above that channel's "
    "payload_limit_kb, or above the profile's limit where the channel states none.",
    false_alarm="The client library already stores large bodies elsewhere and sends a reference; "
    "then payload_kb should be the size of the reference.",
    fix="Store the body in an object store and send its address (claim check).",
    section="serverless-events-and-messaging/queue-triggered-processing",
)
def evt09(facts: Facts, usual: float) -> Outcomes:
    for edge in facts.design.edges:
        source, target = facts.ends(edge)
        arrives = target.kind in MESSAGING
        if not arrives and not (source.kind in MESSAGING and edge.has("payload_kb")):
            continue
        case = Case(edge).at(edge, "payload_kb")
        size = case.need(edge, "payload_kb")
        limits = []
        for end in (target, source):
            if end.kind in MESSAGING:
                limit = case.read(end, "payload_limit_kb")
                if limit is None:
                    limit = usual
                    case.limit("largest message", usual, "KB")
                limits.append((limit, end is source, end.id))
        limit, _, refusing = min(limits)
        large = above(size, limit)
        yield (
            case.fail(
                f"A message of {number(size)} KB is sent, and {refusing} accepts "
                f"{number(limit)} KB."
            )
            if large
            else case.rest(large)
        )


@rule(
    "EVT10",
    "Event without a versioned schema",
    "medium",
    "operations",
    why="The producer of an event does not know who reads it. A renamed field breaks consumers of "
    "other teams, and they learn it from their own alarms.",
    detects="A publish or change edge into a topic, bus or stream states no schema.versioned, or "
    "states false.",
    false_alarm="Producer and consumers are one deployment unit with one owner, and they change "
    "together.",
    fix="Register the schema with a version and check compatibility when the producer is built.",
    section="serverless-events-and-messaging/pub-sub-fan-out",
)
def evt10(facts: Facts) -> Outcomes:
    for edge, source, target in facts.edges("publish", "change"):
        if target.kind in ("topic", "bus", "stream"):
            case = Case(edge).at(edge, "schema.versioned")
            absent = case.absent(edge, "schema.versioned")
            bare = absent if absent is not False else not edge.get("schema.versioned")
            yield (
                case.fail(
                    f"Events from {source.id} to {target.id} have no versioned schema, so "
                    "consumers cannot see a change coming."
                )
                if bare
                else case.rest(bare)
            )


@rule(
    "EVT13",
    "Batch cannot finish within the timeout",
    "high",
    "reliability",
    params=("timeout_share",),
    why="If a full batch needs longer than the function may run, every full batch is cut off and "
    "delivered again. It works until traffic fills the batches, and then nothing completes.",
    detects="batch_size × item_ms is above 80 percent of the consumer's timeout_s.",
    false_alarm="Items are handled in parallel inside the function; then item_ms should be the "
    "time per item of the whole batch.",
    fix="Take fewer items at once, or raise the timeout and the visibility together.",
    section="serverless-events-and-messaging/queue-triggered-processing",
)
def evt13(facts: Facts, share: float) -> Outcomes:
    for edge, _, function in facts.polls:
        if function.kind != "function":
            continue
        case = Case(edge).at(edge, "batch_size")
        size = case.need(edge, "batch_size")
        item = case.need(edge, "item_ms")
        timeout = case.need(function, "timeout_s")
        if None in (size, item, timeout):
            yield case.unknown()
            continue
        needed = size * item / 1000
        case.computed("time of a full batch", needed, "s")
        case.limit("share of the timeout", share)
        yield (
            case.fail(
                f"A full batch needs {number(size)} × {number(item)} ms = {number(needed)} s; "
                f"{function.id} is cut off after {number(timeout)} s, and "
                f"{number(share * timeout)} s of that should be planned."
            )
            if needed > share * timeout
            else case.ok()
        )
