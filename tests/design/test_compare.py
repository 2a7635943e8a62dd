"""What changed between two designs, and what it did to the score."""

from __future__ import annotations

import dataclasses

import pytest

from design import document, export
from design.compare import compare, fingerprint
from design.result import evaluate
from design.rules import Finding, Severity, Verdict

from .examples import BAD, GOOD

COMPARERS = (
    export.text.render_comparison,
    export.json.render_comparison,
    export.markdown.render_comparison,
)


def between(before: str, after: str):
    return compare(evaluate(document.load(before)), evaluate(document.load(after)))


class TestStructure:
    def test_nothing_changed_is_nothing(self):
        same = between(GOOD, GOOD)
        assert (same.parts, same.design, same.new, same.fixed, same.causes) == ((), (), (), (), ())
        assert same.points == 0

    def test_added_removed_and_changed_parts_are_told_apart(self):
        after = GOOD.replace("visibility_s: 200", "visibility_s: 240")
        after = after.replace("edges:\n", "  - {id: extra, kind: cache}\nedges:\n")
        after = after.replace("  - {from: bill, to: pay", "  # {from: bill, to: pay")
        change = between(GOOD, after)
        assert {(p.section, p.id, p.how) for p in change.parts} == {
            ("component", "extra", "added"),
            ("component", "work", "changed"),
            ("edge", "bill->pay:call", "removed"),
        }
        assert change.marks == {"extra": "added", "work": "changed", "bill->pay:call": "removed"}
        (attribute,) = next(p for p in change.parts if p.id == "work").attributes
        assert (attribute.path, attribute.old, attribute.new) == ("visibility_s", 200, 240)

    def test_absent_and_unknown_are_different(self):
        unknown = GOOD.replace("visibility_s: 200", "visibility_s: unknown")
        absent = GOOD.replace("visibility_s: 200, ", "")
        (attribute,) = between(unknown, absent).parts[0].attributes
        assert (attribute.old, attribute.stated_before) == (None, True)
        assert (attribute.new, attribute.stated_after) == (None, False)

    def test_a_rename_keeps_its_history_and_changes_nothing_else(self):
        renamed = GOOD.replace("id: bill\n", "id: charge\n    was: bill\n")
        renamed = renamed.replace("to: bill,", "to: charge,").replace(
            "from: bill,", "from: charge,"
        )
        change = between(GOOD, renamed)
        assert [(p.section, p.id, p.how, p.was) for p in change.parts] == [
            ("component", "charge", "renamed", "bill")
        ]
        assert not (change.new or change.fixed or change.gone)

    def test_a_change_of_kind_is_a_change(self):
        (part,) = between(GOOD, GOOD.replace("kind: bus", "kind: topic")).parts
        assert (part.attributes[0].path, part.attributes[0].new) == ("kind", "topic")

    def test_the_design_block_is_compared(self):
        (change,) = between(GOOD, GOOD.replace("stage: live  ", "stage: build")).design
        assert (change.path, change.old, change.new) == ("stage", "live", "build")


class TestFindings:
    def test_new_fixed_kept_and_unknown_are_told_apart(self):
        worse = GOOD.replace("visibility_s: 200", "visibility_s: 100")
        unsaid = GOOD.replace("visibility_s: 200", "visibility_s: unknown")
        edge = "work->start-fulfil:poll"
        assert [(c.rule, c.subject) for c in between(GOOD, worse).new] == [("EVT05", edge)]
        assert [(c.rule, c.subject) for c in between(worse, GOOD).fixed] == [("EVT05", edge)]
        assert [(c.rule, c.subject) for c in between(worse, worse).kept] == [("EVT05", edge)]
        assert [c.rule for c in between(GOOD, unsaid).newly_unknown] == ["EVT05", "EVT14"]
        assert [c.rule for c in between(unsaid, GOOD).newly_decided] == ["EVT05", "EVT14"]

    def test_a_finding_whose_subject_went_is_not_called_fixed(self):
        worse = GOOD.replace("visibility_s: 200", "visibility_s: 100")
        without = "".join(
            line for line in worse.splitlines(keepends=True) if "from: work, to: start" not in line
        )
        change = between(worse, without)
        assert [c.rule for c in change.gone] == ["EVT05"]
        assert "EVT05" not in [c.rule for c in change.fixed]

    def test_a_changed_severity_is_named(self):
        high = GOOD.replace("visibility_s: 200", "visibility_s: 100")
        critical = GOOD.replace("visibility_s: 200", "visibility_s: 10")
        (change,) = between(high, critical).severity_changed
        assert (change.before.severity, change.after.severity) == (Severity.HIGH, Severity.CRITICAL)

    def test_what_the_rules_changed_is_kept_apart(self):
        after = evaluate(document.load(BAD))
        first = next(f for f in after.findings if f.verdict is Verdict.FAIL)
        passed = dataclasses.replace(first, verdict=Verdict.PASS)
        old = tuple(passed if f == first else f for f in after.findings)
        before = dataclasses.replace(after, pack_version="older", findings=old)
        change = compare(before, after)
        assert [(c.rule, c.subject) for c in change.from_pack] == [(first.rule, first.subject)]
        assert not change.new
        assert change.points == 0

    def test_a_fingerprint_knows_rule_and_subject_only(self):
        one = Finding("ANT07", "b+a", Verdict.FAIL, Severity.HIGH, "t", "m", line=3)
        two = Finding("ANT07", "a+b", Verdict.PASS, Severity.LOW, "u", "n", line=9)
        design = document.load(GOOD)
        known = fingerprint(one, design)
        assert known == fingerprint(two, design)
        assert known != fingerprint(dataclasses.replace(one, rule="ANT09"), design)
        assert len(known) == 64


class TestScore:
    @pytest.mark.parametrize(("before", "after"), [(GOOD, BAD), (BAD, GOOD)])
    def test_the_causes_add_up_to_the_whole(self, before, after):
        change = between(before, after)
        assert sum(cause.points for cause in change.causes) == pytest.approx(change.points, abs=0.1)

    def test_the_cause_is_the_rule_whose_findings_changed(self):
        change = between(GOOD, GOOD.replace("visibility_s: 200", "visibility_s: 100"))
        assert [cause.rule for cause in change.causes] == ["EVT05"]
        assert change.causes[0].points == change.points == -16
        assert change.pillars["reliability"].points < 0
        assert change.pillars["security"].points == 0

    @pytest.mark.parametrize("render", COMPARERS)
    def test_every_format_says_what_changed(self, render):
        said = render(between(GOOD, GOOD.replace("visibility_s: 200", "visibility_s: 100")))
        assert "EVT05" in said
        assert "200" in said
        assert said == render(between(GOOD, GOOD.replace("visibility_s: 200", "visibility_s: 100")))
