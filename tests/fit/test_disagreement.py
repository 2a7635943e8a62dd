"""The team view: what is disputed, in which order, and what it is worth."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fit import engine
from fit.assessments.disagreement import compare
from fit.model import fit

NUMBERS = fit().numbers
ANSWERS = {q.id: [a.key for a in q.answers] for q in NUMBERS.questions}


def ballots(seed: int, count: int, fill: float) -> list[dict[str, str]]:
    chance = random.Random(seed)
    return [
        {id: chance.choice(keys) for id, keys in ANSWERS.items() if chance.random() < fill}
        for _ in range(count)
    ]


def test_agreed_answers_count_and_disputed_ones_are_unknown() -> None:
    found = compare(
        NUMBERS,
        [
            {"trigger": "events", "traffic": "spiky", "memory": "small"},
            {"trigger": "events", "traffic": "heavy"},
        ],
    )
    assert found.agreed == {"trigger": "events", "memory": "small"}
    assert [d.question for d in found.disputes] == ["traffic"]
    assert "traffic" in found.result.open
    assert [(s.answer, s.by) for s in found.disputes[0].said] == [("spiky", (0,)), ("heavy", (1,))]


def test_the_range_holds_every_way_of_settling() -> None:
    given = [{"trigger": "events", "traffic": t, "latency": "async"} for t in ("spiky", "heavy")]
    found = compare(NUMBERS, given)
    ranges = {s.option: (s.low, s.high) for s in found.result.ranking}
    for said in found.disputes[0].said:
        for standing in said.then.ranking:
            low, high = ranges[standing.option]
            assert low <= standing.score <= high


def test_the_largest_dispute_comes_first_by_weight_times_spread() -> None:
    base = {"trigger": "events", "duration": "lt1m", "cpu": "waiting", "start": "glue"}
    found = compare(
        NUMBERS,
        [
            {**base, "memory": "small", "traffic": "idle", "portability": "one"},
            {**base, "memory": "large", "traffic": "heavy", "portability": "exit"},
        ],
    )
    first, second = (s.option for s in engine.evaluate(NUMBERS, base).ranking[:2])
    assert (first, second) == ("functions", "containers")
    # (F - C) is 3-2 and -3-1 for traffic, 1-0 and -3-0 for memory, 1-0 and -1-2 for portability.
    assert [(d.question, float(d.effect)) for d in found.disputes] == [
        ("traffic", 7.5), ("portability", 3.2), ("memory", 2.4),
    ]  # fmt: skip


def test_a_knock_out_in_dispute_counts_as_six() -> None:
    base = {"trigger": "events", "traffic": "spiky"}
    found = compare(
        NUMBERS, [{**base, "control": "standard"}, {**base, "control": "os"}]
    )  # fmt: skip
    # F against C: 1 - 0, and -6 - -2; the weight is 1.
    assert float(found.disputes[0].effect) == 5.0


def test_what_is_settled_counts_and_stays_listed() -> None:
    given = [{"trigger": "events", "traffic": t} for t in ("spiky", "heavy")]
    found = compare(NUMBERS, given, {"traffic": "cycle", "trigger": "http", "owl": "x"})
    assert found.result.answers == {"trigger": "events", "traffic": "cycle"}
    assert [d.settled for d in found.disputes] == ["cycle"]


def test_who_did_not_know_disputes_nothing() -> None:
    found = compare(NUMBERS, [{"trigger": "events"}, {}, {}])
    assert found.agreed == {"trigger": "events"} and not found.disputes
    assert compare(NUMBERS, []).result.answers == {}


@pytest.mark.parametrize("fill", [0.3, 1.0])
@settings(max_examples=10)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 5))
def test_nothing_is_lost_whatever_is_answered(fill: float, seed: int, count: int) -> None:
    given = ballots(seed, count, fill)
    found = compare(NUMBERS, given)
    for id in ANSWERS:
        keys = {b[id] for b in given if id in b}
        disputed = [d for d in found.disputes if d.question == id]
        assert (id in found.agreed) == (len(keys) == 1)
        assert len(disputed) == (len(keys) > 1)
        for dispute in disputed:
            voters = [n for said in dispute.said for n in said.by] + list(dispute.silent)
            assert sorted(voters) == list(range(count))
    effects = [d.effect for d in found.disputes]
    assert effects == sorted(effects, reverse=True) and all(e >= 0 for e in effects)
    settled = {d.question: d.said[0].answer for d in found.disputes}
    all_settled = compare(NUMBERS, given, settled).result
    assert all_settled.ranking == engine.evaluate(NUMBERS, {**found.agreed, **settled}).ranking
