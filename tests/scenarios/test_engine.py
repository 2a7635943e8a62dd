"""The scoring law on exercises made for the purpose, and refusals with their place."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios import engine
from scenarios.engine import Exercise, Place, Unanswered, read_exercise

HEAD = """\
id: q-0101-sample
rev: 1
type: {type}
title: A sample
section: serverless-fundamentals/what-serverless-actually-means
skills: [capacity.concurrency]
checked: 2026-11-24
sources: ["guide:serverless-fundamentals/what-serverless-actually-means"]
explain: Because the queue keeps the work while nobody can do it.
"""

SINGLE = HEAD.format(type="single") + textwrap.dedent("""\
    prompt: The consumer fails every delivery for an hour. What do you change first?
    options:
      - {id: a, text: Stop the consumer from polling, correct: true, why: "The queue keeps the work, and no attempt is spent."}
      - {id: b, text: Raise the number of attempts, why: "Attempts are spent within minutes, whatever their number is.", misconception: mc-more-attempts}
      - {id: c, text: Give the consumer more memory, why: "The consumer is not short of memory; its database is away.", misconception: mc-more-memory}
    """)

MULTI = HEAD.format(type="multi") + textwrap.dedent("""\
    prompt: Which two of these does an empty queue hide from you after an outage?
    options:
      - {id: a, text: Work that was set aside, correct: true, why: "It left the queue for quarantine."}
      - {id: b, text: Work that expired in the queue, correct: true, why: "Retention ended before the outage did."}
      - {id: c, text: Work that is being done now, why: "It is counted as in flight, next to the depth.", misconception: mc-depth-is-all}
      - {id: d, text: Work that arrives next minute, why: "Nothing is lost that has not arrived.", misconception: mc-depth-is-all}
    """)


def exercise(text: str) -> Exercise:
    found, problems = read_exercise(text, Place("sample.yaml"))
    assert found is not None, problems
    return found


class TestSingle:
    def test_the_key_scores_one_and_everything_else_nothing(self) -> None:
        found = exercise(SINGLE)
        scores = {o: engine.grade(found, 0, {"chosen": [o]}).score for o in "abc"}
        assert scores == {"a": 1, "b": 0, "c": 0}

    def test_before_the_solution_is_shown_only_the_choice_is_explained(self) -> None:
        grade = engine.grade(exercise(SINGLE), 0, {"chosen": ["b"]})
        assert [m.id for m in grade.shown(revealed=False)] == ["b"]
        assert {m.id for m in grade.shown(revealed=True)} == {"a", "b", "c"}

    def test_the_form_does_not_tell_the_key(self) -> None:
        form = engine.present(exercise(SINGLE), 0)
        assert {c.id for c in form.choices} == {"a", "b", "c"}
        assert all(set(c.__slots__) == {"id", "text", "detail"} for c in form.choices)

    @pytest.mark.parametrize("sent", [[], ["z"], ["a", "b"], ["<script>"]])
    def test_what_is_no_single_choice_is_refused_without_a_grade(self, sent: list[str]) -> None:
        with pytest.raises(Unanswered):
            engine.parse(exercise(SINGLE), 0, {"answer": sent})


class TestMulti:
    def test_choosing_all_or_none_is_worth_nothing(self) -> None:
        found = exercise(MULTI)
        assert engine.grade(found, 0, {"chosen": ["a", "b"]}).score == 1
        assert engine.grade(found, 0, {"chosen": ["a", "b", "c", "d"]}).score == 0
        assert engine.grade(found, 0, {"chosen": []}).score == 0

    def test_half_the_key_is_worth_something_and_a_wrong_extra_costs(self) -> None:
        found = exercise(MULTI)
        half = engine.grade(found, 0, {"chosen": ["a"]}).score
        spoiled = engine.grade(found, 0, {"chosen": ["a", "c"]}).score
        assert 0 < half < 1 and spoiled < half

    @given(st.sets(st.sampled_from("abcd")))
    def test_a_grade_survives_being_stored(self, chosen: set[str]) -> None:
        grade = engine.grade(exercise(MULTI), 0, {"chosen": sorted(chosen)})
        assert engine.Grade.from_dict(grade.to_dict()) == grade
        assert 0 <= grade.score <= 1


class TestRefusals:
    def test_two_right_options_are_no_single_choice(self) -> None:
        text = SINGLE.replace("attempts, why", "attempts, correct: true, why")
        found, problems = read_exercise(text, Place("sample.yaml"))
        assert found is None
        assert any("2 options are right" in p.message for p in problems)

    def test_an_unknown_field_is_named_with_its_line(self) -> None:
        found, problems = read_exercise(SINGLE + "colour: green\n", Place("sample.yaml"))
        assert found is None
        (problem,) = [p for p in problems if "colour" in p.message]
        assert problem.line == SINGLE.count("\n") + 1

    @given(st.text(max_size=300))
    def test_any_text_gives_problems_and_no_crash(self, text: str) -> None:
        found, problems = read_exercise(text, Place("sample.yaml"))
        assert found is None and problems

    @given(st.binary(max_size=200))
    def test_any_bytes_give_problems_and_no_crash(self, data: bytes) -> None:
        found, problems = read_exercise(SINGLE.encode() + data, Place("sample.yaml"))
        assert found is not None or problems
