"""The method held against itself: ranges, sums, flips and scales, on random forms."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fit import engine
from fit.model import fit

MODEL = fit().numbers
FORMS = st.fixed_dictionaries(
    {},
    optional={q.id: st.sampled_from([a.key for a in q.answers]) for q in MODEL.questions},
)
CHANCE = st.randoms(use_true_random=False)
# Neither a deadline nor a slow start may fail a test: both are clocks.
MANY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _completed(result: engine.Result, chance: random.Random) -> engine.Result:
    """The same form with a random answer to every open question."""
    rest = {id: chance.choice(MODEL.by_id[id].answers).key for id in result.open}
    return engine.evaluate(MODEL, {**result.answers, **rest})


def test_the_numbers_are_those_of_version_one() -> None:
    """The published table, kept beside the test so that a change of a number is seen."""
    kept = json.loads(Path(__file__).with_name("version-1.json").read_text(encoding="utf-8"))
    now = {
        q.id: {
            "weight": str(q.weight),
            "answers": {
                a.key: ["X" if e is None else int(e) for e in a.effects.values()] for a in q.answers
            },
        }
        for q in MODEL.questions
    }
    assert now == kept


def test_the_pair_is_that_of_version_one() -> None:
    assert MODEL.pairing.elastic == ("functions", "edge", "batch")
    assert MODEL.pairing.steady == ("containers", "kubernetes", "vms", "paas")
    assert MODEL.pairing.bonus == {"one": None, "minor": -2, "distinct": 4}
    assert MODEL.pairing.penalty == {"team": {"tiny": 2}, "ops": {"low": 2}}


def test_every_knock_out_has_a_reason_and_the_other_way_round() -> None:
    marked = {
        (option, q.id, a.key)
        for q in MODEL.questions
        for a in q.answers
        for option, effect in a.effects.items()
        if effect is None
    }
    assert marked == {(k.option, k.question, k.answer) for k in MODEL.knock_outs}


@MANY
@given(FORMS)
def test_contributions_sum_to_the_score(answers: dict[str, str]) -> None:
    result = engine.evaluate(MODEL, answers)
    for standing in result.ranking:
        parts = engine.contributions(MODEL, answers, standing.option)
        assert MODEL.base + sum(c.points or 0 for c in parts) == standing.score


@MANY
@given(FORMS, CHANCE)
def test_a_range_holds_every_completion(answers: dict[str, str], chance: random.Random) -> None:
    result = engine.evaluate(MODEL, answers)
    after = {s.option: s for s in _completed(result, chance).ranking}
    for standing in result.ranking:
        assert standing.low <= standing.high
        if not after[standing.option].out:
            assert standing.low <= after[standing.option].score <= standing.high
        elif not standing.out:
            assert set(after[standing.option].out) <= set(standing.may_be_out)


@MANY
@given(FORMS, CHANCE)
def test_who_wins_in_the_end_was_among_those_who_could(
    answers: dict[str, str], chance: random.Random
) -> None:
    result = engine.evaluate(MODEL, answers)
    top = _completed(result, chance).top
    assert top is None or top.option in result.winners


@MANY
@given(FORMS)
def test_a_whole_form_leaves_no_doubt(answers: dict[str, str]) -> None:
    result = _completed(engine.evaluate(MODEL, answers), random.Random(1))
    assert all(s.low == s.score == s.high and not s.may_be_out for s in result.ranking)
    assert engine.questions_by_value(MODEL, result) == ()
    assert result.top is None or result.top.option in result.winners


@MANY
@given(FORMS)
def test_differences_add_up_to_the_margin(answers: dict[str, str]) -> None:
    result = engine.evaluate(MODEL, answers)
    if result.top and result.second:
        pair = (result.top.option, result.second.option)
        total = sum(
            (c.points or Decimal(0) for c in engine.differences(MODEL, answers, *pair)), Decimal(0)
        )
        assert total == result.margin


def test_one_step_further_never_helps_functions() -> None:
    assert engine.monotonic_breaches(MODEL) == ()


@pytest.mark.parametrize("ordered", [q for q in MODEL.questions if q.ordered], ids=lambda q: q.id)
@settings(MANY, max_examples=12)
@given(answers=FORMS)
def test_functions_never_gain_along_a_scale(
    ordered: engine.Question, answers: dict[str, str]
) -> None:
    """Whatever else is answered, and a knock-out stays one from there on."""

    def functions(answer: engine.Answer) -> engine.Standing:
        result = engine.evaluate(MODEL, {**answers, ordered.id: answer.key})
        return next(s for s in result.ranking if s.option == "functions")

    for before, after in pairwise(functions(answer) for answer in ordered.answers):
        assert set(before.out) <= set(after.out)
        assert after.out or after.score <= before.score


class Points:
    """The method again, in whole tenths of a point and without its engine: fast enough to try
    every combination of changes."""

    def __init__(self) -> None:
        self.of = {
            (q.id, a.key): [
                None if e is None else int(q.weight * e * 10) for e in a.effects.values()
            ]
            for q in MODEL.scored
            for a in q.answers
        }

    def turned(self, answers: dict[str, str], leader: int) -> bool:
        """Whether the leader is ruled out or somebody stands strictly ahead. A tie turns nothing:
        who is named first in it is an order of names."""
        totals: list[int | None] = [0] * len(MODEL.options)
        for pair in answers.items():
            for place, points in enumerate(self.of[pair]):
                old = totals[place]
                totals[place] = None if points is None or old is None else old + points
        first = totals[leader]
        return first is None or any(t is not None and t > first for t in totals)


POINTS = Points()


def _changed(
    answers: dict[str, str], moves: dict[str, list[str]], count: int
) -> Iterator[dict[str, str]]:
    for questions in itertools.combinations(moves, count):
        for keys in itertools.product(*(moves[q] for q in questions)):
            yield {**answers, **dict(zip(questions, keys, strict=True))}


def _fewest(
    result: engine.Result, locked: set[str], one_step: bool, knock_outs: bool
) -> int | None:
    """The fewest changes that turn the result, by trying them all."""
    assert result.top
    leader = result.top.option
    moves: dict[str, list[str]] = {}
    for question in MODEL.scored:
        if question.id in result.answers and question.id not in locked:
            here = result.answers[question.id]
            keys = [
                answer.key
                for answer in question.answers
                if answer.key != here
                and (knock_outs or answer.effects[leader] is not None)
                and (not one_step or _is_a_step(question, here, answer.key))
            ]
            if keys:
                moves[question.id] = keys
    place = MODEL.options.index(leader)
    for count in range(1, len(moves) + 1):
        if any(POINTS.turned(each, place) for each in _changed(dict(result.answers), moves, count)):
            return count
    return None


def _is_a_step(question: engine.Question, here: str, there: str) -> bool:
    scale = list(question.by_key)
    return question.ordered and abs(scale.index(here) - scale.index(there)) == 1


@pytest.mark.parametrize("one_step", [True, False])
@pytest.mark.parametrize("knock_outs", [True, False])
def test_the_closed_form_finds_the_smallest_flip(knock_outs: bool, one_step: bool) -> None:
    """On 200 random forms, with facts locked, against trying every combination of changes."""
    chance, sizes = random.Random(11), set()
    for _ in range(200):
        asked = chance.sample(MODEL.scored, chance.randint(2, 12 if one_step else 5))
        locked = {q.id for q in asked if chance.random() < 0.2}
        result = engine.evaluate(MODEL, {q.id: chance.choice(q.answers).key for q in asked})
        if result.top is None:
            continue
        flip = engine.smallest_flip(MODEL, result, locked, one_step, knock_outs)
        fewest = _fewest(result, locked, one_step, knock_outs)
        assert (len(flip.changes) if flip else None) == fewest
        sizes.add(fewest)
    assert {1, 2, None} <= sizes


@settings(MANY, max_examples=60)
@given(FORMS, st.booleans(), st.booleans(), st.sets(st.sampled_from([*MODEL.by_id])))
def test_a_flip_does_what_it_says(
    answers: dict[str, str], one_step: bool, knock_outs: bool, locked: set[str]
) -> None:
    result = engine.evaluate(MODEL, answers)
    flip = engine.smallest_flip(MODEL, result, locked, one_step, knock_outs)
    if flip is None:
        return
    assert result.top is not None
    changes = dict(flip.changes)
    after = engine.evaluate(MODEL, {**answers, **changes})
    assert flip.winner == (after.top.option if after.top else None) != result.top.option
    assert flip.margin == (after.margin or 0)
    assert not changes.keys() & locked and changes.keys() <= answers.keys()
    assert knock_outs or not flip.knocks_out
    assert flip.knocks_out == bool(
        next(s for s in after.ranking if s.option == result.top.option).out
    )
    if one_step:
        assert all(_is_a_step(MODEL.by_id[q], answers[q], a) for q, a in flip.changes)


def test_a_locked_fact_is_never_flipped() -> None:
    answers = {"trigger": "events", "traffic": "spiky", "latency": "async"}
    result = engine.evaluate(MODEL, answers)
    assert engine.smallest_flip(MODEL, result, locked=answers) is None
    assert engine.ruling_out(MODEL, answers, "functions", locked=answers) == ()


@settings(MANY, max_examples=40)
@given(FORMS)
def test_what_would_rule_an_option_out_does(answers: dict[str, str]) -> None:
    for option in MODEL.options:
        for question, keys in engine.ruling_out(MODEL, answers, option):
            for key in keys:
                after = engine.evaluate(MODEL, {**answers, question: key})
                assert question in next(s for s in after.ranking if s.option == option).out


@MANY
@given(FORMS)
def test_a_pair_is_the_best_of_each_family(answers: dict[str, str]) -> None:
    result = engine.evaluate(MODEL, answers)
    pair = engine.hybrid(MODEL, result)
    if pair is None:
        return
    scores = {s.option: s.score for s in result.left}
    elastic, steady = (
        max(scores[o] for o in family if o in scores)
        for family in (MODEL.pairing.elastic, MODEL.pairing.steady)
    )
    assert (scores[pair.elastic], scores[pair.steady]) == (elastic, steady)
    assert pair.score == (elastic + steady) / 2 + pair.bonus - pair.penalty
    # It wins only where the families are within twice what the split is worth.
    assert (pair.lead > 0) == (abs(elastic - steady) < 2 * (pair.bonus - pair.penalty))


def test_no_pair_is_offered_for_one_part_or_for_an_open_question() -> None:
    for answers in ({"trigger": "events", "parts": "one"}, {"trigger": "events"}):
        assert engine.hybrid(MODEL, engine.evaluate(MODEL, answers)) is None
