"""From the database to the pure functions: whose log, which exercises, which day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from scenarios import engine, places
from scenarios.catalogue import Catalogue, catalogue
from scenarios.engine import BLOOM, Exercise
from scenarios.models import Attempt, Learner
from scenarios.progress import Item, Standing, day_of, standing
from scenarios.review.models import Preferences, Wish

_MIXED = (engine.INCIDENT, engine.REPAIR)
_COLUMNS = ("id", "exercise", "score", "hints", "gave_up", "created")
_NOTED = ("mode", "confidence", "quick", "user_id")


def item(exercise: Exercise) -> Item:
    """What is chosen for somebody is about no platform: those who want one ask for it."""
    return Item(
        id=exercise.id,
        skills=exercise.skills,
        section=exercise.section,
        kind=exercise.type,
        applied=BLOOM.index(exercise.bloom) >= BLOOM.index("apply"),
        mixed=exercise.type in _MIXED,
        level=exercise.level,
        minutes=exercise.minutes,
        varies=engine.variants(exercise) > 1,
        live=exercise.status in ("live", "pilot") and exercise.scope == "neutral",
        self_rated=exercise.type in engine.SELF_RATED,
    )


def items(known: Catalogue) -> dict[str, Item]:
    """All exercises in the order of the book; retired ones too, for logs remember them."""
    order = sorted(known.exercises.values(), key=lambda e: (places.order(e.section), e.level, e.id))
    return {exercise.id: item(exercise) for exercise in order}


def preferences(of: Learner) -> Preferences:
    """What the learner chose; the defaults, unsaved, for everybody else."""
    return Preferences.objects.of(of).first() or Preferences()


def prefer(of: Learner, **values: Any) -> None:
    Preferences.objects.update_or_create(**of.owner, defaults=values)


def wish(of: Learner, skills: Collection[str]) -> None:
    """Asks for a review of skills; they are due until they are next answered."""
    Wish.objects.bulk_create(Wish(skill=skill, **of.owner) for skill in sorted(skills))


def today() -> date:
    return day_of(timezone.now())


def of(learner: Learner, known: Catalogue | None = None) -> Standing:
    """Where a learner stands today."""
    if not learner:
        return standing([], {}, today())
    logs = Attempt.objects.of(learner).only(*_COLUMNS, *_NOTED)
    wishes = dict(Wish.objects.of(learner).values_list("skill", "created"))
    return _standing([a.record for a in logs], wishes, learner.key, preferences(learner), known)


def of_users(users: Collection[int], known: Catalogue | None = None) -> Mapping[int, Standing]:
    """Where each of several people stands today: the same function, in three queries."""
    known = known or catalogue()
    logs: dict[int, list[Any]] = defaultdict(list)
    for attempt in Attempt.objects.filter(user__in=users).only(*_COLUMNS, *_NOTED):
        logs[attempt.user_id].append(attempt.record)
    wishes: dict[int, dict[str, datetime]] = defaultdict(dict)
    for user, skill, at in Wish.objects.filter(user__in=users).values_list(
        "user_id", "skill", "created"
    ):
        wishes[user][skill] = at
    chosen = {p.user_id: p for p in Preferences.objects.filter(user__in=users)}
    return {
        user: _standing(logs[user], wishes[user], str(user), chosen.get(user), known)
        for user in users
    }


def _standing(
    records: list[Any],
    wishes: Mapping[str, datetime],
    who: str,
    chosen: Preferences | None,
    known: Catalogue | None,
) -> Standing:
    chosen = chosen or Preferences()
    return standing(
        records,
        items(known or catalogue()),
        today(),
        who=who,
        wishes=wishes,
        retention=chosen.retention,
        cap=chosen.cap,
    )


def capped(now: Standing, cap: int) -> Standing:
    """The same standing with a smaller cap, as the five minutes have."""
    return replace(now, left=max(0, min(now.left, cap - now.reviewed)))
