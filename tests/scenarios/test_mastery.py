"""Levels of skills: what raises them, what takes them down, and that a merge loses nothing."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.progress import (
    Evidence,
    Item,
    Level,
    Record,
    advise,
    calibration,
    distribution,
    evidence,
    first_tries,
    mastery,
    placement,
    section_level,
    standing,
)

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
TODAY = date(2027, 3, 1)
ITEMS = {
    id: Item(id, skills, "one/first", applied=applied, mixed=mixed)
    for id, skills, applied, mixed in (
        ("a", ("s",), True, False),
        ("b", ("s",), False, False),
        ("c", ("s", "t"), False, False),
        ("d", ("t",), True, False),
        ("r", ("s",), True, True),
    )
}


def one(
    exercise: str,
    day: int,
    case: str = "pass",
    mode: str = "practice",
    applied: bool = True,
    mixed: bool = False,
    fresh: bool = True,
) -> Evidence:
    return Evidence(
        id=f"{exercise}{day}",
        exercise=exercise,
        at=START + timedelta(days=day),
        mode=mode,
        passed=case == "pass",
        helped=case == "helped",
        fresh=fresh,
        applied=applied,
        mixed=mixed,
    )


PROFICIENT = [one("a", 0), one("b", 0), one("c", 1)]
MASTERED = [
    *PROFICIENT,
    one("a", 9, mode="review", fresh=False),
    one("r", 10, mixed=True),
    one("b", 16, mode="review", fresh=False),
]


class TestLevels:
    @pytest.mark.parametrize(
        ("log", "level"),
        [
            ([], Level.NEW),
            ([one("a", 0, "fail")], Level.STARTED),
            ([one("a", 0, "helped")], Level.STARTED),
            ([one("a", 0, "helped"), one("b", 0, "helped")], Level.FAMILIAR),
            ([one("a", 0)], Level.FAMILIAR),
            ([one("a", 0), one("b", 1)], Level.FAMILIAR),
            (PROFICIENT, Level.PROFICIENT),
            ([one(x, 0, applied=False) for x in "abc"], Level.FAMILIAR),
            ([one("a", 0), one("a", 1, fresh=False), one("a", 2, fresh=False)], Level.FAMILIAR),
            ([one("a", 0), one("b", 0, "fail"), one("c", 1), one("d", 1)], Level.PROFICIENT),
            ([one("a", 0), one("b", 0), one("x", 0, "fail"), one("c", 1)], Level.FAMILIAR),
            (MASTERED, Level.MASTERED),
            (MASTERED[:-1], Level.PROFICIENT),
            ([e for e in MASTERED if not e.mixed], Level.PROFICIENT),
        ],
    )
    def test_what_raises_it(self, log: list[Evidence], level: Level) -> None:
        assert mastery(log).level == level

    @pytest.mark.parametrize(
        ("log", "level"),
        [
            ([one("a", 0), one("b", 1, "fail")], Level.FAMILIAR),
            ([one("a", 0), one("b", 1, "fail"), one("c", 1, "fail")], Level.STARTED),
            ([*PROFICIENT, one("d", 2, "fail")], Level.FAMILIAR),
            ([*MASTERED, one("d", 20, "fail", "review")], Level.PROFICIENT),
            ([*MASTERED, one("d", 20, "fail", "exam")], Level.PROFICIENT),
            ([*MASTERED, one("d", 20, "fail")], Level.MASTERED),
        ],
    )
    def test_what_takes_it_down(self, log: list[Evidence], level: Level) -> None:
        found = mastery(log)
        assert found.level == level

    def test_after_a_fall_two_reviews_have_to_be_held_again(self) -> None:
        log = [*MASTERED, one("d", 20, "fail", "review"), one("a", 21, mode="review")]
        assert mastery(log).level == Level.PROFICIENT
        assert "30 Nov" in mastery([*log, one("b", 22)]).next
        again = [*log, one("b", 28, mode="review")]
        assert mastery(again).level == Level.MASTERED

    def test_each_level_says_why_and_what_is_next(self) -> None:
        assert mastery(PROFICIENT).next == (
            "Two reviews a week or more apart, and one pass in mixed work: "
            "an exam, an incident or a repair."
        )
        assert mastery(MASTERED[:4]).next.startswith("One more review on 18 Nov or later")
        assert mastery(MASTERED).next == ""
        assert mastery([one("a", 0)]).next == "Two more questions right at the first try."
        assert "took it down" in mastery([*PROFICIENT, one("d", 2, "fail")]).reason

    def test_a_placement_makes_proficient_and_never_mastered(self) -> None:
        placed = [one("a", 0, mode="placement"), one("b", 0, mode="placement")]
        assert mastery(placed).level == Level.PROFICIENT
        log = [
            *placed,
            one("a", 10, mode="review", fresh=False),
            one("b", 20, "fail"),
            one("c", 20),
            one("a", 30, mode="review", fresh=False),
            one("d", 31, mode="placement", mixed=True),
        ]
        assert mastery(log).level == Level.PROFICIENT

    def test_a_section_is_its_weakest_skill_and_a_chapter_a_distribution(self) -> None:
        levels = [Level.MASTERED, Level.FAMILIAR, Level.FAMILIAR]
        assert section_level(levels) == Level.FAMILIAR
        assert section_level([]) == Level.NEW
        assert distribution(levels)[Level.FAMILIAR] == 2

    @given(st.lists(st.sampled_from(["pass", "fail", "helped"]), max_size=12), st.randoms())
    def test_one_answer_moves_it_by_one_level_down_at_most(
        self, cases: list[str], chance: random.Random
    ) -> None:
        log = [
            one(chance.choice("abcd"), day, case, chance.choice(["practice", "review", "exam"]))
            for day, case in enumerate(cases)
        ]
        levels = [mastery(log[:n]).level for n in range(len(log) + 1)]
        assert all(later >= earlier - 1 for earlier, later in itertools.pairwise(levels))


def record(
    id: str, exercise: str, minute: int, score: float = 1.0, mode: str = "practice", **more: object
) -> Record:
    at = START + timedelta(minutes=minute)
    return Record(id, exercise, score, more.get("hints", 0), False, at, mode)  # type: ignore[arg-type]


class TestFirstTries:
    def test_a_retry_is_never_evidence(self) -> None:
        log = [record("1", "a", 0, 0.0), record("2", "a", 1), record("3", "a", 60 * 24)]
        assert [r.id for r, _ in first_tries(log)] == ["1"]

    def test_a_month_later_it_is_fresh_again(self) -> None:
        log = [record("1", "a", 0, 0.0), record("2", "a", 60 * 24 * 30)]
        assert [fresh for _, fresh in first_tries(log)] == [True, True]

    def test_the_first_try_of_a_day_counts_in_a_review(self) -> None:
        log = [
            record("1", "a", 0),
            record("2", "a", 5, mode="review"),
            record("3", "a", 60 * 24, mode="review"),
            record("4", "a", 60 * 24 + 1, mode="review"),
        ]
        assert [(r.id, fresh) for r, fresh in first_tries(log)] == [("1", True), ("3", False)]

    def test_an_exercise_bears_on_each_of_its_skills(self) -> None:
        found = evidence([record("1", "c", 0), record("2", "gone", 1)], ITEMS)
        assert sorted(found) == ["s", "t"]


records = st.lists(
    st.builds(
        Record,
        id=st.uuids().map(str),
        exercise=st.sampled_from([*ITEMS, "gone"]),
        score=st.sampled_from([0.0, 0.5, 0.85, 1.0]),
        hints=st.sampled_from([0, 0, 1]),
        gave_up=st.sampled_from([False, False, True]),
        at=st.integers(0, 90).map(lambda n: START + timedelta(hours=13 * n)),
        mode=st.sampled_from(["practice", "review", "exam", "placement"]),
        confidence=st.integers(0, 3),
        quick=st.booleans(),
    ),
    max_size=15,
)
wished = st.dictionaries(
    st.sampled_from(["s", "t"]), st.integers(0, 90).map(lambda n: START + timedelta(hours=12 * n))
)


class TestMerging:
    @settings(max_examples=500)
    @given(records, records, wished)
    def test_a_merge_is_the_replay_of_both_and_twice_changes_nothing(
        self, a: list[Record], b: list[Record], wishes: dict[str, datetime]
    ) -> None:
        def of(log: list[Record]) -> object:
            return standing(log, ITEMS, TODAY, who="7", wishes=wishes)

        in_time = sorted([*a, *b], key=lambda r: (r.at, r.id))
        merged = of([*a, *b])
        assert merged == of(in_time)
        assert merged == of([*b, *a, *a, *b])


class TestCalibration:
    def test_shares_marks_and_a_verdict_by_what_was_said(self) -> None:
        log = [
            Record(str(n), f"x{n}", 1.0 if n % 4 else 0.0, 0, False, START, confidence=3)
            for n in range(40)
        ]
        sure, fairly, guess = calibration((r, True) for r in log)
        assert (sure.share.right, sure.share.count) == (30, 40)
        assert sure.marks == 30 * 3 - 10 * 6
        assert sure.verdict == "fits"
        assert fairly.verdict == guess.verdict == "too few to say"
        wrong = [Record(str(n), f"x{n}", 0.0, 0, False, START, confidence=3) for n in range(9)]
        assert calibration((r, True) for r in wrong)[0].verdict == "surer than right"


class TestWhatNext:
    def test_an_error_that_somebody_was_sure_of_comes_first(self) -> None:
        log = [
            Record("1", "d", 1.0, 0, False, START),
            Record("2", "a", 0.0, 0, False, START + timedelta(minutes=1), confidence=3),
        ]
        now = standing(log, ITEMS, START.date())
        first, *_ = advise(list(ITEMS.values()), now, {"s": "Sums"}, START.date())
        assert (first.skill, first.why) == ("s", "You were sure, and it was not so: Sums.")
        assert first.item.id == "b"

    def test_somebody_new_begins_where_the_book_does(self) -> None:
        first, *_ = advise(list(ITEMS.values()), standing([], ITEMS, TODAY), {}, TODAY)
        assert first.item.id == "a" and "begins" in first.why

    def test_a_placement_asks_each_skill_twice_and_stops_early(self) -> None:
        pool = [Item(f"{s}{n}", (s,), "one/x") for s in "stuvw" for n in range(3)]
        by_id = {i.id: i for i in pool}
        new = standing([], by_id, TODAY)

        def run(right: bool) -> list[tuple[Item, bool]]:
            done: list[tuple[Item, bool]] = []
            while (found := placement("stuvw", pool, done, new, TODAY)).next:
                done.append((found.next, right))
            return done

        assert len(run(True)) == 10
        assert [i.skills[0] for i, _ in run(True)] == [*"stuvw", *"stuvw"]
        assert len(run(False)) == 3
        known = standing(
            [Record(i.id, i.id, 1.0, 0, False, START) for i in pool if i.skills == ("s",)],
            by_id,
            TODAY,
        )
        asked = placement("stuvw", pool, [], known, TODAY).next
        assert asked is not None and asked.skills == ("t",)
