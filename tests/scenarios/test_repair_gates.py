"""What no repair may do: tell the case otherwise, lose what has to arrive, or wait where it may not;
and repairs that are good without being the author's."""

from __future__ import annotations

from pathlib import Path

import pytest

from design.edit import Edit, Set
from scenarios import engine
from scenarios.catalogue import BANK, catalogue
from scenarios.engine import Exercise, Place, read_exercise, repair, tree
from scenarios.engine._flows import Flow, cut

CASES = {e.id: e for e in catalogue().live() if e.type == "repair"}
QUEUE = (
    "kind: queue, purpose: work, order: none, retention_s: 345600, encrypted: true, "
    "alarms: [age, depth]"
)
DEAD = (
    "kind: queue, purpose: dlq, order: none, retention_s: 1209600, encrypted: true, "
    "alarms: [depth, age], redrive: runbook"
)
FUNCTION = (
    "kind: function, idempotent: key, alarms: [errors, throttles], tracing: true, "
    "logs: {structured: true, retention_days: 30}, input_validation: schema, state_local: none"
)


def judged(id: str, written: str) -> repair.Judgement:
    node, problems = tree(written)
    assert not problems
    return repair.judge(CASES[id].body, repair.edits_of(node), 0)


def easier(found: Exercise) -> list[Edit]:
    """The world made smaller and the partners larger, and not one part built."""
    edits: list[Edit] = [
        Set("design", "", "traffic.peak_rps", 0.01),
        Set("design", "", "criticality", "low"),
    ]
    for part in found.body.base.components:
        told: dict[str, float] = {
            "load.mean_rps": 0.01,
            "load.peak_rps": 0.01,
            "rate_limit_rps": 100_000,
            "max_connections": 100_000,
            "duration_ms.p50": 1,
            "duration_ms.p99": 1,
        }
        edits += [
            Set("components", part.id, path, value)
            for path, value in told.items()
            if part.get(path) is not None
        ]
    for edge in found.body.base.edges:
        if edge.has("calls_per_request"):
            edits.append(Set("edges", edge.id, "calls_per_request", 1))
    return edits


@pytest.mark.parametrize("found", CASES.values(), ids=lambda e: e.id)
def test_a_smaller_world_is_no_repair(found: Exercise) -> None:
    result = repair.judge(found.body, easier(found), 0)
    assert result.score <= repair.GATE_CAP
    assert any("given" in gate for gate in result.broken)


