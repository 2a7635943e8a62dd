"""What a rule must not say: cases beside its condition, each on a small design."""

from __future__ import annotations

import pytest

from design.document import load
from design.rules import Verdict, check


def verdicts(
    rule: str, components: str, edges: str = "", design: str = "", rest: str = ""
) -> dict[str, Verdict]:
    """The verdicts of one rule by subject; each line of `components` and `edges`
    is one of them."""
    text = f"model: sdm/1\ndesign: {{id: x{', ' if design else ''}{design}}}\n{rest}components:\n"
    text += "".join(f"  - {{{line.strip()}}}\n" for line in components.strip().splitlines())
    if edges:
        text += "edges:\n" + "".join(f"  - {{{e.strip()}}}\n" for e in edges.strip().splitlines())
    return {
        f.subject: f.verdict
        for f in check(load(text))
        if f.rule == rule and f.verdict is not Verdict.NOT_APPLICABLE
    }


@pytest.mark.parametrize(
    ("rule", "components", "edges", "design"),
    [
        # a queue without a dead-letter queue loses messages either way
        ("EVT14", "id: q, kind: queue, visibility_s: 900, max_receive: 9, retention_s: 60\n"
         "id: f, kind: function", "from: q, to: f, kind: poll", ""),
        # a fragment of two edges does not show who reads the queue
        ("EVT17", "id: f, kind: function\nid: q, kind: queue", "from: f, to: q, kind: publish", ""),
        # one sender: what passes is all there is
        ("EVT18", "id: a, kind: function\nid: b, kind: bus\nid: f, kind: function",
         "from: a, to: b, kind: publish\nfrom: b, to: f, kind: subscribe, filter: false", ""),
        # a schedule by cron has no interval to compare
        ("EVT19", 'id: s, kind: schedule, cron: "0 3 * * *", overlap: allow\n'
         "id: f, kind: function, timeout_s: 900", "from: s, to: f, kind: subscribe", ""),
        # a spike is shed on purpose
        ("API10", "id: c, kind: client, load: {mean_rps: 1, peak_rps: 900}\n"
         "id: g, kind: api, throttle: {rps: 400}", "from: c, to: g, kind: call",
         "traffic: {shape: spiky}"),
        # what is public may be read without a signature
        ("DAT09", "id: c, kind: client\nid: s, kind: object_store, public_reason: pictures",
         "from: c, to: s, kind: read, signed: false", ""),
        # a batch job on one instance that no user waits for
        ("REL12", "id: f, kind: function\nid: job, kind: container, instances: {max: 1}",
         "from: f, to: job, kind: call, timeout_s: 5", "criticality: high"),
        # only functions connect: that is REL04
        ("REL14", "id: f, kind: function, db_connections: 9, concurrency: {max: 900}\n"
         "id: d, kind: sql, max_connections: 10", "from: f, to: d, kind: read, timeout_s: 2", ""),
        # an attempt that is too long by itself is REL01
        ("REL10", "id: f, kind: function, timeout_s: 5\nid: e, kind: external",
         "from: f, to: e, kind: call, timeout_s: 9, retries: {max: 2}", ""),
        # rare traffic is CST04
        ("CST05", "id: f, kind: function, concurrency: {provisioned: 90}, "
         "duration_ms: {p99: 10}, load: {mean_rps: 0, peak_rps: 1}", "", "traffic: {shape: rare}"),
        # a fragment is not drawn yet
        ("ANT10", "id: f, kind: function\nid: d, kind: kv", "", ""),
        # a step without retries does not start a second run
        ("WFL06", "id: w, kind: workflow\nid: f, kind: function, timeout_s: 60",
         "from: w, to: f, kind: step, timeout_s: 5, retries: {max: 0}", ""),
    ],
)  # fmt: skip
def test_a_rule_keeps_out_of_what_is_not_its_business(rule, components, edges, design):
    assert verdicts(rule, components, edges, design) == {}


@pytest.mark.parametrize(
    ("rule", "components", "edges", "design"),
    [
        ("EVT15", "id: s, kind: stream, retention_s: 86400\nid: f, kind: function",
         "from: s, to: f, kind: poll, max_age_s: 86400", ""),
        ("EVT19", "id: s, kind: schedule, every_s: 60, overlap: allow\n"
         "id: f, kind: function, timeout_s: 900, duration_ms: {p99: 2000}",
         "from: s, to: f, kind: subscribe", ""),
        ("EVT16", "id: q, kind: queue, dlq: d\nid: d, kind: queue, purpose: dlq", "", ""),
        ("REL11", "id: a, kind: function\nid: b, kind: function, idempotent: none\n"
         "id: s, kind: kv", "from: a, to: b, kind: call, retries: {max: 2}, idempotency_key: true\n"
         "from: b, to: s, kind: write", ""),
        ("REL10", "id: f, kind: function, timeout_s: 20\nid: e, kind: external",
         "from: f, to: e, kind: call, timeout_s: 8, retries: {max: 2}", ""),
        ("REL13", "id: f, kind: function", "", "goals: {availability_pct: 99.95}"),
        ("SEC15", "id: c, kind: container, public: true, auth: none, public_reason: site", "", ""),
        ("SEC22", "id: e, kind: external\nid: g, kind: api, auth: iam",
         "from: e, to: g, kind: call, signed: false", ""),
        ("SEC23", "id: f, kind: function, grants: [{to: p, actions: [connect]}]\n"
         "id: p, kind: proxy", "from: f, to: p, kind: write", ""),
        ("SEC23", 'id: f, kind: function, grants: [{to: "*", actions: ["*"]}, {to: k, '
         "actions: [read]}]\nid: k, kind: kv", "from: f, to: k, kind: write", ""),
        ("SEC24", "id: f, kind: function, grants: [{to: k, actions: [read, write]}]\n"
         "id: k, kind: kv", "from: f, to: k, kind: read", ""),
        ("DEL05", "id: p, kind: pipeline, approvals: 0", "",
         "criticality: high, delivery: {rollout: canary, rollback: auto}"),
        ("WFL06", "id: w, kind: workflow\nid: c, kind: container, timeout_s: 1800",
         "from: w, to: c, kind: step, timeout_s: 1800, retries: {max: 1}", ""),
        ("WFL08", "id: w, kind: workflow, mode: express, timeout_s: 300", "", ""),
        ("CST05", "id: f, kind: function, concurrency: {provisioned: 2}, "
         "duration_ms: {p99: 10}, load: {mean_rps: 0, peak_rps: 1}", "", ""),
    ],
)  # fmt: skip
def test_a_rule_passes_what_stands_just_beside_its_condition(rule, components, edges, design):
    assert set(verdicts(rule, components, edges, design).values()) == {Verdict.PASS}


