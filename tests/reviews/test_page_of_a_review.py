"""What the page of a review says: groups, bundles, questions, the best that could be."""

from __future__ import annotations

import re

import pytest

from design import document
from design.export import open_in_order
from design.export.pins import pins
from design.result import Result, evaluate
from design.rules import Verdict
from reviews import pages, pictures
from tests.design.examples import BAD, GOOD
from tests.design.large import large


@pytest.fixture(scope="module")
def bad() -> Result:
    return evaluate(document.load(BAD))


@pytest.fixture(scope="module")
def good() -> Result:
    return evaluate(document.load(GOOD))


def numbers(made: dict) -> list[int]:
    return [
        one.number
        for group in made["groups"]
        for bundle in group.bundles
        for one in bundle.findings
    ]


def test_every_open_finding_stands_once_with_the_number_of_its_pin(bad: Result) -> None:
    made = pages.review(bad)
    assert numbers(made) == list(range(1, made["open_count"] + 1))
    assert sorted(numbers(pages.review(bad, by="component"))) == numbers(made)


def test_the_worst_come_first_and_each_heading_counts(bad: Result) -> None:
    groups = pages.review(bad)["groups"]
    assert [g.heading for g in groups] == ["Critical", "High", "Medium", "Low"]
    for group in groups:
        assert group.count == sum(len(b.findings) for b in group.bundles)


def test_findings_of_one_rule_are_one_row(bad: Result) -> None:
    for group in pages.review(bad)["groups"]:
        rules = [bundle.rule.id for bundle in group.bundles]
        assert len(rules) == len(set(rules))


def test_by_component_each_component_has_one_heading(bad: Result) -> None:
    headings = [g.heading for g in pages.review(bad, by="component")["groups"]]
    assert headings == sorted(set(headings))


def test_every_finding_links_its_section(bad: Result) -> None:
    for group in pages.review(bad)["groups"]:
        for bundle in group.bundles:
            assert bundle.section and bundle.section.url.startswith("/guide/")


def test_pins_carry_the_number_of_their_finding_and_the_worst_of_a_place_is_drawn(
    bad: Result,
) -> None:
    found = open_in_order(bad)
    made = pins(bad.design, found)
    assert [pin.number for pin in made] == sorted({pin.number for pin in made})
    for pin in made:
        assert pin.severity == found[pin.number - 1].severity.value
    svg = pictures.of_result(bad).svg
    first = {pin.subject: pin.number for pin in reversed(made)}
    assert sorted(map(int, re.findall(r'class="pin [^>]*>.*?>(\d+)</text>', svg))) == sorted(
        first.values()
    )


def test_what_is_unknown_is_asked_and_never_lowers_the_best_case(bad: Result) -> None:
    made = pages.review(bad)
    assert made["questions"] and made["best"] >= bad.score.total
    asked = {rule for q in made["questions"] for rule in q.rules}
    assert asked == {f.rule for f in bad.of(Verdict.UNKNOWN)}


def test_a_clean_design_says_what_was_checked(good: Result) -> None:
    made = pages.review(good)
    assert made["groups"] == () and made["open_count"] == 0
    assert [count for _, count in made["tally"]] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("design", "the whole design"),
        ("work", "work"),
        ("work->bill:poll", "work → bill, poll"),
        ("a+b", "a and b"),
    ],
)
def test_subjects_are_told_as_people_read_them(subject: str, said: str) -> None:
    assert pages.where(subject) == said


def test_two_thousand_components_are_drawn_or_it_says_why_not() -> None:
    result = evaluate(document.load(large(2000)))
    made = pictures.of_result(result)
    assert made if isinstance(made, str) else made.svg.count('class="node') >= 1000


def test_what_is_not_stated_is_not_called_stated(bad: Result) -> None:
    facts = [pages.fact(one) for f in bad.of(Verdict.FAIL) for one in f.evidence]
    absent = [origin for _, said, origin in facts if said == "not stated"]
    assert absent and all(re.fullmatch(r"line \d+", origin) for origin in absent)


def test_what_is_left_open_is_asked_in_words_of_a_design_that_is_not_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stripped = evaluate(document.load(GOOD.replace("    tracing: true\n", "")))
    asked = pages.review(stripped)["asked"]
    assert 1 <= len(asked) <= 5 and all(one.text.endswith("?") for one in asked)
    monkeypatch.setattr(pages, "_ASKED_TO", len(stripped.design.components) - 1)
    assert pages.review(stripped)["asked"] == ()
