"""Shapes that mean the same as the plain case, and shapes that only look like a fault."""

from __future__ import annotations

import pytest

from design.document import load
from design.rules import Finding, Verdict, check

CASES = {
    "REL06 a partner's callback is not waited for": (
        "REL06", "design", "not_applicable",
        "design: {id: x, goals: {availability_pct: 99.9}}",
        "{id: api, kind: api, sla_pct: 99.95}, {id: psp, kind: external, sla_pct: 90}, {id: hook, kind: api}",
        "{from: api, to: psp, kind: call}, {from: psp, to: hook, kind: call}",
    ),
    "REL06 is not missed by the last bit of a product": (
        "REL06", "api", "pass",
        "design: {id: x, goals: {availability_pct: 99.9}}",
        "{id: api, kind: api, sla_pct: 99.9}, {id: f, kind: function, sla_pct: 100}, {id: g, kind: function, sla_pct: 100}",
        "{from: api, to: f, kind: call}, {from: f, to: g, kind: call}",
    ),
    "REL06 counts what a websocket calls": (
        "REL06", "ws", "fail",
        "design: {id: x, goals: {availability_pct: 99.9}}",
        "{id: ws, kind: websocket, sla_pct: 99.9}, {id: f, kind: function, sla_pct: 99}, {id: e, kind: external, sla_pct: 99}",
        "{from: ws, to: f, kind: call}, {from: f, to: e, kind: call}, {from: f, to: ws, kind: call}",
    ),
    "ANT09 an answer pushed to a websocket closes no circle": (
        "ANT09", "design", "pass", "design: {id: x}",
        "{id: ws, kind: websocket}, {id: f, kind: function}",
        "{from: ws, to: f, kind: call}, {from: f, to: ws, kind: call}",
    ),
    "ANT07 a partner's webhook closes no loop": (
        "ANT07", "design", "pass", "design: {id: x}",
        "{id: api, kind: api}, {id: f, kind: function}, {id: q, kind: queue}, {id: w, kind: function}, {id: psp, kind: external}",
        "{from: api, to: f, kind: call}, {from: f, to: q, kind: publish}, {from: q, to: w, kind: poll}, "
        "{from: w, to: psp, kind: call}, {from: psp, to: api, kind: call}",
    ),
    "ANT04 follows a cycle once round": (
        "ANT04", "a", "fail", "design: {id: x}",
        "{id: a, kind: function}, {id: b, kind: function}, {id: e, kind: external}",
        "{from: a, to: b, kind: call, retries: {max: 4}}, {from: b, to: a, kind: call}, {from: b, to: e, kind: call, retries: {max: 1}}",
    ),
    "DAT05 sees writers behind a proxy": (
        "DAT05", "db", "fail", "design: {id: x}",
        "{id: a, kind: function, owner: one}, {id: b, kind: function, owner: two}, {id: p, kind: proxy}, {id: db, kind: sql}",
        "{from: a, to: p, kind: write}, {from: p, to: db, kind: write}, {from: b, to: db, kind: write}",
    ),
    "DAT06 sees the record behind a proxy": (
        "DAT06", "a", "fail", "design: {id: x}",
        "{id: a, kind: function}, {id: t, kind: topic}, {id: p, kind: proxy}, {id: db, kind: sql, record: true}",
        "{from: a, to: p, kind: write}, {from: p, to: db, kind: write}, {from: a, to: t, kind: publish}",
    ),
    "DAT07 looks at channels that hold data": (
        "DAT07", "s", "fail",
        "boundaries: [{id: b, kind: account, region: us}, {id: n, kind: network, parent: b}]\n"
        "data: [{id: d, residency: [eu]}]\ndesign: {id: x}",
        "{id: s, kind: stream, boundary: n, holds: [d]}", "",
    ),
    "SEC03 a database behind its proxy is used": (
        "SEC03", "a", "pass", "design: {id: x}",
        "{id: a, kind: function, grants: [{to: p, actions: [connect]}, {to: db, actions: [write]}]}, {id: p, kind: proxy}, {id: db, kind: sql}",
        "{from: a, to: p, kind: write}, {from: p, to: db, kind: write}",
    ),
    "SEC03 reading the polled queue is used": (
        "SEC03", "a", "pass", "design: {id: x}",
        "{id: a, kind: function, grants: [{to: q, actions: [read, delete]}]}, {id: q, kind: queue}",
        "{from: q, to: a, kind: poll}",
    ),
    "SEC03 writing to the polled queue is not": (
        "SEC03", "a", "fail", "design: {id: x}",
        "{id: a, kind: function, grants: [{to: q, actions: [publish]}]}, {id: q, kind: queue}",
        "{from: q, to: a, kind: poll}",
    ),
    "SEC08 leaving a client crosses a boundary": (
        "SEC08", "c->api:call", "fail", "design: {id: x}",
        "{id: c, kind: client}, {id: api, kind: api}",
        "{from: c, to: api, kind: call, protocol: HTTP, data: []}",
    ),
    "SEC08 mqtt may be either": (
        "SEC08", "c->api:call", "unknown", "design: {id: x}",
        "{id: c, kind: client}, {id: api, kind: api}",
        "{from: c, to: api, kind: call, protocol: mqtt}",
    ),
    "EVT08 looks at both ends": (
        "EVT08", "t->q:subscribe", "fail", "design: {id: x}",
        "{id: t, kind: topic, order: fifo}, {id: q, kind: queue, order: none}",
        "{from: t, to: q, kind: subscribe, ordering: key}",
    ),
    "EVT08 total order wants one at a time, whatever the source": (
        "EVT08", "k->f:change", "fail", "design: {id: x}",
        "{id: k, kind: kv}, {id: f, kind: function}",
        "{from: k, to: f, kind: change, ordering: total, max_concurrency: 2}",
    ),
    "EVT09 the smaller limit counts": (
        "EVT09", "t->q:subscribe", "fail", "design: {id: x}",
        "{id: t, kind: topic, payload_limit_kb: 64}, {id: q, kind: queue, payload_limit_kb: 256}",
        "{from: t, to: q, kind: subscribe, payload_kb: 65}",
    ),
    "EVT12 a default dead-letter queue is not its own": (
        "EVT12", "q", "pass",
        "defaults: {queue: {dlq: dead, order: none, retention_s: 60}}\ndesign: {id: x}",
        "{id: q, kind: queue}, {id: dead, kind: queue, retention_s: 61}", "",
    ),
    "FIT02 takes one source's load from the traffic of the design": (
        "FIT02", "f", "fail",
        "design: {id: x, traffic: {shape: steady, mean_rps: 100}}",
        "{id: c, kind: client}, {id: f, kind: function, duration_ms: {p50: 500}}",
        "{from: c, to: f, kind: call}",
    ),
    "FIT02 requests share an instance": (
        "FIT02", "f", "pass",
        "design: {id: x, traffic: {shape: steady, mean_rps: 100}}",
        "{id: c, kind: client}, {id: f, kind: function, duration_ms: {p50: 500}, concurrency: {per_instance: 10}}",
        "{from: c, to: f, kind: call}",
    ),
    "REL05 a stated maximum counts, whatever the poller admits": (
        "REL05", "f->db:write", "fail", "design: {id: x}",
        "{id: q, kind: queue}, {id: f, kind: function, concurrency: {max: 21}}, {id: db, kind: sql}",
        "{from: q, to: f, kind: poll, max_concurrency: 2}, {from: f, to: db, kind: write}",
    ),
    "WFL03 a partner is an effect": (
        "WFL03", "w", "fail", "design: {id: x}",
        "{id: w, kind: workflow, compensation: none}, {id: e, kind: external}, {id: f, kind: function}, {id: k, kind: kv}",
        "{from: w, to: e, kind: step}, {from: w, to: f, kind: step}, {from: f, to: k, kind: write}",
    ),
    "FIT04 a websocket holds the connection itself": (
        "FIT04", "design", "not_applicable", "design: {id: x}",
        "{id: ws, kind: websocket}, {id: f, kind: function}",
        "{from: ws, to: f, kind: call, protocol: wss}",
    ),
    "CST03 stated translation counts on a detached function": (
        "CST03", "f", "fail", "design: {id: x}",
        "{id: f, kind: function, network: {attached: false, egress: nat}}, {id: k, kind: kv}",
        "{from: f, to: k, kind: write}",
    ),
    "DAT01 a container in between does not hide who waits": (
        "DAT01", "k", "fail", "design: {id: x}",
        "{id: c, kind: client}, {id: web, kind: container}, {id: f, kind: function}, {id: k, kind: kv, access: [scan]}",
        "{from: c, to: web, kind: call}, {from: web, to: f, kind: call}, {from: f, to: k, kind: read}",
    ),
    "PRF03 a private broker is a reason to be attached": (
        "PRF03", "f", "pass",
        "boundaries: [{id: n, kind: network}]\ndesign: {id: x}",
        "{id: f, kind: function, network: {attached: true}}, {id: q, kind: queue, boundary: n}",
        "{from: q, to: f, kind: poll}",
    ),
    "ANT02 questions through a proxy are counted": (
        "ANT02", "f", "fail", "design: {id: x}",
        "{id: f, kind: function}, {id: p, kind: proxy}",
        "{from: f, to: p, kind: read, calls_per_request: 11}",
    ),
    "SEC14 a workflow's step takes what came from outside": (
        "SEC14", "f", "fail", "design: {id: x}",
        "{id: c, kind: client}, {id: w, kind: workflow}, {id: f, kind: function, input_validation: none}",
        "{from: c, to: w, kind: start}, {from: w, to: f, kind: step}",
    ),
    "SEC07 public data needs no key": (
        "SEC07", "k", "pass",
        "data: [{id: d, class: public}]\ndesign: {id: x}",
        "{id: k, kind: kv, holds: [d], encrypted: false}", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda name: name.replace(" ", "-"))
def test_a_shape_means_what_it_means(case):
    rule, subject, verdict, top, components, edges = CASES[case]
    source = f"model: sdm/1\n{top}\ncomponents: [{components}]\nedges: [{edges}]\n"
    found = _only(rule, subject, check(load(source)))
    assert found.verdict is Verdict(verdict), found.message


def _only(rule: str, subject: str, findings: tuple[Finding, ...]) -> Finding:
    mine = {f.subject: f for f in findings if f.rule == rule}
    assert subject in mine, sorted(mine)
    return mine[subject]
