"""What decisions come to, for any decisions and rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.document import load
from reviews.judging.forms import MarksForm, NoteForm
from reviews.judging.outcome import (
    MAJORITY,
    STRICTEST,
    VERDICTS,
    Rules,
    Voice,
    blended,
    disagreements,
    outcome,
)
from reviews.judging.rubric import rubric
from tests.reviews.test_submitting import SMALL

A, C, X, R = VERDICTS
DESIGN = load(SMALL)
VOICES = st.lists(
    st.builds(Voice, st.sampled_from(VERDICTS), st.booleans(), st.booleans()), max_size=7
)
RULES = st.builds(Rules, settle=st.sampled_from([STRICTEST, MAJORITY]), needs_owner=st.booleans())


def voices(*verdicts: str) -> list[Voice]:
    return [Voice(verdict) for verdict in verdicts]


@pytest.mark.parametrize(
    ("said", "strictest", "majority"),
    [
        ((A, A), A, A),
        ((A, R), R, R),
        ((A, A, R), R, A),
        ((A, C, X), X, C),
        ((A, X, X), X, X),
        ((A, A, C, C), C, C),
    ],
)
def test_two_ways_to_settle(said: tuple[str, ...], strictest: str, majority: str) -> None:
    assert outcome(voices(*said), Rules(settle=STRICTEST), 2).verdict == strictest
    assert outcome(voices(*said), Rules(settle=MAJORITY), 2).verdict == majority


def test_it_waits_for_the_quorum_and_for_an_owner() -> None:
    assert outcome(voices(A), Rules(), 2).waits == "1 more decision"
    assert outcome([], Rules(), 2).waits == "2 more decisions"
    rules = Rules(needs_owner=True)
    assert outcome(voices(A, A), rules, 2).waits == "the decision of an owner"
    assert outcome([Voice(A), Voice(A, owner=True)], rules, 2).verdict == A


def test_a_role_below_the_teams_changes_nothing() -> None:
    quiet = Voice(R, counts=False)
    assert outcome([*voices(A, A), quiet], Rules(), 2).verdict == A
    assert outcome([Voice(A), quiet], Rules(), 2).waits


def test_a_critical_design_needs_more() -> None:
    assert (Rules().needed("high"), Rules().needed("critical"), Rules().needed("")) == (2, 3, 2)


@given(VOICES, RULES, st.integers(1, 4))
def test_either_a_verdict_or_a_reason_to_wait(said, rules: Rules, needed: int) -> None:
    found = outcome(said, rules, needed)
    assert bool(found.verdict) != bool(found.waits)
    assert found == outcome(list(reversed(said)), rules, needed)


@given(VOICES, RULES, st.data())
def test_a_stricter_decision_never_makes_it_milder(said, rules: Rules, data) -> None:
    before = outcome(said, rules, 1)
    if not before.verdict:
        return
    place = data.draw(st.integers(0, len(said) - 1))
    old = said[place]
    stricter = data.draw(st.sampled_from(VERDICTS[VERDICTS.index(old.verdict) :]))
    changed = [*said[:place], Voice(stricter, old.owner, old.counts), *said[place + 1 :]]
    after = outcome(changed, rules, 1)
    assert VERDICTS.index(after.verdict) >= VERDICTS.index(before.verdict)


@given(st.builds(Rules, quorum=st.integers(1, 9), blend=st.none() | st.integers(1, 99)))
def test_rules_survive_their_row_and_what_a_later_version_adds(rules: Rules) -> None:
    assert Rules.from_json(rules.as_json() | {"unknown": 1}) == rules


def test_a_blend_is_its_formula() -> None:
    assert blended(78, 67, 60) == pytest.approx(0.6 * 78 + 0.4 * 67)


def test_disagreement_is_told_from_thirty_points_on_the_widest_first() -> None:
    found = disagreements(
        {"failure": 1.0, "security": 3.0, "operability": 2.2, "fit": 4.0},
        {"reliability": 66.0, "security": 10.0, "operations": 84.9},
        {
            "failure": "reliability",
            "security": "security",
            "operability": "operations",
            "fit": "fit",
        },
    )
    assert [(one.criterion, one.gap) for one in found] == [("security", 65), ("failure", -41)]


NAMES = st.sampled_from(
    ["web", "api", "run", "web->api", "api -> run", "web→api", "apy", "->", "a,"]
)
FIELDS = st.sampled_from([f"{k}-{c.id}" for c in rubric().criteria for k in ("mark", "reason")])
SAID = st.sampled_from(["0", "4", "none", "", "5", "٣", "because it is so"]) | st.text(max_size=30)


@given(st.lists(NAMES | st.text(max_size=12), max_size=20).map(",".join))
def test_a_note_is_about_parts_that_exist_or_says_which_do_not(said: str) -> None:
    form = NoteForm({"kind": "risk", "text": "something", "subjects": said}, design=DESIGN)
    known = {"web", "api", "run", "web->api", "api->run"}
    if form.is_valid():
        found = form.cleaned_data["subjects"]
        assert set(found) <= known and len(set(found)) == len(found)
    else:
        assert form.errors["subjects"]


@given(st.dictionaries(FIELDS, SAID), st.booleans())
def test_a_sheet_is_whole_marks_or_errors(said: dict[str, str], send: bool) -> None:
    form = MarksForm(said, criteria=rubric().criteria, send=send)
    if form.is_valid():
        marks = form.given()
        assert all(value is None or value in range(5) for value, _ in marks.values())
        assert not send or len(marks) == 8
