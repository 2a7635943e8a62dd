"""What writes to the log: answering, asking for a hint, giving up, signing in, deleting."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from scenarios import engine
from scenarios.engine import Exercise, Grade, incident
from scenarios.models import Attempt, Essay, Hint, Learner, Move
from scenarios.progress import State, fold, worth

GUEST = "practice-guest"
"""The session's key for a guest's token; only its hash is in the database."""


def learner(request: HttpRequest, create: bool = False) -> Learner:
    """Who asks. A guest gets a key when `create` is set, that is, with the first answer;
    somebody who has signed in takes along what they did as a guest."""
    token = request.session.get(GUEST, "")
    guest = hashlib.sha256(token.encode()).hexdigest() if token else ""
    if request.user.is_authenticated:
        found = Learner(user=request.user)
        if guest:
            adopt(found, guest)
            del request.session[GUEST]
        return found
    if not guest and create:
        token = secrets.token_urlsafe(24)
        request.session[GUEST] = token
        guest = hashlib.sha256(token.encode()).hexdigest()
    return Learner(guest=guest)


@transaction.atomic
def adopt(to: Learner, guest: str) -> None:
    """Gives a guest's log to a user. Nothing is lost or changed: logs merge by union."""
    for model in (Attempt, Hint, Move, Essay):
        model.objects.filter(guest=guest).update(user=to.user, guest="")


@transaction.atomic
def forget(of: Learner) -> int:
    """Deletes a learner's log; says how many attempts there were."""
    Hint.objects.of(of).delete()
    Move.objects.of(of).delete()
    Essay.objects.of(of).delete()
    return Attempt.objects.of(of).delete()[0]


def states(of: Learner) -> dict[str, State]:
    return fold(attempt.record for attempt in Attempt.objects.of(of).defer("grade", "response"))


def state(of: Learner, exercise: Exercise) -> State:
    records = (a.record for a in Attempt.objects.of(of).filter(exercise=exercise.id))
    return fold(records).get(exercise.id, State())


def hints_used(of: Learner, exercise: Exercise) -> int:
    """How many of an exercise's hints the learner has seen."""
    seen = Hint.objects.of(of).filter(exercise=exercise.id).values_list("number", flat=True)
    return min(max(seen, default=0), len(exercise.hints))


def take_hint(of: Learner, exercise: Exercise, number: int) -> None:
    """Notes that a hint was asked for: the next one; asking for the same one again is free."""
    if number == hints_used(of, exercise) + 1 <= len(exercise.hints):
        Hint.objects.create(exercise=exercise.id, rev=exercise.rev, number=number, **of.owner)


def answer(
    of: Learner, exercise: Exercise, id: uuid.UUID, seed: int, data: Mapping[str, Sequence[str]]
) -> tuple[Attempt, Grade]:
    """Grades an answer and notes the attempt. Raises engine.Unanswered, which costs no try.

    The same id again gives the stored attempt, whatever the form says now.
    """
    if stored := Attempt.objects.of(of).filter(id=id, exercise=exercise.id).first():
        return stored, Grade.from_dict(stored.grade)
    given = engine.parse(exercise, seed, data)
    grade = engine.grade(exercise, seed, given)
    before, hints = state(of, exercise), hints_used(of, exercise)
    attempt = Attempt(
        id=id,
        seed=seed,
        response=dict(given),
        grade=grade.to_dict(),
        score=grade.score,
        points=worth(before, grade.score, hints),
        tries=before.tries + 1,
        hints=hints,
        **_whose(of, exercise),
    )
    return _keep(attempt, of), grade


def give_up(of: Learner, exercise: Exercise, id: uuid.UUID, seed: int) -> tuple[Attempt, Grade]:
    """Notes that the learner asked for the solution, and gives it."""
    grade = engine.solution(exercise, seed)
    if stored := Attempt.objects.of(of).filter(id=id, exercise=exercise.id).first():
        return stored, grade
    before = state(of, exercise)
    attempt = Attempt(
        id=id,
        seed=seed,
        score=0.0,
        points=0.0,
        tries=before.tries,
        hints=hints_used(of, exercise),
        gave_up=True,
        **_whose(of, exercise),
    )
    return _keep(attempt, of), grade


def under_way(of: Learner, exercise: Exercise) -> tuple[uuid.UUID, list[str]] | None:
    """The incident that the learner has begun and not ended: its attempt and the choices made."""
    moves = Move.objects.of(of).filter(exercise=exercise.id, rev=exercise.rev)
    last = moves.order_by("-created").first()
    if last is None or Attempt.objects.filter(id=last.attempt).exists():
        return None
    return last.attempt, path_of(of, exercise, last.attempt)


def path_of(of: Learner, exercise: Exercise, attempt: uuid.UUID) -> list[str]:
    """The choices made in one attempt at an incident, in order."""
    moves = Move.objects.of(of).filter(exercise=exercise.id, attempt=attempt)
    return list(moves.order_by("number").values_list("choice", flat=True))


def move(of: Learner, exercise: Exercise, attempt: uuid.UUID, number: int, choice: str) -> bool:
    """Notes a choice at a step and says whether the incident is over. A step that was answered
    before stays as it was. Raises engine.Unanswered for a choice that is not offered."""
    path = path_of(of, exercise, attempt)
    if number == len(path):
        incident.play(exercise, [*path, choice])
        try:
            with transaction.atomic():
                row = {"attempt": attempt, "number": number, "choice": choice}
                Move.objects.create(exercise=exercise.id, rev=exercise.rev, **row, **of.owner)
        except IntegrityError:
            pass  # Sent twice at once, or somebody else's id: the first row stands.
        path = path_of(of, exercise, attempt)
    where, _ = incident.play(exercise, path)
    over: bool = exercise.body.over(where)
    return over


@transaction.atomic
def replay(of: Learner, exercise: Exercise, attempt: uuid.UUID, steps: int) -> uuid.UUID:
    """A new attempt that begins with the first steps of an earlier one."""
    fresh = uuid.uuid4()
    for number, choice in enumerate(path_of(of, exercise, attempt)[:steps]):
        row = {"attempt": fresh, "number": number, "choice": choice}
        Move.objects.create(exercise=exercise.id, rev=exercise.rev, **row, **of.owner)
    return fresh


def _whose(of: Learner, exercise: Exercise) -> dict[str, Any]:
    return {"exercise": exercise.id, "rev": exercise.rev, **of.owner}


def _keep(attempt: Attempt, of: Learner) -> Attempt:
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
    except IntegrityError:
        # The same form came twice at once, or the id belongs to somebody else.
        stored = Attempt.objects.of(of).filter(id=attempt.id, exercise=attempt.exercise).first()
        if stored:
            return stored
        attempt.id = uuid.uuid4()
        attempt.save(force_insert=True)
    return attempt
