"""What becomes of a log that nobody has added to for two years.

What the statistics of exercises need stays: the first try of each exercise, its day, its answer and
its grade, under a random name that leads back to nobody. Everything else is deleted.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max

from scenarios import engine
from scenarios.catalogue import catalogue
from scenarios.models import Attempt, Learner
from scenarios.workflow import NOBODY, forget, held

KEPT_FOR = timedelta(days=730)
"""Twenty-four months after the last answer, the last setting and the last time of signing in."""


def anonymise_idle(now: datetime) -> int:
    """Anonymises the logs of users who have been away for so long; says of how many."""
    last: dict[Any, datetime] = {}
    for model in held():
        rows = model.objects.filter(user__isnull=False).order_by().values_list("user")
        for user, at in rows.annotate(at=Max("created")):
            last[user] = max(at, last.get(user, at))
    idle = [user for user, at in last.items() if at < now - KEPT_FOR]
    away = get_user_model().objects.filter(pk__in=idle)
    gone = [user for user in away if not user.last_login or user.last_login < now - KEPT_FOR]
    for user in gone:
        anonymise(Learner(user=user))
    return len(gone)


@transaction.atomic
def anonymise(of: Learner) -> None:
    """Keeps first tries without their person, and deletes what else a learner left."""
    if not of:
        return
    name = NOBODY + secrets.token_hex(16)
    texts = {e.id for e in catalogue().exercises.values() if e.type in engine.SELF_RATED}
    seen = set(texts)
    for attempt in Attempt.objects.of(of).order_by("created", "id"):
        if attempt.exercise in seen:
            continue
        seen.add(attempt.exercise)
        day = attempt.created.replace(hour=0, minute=0, second=0, microsecond=0)
        Attempt.objects.filter(pk=attempt.pk).update(user=None, guest=name, created=day)
    forget(of)
