"""Progress is a fold over the log: any order, repeats, and merged logs give the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scenarios.progress import Record, State, fold, worth

START = datetime(2026, 11, 25, tzinfo=UTC)

records = st.lists(
    st.builds(
        Record,
        id=st.uuids().map(str),
        exercise=st.sampled_from(["a", "b", "c"]),
        score=st.sampled_from([0.0, 0.4, 0.85, 1.0]),
        hints=st.integers(0, 3),
        gave_up=st.booleans(),
        at=st.integers(0, 50).map(lambda n: START + timedelta(minutes=n)),
    ),
    max_size=12,
)


@given(records, st.randoms())
def test_order_does_not_matter(log: list[Record], random: object) -> None:
    shuffled = list(log)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(log)


@given(records)
def test_repeats_count_once(log: list[Record]) -> None:
    assert fold([*log, *log]) == fold(log)


@given(records, records)
def test_logs_merge_by_union(one: list[Record], other: list[Record]) -> None:
    assert fold([*one, *other]) == fold([*other, *one])


@given(records)
def test_an_exercise_is_worth_at_most_one_point(log: list[Record]) -> None:
    assert all(0 <= s.points <= 1 for s in fold(log).values())


def test_only_the_first_try_is_evidence() -> None:
    first = Record("1", "a", 0.0, 0, False, START)
    second = Record("2", "a", 1.0, 0, False, START + timedelta(minutes=1))
    state = fold([first, second])["a"]
    assert state.solved and not state.passed and state.word == "solved"


def test_later_tries_and_hints_are_worth_less() -> None:
    assert worth(State(), 1.0, 0) == 1.0
    assert worth(State(), 1.0, 1) == 0.8
    assert worth(State(tries=1), 1.0, 0) == 0.6
    assert worth(State(tries=3), 1.0, 0) == 0.0
    assert worth(State(gave_up=True), 1.0, 0) == 0.0
