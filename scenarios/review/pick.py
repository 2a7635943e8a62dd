"""The next exercise of a review, of five minutes, or of mixed practice."""

from __future__ import annotations

import hashlib
from datetime import date

from scenarios import engine
from scenarios.catalogue import Catalogue
from scenarios.engine import Exercise
from scenarios.models import Learner
from scenarios.progress import FIVE_MINUTES, FRESH_DAYS, Item, Level, Standing, for_review
from scenarios.review import standings
from scenarios.review.way import Way

_SHORT = 2


def next_of(learner: Learner, asked: Way, known: Catalogue) -> Exercise | None:
    """None when the way is done: nothing is due, or its exercises are used up."""
    now = standings.of(learner, known)
    items = [i for i in standings.items(known).values() if i.live]
    today = standings.today()
    if asked.name == "review":
        found = _due(now, items, today)
    elif not asked.name or not asked.left:
        found = None
    elif asked.name == "five":
        few = standings.capped(now, FIVE_MINUTES)
        short = [i for i in items if i.minutes <= _SHORT and i.kind in engine.ONE_PAGE]
        found = _due(few, items, today, _SHORT) or _mixed(now, short, learner, today)
    else:
        found = _mixed(now, items, learner, today)
    return known.exercises[found.id] if found else None


def _due(now: Standing, items: list[Item], today: date, longest: int = 99) -> Item | None:
    for one in now.today:
        found = for_review(one.skill, items, now, today, longest)
        if found:
            return found
    return None


def _mixed(now: Standing, items: list[Item], learner: Learner, today: date) -> Item | None:
    """From the chapters already begun, never two of one chapter running where there is a choice;
    the order is by a hash, the same for one learner all day."""
    begun = {skill for skill, state in now.skills.items() if state.level > Level.NEW}
    last = max(now.firsts, key=lambda pair: pair[0].at, default=None)
    by_id = {item.id: item for item in items}
    before = by_id.get(last[0].exercise) if last else None
    open_ = [i for i in items if i.skills and _is_open(i, now, today)]

    def rank(item: Item) -> tuple[bool, bool, bool, str]:
        text = f"{today.isoformat()}:{learner.key}:{item.id}"
        chance = hashlib.sha256(text.encode()).hexdigest()
        same = before is not None and item.chapter == before.chapter
        return (
            bool(begun) and not begun & set(item.skills),
            item.mixed or item.self_rated,
            same,
            chance,
        )

    return min(open_, key=rank, default=None)


def _is_open(item: Item, now: Standing, today: date) -> bool:
    seen = now.seen.get(item.id)
    return seen is None or (today - seen).days >= FRESH_DAYS
