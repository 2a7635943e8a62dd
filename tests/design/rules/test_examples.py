"""Every rule on files that fail it, pass it and leave it open."""

from __future__ import annotations

import pytest

from design.rules import RULES, Rule, Verdict

from .cases import EXAMPLES, findings, path, rules_with, verdicts

EACH_RULE = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))


@EACH_RULE
def test_the_bad_example_fails(rule: Rule):
    assert Verdict.FAIL in verdicts(rule.id, findings("bad", rule.id))


@EACH_RULE
def test_the_good_example_passes_and_raises_nothing_from_any_rule(rule: Rule):
    found = findings("good", rule.id)
    assert Verdict.PASS in verdicts(rule.id, found)
    assert rules_with(Verdict.FAIL, found) == set()


@EACH_RULE
def test_the_unknown_example_is_open_or_the_rule_says_why_it_cannot_be(rule: Rule):
    if rule.never_unknown:
        assert not path("unknown", rule.id).exists()
        return
    mine = verdicts(rule.id, findings("unknown", rule.id))
    assert Verdict.UNKNOWN in mine and Verdict.FAIL not in mine


@EACH_RULE
def test_the_examples_never_break_a_rule(rule: Rule):
    for folder in ("bad", "good"):
        assert rules_with(Verdict.ERROR, findings(folder, rule.id)) == set()


def test_every_example_belongs_to_a_rule():
    for folder in ("bad", "good", "unknown"):
        assert {file.stem for file in (EXAMPLES / folder).glob("*.yaml")} <= set(RULES)


@EACH_RULE
def test_a_failure_shows_what_it_rests_on(rule: Rule):
    for finding in findings("bad", rule.id):
        if finding.rule == rule.id and finding.verdict is Verdict.FAIL:
            assert finding.message.endswith(".") and "None" not in finding.message
            assert finding.line > 0 and finding.title == rule.title
            assert not finding.missing


@EACH_RULE
def test_an_open_verdict_names_what_is_missing(rule: Rule):
    if rule.never_unknown:
        return
    for finding in findings("unknown", rule.id):
        if finding.verdict is Verdict.UNKNOWN:
            assert finding.missing
            assert all("." in path for path in finding.missing)
            assert "Undecided" in finding.message
