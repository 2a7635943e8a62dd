"""What changes a sitting: opening, answering alone, closing, agreeing, submitting."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from scenarios import engine, workflow
from scenarios.engine import Exercise, Grade, Unanswered, incident
from scenarios.models import Attempt, Learner
from scenarios.progress import worth
from scenarios.teamwork import texts
from scenarios.teamwork.models import LONGEST_REASON, FirstAnswer, Sitting
from teams.models import Team, User

_SEEDS = 100_000


class Late(Exception):
    """The sitting has moved on: it is closed, or another draft was saved."""


def open_sitting(
    team: Team, exercise: Exercise, by: User, agenda: str = "", meets_on: date | None = None
) -> Sitting:
    """A new sitting; everybody gets the same numbers."""
    seed = secrets.randbelow(_SEEDS) if engine.variants(exercise) > 1 else 0
    row = {"exercise": exercise.id, "rev": exercise.rev, "seed": seed, "opened_by": by}
    return Sitting.objects.create(team=team, agenda=agenda, meets_on=meets_on, **row)


# Alone


def answer_of(sitting: Sitting, person: User) -> FirstAnswer | None:
    return sitting.answers.filter(by=person).first()


@transaction.atomic
def answer(
    sitting: Sitting, exercise: Exercise, by: User, data: Mapping[str, Sequence[Any]]
) -> FirstAnswer:
    """Notes a member's answer; the first that is complete stands. Raises Unanswered, and Late
    once the sitting is closed."""
    _lock(sitting)
    stored = answer_of(sitting, by)
    if stored and stored.done:
        return stored
    if not sitting.is_open:
        raise Late("The answers are closed; yours came too late to count as a first answer.")
    row: dict[str, Any]
    if exercise.type == engine.ESSAY:
        row = {"response": texts.alone(exercise, data)}
    else:
        given = dict(engine.parse(exercise, sitting.seed, data))
        grade = engine.grade(exercise, sitting.seed, given)
        row = {"response": given, "grade": grade.to_dict(), "score": grade.score}
    found, _ = FirstAnswer.objects.update_or_create(
        sitting=sitting, by=by, defaults={**row, "done": timezone.now()}
    )
    return found


@transaction.atomic
def step(sitting: Sitting, exercise: Exercise, by: User, number: int, choice: str) -> bool:
    """One choice of an incident, and whether it is over. A step that was taken stays. Raises
    Unanswered for a choice that is not offered, and Late."""
    _lock(sitting)
    if not sitting.is_open:
        raise Late("The answers are closed.")
    found, _ = FirstAnswer.objects.get_or_create(
        sitting=sitting, by=by, defaults={"response": {"path": []}}
    )
    path = list(found.response.get("path", ()))
    if not found.done and number == len(path):
        incident.play(exercise, [*path, choice])
        path.append(choice)
        found.response = {"path": path}
        found.save()
    where, _ = incident.play(exercise, path)
    over: bool = exercise.body.over(where)
    return over


def close(sitting: Sitting) -> None:
    """From now on the answers are open to all, and the team agrees."""
    Sitting.objects.filter(pk=sitting.pk, closed__isnull=True).update(closed=timezone.now())
    sitting.refresh_from_db()


# Together


@transaction.atomic
def propose(
    sitting: Sitting, exercise: Exercise, by: User, version: int, data: Mapping[str, Sequence[Any]]
) -> None:
    """Saves the answer on which the team is about to agree. Raises Unanswered, and Late where
    somebody else saved one since this form was loaded: nothing is overwritten."""
    _lock(sitting)
    if exercise.type == engine.ESSAY:
        given = texts.together(exercise, sitting, data)
    else:
        given = dict(engine.parse(exercise, sitting.seed, data))
    if _is_current(sitting, version, same=sitting.draft == given):
        _note(sitting, by, draft=given)


@transaction.atomic
def explain(sitting: Sitting, by: User, version: int, reason: str) -> None:
    """Saves why the team agrees on its draft. Raises Unanswered without one, and Late as above."""
    _lock(sitting)
    reason = reason.replace("\r\n", "\n").strip()[:LONGEST_REASON]
    if sitting.draft is None:
        raise Unanswered("Save the answer on which you agree first.")
    if _is_current(sitting, version, same=sitting.reason == reason):
        _note(sitting, by, reason=reason)


def _is_current(sitting: Sitting, version: int, same: bool) -> bool:
    """Whether there is something to save. Raises Late where this form knows an older draft."""
    if sitting.is_open or sitting.submitted:
        raise Late("There is nothing to agree on at this point.")
    if version != sitting.version and not same:
        who = sitting.drafted_by or "Somebody"
        raise Late(f"{who} saved another draft meanwhile. Both stand here; nothing is lost.")
    return not same


def _note(sitting: Sitting, by: User, **values: Any) -> None:
    for field, value in values.items():
        setattr(sitting, field, value)
    sitting.drafted_by = by
    sitting.version += 1
    sitting.save(update_fields=[*values, "drafted_by", "version"])


@transaction.atomic
def submit(sitting: Sitting, exercise: Exercise, by: User, version: int) -> Grade:
    """Scores the draft for the team, once. The members' first answers go into their own logs with
    the time at which they were given, where they have a grade. Raises Unanswered and Late."""
    _lock(sitting)
    if sitting.submitted:
        return Grade.from_dict(sitting.grade)
    if sitting.draft is None:
        raise Unanswered("Save the answer on which you agree first.")
    if not sitting.reason:
        raise Unanswered("Say why the team agrees on this answer.")
    if version != sitting.version:
        raise Late("The draft was changed since you read it. Read it once more.")
    grade = engine.grade(exercise, sitting.seed, sitting.draft)
    sitting.grade, sitting.score = grade.to_dict(), grade.score
    sitting.submitted, sitting.submitted_by = timezone.now(), by
    sitting.save(update_fields=["grade", "score", "submitted", "submitted_by"])
    # A text alone has no grade, and without one it is no try.
    for first in sitting.answers.filter(done__isnull=False, by__isnull=False, score__isnull=False):
        _into_log(sitting, exercise, first)
    return grade


def _into_log(sitting: Sitting, exercise: Exercise, first: FirstAnswer) -> None:
    of = Learner(user=first.by)
    before = workflow.state(of, exercise)
    attempt = Attempt(
        id=first.id,
        exercise=exercise.id,
        rev=sitting.rev,
        seed=sitting.seed,
        response=first.response,
        grade=first.grade,
        score=first.score,
        points=worth(before, first.score or 0.0, 0),
        tries=before.tries + 1,
        created=first.done,
        **of.owner,
    )
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
    except IntegrityError:
        pass  # It is there already.


def _lock(sitting: Sitting) -> None:
    """Reads the sitting anew and keeps others from changing it until the transaction ends."""
    fresh = Sitting.objects.select_for_update().get(pk=sitting.pk)
    for field in ("closed", "submitted", "draft", "reason", "version", "grade", "score"):
        setattr(sitting, field, getattr(fresh, field))
    sitting.drafted_by = fresh.drafted_by
