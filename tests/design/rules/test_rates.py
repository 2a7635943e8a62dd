"""Rules that read rates, on designs whose numbers are worked out by hand."""

from __future__ import annotations

from design.document import load
from design.rates import Rate
from design.rates import rates as rates_of
from design.rules import Finding, Verdict, check

SHOP = """
model: sdm/1
design:
  id: shop
  criticality: low
  traffic: {shape: %(shape)s}
  goals: {p99_ms: %(goal)s}
components:
  - {id: web, kind: client, load: {mean_rps: 100, peak_rps: 400}}
  - {id: gate, kind: api, throttle: {rps: 1000}}
  - {id: take, kind: function, duration_ms: {p50: 500, p99: 900}, %(take)s}
  - {id: price, kind: function, duration_ms: {p50: 100, p99: 300}, concurrency: {max: 500}}
  - {id: audit, kind: function, duration_ms: {p50: 100, p99: 2000}, concurrency: {max: 500}}
  - {id: events, kind: kv, key_cardinality: low}
  - {id: work, kind: queue}
  - {id: send, kind: function, duration_ms: {p50: 1000, p99: 2000}, %(send)s}
  - {id: mail, kind: external, rate_limit_rps: %(limit)s}
  - {id: ledger, kind: sql, max_connections: %(connections)s}
edges:
  - {from: web, to: gate, kind: call}
  - {from: gate, to: take, kind: call, calls_per_request: 0.5}
  - {from: take, to: price, kind: call, calls_per_request: 1}
  - {from: take, to: audit, kind: call, probability: %(audit)s}
  - {from: take, to: events, kind: write, calls_per_request: 2}
  - {from: take, to: work, kind: publish, calls_per_request: 0.3}
  - {from: take, to: ledger, kind: write, calls_per_request: 1}
  - {from: work, to: send, kind: poll, batch_size: 10, item_ms: %(item)s}
  - {from: send, to: mail, kind: call, per: item, calls_per_request: 2}
"""
USUAL = {
    "shape": "diurnal",
    "goal": 1000,
    "take": "concurrency: {max: 200}",
    "send": "concurrency: {max: 100}",
    "limit": 200,
    "connections": 1000,
    "audit": "0.001",
    "item": 100,
}


def shop(**changes: object) -> str:
    return SHOP % (USUAL | changes)


def found(rule: str, subject: str, **changes: object) -> Finding:
    (finding,) = (
        f for f in check(load(shop(**changes))) if f.rule == rule and f.subject == subject
    )
    return finding


def test_the_rates_themselves():
    rates = rates_of(load(shop()))
    assert rates.component["take"] == Rate(50, 200)  # half of 100 and 400
    assert rates.edge["take->events:write"] == Rate(100, 400)
    assert rates.component["work"] == Rate(15, 60)  # 0.3 of 50 and 200
    assert rates.component["send"] == Rate(1.5, 6)  # batches of 10
    assert rates.items["send"] == Rate(15, 60)
    assert rates.edge["send->mail:call"] == Rate(30, 120)  # two for each item


def test_fit02_counts_busy_instances():
    # 50/s × 0.5 s = 25 instances busy on average, and 50 are the limit
    assert found("FIT02", "take", shape="steady").verdict is Verdict.PASS
    twice = shop(shape="steady").replace("calls_per_request: 0.5", "calls_per_request: 1")
    (finding,) = (f for f in check(load(twice)) if f.rule == "FIT02" and f.subject == "take")
    assert finding.verdict is Verdict.FAIL  # 100/s × 0.5 s = 50
    assert "50 instances of take arrives all day: 100 requests/s of 500 ms each" in finding.message


def test_dat02_counts_writes_at_the_peak():
    assert "400 writes/s" in found("DAT02", "events").message  # 200/s × 2, above 100
    calm = shop().replace("peak_rps: 400", "peak_rps: 100")
    (finding,) = (f for f in check(load(calm)) if f.rule == "DAT02")
    assert finding.verdict is Verdict.PASS  # 50/s × 2 = 100, not above 100


def test_rel04_counts_what_the_peak_keeps_busy_where_nothing_limits_it():
    # 200/s × 0.5 s = 100 instances: below the 1,000 that an account allows by default
    default = found("REL04", "ledger", take="routes: 1")
    assert default.verdict is Verdict.FAIL and "take 1,000 × 1 by default" in default.message
    roomy = found("REL04", "ledger", take="routes: 1", connections=2000)
    assert roomy.verdict is Verdict.UNKNOWN  # 1,000 of 1,600, and no limit is stated
    busy = shop(take="routes: 1", connections=2000).replace("peak_rps: 400", "peak_rps: 8000")
    (finding,) = (f for f in check(load(busy)) if f.rule == "REL04")
    assert finding.verdict is Verdict.FAIL  # 4,000/s × 0.5 s = 2,000 instances
    assert "take 2,000 × 1 by default" in finding.message


def test_rel09_is_the_smaller_of_what_arrives_and_what_can_be_sent():
    assert found("REL09", "send->mail:call").verdict is Verdict.PASS  # 120/s, 200 allowed
    tight = found("REL09", "send->mail:call", limit=100)
    assert tight.verdict is Verdict.FAIL and "120 requests/s" in tight.message
    # two instances of 1 s each take 2 batches/s: 2 × 10 items × 2 calls = 40/s
    capped = found("REL09", "send->mail:call", limit=100, send="concurrency: {max: 2}")
    assert capped.verdict is Verdict.PASS


