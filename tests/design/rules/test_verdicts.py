"""How findings come about, whatever the rule."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design.document import load
from design.model import Attr, Component, Design, Edge
from design.profiles import profile
from design.rules import RULES, Verdict, check
from design.rules._check import run

from .cases import design, findings, path
from .invented import invented

CLEAN = "photo-orders"


def without(text: Design, part: Component | Edge, name: str) -> Design:
    """The design with one attribute left out."""
    bare = replace(part, attrs={k: v for k, v in part.attrs.items() if k != name})
    if isinstance(part, Component):
        return replace(
            text, components=tuple(bare if c.id == part.id else c for c in text.components)
        )
    return replace(text, edges=tuple(bare if e.id == part.id else e for e in text.edges))


def passes(found) -> set[tuple[str, str]]:
    return {(f.rule, f.subject) for f in found if f.verdict is Verdict.PASS}


def test_leaving_out_any_attribute_of_the_clean_design_gains_no_pass_and_breaks_no_rule():
    clean = design("demo", CLEAN)
    before = passes(findings("demo", CLEAN))
    for part in (*clean.components, *clean.edges):
        for name in part.attrs:
            found = check(without(clean, part, name))
            gained = passes(found) - before
            assert not gained, (part.id, name, gained)
            assert all(f.verdict is not Verdict.ERROR for f in found)


def test_a_design_with_nothing_but_its_shape_says_so():
    clean = design("demo", CLEAN)
    bare = replace(
        clean,
        attrs={},
        components=tuple(replace(c, attrs={}) for c in clean.components),
        edges=tuple(replace(e, attrs={}) for e in clean.edges),
    )
    found = check(bare)
    assert sum(f.verdict is Verdict.UNKNOWN for f in found) > len(passes(found))


def test_each_rule_and_subject_gives_one_finding():
    found = findings("demo", "shop-monolith")
    keys = [(f.rule, f.subject) for f in found]
    assert len(keys) == len(set(keys))
    assert keys == sorted(keys)
    assert {f.rule for f in found} == set(RULES)


def test_a_rule_without_a_subject_is_not_applicable_to_the_design():
    empty = Design(id="empty")
    found = {f.rule: f for f in check(empty)}
    assert found["EVT05"].verdict is Verdict.NOT_APPLICABLE
    assert found["EVT05"].subject == "design"


def test_a_broken_rule_gives_an_error_and_is_logged(caplog: pytest.LogCaptureFixture):
    def broken(facts):
        raise ZeroDivisionError("never shown")

    rule = replace(RULES["EVT05"], judge=broken)
    with caplog.at_level(logging.ERROR):
        (finding,) = run([rule], design("demo", CLEAN), None)
    assert finding.verdict is Verdict.ERROR
    assert "ZeroDivisionError" in finding.message
    assert "EVT05" in caplog.text


def test_a_rule_that_breaks_half_way_keeps_none_of_its_verdicts():
    def half(facts):
        yield from list(RULES["FUN01"].judge(facts))[:1]
        raise ValueError

    found = run([replace(RULES["FUN01"], judge=half)], design("demo", CLEAN), None)
    assert [f.verdict for f in found] == [Verdict.ERROR]


def test_the_profile_of_the_design_supplies_the_limits():
    text = path("good", "FIT01").read_text().replace("criticality: low", "profile: knative")
    long = load(text.replace("timeout_s: 600", "timeout_s: 800"))
    assert verdict_of("FIT01", check(long)) is Verdict.FAIL
    assert verdict_of("FIT01", check(long, profile("aws"))) is Verdict.PASS


def verdict_of(rule: str, found) -> Verdict:
    (finding,) = [f for f in found if f.rule == rule]
    return finding.verdict


def test_visibility_below_one_timeout_is_critical():
    (finding,) = [
        f
        for f in findings("demo", "shop-monolith")
        if f.rule == "EVT05" and f.verdict is Verdict.FAIL
    ]
    assert finding.severity == "critical"
    (milder,) = [f for f in findings("plates", "claims-intake-before") if f.rule == "EVT05"]
    assert milder.severity == "high"


def test_the_message_and_the_evidence_carry_the_numbers():
    (finding,) = [f for f in findings("plates", "claims-intake-before") if f.rule == "EVT05"]
    assert "after 60 s" in finding.message and "180 s are needed" in finding.message
    told = {e.what: (e.value, e.origin) for e in finding.evidence}
    assert told["intake.visibility_s"] == ("60 s", "stated")
    assert told["visibility factor"] == ("6", "profile")
    assert told["visibility needed"] == ("180 s", "computed")


def test_a_value_from_the_defaults_says_so():
    (finding,) = [f for f in findings("good", "EVT05") if f.rule == "EVT05"]
    told = {e.what: e.origin for e in finding.evidence}
    assert told["handle.timeout_s"] == "default"


def test_the_word_unknown_is_neither_absent_nor_false():
    (finding,) = [f for f in findings("unknown", "EVT01") if f.rule == "EVT01"]
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.missing == ("work.dlq",)


def test_a_chain_of_two_thousand_functions_is_answered():
    names = [f"f{i:04}" for i in range(2000)]
    components = tuple(Component(id=n, kind="function") for n in names)
    edges = tuple(
        Edge(
            id=f"{a}->{b}:call",
            source=a,
            target=b,
            kind="call",
            attrs={"retries.max": Attr(3, 1)},
        )
        for a, b in pairwise(names)
    )
    found = check(Design(id="chain", components=components, edges=edges))
    failed = {f.rule for f in found if f.verdict is Verdict.FAIL}
    assert {"ANT04", "ANT05"} <= failed
    assert all(f.verdict is not Verdict.ERROR for f in found)
    assert all(len(f.message) < 600 for f in found)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_no_design_breaks_a_rule(seed: int):
    found = check(invented(seed))
    broken = [(f.rule, f.message) for f in found if f.verdict is Verdict.ERROR]
    assert not broken
    for finding in found:
        assert "None" not in finding.message
        if finding.verdict is Verdict.UNKNOWN:
            assert finding.missing, finding.rule
