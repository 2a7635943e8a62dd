"""The method held against itself: ranges, sums, flips and scales, on random forms."""

from __future__ import annotations

import itertools
import json
import random
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fit import engine
from fit.model import fit

MODEL = fit().numbers
FORMS = st.fixed_dictionaries(
    {},
    optional={q.id: st.sampled_from([a.key for a in q.answers]) for q in MODEL.questions},
)


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


@given(FORMS)
def test_contributions_sum_to_the_score(answers: dict[str, str]) -> None:
    result = engine.evaluate(MODEL, answers)
    for standing in result.ranking:
        parts = engine.contributions(MODEL, answers, standing.option)
        assert MODEL.base + sum(c.points or 0 for c in parts) == standing.score


@given(FORMS, st.randoms(use_true_random=False))
def test_a_range_holds_every_completion(answers: dict[str, str], chance: random.Random) -> None:
    result = engine.evaluate(MODEL, answers)
    full = dict(answers)
    for id in result.open:
        full[id] = chance.choice([a.key for a in MODEL.by_id[id].answers])
    after = {s.option: s for s in engine.evaluate(MODEL, full).ranking}
    for standing in result.ranking:
        if not after[standing.option].out:
            assert standing.low <= after[standing.option].score <= standing.high


@given(FORMS, st.randoms(use_true_random=False))
def test_who_wins_in_the_end_was_among_those_who_could(
    answers: dict[str, str], chance: random.Random
) -> None:
    result = engine.evaluate(MODEL, answers)
    full = dict(answers)
    for id in result.open:
        full[id] = chance.choice([a.key for a in MODEL.by_id[id].answers])
    top = engine.evaluate(MODEL, full).top
    assert top is None or top.option in result.winners


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


def _fewest(answers: dict[str, str], one_step: bool) -> int | None:
    """The fewest changes after which another leads, by trying them all; 3 stands for more."""
    result = engine.evaluate(MODEL, answers)
    assert result.top
    moves = [(q.id, a.key) for q, a in engine._moves(MODEL, answers, (), one_step)]
    for count in (1, 2):
        for combination in itertools.combinations(moves, count):
            if len({q for q, _ in combination}) < count:
                continue
            top = engine.evaluate(MODEL, {**answers, **dict(combination)}).top
            if top is None or top.option != result.top.option:
                return count
    return None


@pytest.mark.parametrize("seed", range(24))
def test_the_smallest_flip_is_the_smallest(seed: int) -> None:
    chance = random.Random(seed)
    asked = chance.sample(MODEL.scored, 5)
    answers = {q.id: chance.choice([a.key for a in q.answers]) for q in asked}
    result = engine.evaluate(MODEL, answers)
    if result.top is None:
        return
    for one_step in (True, False):
        flip = engine.smallest_flip(MODEL, result, one_step=one_step)
        fewest = _fewest(answers, one_step)
        if fewest is None:
            assert flip is None or len(flip.changes) > 2
        else:
            assert flip is not None and len(flip.changes) == fewest


@settings(max_examples=60)
@given(FORMS)
def test_a_flip_does_what_it_says(answers: dict[str, str]) -> None:
    result = engine.evaluate(MODEL, answers)
    for one_step in (True, False):
        flip = engine.smallest_flip(MODEL, result, one_step=one_step)
        if flip is None:
            continue
        after = engine.evaluate(MODEL, {**answers, **dict(flip.changes)})
        assert result.top is not None
        assert (after.top.option if after.top else None) == flip.winner
        assert flip.winner != result.top.option


def test_a_locked_fact_is_never_flipped() -> None:
    answers = {"trigger": "events", "traffic": "spiky", "latency": "async"}
    result = engine.evaluate(MODEL, answers)
    flip = engine.smallest_flip(MODEL, result, locked=answers)
    assert flip is None
