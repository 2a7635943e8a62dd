"""Spaced review: FSRS by replay, whole days, caps, and which exercise a review takes."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest
from fsrs import Card as FsrsCard
from fsrs import Rating, ReviewLog, Scheduler

from scenarios.progress import (
    CAP,
    FIVE_MINUTES,
    Card,
    Evidence,
    Item,
    Record,
    Share,
    allowance,
    card,
    due,
    for_review,
    is_gentle,
    rating,
    retrievability,
    spread,
    standing,
    step,
)

DAY = date(2026, 11, 2)
START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def one(day: float, case: str = "pass", confidence: int = 0, quick: bool = False) -> Evidence:
    at = START + timedelta(days=day)
    passed, helped = case == "pass", case == "helped"
    return Evidence(
        str(day), "a", at, "review", passed, helped, True, True, False, confidence, quick
    )


def intervals(rates: list[int], retention: float = 0.9) -> list[int]:
    """The days from each rating to the next, when each is given on the day it is due."""
    now: Card | None = None
    day, found = DAY, []
    for rate in rates:
        now = step(now, rate, day, retention=retention)
        found.append((now.due - day).days)
        day = now.due
    return found


class TestIntervals:
    @pytest.mark.parametrize(
        ("rates", "retention", "days"),
        [
            ([3, 3, 3, 3], 0.9, [2, 11, 46, 163]),
            ([2, 2, 2, 2, 2], 0.9, [1, 3, 7, 12, 18]),
            ([4, 4], 0.9, [8, 66]),
            ([3, 3, 1, 3, 3], 0.9, [2, 11, 2, 5, 12]),
            ([3, 3, 3], 0.85, [4, 31, 173]),
            ([3, 3, 3, 3, 3], 0.95, [1, 3, 8, 19, 43]),
        ],
    )
    def test_they_are_those_of_fsrs(
        self, rates: list[int], retention: float, days: list[int]
    ) -> None:
        assert intervals(rates, retention) == days

    def test_nothing_is_left_alone_for_longer_than_half_a_year(self) -> None:
        assert max(intervals([4] * 8)) <= 180
        long = Card(900.0, 3.0, DAY, DAY + timedelta(days=180))
        assert all((spread(long, "7", str(n)).due - DAY).days <= 180 for n in range(50))

    def test_a_replay_by_fsrs_itself_gives_the_same_card(self) -> None:
        rates = [3, 1, 3, 3, 2]
        days = [0, 2, 3, 9, 30]
        now: Card | None = None
        logs = []
        for rate, n in zip(rates, days, strict=True):
            now = step(now, rate, DAY + timedelta(days=n))
            at = datetime(2026, 11, 2, tzinfo=UTC) + timedelta(days=n)
            logs.append(
                ReviewLog(card_id=1, rating=Rating(rate), review_datetime=at, review_duration=None)
            )
        plain = Scheduler(
            learning_steps=(), relearning_steps=(), maximum_interval=180, enable_fuzzing=False
        )
        theirs = plain.reschedule_card(FsrsCard(card_id=1), logs)
        assert now is not None
        assert (theirs.stability, theirs.difficulty) == (now.stability, now.difficulty)
        assert theirs.due.date() == now.due

    def test_the_spread_is_small_even_and_always_the_same(self) -> None:
        base = Card(46.0, 3.0, DAY, DAY + timedelta(days=46))
        moved = [(spread(base, "7", f"s{n}").due - DAY).days for n in range(200)]
        assert moved == [(spread(base, "7", f"s{n}").due - DAY).days for n in range(200)]
        assert set(moved) == {44, 45, 46, 47, 48}
        short = Card(5.0, 3.0, DAY, DAY + timedelta(days=5))
        assert spread(short, "7", "s") == short


class TestRatings:
    @pytest.mark.parametrize(
        ("day", "before", "rate"),
        [
            ([one(0, "fail")], False, 1),
            ([one(0), one(0.1, "fail")], False, 1),
            ([one(0, "helped")], False, 2),
            ([one(0, confidence=1)], False, 2),
            ([one(0)], False, 3),
            ([one(0, confidence=3, quick=True)], False, 3),
            ([one(0, confidence=3, quick=True)], True, 4),
            ([one(0, confidence=3)], True, 3),
        ],
    )
    def test_they_follow_from_the_answers(
        self, day: list[Evidence], before: bool, rate: int
    ) -> None:
        assert rating(day, before) == rate

    def test_easy_needs_sure_and_quick_twice_running(self) -> None:
        quick = [one(0, confidence=3, quick=True), one(2, confidence=3, quick=True)]
        slow = [one(0, confidence=3, quick=True), one(2, confidence=3)]
        assert card(quick, "7", "s").stability > card(slow, "7", "s").stability

    def test_a_day_has_one_rating_whatever_the_hour(self) -> None:
        morning = [one(0), one(2)]
        evening = [one(0.6), one(2.0)]
        assert card(morning, "7", "s") == card(evening, "7", "s")
        assert card([one(0), one(0.2)], "7", "s") == card([one(0)], "7", "s")


class TestTheQueue:
    def test_the_most_faded_is_first_and_of_equals_the_error_one_was_sure_of(self) -> None:
        today = DAY + timedelta(days=64)
        logs = {
            "faded": [one(0)],
            "plain": [one(0), one(2), one(13)],
            "sure": [one(0), one(2), one(13)],
        }
        cards = {skill: card(log, "7", skill) for skill, log in logs.items()}
        logs["sure"] = [one(0), one(2), one(13, "fail", 3)]
        order = [d.skill for d in due(cards, logs, {}, today)]
        assert order == ["faded", "sure", "plain"]

    def test_a_wish_makes_a_skill_due_until_it_is_answered(self) -> None:
        logs = {"s": [one(0)]}
        cards = {"s": card(logs["s"], "7", "s")}
        wish = {"s": START + timedelta(hours=1), "new": START}
        assert {d.skill for d in due(cards, logs, wish, DAY)} == {"s", "new"}
        logs["s"].append(one(0.5))
        assert {d.skill for d in due(cards, logs, wish, DAY)} == {"new"}

    def test_the_cap_counts_what_today_has_seen(self) -> None:
        busy = [DAY - timedelta(days=n) for n in range(20)]
        assert allowance(busy, 0, DAY) == CAP
        assert allowance(busy, 7, DAY) == 3
        assert allowance(busy, 12, DAY) == 0
        assert allowance(busy, 1, DAY, FIVE_MINUTES) == 3

    def test_after_two_weeks_away_it_begins_gently_for_a_week(self) -> None:
        away = [DAY - timedelta(days=14)]
        assert is_gentle(away, DAY) and allowance(away, 0, DAY) == 5
        assert is_gentle([*away, DAY], DAY + timedelta(days=6))
        assert not is_gentle([*away, DAY], DAY + timedelta(days=7))
        assert not is_gentle([DAY - timedelta(days=13)], DAY)

    def test_a_year_with_120_skills_stays_small(self) -> None:
        """Two new skills a day, nine of ten reviews passed: the load of a diligent learner."""
        chance = random.Random(7)
        cards: dict[str, Card] = {}
        load = []
        for n in range(365):
            today = DAY + timedelta(days=n)
            waiting = [s for s, c in cards.items() if c.due <= today]
            waiting.sort(key=lambda s: retrievability(cards[s], today))
            done = waiting[: allowance([today], 0, today)]
            for skill in done:
                rate = 3 if chance.random() < 0.9 else 1
                cards[skill] = spread(step(cards[skill], rate, today), "7", skill)
            for new in range(len(cards), min(120, len(cards) + 2)):
                cards[f"s{new}"] = step(None, 3, today)
            load.append(len(done))
        assert max(load) <= CAP
        assert median(load) <= 7 and median(load[:90]) <= 7


class TestWhichExercise:
    ITEMS = [
        Item("single", ("s",), kind="single"),
        Item("numbers", ("s",), kind="numeric", varies=True),
        Item("repair", ("s",), kind="repair", mixed=True),
        Item("other", ("t",)),
    ]

    def pick(self, *tries: tuple[str, int]) -> str:
        log = [
            Record(f"{e}{n}", e, 1.0, 0, False, START + timedelta(days=n), "review")
            for e, n in tries
        ]
        items = {i.id: i for i in self.ITEMS}
        today = DAY + timedelta(days=60)
        found = for_review("s", self.ITEMS, standing(log, items, today), today)
        assert found is not None
        return found.id

    def test_one_of_a_month_ago_then_unseen_then_other_numbers(self) -> None:
        assert self.pick(("single", 10)) == "single"
        assert self.pick(("single", 50)) == "numbers"
        assert self.pick(("numbers", 40), ("single", 50)) == "numbers"
        assert self.pick(("numbers", 60), ("single", 50)) == "single"

    def test_a_skill_without_exercises_has_none(self) -> None:
        assert for_review("u", self.ITEMS, standing([], {}, DAY), DAY) is None


class TestShares:
    def test_the_interval_is_wilsons(self) -> None:
        low, high = Share(7, 9).bounds
        assert (round(low, 2), round(high, 2)) == (0.45, 0.94)
        assert Share(7, 9).said == "7 of 9, likely between 45% and 94%"
        assert Share(3, 4).said == "3 of 4, too few to say more"
        assert Share(0, 0).bounds == (0.0, 1.0)
