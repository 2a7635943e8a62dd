"""Events on their way: when they expire, where they end, and who starts them."""

from __future__ import annotations

from ._case import Case, above, both, equal, number
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes

SENDING = ("publish", "subscribe", "change", "invoke_async", "write")
SHAPE = "The rule reads only which components and edges there are, and a design states those."


@rule(
    "EVT14",
    "Messages expire before their attempts are used",
    "high",
    "reliability",
    why="A queue deletes what is older than its retention, whatever its state. If the attempts "
    "take longer than that, a failing message is deleted and never reaches the dead-letter queue.",
    detects="max_receive × visibility_s of a polled queue with a dlq is not below its retention_s.",
    false_alarm="Losing a late message is intended. Then the dead-letter queue is not needed "
    "either.",
    fix="Raise retention_s to several times the number in the finding, or try fewer times.",
    section="reliability-and-resilience/dead-letter-queues-quarantine",
)
def evt14(facts: Facts) -> Outcomes:
    polled = {channel.id for _, channel, _ in facts.polls}
    for queue in facts.design.of_kind("queue"):
        if queue.id not in polled or not queue.get("dlq"):
            continue
        case = Case(queue).at(queue, "retention_s")
        kept = case.need(queue, "retention_s")
        tries, hidden = case.need(queue, "max_receive"), case.need(queue, "visibility_s")
        if None in (kept, tries, hidden):
            yield case.unknown()
            continue
        needed = tries * hidden
        case.computed("time that all attempts may take", needed, "s")
        yield (
            case.fail(
                f"{queue.id} tries {number(tries)} times, {number(hidden)} s apart, and deletes "
                f"messages after {number(kept)} s: they expire before they are set aside."
            )
            if needed >= kept
            else case.ok()
        )


@rule(
    "EVT15",
    "Age bound beyond what the stream keeps",
    "medium",
    "reliability",
    why="A consumer that gives records up by age sends them to its failure destination. If the "
    "stream drops them first, nothing is sent and the loss leaves no trace.",
    detects="max_age_s of a poll from a stream is above the stream's retention_s.",
    false_alarm="Another bound, such as retries, always acts first.",
    fix="Set max_age_s well below the retention of the stream, or keep records longer.",
    section="serverless-events-and-messaging/stream-processing",
)
def evt15(facts: Facts) -> Outcomes:
    for edge, stream, consumer in facts.polls:
        if stream.kind != "stream" or not edge.has("max_age_s"):
            continue
        case = Case(edge).at(edge, "max_age_s")
        oldest, kept = case.need(edge, "max_age_s"), case.need(stream, "retention_s")
        late = above(oldest, kept)
        yield (
            case.fail(
                f"{consumer.id} gives records up after {number(oldest)} s, and {stream.id} has "
                f"dropped them after {number(kept)} s."
            )
            if late
            else case.rest(late)
        )


@rule(
    "EVT16",
    "Failed messages led back to where they failed",
    "high",
    "reliability",
    why="A failure destination that leads back to its source turns one bad message into an endless "
    "one. It uses up workers and is never seen by a person.",
    detects="The dlq of a queue leads back to that queue, or on_failure of an edge names the "
    "channel that the edge comes from or the component that failed.",
    false_alarm="None that we know. A paced way back is a component of its own with a counter.",
    fix="Send failures to a queue that nothing empties by itself.",
    section="reliability-and-resilience/dead-letter-queues-quarantine",
)
def evt16(facts: Facts) -> Outcomes:
    design = facts.design
    queues = {q.id: q.get("dlq") for q in design.of_kind("queue") if q.has("dlq")}
    circle = _circling(queues)
    for id in queues:
        queue = design.component(id)
        case = Case(queue).at(queue, "dlq")
        dead = case.need(queue, "dlq")
        round_trip = None if dead is None else id in circle
        yield (
            case.fail(f"What fails in {id} is moved to {dead} and comes back to {id} from there.")
            if round_trip
            else case.rest(round_trip)
        )
    for edge in design.edges:
        if not edge.has("on_failure"):
            continue
        case = Case(edge).at(edge, "on_failure")
        aside = case.need(edge, "on_failure")
        back = None if aside is None else aside in (edge.source, edge.target)
        yield (
            case.fail(
                f"What cannot be delivered from {edge.source} to {edge.target} is sent to "
                f"{aside} again."
            )
            if back
            else case.rest(back)
        )


def _circling(following: dict[str, str | None]) -> set[str]:
    """Members of the circles in a table that names one successor for each key."""
    seen: set[str] = set()
    circle: set[str] = set()
    for start in following:
        walk: list[str] = []
        here: str | None = start
        while here is not None and here not in seen:
            seen.add(here)
            walk.append(here)
            here = following.get(here)
        if here in walk:
            circle.update(walk[walk.index(here) :])
    return circle