def test_a_saga_that_names_no_counter_step_at_all_is_asked_and_not_blamed():
    components = (
        "id: w, kind: workflow, compensation: saga\nid: a, kind: function\nid: b, kind: function\n"
        "id: c, kind: function\nid: k, kind: kv"
    )
    steps = "".join(f"from: w, to: {x}, kind: step\n" for x in "abc")
    writes = "".join(f"from: {x}, to: k, kind: write\n" for x in "abc")
    assert verdicts("WFL09", components, steps + writes) == {"w": Verdict.UNKNOWN}
    some = steps.replace("to: a, kind: step", "to: a, kind: step, compensate: undo a")
    assert verdicts("WFL09", components, some + writes) == {"w": Verdict.FAIL}
    most = some.replace("to: b, kind: step", "to: b, kind: step, compensate: undo b")
    assert verdicts("WFL09", components, most + writes) == {"w": Verdict.PASS}


def test_reservations_are_counted_for_each_account():
    place = "boundaries:\n  - {id: one, kind: account}\n  - {id: two, kind: account}\n"
    apart = (
        "id: a, kind: function, boundary: one, concurrency: {reserved: 700}\n"
        "id: b, kind: function, boundary: two, concurrency: {reserved: 700}"
    )
    assert verdicts("REL17", apart, rest=place) == {"design": Verdict.PASS}
    together = apart.replace("two", "one")
    assert verdicts("REL17", together, rest=place) == {"design": Verdict.FAIL}


def test_two_regions_lift_the_promise_and_no_region_leaves_it_open():
    goal = "goals: {availability_pct: 99.99}"
    place = (
        "boundaries:\n  - {id: here, kind: region, region: eu}\n"
        "  - {id: there, kind: region, region: us}\n"
    )
    parts = "id: a, kind: function, boundary: here\nid: b, kind: kv, boundary: %s"
    assert verdicts("REL13", parts % "here", design=goal, rest=place) == {"design": Verdict.FAIL}
    assert verdicts("REL13", parts % "there", design=goal, rest=place) == {"design": Verdict.PASS}
    assert verdicts("REL13", "id: a, kind: function", design=goal) == {"design": Verdict.UNKNOWN}


def test_dead_letters_that_go_in_a_circle_are_found_at_each_queue_of_it():
    queues = (
        "id: a, kind: queue, dlq: b\nid: b, kind: queue, dlq: c\n"
        "id: c, kind: queue, dlq: b\nid: d, kind: queue, dlq: a"
    )
    assert verdicts("EVT16", queues) == {
        "a": Verdict.PASS,
        "b": Verdict.FAIL,
        "c": Verdict.FAIL,
        "d": Verdict.PASS,
    }


def test_one_run_a_night_is_one_instance_not_as_many_as_the_platform_allows() -> None:
    parts = (
        "id: n, kind: schedule, every_s: {every}\nid: f, kind: function, timeout_s: 900\n"
        "id: d, kind: sql, max_connections: 90"
    )
    edges = "from: n, to: f, kind: subscribe\nfrom: f, to: d, kind: write"
    assert verdicts("REL04", parts.format(every=86400), edges) == {"d": Verdict.PASS}
    assert verdicts("REL04", parts.format(every=10), edges) == {"d": Verdict.FAIL}


def test_what_cannot_be_done_is_not_advised() -> None:
    """A timeout beyond the platform's own, and records that wait behind a notification."""
    text = (
        "model: sdm/1\ndesign: {id: x, profile: aws}\ncomponents:\n"
        "  - {id: f, kind: function, timeout_s: 900, duration_ms: {p99: 890000}}\n"
        "  - {id: s, kind: object_store}\n  - {id: t, kind: stream}\nedges:\n"
        "  - {from: s, to: f, kind: change}\n  - {from: t, to: f, kind: poll}\n"
    )
    said = {(f.rule, f.subject): f.message for f in check(load(text))}
    assert said["FUN03", "f"].endswith("and the platform stops it after 900 s.")
    assert "behind it" not in said["EVT03", "s->f:change"]
    assert "holds up those behind it" in said["EVT03", "t->f:poll"]
