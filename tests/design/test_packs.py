"""Rule packs: what is refused and why, and what one does to a result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import document, export
from design.compare import compare
from design.packs import NAMES, BadPack, named, read
from design.result import evaluate, from_dict, to_dict
from design.rules import RULES, Severity, Verdict

from .examples import BAD, GOOD

RULE = """
  - id: OWN01
    title: Too slow
    severity: medium
    pillar: performance
    applies_to: function
    when: tracing == true
    fails_if: timeout_s > 60
    unknown_if_missing: [owner]
    message: "{id} may take {timeout_s}, and {memory_mb}."
    why: Nobody waits that long.
    fix: Answer sooner.
    refs: [guide:workflows/steps, "note 1"]
    tests:
      pass:
        - "components: [{id: a, kind: function, tracing: true, timeout_s: 3, owner: us}]"
      fail:
        - "components: [{id: a, kind: function, tracing: true, timeout_s: 90, owner: us}]"
      unknown:
        - "components: [{id: a, kind: function, tracing: true, timeout_s: 90}]"
        - "components: [{id: a, kind: function, timeout_s: 90, owner: us}]"
"""
PACK = f"pack: own\nversion: 1.2\nrules:{RULE}"


def refused(text):
    with pytest.raises(BadPack) as bad:
        read(text)
    return "\n".join(str(problem) for problem in bad.value.problems)


class TestReading:
    def test_a_rule_carries_what_its_file_says(self):
        pack = read(PACK)
        (rule,) = pack.rules
        assert str(pack) == "own 1.2"
        assert (rule.id, rule.severity, rule.area, rule.section) == (
            "OWN01", Severity.MEDIUM, "own", "workflows/steps",
        )  # fmt: skip
        assert rule.references == ("note 1",)
        assert "timeout_s > 60" in rule.detects

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("pack: own", "pack: Own Rules", "a name in small letters"),
            ("version: 1.2", "version: latest", "a version such as 1.0.0"),
            ("OWN01", "own1", "an id such as PRV01"),
            ("OWN01", "SEC99", "the built-in rules"),
            ("title: Too slow", "titel: Too slow", "Did you mean “title”?"),
            ("severity: medium", "severity: mid", "Expected one of critical"),
            ("pillar: performance", "pillar: perf", "Expected one of reliability"),
            ("applies_to: function", "applies_to: functon", "Did you mean “function”?"),
            ("timeout_s > 60", "timeout > 60", "Column 1: “timeout” is not an attribute"),
            ("timeout_s > 60", "timeout_s", "true or false"),
            ("[owner]", "[ownr]", "Did you mean “owner”?"),
            ("{memory_mb}", "{memory}", "Did you mean “memory_mb”?"),
            ("{memory_mb}", "{memory_mb", "A brace is not closed."),
            ("    why: Nobody waits that long.\n", "", "The rule does not say “why”."),
            ("fail:", "failing:", "no test that has to fail"),
            ("timeout_s: 3,", "timeout_s: 300,", "has to come out as pass and comes out as fail at a"),
            ("timeout_s: 90, owner: us}]\"\n      unknown", "timeout_s: 9, owner: us}]\"\n      unknown",
             "has to come out as fail and comes out as pass"),
            ("kind: function, tracing: true, timeout_s: 3", "kind: functon, tracing: true", "not a design: line 1"),
            (RULE[RULE.index("tests:"):], "tests: none\n", "groups pass, fail and unknown"),
            ("fails_if: timeout_s > 60", "fails_if: [a]", "Put quotes around it."),
            ("refs:", "waivable: maybe\n    refs:", "Expected one of true, false"),
            ("title: Too slow", "title: []", "Expected a text."),
        ],
    )  # fmt: skip
    def test_mistakes_are_told_with_their_line(self, old, new, said):
        assert old in PACK
        told = refused(PACK.replace(old, new))
        assert said in told
        assert told.startswith("line ")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "This is not a pack."),
            ("[]", "This is not a pack."),
            ("pack: own\nversion: 1", "A pack has a list of rules."),
            ("pack: own\nversion: 1\nrules: [1]", "A rule is a group"),
            ("pack: own\nversion: 1\nrules: {", "This is not YAML"),
            (f"{PACK}{RULE}", "OWN01 stands twice"),
            ("pack: &a own\nversion: 1\nrules: *a", "not allowed"),
            ("pack: own\nversion: 1\nrules:\n" + "  - id: A\n" * 201, "more than 200 rules"),
        ],
    )
    def test_what_is_no_pack_at_all(self, text, said):
        assert said in refused(text)

    def test_a_rule_that_takes_too_long_is_refused_with_its_test(self):
        costly = (
            "any(out_edges, any(subject.reachable, any(out_edges, any(to.reachable, id == 'x'))))"
        )
        nodes = ", ".join(
            f"{{id: a{i}, kind: function, tracing: true, owner: us}}" for i in range(40)
        )
        edges = ", ".join(
            f"{{from: a{i}, to: a{j}, kind: call}}" for i in range(40) for j in range(40) if i < j
        )
        text = PACK.replace("timeout_s > 60", f'"{costly}"').replace(
            '"components: [{id: a, kind: function, tracing: true, timeout_s: 3, owner: us}]"',
            f'"components: [{nodes}]\\nedges: [{edges}]"',
        )
        assert "more operations than it may" in refused(text)

    def test_the_example_of_the_page_is_a_pack(self):
        page = (Path(__file__).parents[2] / "docs/rule-packs.md").read_text("utf-8")
        block = page.split("## One rule\n\n")[1].split("\nOptional:")[0]
        pack = read("\n".join(line[4:] for line in block.splitlines()))
        assert [rule.id for rule in pack.rules] == ["OURS01"]

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, len(PACK)), st.integers(0, 30), st.text(max_size=12))
    def test_no_damage_does_more_than_refuse_a_pack(self, at, cut, put):
        text = PACK[:at] + put + PACK[at + cut :]
        try:
            read(text)
        except BadPack as bad:
            assert bad.problems
            assert all(problem.message for problem in bad.problems)


class TestPrivacy:
    def test_it_has_six_rules_with_a_test_of_each_sort(self):
        pack = named("privacy")
        assert [rule.id for rule in pack.rules] == [f"PRV0{n}" for n in range(1, 7)]
        assert not set(RULES) & {rule.id for rule in pack.rules}
        source = document.safe_tree(_file("privacy"))
        assert all(set(rule["tests"]) == {"pass", "fail", "unknown"} for rule in source["rules"])

    def test_names_are_those_that_load(self):
        assert [named(name).name for name in NAMES] == list(NAMES)
        with pytest.raises(KeyError):
            named("nothing")

    def test_it_leaves_alone_what_the_built_in_rules_judge(self):
        """A confidential item to a partner without agreement is one finding, not two."""
        text = """
