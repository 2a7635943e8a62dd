"""Events that fail: where they go, after how many attempts, and who looks."""

from __future__ import annotations

from ._case import Case, below, either, lacks, listed, number
from ._facts import Facts
from ._registry import rule
from ._types import Outcomes


@rule(
    "EVT01",
    "Queue without dead-letter queue",
    "high",
    "reliability",
    why="A message that always fails is delivered again until its retention ends, and every "
    "attempt takes a worker away from healthy messages. Then the broker deletes it, and nothing "
    "records that it existed.",
    detects="A work queue that a consumer polls names no dlq. Dead-letter queues themselves are "
    "left out.",
    false_alarm="The messages lose their value within seconds and losing one costs nothing, as "
    "with a cache refresh that the next one repeats.",
    fix="Give the queue a dlq of the same type with the longest retention on offer, an alarm on "
    "its depth, and a written way back.",
    section="reliability-and-resilience/dead-letter-queues-quarantine",
    references=("serverless-rules ES6000", "cdk-nag SQSQueueDLQ", "cdk-nag SQSRedrivePolicy"),
)
def evt01(facts: Facts) -> Outcomes:
    polled = {channel.id for _, channel, _ in facts.polls}
    for queue in facts.design.of_kind("queue"):
        if queue.id in polled and queue.id not in facts.dead_letter_queues:
            case = Case(queue)
            bare = case.absent(queue, "dlq")
            yield (
                case.fail(f"{queue.id} is polled and names no dead-letter queue.")
                if bare
                else case.rest(bare)
            )


@rule(
    "EVT02",
    "Push delivery without failure destination",
    "high",
    "reliability",
    why="A topic, bus or schedule retries for a while and then gives up. Without a failure "
    "destination the event is gone, and the only trace is a counter that few teams watch.",
    detects="A subscribe or invoke_async edge from a topic, bus, schedule or function into a "
    "function, queue, workflow or external service names no on_failure.",
    false_alarm="The next event repeats the whole state, so a lost one heals by itself. A schedule "
    "that runs every minute and rebuilds a view is such a case.",
    fix="Set on_failure to a queue with an alarm, on the subscription itself where the platform "
    "allows it.",
    section="serverless-events-and-messaging/pub-sub-fan-out",
    references=(
        "serverless-rules ES1007, ES4000, ES7000",
        "cdk-nag LambdaAsyncFailureDestination, EventBusDLQ, SNSRedrivePolicy",
        "checkov CKV_AWS_116",
    ),
)
def evt02(facts: Facts) -> Outcomes:
    for edge, source, target in facts.edges("subscribe", "invoke_async"):
        if source.kind in ("topic", "bus", "schedule", "function") and target.kind in (
            "function",
            "queue",
            "workflow",
            "external",
        ):
            case = Case(edge)
            bare = case.absent(edge, "on_failure")
            yield (
                case.fail(
                    f"When delivery from {source.id} to {target.id} is given up, the event is "
                    "lost: the edge names no on_failure."
                )
                if bare
                else case.rest(bare)
            )


@rule(
    "EVT06",
    "Receive count too low before dead-lettering",
    "medium",
    "reliability",
    params=("min_receives",),
    why="A throttled delivery or a deployment uses up an attempt without running your code. With "
    "one or two attempts, healthy messages end in the dead-letter queue on a busy day.",
    detects="max_receive of a work queue that has a dlq or is polled is below the profile's least "
    "count, 3.",
    false_alarm="A repeat is worse than a manual look, for example where each attempt calls a "
    "partner who charges for it.",
    fix="Set max_receive between 3 and 10. Five rides out a deployment; multiply by the visibility "
    "timeout to see how long poison stays hidden.",
    section="reliability-and-resilience/dead-letter-queues-quarantine",
)
def evt06(facts: Facts, least: float) -> Outcomes:
    polled = {channel.id for _, channel, _ in facts.polls}
    for queue in facts.design.of_kind("queue"):
        if queue.id in facts.dead_letter_queues or not (queue.has("dlq") or queue.id in polled):
            continue
        case = Case(queue).at(queue, "max_receive")
        count = case.need(queue, "max_receive")
        case.limit("fewest receives", least)
        few = below(count, least)
        yield (
            case.fail(
                f"{queue.id} gives a message up after {count} receive{'s' * (count != 1)}; "
                f"one throttled delivery costs one of them, and {number(least)} are the least."
            )
            if few
            else case.rest(few)
        )


@rule(
    "EVT11",
    "Dead-letter queue nobody watches",
    "high",
    "operations",
    why="A dead-letter queue only stores failures. Unless somebody is told and knows the way back, "
    "the messages wait until retention deletes them.",
    detects="A queue used for dead letters has no depth in its alarms, or states no redrive.",
    false_alarm="Another system empties the queue and reports each message, for example into a "
    "ticket queue. Record it as redrive: auto and keep the alarm.",
    fix="Alarm on depth or growth, name an owner, and write the redrive procedure before it is "
    "needed.",
    section="reliability-and-resilience/dead-letter-queues-quarantine",
)
def evt11(facts: Facts) -> Outcomes:
    for queue in facts.design.of_kind("queue"):
        if queue.id not in facts.dead_letter_queues:
            continue
        case = Case(queue)
        silent = lacks(case.need(queue, "alarms"), "depth")
        absent = case.absent(queue, "redrive")
        stuck = absent if absent is not False else queue.get("redrive") == "none"
        lacking = ["no alarm on depth"] * (silent is True) + ["no redrive"] * (stuck is True)
        yield (
            case.fail(f"{queue.id} keeps failed messages and has {listed(lacking)}.")
            if lacking
            else case.rest(either(silent, stuck))
        )


@rule(
    "EVT12",
    "DLQ type or retention mismatch",
    "medium",
    "reliability",
    why="Some brokers refuse a dead-letter queue of another type. And where a message keeps its "
    "first timestamp, an equal retention may leave minutes to look at it.",
    detects="The dlq of a queue has a different order, or a retention_s that is not above that of "
    "the source.",
    false_alarm="The broker resets the clock when it moves a message, and the type matches.",
    fix="Use the same type, and the longest retention that the broker offers on the dead-letter "
    "queue.",
    section="reliability-and-resilience/dead-letter-queues-quarantine",
    references=("cfn-lint E3502 (type only)",),
)
def evt12(facts: Facts) -> Outcomes:
    for queue in facts.design.of_kind("queue"):
        dead = facts.design.find(queue.get("dlq", ""))
        if dead is None:
            continue
        case = Case(queue).at(queue, "dlq")
        orders = case.need(queue, "order"), case.need(dead, "order")
        keeps = case.need(queue, "retention_s"), case.need(dead, "retention_s")
        differs = None if None in orders else orders[0] != orders[1]
        brief = None if None in keeps else keeps[1] <= keeps[0]
        problems = []
        if differs:
            problems.append(f"its order is {orders[1]} and that of {queue.id} {orders[0]}")
        if brief:
            problems.append(
                f"it keeps messages {number(keeps[1])} s and {queue.id} {number(keeps[0])} s"
            )
        yield (
            case.fail(f"{dead.id} does not match its source: {'; '.join(problems)}.")
            if problems
            else case.rest(either(differs, brief))
        )
