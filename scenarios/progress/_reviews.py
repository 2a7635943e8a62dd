"""Spaced review: one FSRS card for each skill, rebuilt from the evidence whenever it is asked for.

Facts about fsrs 6.3.2 that shape this: learning steps of minutes suit flash cards and are switched
off; elapsed time is `.days`, so days at midnight make them whole; times must carry
`datetime.timezone.utc` itself; a `Card` without an id sleeps and looks at the clock; its fuzz uses
the global `random`, so the load is spread by a hash of our own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Final

from fsrs import Card as FsrsCard
from fsrs import Rating, Scheduler
from fsrs import State as FsrsState

from ._evidence import SURE, Evidence

RETENTION: Final = 0.9
LONGEST: Final = 180
"""Days; nothing is left alone for longer."""
CAP: Final = 10
FIVE_MINUTES: Final = 4
GENTLE: Final = 5
AWAY: Final = 14
"""After so many days away the queue begins gently, for a week."""
_SPREAD: Final = 0.05
_SPREAD_FROM: Final = 7


@dataclass(frozen=True, slots=True)
class Card:
    """What FSRS knows of one skill. `stability` is in days, `difficulty` from 1 to 10."""

    stability: float
    difficulty: float
    last: date
    due: date
    swift: bool = False
    """The last answers were sure and quick; twice running makes a rating of Easy."""


@lru_cache(maxsize=32)
def _scheduler(retention: float) -> Scheduler:
    return Scheduler(
        desired_retention=retention,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST,
        enable_fuzzing=False,
    )


def rating(day: Sequence[Evidence], swift_before: bool = False) -> int:
    """One rating for what a skill's first tries of one day show: 1 again to 4 easy.

    The worst of the day decides, so that no answer is worth hiding behind a better one.
    """
    if any(one.failed for one in day):
        return int(Rating.Again)
    if any(one.helped or one.confidence == 1 for one in day):
        return int(Rating.Hard)
    return int(Rating.Easy if swift_before and swift(day) else Rating.Good)


def swift(day: Iterable[Evidence]) -> bool:
    return all(one.passed and one.confidence == SURE and one.quick for one in day)


def step(
    before: Card | None, rate: int, day: date, *, retention: float = RETENTION, swift: bool = False
) -> Card:
    """The card after one rating. The due day is not yet spread."""
    at = _midnight(day)
    if before is None:
        card = FsrsCard(card_id=1, state=FsrsState.Learning, due=at)
    else:
        card = FsrsCard(
            card_id=1,
            state=FsrsState.Review,
            stability=before.stability,
            difficulty=before.difficulty,
            due=_midnight(before.due),
            last_review=_midnight(before.last),
        )
    after, _ = _scheduler(retention).review_card(card, Rating(rate), at)
    assert after.stability is not None and after.difficulty is not None
    return Card(after.stability, after.difficulty, day, after.due.date(), swift)


def card(log: Sequence[Evidence], who: str, skill: str, retention: float = RETENTION) -> Card:
    """The card of one skill by replay of its evidence, which must not be empty."""
    now: Card | None = None
    for day, group in groupby(log, key=lambda one: one.day):
        tries = list(group)
        rate = rating(tries, now is not None and now.swift)
        now = step(now, rate, day, retention=retention, swift=swift(tries))
    assert now is not None
    return spread(now, who, skill)


def spread(card: Card, who: str, skill: str) -> Card:
    """Moves the due day by up to five percent of intervals over a week, always the same way for
    the same learner, skill and day, so that what was learned together is not all due together."""
    days = (card.due - card.last).days
    if days <= _SPREAD_FROM:
        return card
    digest = hashlib.sha256(f"{who}:{skill}:{card.last.isoformat()}".encode()).digest()
    share = int.from_bytes(digest[:4]) / 0xFFFFFFFF * 2 - 1
    moved = min(LONGEST, days + round(share * _SPREAD * days))
    return Card(
        card.stability,
        card.difficulty,
        card.last,
        card.last + timedelta(days=moved),
        card.swift,
    )


def retrievability(card: Card, today: date) -> float:
    """How likely it is, from 0 to 1, that the skill is still there."""
    made = FsrsCard(
        card_id=1,
        state=FsrsState.Review,
        stability=card.stability,
        difficulty=card.difficulty,
        due=_midnight(card.due),
        last_review=_midnight(card.last),
    )
    return float(_scheduler(RETENTION).get_card_retrievability(made, _midnight(today)))


@dataclass(frozen=True, slots=True)
class Due:
    """A skill that is to be reviewed. `chance` is its retrievability today."""

    skill: str
    chance: float
    since: date
    sure_and_wrong: bool = False
    wished: bool = False


def due(
    cards: Mapping[str, Card],
    logs: Mapping[str, Sequence[Evidence]],
    wishes: Mapping[str, datetime],
    today: date,
) -> list[Due]:
    """What is due, the most faded first; among those equally faded (within five percent) the
    errors that somebody was sure of. A wish makes a skill due until its next first try."""
    found = []
    for skill in sorted({*cards, *wishes}):
        log = logs.get(skill, ())
        last = log[-1] if log else None
        wish = wishes.get(skill)
        wished = wish is not None and (last is None or last.at <= wish)
        known = cards.get(skill)
        if not wished and (known is None or known.due > today):
            continue
        chance = retrievability(known, today) if known else 0.0
        since = known.due if known and known.due <= today else today
        sure = last is not None and last.sure_and_wrong
        found.append(Due(skill, chance, since, sure, wished))
    return sorted(
        found, key=lambda d: (int(d.chance * 20), not d.sure_and_wrong, d.chance, d.skill)
    )


def allowance(active: Collection[date], reviewed: int, today: date, cap: int = CAP) -> int:
    """How many reviews are left for today. `active` are the days on which something was answered,
    `reviewed` how many reviews today has seen. The rest is simply tomorrow's."""
    return max(0, (min(cap, GENTLE) if is_gentle(active, today) else cap) - reviewed)


def is_gentle(active: Collection[date], today: date) -> bool:
    """Whether the learner has come back within the last week after two weeks away."""
    days = sorted({day for day in active if day <= today} | {today})
    week = today - timedelta(days=6)
    return any(
        (later - earlier).days >= AWAY and later >= week for earlier, later in pairwise(days)
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