model: sdm/1
design: {id: d}
data: [{id: email, class: confidential, personal: true, retention_days: 30, residency: [eu]}]
components: [{id: notify, kind: function}, {id: mailer, kind: external, dpa: false}]
edges: [{from: notify, to: mailer, kind: call, data: [email]}]
"""
        result = evaluate(document.load(text), packs=[named("privacy")])
        about = {f.rule for f in result.of(Verdict.FAIL) if f.subject == "notify->mailer:call"}
        assert "SEC12" in about
        assert "PRV05" not in about


def _file(name):
    from importlib.resources import files

    return files("design.packs").joinpath(f"{name}.yaml").read_text("utf-8")


class TestResults:
    @pytest.fixture
    def with_pack(self):
        return evaluate(document.load(BAD), packs=[read(PACK), named("privacy")])

    def test_its_rules_are_asked_and_counted(self, with_pack):
        plain = evaluate(document.load(BAD))
        assert {f.rule for f in with_pack.findings} - {f.rule for f in plain.findings} == {
            "OWN01", *(rule.id for rule in named("privacy").rules),
        }  # fmt: skip
        assert with_pack.score.counts["rules"] == len(RULES) + 7
        assert [f for f in with_pack.findings if f.rule in RULES] == list(plain.findings)

    def test_name_and_version_stand_in_every_export(self, with_pack):
        for name, render in export.FORMATS.items():
            said = render(with_pack)
            assert "privacy" in said, name
            assert "1.0.0" in said, name
        assert [p["name"] for p in json.loads(export.json.render(with_pack))["packs"]] == [
            "warmstart", "own", "privacy",
        ]  # fmt: skip

    def test_a_stored_result_still_knows_its_rules(self, with_pack):
        again = from_dict(json.loads(json.dumps(to_dict(with_pack))))
        assert again.rules["PRV01"].fix == with_pack.rules["PRV01"].fix
        for render in export.FORMATS.values():
            assert render(again) == render(with_pack)

    def test_two_packs_with_one_id_are_refused(self):
        other = read(PACK.replace("pack: own", "pack: other"))
        with pytest.raises(ValueError, match="both have a rule OWN01"):
            evaluate(document.load(GOOD), packs=[read(PACK), other])

    def test_the_message_shows_units_and_what_is_not_stated(self):
        text = "model: sdm/1\ndesign: {id: d}\ncomponents: [{id: a, kind: function, tracing: true, timeout_s: 90, owner: us}]"
        (found,) = (
            f
            for f in evaluate(document.load(text), packs=[read(PACK)]).findings
            if f.rule == "OWN01"
        )
        assert found.message == "a may take 90 s, and not stated."
        assert [one.what for one in found.evidence] == ["a.tracing", "a.timeout_s"]

    def test_a_rule_that_may_not_be_waived_is_not(self):
        from design.waivers import waiver_problem

        pack = read(PACK.replace("refs:", "waivable: false\n    refs:"))
        text = GOOD + (
            "waivers:\n  - {rule: OWN01, subject: '*', category: accepted, by: ada, created: 2026-01-01,\n"
            "     reason: it has always been so here}\n"
        )
        result = evaluate(document.load(text), today="2026-01-02", packs=[pack])
        assert result.waivers[0].says == "This rule cannot be waived."
        assert waiver_problem(result.design.waivers[0], "2026-01-02") == (
            "There is no such rule, or its pack is not in use."
        )


class TestComparing:
    def test_rules_that_only_one_side_was_asked_are_kept_apart(self):
        design = document.load(BAD)
        plain, more = evaluate(design), evaluate(design, packs=[named("privacy")])
        for before, after, said in (
            (plain, more, "The rule pack privacy 1.0.0 is used only now."),
            (more, plain, "The rule pack privacy 1.0.0 was used only before."),
        ):
            change = compare(before, after)
            assert change.packs == (said,)
            assert not change.new
            assert not change.fixed
            assert not change.gone
            assert {c.rule[:3] for c in change.from_pack} == {"PRV"}
            for render in (
                export.text.render_comparison,
                export.markdown.render_comparison,
                export.json.render_comparison,
            ):
                assert "privacy 1.0.0" in render(change)

    def test_the_same_packs_say_nothing(self):
        result = evaluate(document.load(BAD), packs=[named("privacy")])
        assert compare(result, result).packs == ()

    def test_a_newer_version_is_told(self):
        design = document.load(GOOD)
        old, new = read(PACK), read(PACK.replace("version: 1.2", "version: 1.3"))
        change = compare(evaluate(design, packs=[old]), evaluate(design, packs=[new]))
        assert change.packs == ("The rule pack own was 1.2 and is 1.3.",)
