"""The score, and what must always be true of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import document
from design.export import FORMATS
from design.result import evaluate, from_dict, to_dict
from design.rules import RULES, Finding, Severity, Verdict, check
from design.scoring import (
    PILLARS,
    Tally,
    score,
    score_tallies,
    weights_for,
)
from design.waivers import in_force, waiver_problem

from .examples import BAD, GOOD, text
from .rules.cases import FIRST_RULES

ORDINARY = dict(PILLARS)
IDS = sorted(RULES)
CRITICAL = next(id for id in IDS if RULES[id].severity is Severity.CRITICAL)
HIGH = next(id for id in IDS if RULES[id].severity is Severity.HIGH)
MEDIUM = next(id for id in IDS if RULES[id].severity is Severity.MEDIUM)


def found(rule, verdict, subject="a", severity=None):
    return Finding(rule, subject, Verdict(verdict), severity or RULES[rule].severity, "t", "m")


def small():
    return document.load(text())


class TestTheFormula:
    def test_all_passes_are_a_hundred(self):
        result = score([found(id, "pass") for id in IDS], small())
        assert (result.total, result.grade, result.coverage) == (100, "A", 100)
        assert not result.provisional

    def test_quality_counts_rules_and_not_findings(self):
        few = score([found(MEDIUM, "pass", "a"), found(MEDIUM, "fail", "b")], small())
        many = score(
            [found(MEDIUM, "pass" if i % 2 else "fail", f"s{i:03}") for i in range(100)], small()
        )
        assert few.total == many.total == 50

    def test_severity_weighs_ten_five_two_one(self):
        pillar = RULES[MEDIUM].pillar
        same = [id for id in IDS if RULES[id].pillar == pillar]
        other = next(id for id in same if id != MEDIUM)
        weight = {"critical": 10, "high": 5, "medium": 2, "low": 1}[RULES[other].severity]
        result = score([found(MEDIUM, "fail"), found(other, "pass")], small())
        assert result.pillars[pillar].score == pytest.approx(100 * weight / (weight + 2), abs=0.01)

    def test_unknown_lowers_coverage_and_not_the_score(self):
        result = score([found(MEDIUM, "pass", "a"), found(MEDIUM, "unknown", "b")], small())
        assert (result.total, result.coverage) == (100, 50)
        assert result.provisional
        assert result.grade is None

    def test_an_open_critical_finding_caps_its_pillar_and_the_total(self):
        findings = [found(id, "pass") for id in IDS]
        findings += [found(CRITICAL, "pass", f"s{i}") for i in range(99)]
        result = score([*findings, found(CRITICAL, "fail", "z")], small())
        assert result.total == 59
        assert result.pillars[RULES[CRITICAL].pillar].score == 49
        assert len(result.caps) == 2

    def test_an_open_high_finding_caps_the_total(self):
        findings = [found(id, "pass") for id in IDS] + [found(HIGH, "fail", "z")]
        assert score(findings, small()).total == 84

    def test_a_broken_rule_makes_it_provisional(self):
        findings = [found(id, "pass") for id in IDS if id != MEDIUM] + [found(MEDIUM, "error")]
        result = score(findings, small())
        assert result.provisional
        assert result.grade is None
        assert result.counts["error"] == 1

    def test_what_does_not_apply_does_not_count(self):
        findings = [found(MEDIUM, "pass"), found(HIGH, "not_applicable", "design")]
        result = score(findings, small())
        assert (result.total, result.coverage) == (100, 100)
        assert result.counts["not_applicable"] == 1

    def test_nothing_decided_is_no_score_for_a_pillar(self):
        result = score([found(MEDIUM, "unknown")], small())
        assert result.pillars[RULES[MEDIUM].pillar].score is None
        assert result.provisional

    def test_weights_always_sum_to_a_hundred(self):
        for criticality in ("low", "medium", "high", "critical"):
            for data in ("public", "internal", "confidential", "restricted"):
                source = text(rest=f"data:\n  - {{id: d, class: {data}}}\n")
                source = source.replace("id: small", f"id: small, criticality: {criticality}")
                weights, _ = weights_for(document.load(source))
                assert sum(weights.values()) == pytest.approx(100)
                assert min(weights.values()) > 0

    def test_restricted_data_gives_security_ten_points_more(self):
        weights, reasons = weights_for(
            document.load(text(rest="data:\n  - {id: d, class: restricted}\n"))
        )
        assert weights["security"] == 35
        assert weights["delivery"] == pytest.approx(5 - 10 / 6)
        assert reasons == ("Data class restricted: security counts 10 points more.",)


class TestWaivers:
    def test_each_category_is_worth_what_the_rubric_says(self):
        for category, worth in (
            ("accepted", 0), ("compensated", 50), ("false_positive", 100), ("not_applicable", 100),
        ):  # fmt: skip
            result = score([found(MEDIUM, "fail")], small(), {(MEDIUM, "a"): category})
            assert result.total == worth
            assert result.coverage == 100

    def test_the_score_without_accepted_risks_leaves_them_out(self):
        findings = [found(MEDIUM, "fail", "a"), found(MEDIUM, "pass", "b")]
        result = score(findings, small(), {(MEDIUM, "a"): "accepted"})
        assert (result.total, result.without_accepted) == (50, 100)

    def test_a_waived_critical_finding_caps_nothing(self):
        result = score([found(CRITICAL, "fail")], small(), {(CRITICAL, "a"): "compensated"})
        assert result.caps == ()
        assert result.counts["waived"] == 1

    def waiver(self, **said):
        given = {
            "rule": MEDIUM, "subject": "a", "category": "accepted", "by": "ada",
            "reason": "the data is public anyway", "created": "2026-01-01", "expires": "2026-03-01",
        } | said  # fmt: skip
        line = ", ".join(f"{key}: {value}" for key, value in given.items() if value)
        return document.load(text(rest=f"waivers:\n  - {{{line}}}\n"))

    @pytest.mark.parametrize(
        "said",
        [
            {"expires": "2026-01-31"},
            {"expires": "", "created": ""},
            {"reason": "because"},
            {"category": ""},
            {"by": ""},
            {"expires": "2027-03-01"},
            {"rule": "ZZZ99"},
            {"rule": HIGH},
            {"rule": HIGH, "approved_by": "ada"},
        ],
    )
    def test_a_waiver_that_lacks_something_is_not_applied(self, said):
        design = self.waiver(**said)
        assert waiver_problem(design.waivers[0], "2026-02-01")
        assert not in_force(
            design,
            [found(said.get("rule") or MEDIUM, "fail")] if said.get("rule") != "ZZZ99" else [],
            "2026-02-01",
        )

    def test_a_pattern_is_anchored(self):
        design = self.waiver(subject='"a*"')
        findings = [found(MEDIUM, "fail", subject) for subject in ("a", "ab", "ba")]
        applied = in_force(design, findings, "2026-02-01")
        assert sorted(subject for _, subject in applied) == ["a", "ab"]

    def test_high_findings_need_a_second_person(self):
        design = self.waiver(rule=HIGH, approved_by="bob")
        assert in_force(design, [found(HIGH, "fail")], "2026-02-01") == {(HIGH, "a"): "accepted"}


TALLIES = st.dictionaries(
    st.sampled_from(IDS),
    st.tuples(*(st.integers(0, 4) for _ in range(3))),
    min_size=1,
)


def tallies_of(counts):
    return {
        id: Tally(id, p, f, u, worst_open=RULES[id].severity if f else None)
        for id, (p, f, u) in sorted(counts.items())
    }


SELECTS = {"from", "to", "kind", "ordering", "retries"}
"""What makes a part a subject of a rule: without it there is nothing to decide."""


class TestWhatMustAlwaysBeTrue:
    @settings(max_examples=400, deadline=None)
    @given(TALLIES, st.randoms(use_true_random=False))
    def test_fixing_a_finding_never_lowers_the_score(self, counts, chance):
        failing = [id for id, (_, f, _) in counts.items() if f]
        if not failing:
            return
        id = chance.choice(sorted(failing))
        p, f, u = counts[id]
        fixed = counts | {id: (p + 1, f - 1, u)}
        before = score_tallies(tallies_of(counts), ORDINARY)
        after = score_tallies(tallies_of(fixed), ORDINARY)
        assert after.total >= before.total
        assert after.coverage == before.coverage

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("secrets: env_plain", "secrets: store"),
            ("auth: none, request", "auth: jwt, request"),
            ("idempotent: none", "idempotent: key"),
            ("state_local: required", "state_local: none"),
            ("visibility_s: 30,", "visibility_s: 6000,"),
            ("max_receive: 1,", "max_receive: 5, dlq: old-dead,"),
            ('to: "*", actions: ["*"]', "to: stock, actions: [write]"),
            ("backups: none", "backups: pitr"),
            ("encrypted: false", "encrypted: true"),
            ("backoff: none, jitter: false", "backoff: exponential, jitter: true"),
            ("partial_failure: false", "partial_failure: true"),
            ("status: eol", "status: current"),
            ("source_restricted: false", "source_restricted: true"),
        ],
    )
    def test_putting_the_text_right_never_lowers_the_score(self, wrong, right):
        assert wrong in BAD
        before = evaluate(document.load(BAD))
        after = evaluate(document.load(BAD.replace(wrong, right)))
        assert after.score.total >= before.score.total
        assert len(after.of(Verdict.FAIL)) < len(before.of(Verdict.FAIL))

    @settings(max_examples=400, deadline=None)
    @given(TALLIES, st.lists(st.sampled_from(IDS)))
    def test_adding_something_clean_never_lowers_the_score(self, counts, passes):
        more = dict(counts)
        for id in passes:
            p, f, u = more.get(id, (0, 0, 0))
            more[id] = (p + 1, f, u)
        before = score_tallies(tallies_of(counts), ORDINARY)
        after = score_tallies(tallies_of(more), ORDINARY)
        nothing = not any(p + f for p, f, _ in counts.values())
        assert nothing or after.total >= before.total

    @settings(max_examples=200, deadline=None)
    @given(TALLIES, st.randoms(use_true_random=False))
    def test_the_order_of_findings_never_matters(self, counts, chance):
        findings = [
            found(id, verdict, f"{verdict}{i}")
            for id, numbers in counts.items()
            for verdict, n in zip(("pass", "fail", "unknown"), numbers, strict=True)
            for i in range(n)
        ]
        shuffled = list(findings)
        chance.shuffle(shuffled)
        assert score(findings, small()) == score(shuffled, small())

    @pytest.mark.parametrize("source", [GOOD, BAD])
    def test_removing_an_attribute_never_raises_coverage(self, source):
        design = document.load(source)
        whole = evaluate(design).score.coverage
        lines = document.dump(design).splitlines(keepends=True)
        for number, line in enumerate(lines):
            name = line.split(":")[0].strip(" -")
            less, _ = document.read("".join(lines[:number] + lines[number + 1 :]))
            if less is not None and name not in SELECTS:
                assert evaluate(less).score.coverage <= whole, line

    def test_a_stripped_design_loses_coverage_and_gains_no_pass(self):
        stripped = GOOD
        for line in ("    idempotent: key\n", "    timeout_s: 5\n", "    secrets: store\n",
                     "    input_validation: schema\n", "    tracing: true\n", "    auth: jwt\n",
                     "    role: role-bill\n"):  # fmt: skip
            assert line in stripped
            stripped = stripped.replace(line, "")
        before, after = evaluate(document.load(GOOD)), evaluate(document.load(stripped))
        assert after.score.coverage < before.score.coverage
        assert len(after.of(Verdict.PASS)) < len(before.of(Verdict.PASS))

    def test_adding_a_clean_component_to_a_design_never_lowers_the_score(self):
        clean = "  - {id: quiet, kind: secret_store, rotation_days: 30, encrypted: true, public: false}\n"
        for source in (GOOD, BAD):
            more = source.replace("edges:\n", clean + "edges:\n")
            assert (
                evaluate(document.load(more)).score.total
                >= evaluate(document.load(source)).score.total
            )

    @pytest.mark.parametrize("format", FORMATS)
    def test_the_same_input_gives_the_same_bytes(self, format):
        render = FORMATS[format]
        once, twice = (render(evaluate(document.load(BAD))) for _ in range(2))
        assert once == twice

    def test_the_order_of_the_file_never_matters(self):
        lines = BAD.splitlines(keepends=True)
        first = next(i for i, line in enumerate(lines) if line.startswith("edges:")) + 1
        turned = "".join(lines[:first] + lines[first:][::-1])
        here, there = evaluate(document.load(BAD)), evaluate(document.load(turned))
        assert here.score == there.score
        assert here.text_hash == there.text_hash


class TestResults:
    def test_the_examples_are_what_they_are_meant_to_be(self):
        good, bad = evaluate(document.load(GOOD)), evaluate(document.load(BAD))
        assert not good.of(Verdict.FAIL)
        assert not good.of(Verdict.UNKNOWN)
        assert (good.score.total, good.score.grade, good.score.coverage) == (100, "A", 100)
        assert bad.score.total < 50
        failed = {f.rule for f in bad.of(Verdict.FAIL)}
        assert failed >= FIRST_RULES, FIRST_RULES - failed

    def test_a_result_survives_json(self):
        result = evaluate(document.load(BAD))
        data = to_dict(result)
        again = from_dict(json.loads(json.dumps(data)))
        assert to_dict(again) == data
        assert again.findings == result.findings
        assert again.score == result.score

    @pytest.mark.parametrize("bad", [{}, {"format": "x"}, {"format": "warmstart-result/1"}])
    def test_other_json_is_refused(self, bad):
        with pytest.raises(ValueError, match="warmstart-result/2"):
            from_dict(bad)

    def test_findings_are_what_the_rules_say(self):
        design = document.load(BAD)
        assert evaluate(design).findings == check(design)