CLAIMS = {
    "one letter in place of 180": (
        "r-0300-month-end",
        "statements.duration_ms.p99: 9000, statements.timeout_s: 60, statements.idempotent: key, "
        "statements->contracts:read.calls_per_request: 1, "
        "statements->letters:write.calls_per_request: 1, "
        "plan->statements:invoke_async.on_failure: aside",
        "A statement reaches letters 1 times",
    ),
    "duties with another name": (
        "r-0500-after-booking",
        "on-confirmed.idempotent: key, on-confirmed.responsibilities: [all of it], "
        "on-confirmed->channels:call.circuit_breaker: true",
        "on-confirmed is said to do less",
    ),
    "a private door that clients call": (
        "r-0600-door-inside",
        "door.public: false",
        "door is called from outside",
    ),
    "data nobody mentions": (
        "r-0601-museum-pages",
        "edge->pages-api:call.data: [text], pages-api->page:call.data: [text], "
        "page->members:read.timeout_s: 1, pages-api.throttle.rps: 300, "
        "pages-api.request_validation: true",
        "A member's tickets no longer gets",
    ),
    "a signal that has become rare": (
        "r-1601-one-lane",
        "watch->crews:call.calls_per_request: 0.0001",
        "How seldom watch->crews:call is used is given",
    ),
    "a page that is quicker by decision": (
        "r-1301-worklist",
        "worklist.duration_ms.p50: 420, worklist.duration_ms.p99: 1100",
        "worklist is said to take less time",
    ),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_saying_so_is_no_repair(name: str) -> None:
    id, told, gate = CLAIMS[name]
    settings = (line.strip().rpartition(": ") for line in told.replace("], ", "]\n").split("\n"))
    edits = [
        f'- {{set: "{subject}", to: {value}}}'
        for whole in settings
        for subject, _, value in (
            piece.partition(": ") for piece in f"{whole[0]}: {whole[2]}".split(", ")
        )
    ]
    result = judged(id, "\n".join(edits) + "\n")
    assert result.score <= repair.GATE_CAP
    assert any(gate in broken for broken in result.broken), result.broken


def test_a_letter_needs_a_place_to_wait() -> None:
    result = judged(
        "r-0701-loan-events",
        f"""\
- {{add: missed, {DEAD}}}
- {{set: "granted->letters:subscribe.on_failure", to: missed}}
- {{set: "granted->statistics:subscribe.on_failure", to: missed}}
- {{set: letters.idempotent, to: key}}
- {{set: letters.concurrency.max, to: 4}}
- {{set: "grant->granted:publish.schema.versioned", to: true}}
""",
    )
    assert not result.left
    assert result.score <= repair.GATE_CAP
    assert "A letter cannot wait on its way" in result.broken[0]


GOOD = {
    "r-0401-renewals": f"""\
- {{add: dead, {DEAD}}}
- {{add: renewal, kind: workflow, mode: durable, timeout_s: 86400, tracing: true, alarms: [failures, timeouts], compensation: manual}}
- {{add: charge, {FUNCTION}, owner: team-members, timeout_s: 30, memory_mb: 256, duration_ms: {{p50: 800, p99: 6000}}, concurrency: {{reserved: 4, max: 4}}}}
- {{connect: [renew, renewal], kind: start, timeout_s: 5, idempotency_key: true}}
- {{connect: [renewal, charge], kind: step, timeout_s: 40, retries: {{max: 5, backoff: exponential, jitter: true}}, catch: true}}
- {{connect: [charge, bank], kind: call, protocol: https, timeout_s: 10, circuit_breaker: true}}
- {{remove: "renew->bank:call"}}
- {{set: renew.idempotent, to: natural}}
- {{set: clock.overlap, to: forbid}}
- {{set: "clock->renew:subscribe.on_failure", to: dead}}
""",
    "r-0501-four-steps": """\
- {connect: [take, loans], kind: write, timeout_s: 2}
- {remove: "take->check:call"}
- {remove: "check->due-date:call"}
- {remove: "due-date->keep:call"}
- {remove: "keep->loans:write"}
- {remove: check}
- {remove: due-date}
- {remove: keep}
- {set: take.wait_ms, to: 10}
""",
    "r-0700-meter-stream": f"""\
- {{add: dead, {DEAD}}}
- {{add: inbox, {QUEUE}, visibility_s: 300, max_receive: 5, dlq: dead}}
- {{connect: [intake, inbox], kind: publish, schema: {{name: reading, versioned: true}}, timeout_s: 2}}
- {{connect: [inbox, tariff], kind: poll, batch_size: 100, batch_window_s: 1, item_ms: 4, partial_failure: true, max_concurrency: 40}}
- {{remove: "intake->readings:publish"}}
- {{remove: "readings->tariff:poll"}}
- {{remove: readings}}
- {{set: tariff.idempotent, to: key}}
""",
    "r-1000-claims-intake": """\
- {set: register.idempotent, to: key}
- {set: register.timeout_s, to: 10}
- {set: "intake->register:poll.batch_size", to: 1}
- {set: intake-dead.retention_s, to: 1209600}
- {set: intake-dead.alarms, to: [depth]}
- {set: intake-dead.redrive, to: runbook}
""",
    "r-1301-worklist": """\
- {set: "worklist->claim-card:call.calls_per_request", to: 1}
- {set: worklist.duration_ms.p50, to: 420}
- {set: worklist.duration_ms.p99, to: 1100}
- {set: worklist.db_connections, to: 0}
- {set: claim-card.concurrency.reserved, to: 20}
- {set: worklist.concurrency.reserved, to: 20}
""",
}


@pytest.mark.parametrize("id", GOOD)
def test_another_good_repair_passes(id: str) -> None:
    node, _ = tree(GOOD[id])
    edits = repair.edits_of(node)
    grade = engine.grade(CASES[id], 0, {"edits": [repair.stored(edit) for edit in edits]})
    assert grade.score >= 0.95
    assert not [m.id for m in grade.marks if m.id.startswith("trap-")]


def test_half_of_a_repair_is_told_why_it_is_half() -> None:
    edits = [repair.stored(Set("components", "clock", "overlap", "forbid"))]
    marks = engine.grade(CASES["r-0401-renewals"], 0, {"edits": edits}).marks
    assert "trap-only no overlap" in [mark.id for mark in marks]


# Flows


def flow(**told: object) -> Flow:
    return Flow("clock", "bank", "A charge", **told)  # type: ignore[arg-type]


def test_how_often_something_arrives_is_counted_along_its_way() -> None:
    base = CASES["r-0401-renewals"].body.base
    assert cut(flow(times=300), base, base) == ""
    told = cut(flow(times=301), base, base)
    assert told.startswith("A charge reaches bank 300 times for each start, and 301 are due")


def test_waiting_is_done_in_a_queue_and_not_in_a_quarantine() -> None:
    base = CASES["r-0401-renewals"].body.base
    assert "cannot wait" in cut(flow(waits=True), base, base)
    now = judged("r-0401-renewals", GOOD["r-0401-renewals"]).design
    assert cut(flow(waits=True), base, now) == ""


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("carries: nothing", "“nothing” is not a data item of the model."),
        ("times: 0", "“times” has to be a whole number from 1 to 100000."),
        ("waits: maybe", "“waits” has to be true or false."),
    ],
)
def test_a_flow_is_read_with_its_mistakes(field: str, told: str) -> None:
    path = Path(BANK) / "core-serverless-patterns" / "r-0401-renewals.yaml"
    text = path.read_text(encoding="utf-8").replace("times: 300", field)
    found, problems = read_exercise(text, Place(path.name))
    assert told in [problem.message for problem in problems]
    assert found is None


def test_what_the_reference_tells_otherwise_may_be_told_otherwise() -> None:
    body = CASES["r-1002-two-promises"].body
    agreed = [Set("design", "", "goals.availability_pct", 99.9)]
    assert not any("goals" in gate for gate in repair.judge(body, agreed, 0).broken)
    smaller = [Set("design", "", "traffic.peak_rps", 0.01)]
    assert any("traffic" in gate for gate in repair.judge(body, smaller, 0).broken)
