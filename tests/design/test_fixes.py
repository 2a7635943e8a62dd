"""Fixes: each clears its finding, alone and after others, and raises nothing new."""

from __future__ import annotations

from pathlib import Path

import pytest

from design.document import load
from design.edit import Set, apply
from design.fixes import FIXES, NOT_PROVED, fix_for, mend
from design.rules import RULES, Verdict, check, open_findings

from .examples import BAD, GOOD, text
from .rules.cases import EXAMPLES

BY_HAND = set(RULES) - set(FIXES)
"""What no change of a text clears honestly: a measurement, a decision, a split."""


def failing(source):
    return {(f.rule, f.subject) for f in check(load(source)) if f.verdict is Verdict.FAIL}


def severities(source):
    return {(f.rule, f.subject): f.severity.rank for f in open_findings(check(load(source)))}


def test_nearly_every_rule_of_the_catalogue_has_a_fix():
    assert set(FIXES) <= set(RULES)
    assert len(FIXES) >= 150
    assert {"ANT01", "CST02", "DEL04", "FUN06"} <= BY_HAND


@pytest.mark.parametrize("rule", FIXES)
def test_a_fix_clears_its_bad_example_and_raises_nothing(rule):
    source = (EXAMPLES / "bad" / f"{rule}.yaml").read_text("utf-8")
    before = severities(source)
    mended = mend(source, lambda finding: finding.rule == rule)
    assert not mended.declined and mended.applied
    after = severities(mended.text)
    assert not [key for key in after if key[0] == rule]
    assert all(key in before and after[key] >= before[key] for key in after)
    assert source.splitlines()[0] in mended.text  # the comment at its head
    for fix in mended.applied:
        assert fix.edits and fix.does.endswith(".") and fix.leaves.endswith(".")
        assert fix.sentence.endswith(NOT_PROVED)
        assert "None" not in fix.sentence and "{" not in fix.sentence
    rest = check(load(mended.text))
    assert not [f for f in rest if f.verdict is Verdict.ERROR]


@pytest.fixture(scope="module")
def monolith():
    return mend("".join(f"{line}   # {n}\n" for n, line in enumerate(BAD.splitlines())))


class TestEveryMistakeAtOnce:
    def test_all_that_has_a_fix_is_cleared_one_after_another(self, monolith):
        before, after = failing(monolith.before), failing(monolith.text)
        assert after < before
        assert {rule for rule, _ in after} <= BY_HAND
        assert {d.finding.rule for d in monolith.declined} <= BY_HAND
        assert len(monolith.applied) >= 80

    def test_the_text_is_the_old_one_with_these_edits(self, monolith):
        edits = [edit for fix in monolith.applied for edit in fix.edits]
        assert load(apply(monolith.before, edits)) is not None
        assert monolith.diff("x.yaml").startswith("--- a/x.yaml\n+++ b/x.yaml\n")

    def test_comments_stay_with_what_stays(self, monolith):
        kept = {line.rpartition("   # ")[2] for line in monolith.text.splitlines()}
        lost = [
            line for n, line in enumerate(BAD.splitlines()) if str(n) not in kept
        ]  # fmt: skip
        assert all("from:" in line or ": " in line for line in lost) and len(lost) <= 12

    def test_what_is_mended_stays_as_it_is(self, monolith):
        again = mend(monolith.text)
        assert (again.text, again.applied) == (monolith.text, ())


ALONE = (
    "REL05",
    "FIT04",
    "REL06",
    "ANT08",
    "API04",
    "SEC12",
    "EVT09",
    "WFL01",
    "ANT05",
    "SEC01",
    "DAT07",
    "EVT12",
)


@pytest.mark.parametrize("rule", ALONE)
def test_what_a_fix_makes_necessary_is_fixed_along_with_it_or_it_is_declined(rule):
    finding = next(f for f in open_findings(check(load(BAD))) if f.rule == rule)
    key = finding.rule, finding.subject
    mended = mend(BAD, lambda f: (f.rule, f.subject) == key)
    if mended.declined:
        assert mended.text == BAD and mended.declined[0].reason.startswith("It would raise")
        return
    assert mended.applied[0].rule == rule
    before, after = severities(BAD), severities(mended.text)
    assert key not in after
    assert all(k in before and after[k] >= before[k] for k in after)


def test_a_clean_design_is_left_alone():
    assert mend(GOOD).text == GOOD
    assert mend(GOOD).diff() == ""


def test_what_a_person_has_to_decide_is_declined_with_a_reason():
    source = (EXAMPLES / "bad" / "FUN06.yaml").read_text("utf-8")
    mended = mend(source)
    assert mended.text == source
    assert [(d.finding.rule, bool(d.reason)) for d in mended.declined] == [("FUN06", True)]
    finding = mended.declined[0].finding
    assert fix_for(load(source), finding) is None