@rule(
    "EVT17",
    "Messages that nobody reads",
    "medium",
    "reliability",
    params=("drawn_edges",),
    never_unknown=SHAPE,
    why="What is put into a queue without a reader waits until it expires. The sender sees an "
    "acknowledgement each time, so nothing tells it.",
    detects="A design has 3 edges or more, and something is sent to a queue that is no dead-letter "
    "queue and that nothing polls or reads.",
    false_alarm="The reader belongs to another team: draw it as an external service.",
    fix="Draw the reader, or remove the channel and what is sent to it.",
    section="serverless-events-and-messaging/queue-triggered-processing",
)
def evt17(facts: Facts, drawn: float) -> Outcomes:
    design = facts.design
    if len(design.edges) < drawn:
        return
    for channel in design.of_kind("queue"):
        sent = design.in_edges(channel.id, *SENDING)
        if channel.id in facts.dead_letter_queues or not sent:
            continue
        readers = [edge.target for edge in design.out_edges(channel.id)]
        readers += [edge.source for edge in design.in_edges(channel.id, "read")]
        case = Case(channel)
        case.computed("readers", tuple(sorted(set(readers))))
        yield (
            case.ok()
            if readers
            else case.fail(f"Messages are sent to {channel.id}, and nothing reads them.")
        )


@rule(
    "EVT18",
    "Subscriber of everything on a shared bus",
    "medium",
    "cost",
    why="A rule without a filter invokes its target for every event of every producer, and for "
    "those that are added next year. Most invocations then only find out that they do not care.",
    detects="A bus has two senders or more, and a subscribe edge from it states filter: false.",
    false_alarm="The target is an archive or an audit trail and wants all of it.",
    fix="Filter on source and type where the event is routed, before anybody pays for reading it.",
    section="serverless-events-and-messaging/event-filtering-routing-transformation",
)
def evt18(facts: Facts) -> Outcomes:
    for edge, bus, target in facts.edges("subscribe"):
        senders = {e.source for e in facts.design.in_edges(bus.id, "publish", "change")}
        if bus.kind != "bus" or target.kind == "log_sink" or len(senders) < 2:
            continue
        case = Case(edge).at(edge, "filter")
        case.computed("senders", tuple(sorted(senders)))
        everything = equal(case.need(edge, "filter"), False)
        yield (
            case.fail(
                f"{target.id} receives all that {len(senders)} senders put on {bus.id}; no filter "
                "chooses."
            )
            if everything
            else case.rest(everything)
        )


@rule(
    "EVT19",
    "Scheduled run that meets its next start",
    "medium",
    "reliability",
    why="A run that is slower than its interval meets the next one, and both work on the same "
    "items. It happens on the day with the most items.",
    detects="A schedule states overlap: allow, and the slowest run of what it starts is longer "
    "than every_s. A run takes duration_ms.p99, or timeout_s where that is shorter or alone.",
    false_alarm="Each run takes its items with a condition, so that two runs share the work.",
    fix="Forbid overlap, lengthen the interval, or lock what a run has taken.",
    section="core-serverless-patterns/scheduled-and-automation",
)
def evt19(facts: Facts) -> Outcomes:
    for edge, schedule, target in facts.edges("subscribe", "invoke_async", "call", "start"):
        if schedule.kind != "schedule" or not schedule.has("every_s"):
            continue
        case = Case(edge).at(schedule, "overlap")
        every = case.need(schedule, "every_s")
        usual, limit = case.read(target, "duration_ms.p99"), case.read(target, "timeout_s")
        ends = [ms for ms in (usual, None if limit is None else limit * 1000) if ms is not None]
        slowest = min(ends, default=None)
        if slowest is None:
            case.lack(f"{target.id}.timeout_s")
        late = above(slowest, None if every is None else every * 1000)
        allowed = equal(case.need(schedule, "overlap"), "allow") if late is not False else False
        meets = both(late, allowed)
        yield (
            case.fail(
                f"{schedule.id} starts {target.id} every {number(every)} s, whether or not the run "
                f"before has ended, and one may take {number((slowest or 0) / 1000)} s."
            )
            if meets
            else case.rest(meets)
        )


@rule(
    "EVT23",
    "Facts that cannot be replayed",
    "low",
    "reliability",
    why="A subscriber that wrote nonsense for a day can be repaired, but the events of that day "
    "are gone. Each of its neighbours still has them, in a form of its own.",
    detects="A topic or bus with two subscribers or more states archive: false, and the design's "
    "criticality is high or critical.",
    false_alarm="Each event can be made again from a store that keeps its history.",
    fix="Keep an archive for longer than a fault stays unseen, and try one replay.",
    section="serverless-events-and-messaging/pub-sub-fan-out",
)
def evt23(facts: Facts) -> Outcomes:
    for channel in facts.design.of_kind("topic", "bus"):
        readers = {edge.target for edge in facts.design.out_edges(channel.id, "subscribe")}
        if len(readers) < 2 or not channel.has("archive"):
            continue
        case = Case(channel).at(channel, "archive")
        case.computed("subscribers", tuple(sorted(readers)))
        gone = equal(case.need(channel, "archive"), False)
        serious = facts.critical_enough(case) if gone is not False else False
        lost = both(gone, serious)
        yield (
            case.fail(
                f"What {channel.id} hands to {len(readers)} subscribers is kept nowhere, and the "
                f"design's criticality is {facts.design.get('criticality')}."
            )
            if lost
            else case.rest(lost)
        )