def test_prf02_leaves_out_what_one_request_in_a_thousand_does():
    # max(own 900, behind it 300) = 900; audit would make it 2,000
    assert found("PRF02", "gate").verdict is Verdict.PASS
    often = found("PRF02", "gate", audit="0.02")
    assert often.verdict is Verdict.FAIL and "may take 2,000 ms" in often.message
    assert "take → audit" in often.message
    assert "may take 900 ms" in found("PRF02", "gate", goal=800).message


def test_a_change_feed_carries_writes_and_not_reads():
    text = """
model: sdm/1
design: {id: feed}
components:
  - {id: writer, kind: container, load: {mean_rps: 3, peak_rps: 7}}
  - {id: reader, kind: container, load: {mean_rps: 100, peak_rps: 900}}
  - {id: orders, kind: kv}
  - {id: tell, kind: function}
edges:
  - {from: writer, to: orders, kind: write}
  - {from: reader, to: orders, kind: read}
  - {from: orders, to: tell, kind: change}
"""
    assert rates_of(load(text)).component["tell"] == Rate(3, 7)
    unwritten = text.replace("  - {from: writer, to: orders, kind: write}\n", "")
    assert rates_of(load(unwritten)).component["tell"] is None


class TestOurOwn:
    def test_rel15_compares_requests_in_progress_with_the_limit(self):
        # 200/s × 0.5 s = 100 in progress
        assert found("REL15", "take", take="concurrency: {max: 100}").verdict is Verdict.PASS
        full = found("REL15", "take", take="concurrency: {max: 99}")
        assert full.verdict is Verdict.FAIL and "100 requests to take" in full.message

    def test_rel15_counts_no_more_than_the_throttle_admits(self):
        text = shop(take="concurrency: {max: 60}")
        # the throttle admits 200/s, half of it goes on: 100/s × 0.5 s = 50
        shed = text.replace("throttle: {rps: 1000}", "throttle: {rps: 200}")
        verdicts = [
            f.verdict for f in check(load(shed)) if f.rule == "REL15" and f.subject == "take"
        ]
        assert verdicts == [Verdict.PASS]

    def test_rel16_compares_the_mean_with_what_is_worked_off(self):
        # 15 messages/s arrive; 2 instances × 1000 / 200 ms = 10/s, or / 100 ms = 20/s
        slow = found("REL16", "work->send:poll", send="concurrency: {max: 2}", item=200)
        assert slow.verdict is Verdict.FAIL and "15 messages/s" in slow.message
        able = found("REL16", "work->send:poll", send="concurrency: {max: 2}")
        assert able.verdict is Verdict.PASS

    def test_a_share_that_nobody_stated_fails_nothing(self):
        text = shop(send="concurrency: {max: 2}", item=200)
        for stated in (", calls_per_request: 1}", ", probability: 0.001}", ", calls_per_request: 2}",
                       ", calls_per_request: 0.3}"):  # fmt: skip
            text = text.replace(stated, "}")
        (finding,) = (f for f in check(load(text)) if f.rule == "REL16")
        assert finding.verdict is Verdict.UNKNOWN
        assert "take->work:publish.calls_per_request" in finding.missing

    def test_rel18_adds_callers_and_leaves_a_single_one_to_rel09(self):
        text = """
model: sdm/1
design: {id: two}
components:
  - {id: a, kind: container, load: {mean_rps: 1, peak_rps: 30}}
  - {id: b, kind: container, load: {mean_rps: 1, peak_rps: %d}}
  - {id: mail, kind: external, rate_limit_rps: 50}
edges:
  - {from: a, to: mail, kind: call}
  - {from: b, to: mail, kind: call}
"""
        failed = {
            peak: {f.rule for f in check(load(text % peak)) if f.verdict is Verdict.FAIL}
            for peak in (20, 21, 51)
        }
        assert not failed[20] & {"REL09", "REL18"}
        assert failed[21] & {"REL09", "REL18"} == {"REL18"}  # 51 together
        assert failed[51] & {"REL09", "REL18"} == {"REL09"}

    def test_prf05_needs_the_larger_of_two_counts(self):
        text = """
model: sdm/1
design: {id: log}
components:
  - {id: meters, kind: client, load: {mean_rps: 100, peak_rps: 1500}}
  - {id: log, kind: stream, partitions: 2}
edges:
  - {from: meters, to: log, kind: publish, payload_kb: %s, schema: {versioned: true}}
"""
        small = [f for f in check(load(text % 1)) if f.rule == "PRF05"]
        large = [f for f in check(load(text % 4)) if f.rule == "PRF05"]
        assert small[0].verdict is Verdict.PASS  # 1,500 records in two partitions of 1,000
        assert large[0].verdict is Verdict.FAIL  # 6,000 KB/s need six of 1,000
        assert "needs 6" in large[0].message

    def test_cst06_multiplies_by_the_month(self):
        text = """
model: sdm/1
design: {id: bill, goals: {budget_month: 900}}
components:
  - {id: shop, kind: container, load: {mean_rps: 1, peak_rps: 5}}
  - {id: maps, kind: external, cost_per_call: %s}
edges:
  - {from: shop, to: maps, kind: call}
"""
        cheap = [f for f in check(load(text % "0.0003")) if f.rule == "CST06"]
        dear = [f for f in check(load(text % "0.0004")) if f.rule == "CST06"]
        assert cheap[0].verdict is Verdict.PASS  # 2,628,000 s × 0.0003 = 788
        assert "1,051 a month" in dear[0].message  # × 0.0004 = 1,051.2