class TestSafeDefaults:
    def mended(self, components, rest="", rule=None):
        source = text(components, rest)
        return load(mend(source, (lambda f: f.rule == rule) if rule else None).text)

    def test_a_dead_letter_queue_that_fits_is_used(self):
        source = (EXAMPLES / "bad" / "EVT01.yaml").read_text("utf-8")
        assert load(mend(source).text).component("work").get("dlq") == "work-dead"
        other = source.replace(
            "id: work-dead, kind: queue,", "id: work-dead, kind: queue, order: fifo,"
        )
        other = other.replace("{id: work, kind: queue}", "{id: work, kind: queue, order: none}")
        design = load(mend(other, lambda f: f.rule == "EVT01").text)
        assert design.component("work").get("dlq") == "work-dead-2"
        made = design.component("work-dead-2")
        assert made.get("alarms") == ("depth", "age") and made.get("redrive") == "runbook"

    def test_visibility_covers_the_slowest_of_several_consumers(self):
        design = self.mended(
            "  - {id: q, kind: queue, visibility_s: 30, retention_s: 100, max_receive: 5, dlq: d}\n"
            "  - {id: d, kind: queue, purpose: dlq, retention_s: 200}\n"
            "  - {id: a, kind: function, timeout_s: 10}\n  - {id: b, kind: function, timeout_s: 60}",
            "edges:\n  - {from: q, to: a, kind: poll, batch_window_s: 0}\n"
            "  - {from: q, to: b, kind: poll, batch_window_s: 5}\n",
            "EVT05",
        )
        queue = design.component("q")
        assert queue.get("visibility_s") == 365
        assert queue.get("retention_s") > 5 * 365 < design.component("d").get("retention_s")

    def test_connections_are_shared_out_and_small_users_keep_theirs(self):
        design = self.mended(
            "  - {id: db, kind: proxy, max_connections: 100}\n"
            "  - {id: a, kind: function, concurrency: {max: 5}}\n"
            "  - {id: b, kind: function, concurrency: {max: 500, reserved: 400}, db_connections: 2}\n"
            "  - {id: q, kind: queue}",
            "edges:\n" + "".join(f"  - {{from: {f}, to: db, kind: write, timeout_s: 1}}\n" for f in "ab")
            + "  - {from: q, to: b, kind: poll, max_concurrency: 300}\n",
            "REL04",
        )  # fmt: skip
        assert design.component("a").get("concurrency.max") == 5
        assert design.component("b").get("concurrency.max") == 37
        assert design.component("b").get("concurrency.reserved") == 37
        assert design.out_edges("q")[0].get("max_concurrency") == 37

    def test_wide_grants_become_what_the_edges_need(self):
        from design.model import Grant

        design = self.mended(
            "  - {id: a, kind: function, grants: [{to: '*', actions: ['*']}, {to: b, actions: [list]}]}\n"
            "  - {id: b, kind: kv}\n  - {id: c, kind: topic}",
            "edges:\n  - {from: a, to: b, kind: read}\n  - {from: a, to: c, kind: publish}\n",
            "SEC01",
        )
        assert design.component("a").grants == (
            Grant("b", ("read", "list")),
            Grant("c", ("publish",)),
        )

    def test_ids_are_never_taken_twice(self):
        design = self.mended(
            "  - {id: q, kind: queue}\n  - {id: q-dead, kind: kv}\n  - {id: a, kind: function}",
            "edges:\n  - {from: q, to: a, kind: poll}\n",
            "EVT01",
        )
        assert design.component("q").get("dlq") == "q-dead-2"

    def test_timeouts_descend_and_leave_room_for_every_attempt(self):
        design = self.mended(
            "  - {id: a, kind: function, timeout_s: 9}\n  - {id: b, kind: external}",
            "edges:\n  - {from: a, to: b, kind: call, retries: {max: 3}, timeout_s: 20}\n",
            "REL01",
        )
        assert 4 * design.edges[0].get("timeout_s") < 9


def test_many_findings_are_fixed_together():
    components = "".join(
        f"  - {{id: q{n}, kind: queue}}\n  - {{id: f{n}, kind: function}}\n" for n in range(60)
    )
    edges = "edges:\n" + "".join(f"  - {{from: q{n}, to: f{n}, kind: poll}}\n" for n in range(60))
    mended = mend(text(components.rstrip("\n"), edges), lambda f: f.rule in ("EVT01", "FUN02"))
    assert len(mended.applied) == 120 and not mended.declined
    assert failing(mended.text) < failing(mended.before)


def test_drafts_are_values():
    source = (EXAMPLES / "bad" / "OBS01.yaml").read_text("utf-8")
    design = load(source)
    fix = fix_for(design, open_findings(check(design))[0])
    assert fix is not None and fix.edits == (Set("components", "handle", "tracing", True),)


def test_a_large_design_is_mended_within_a_budget_and_the_rest_is_told(monkeypatch):
    from design.fixes import _mend

    text = Path("guide/content/designs/shop-monolith.yaml").read_text(encoding="utf-8")
    monkeypatch.setattr(_mend, "_WORK", 400)
    some = mend(text)
    assert some.applied
    told = [one for one in some.declined if "too much to prove" in one.reason]
    assert told
    monkeypatch.undo()
    finding = told[-1].finding
    alone = mend(text, lambda f: (f.rule, f.subject) == (finding.rule, finding.subject))
    assert not any("too much" in one.reason for one in alone.declined)
