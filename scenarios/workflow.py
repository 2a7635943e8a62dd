"""What writes to the log: answering, asking for a hint, giving up, signing in, deleting."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.http import HttpRequest

from scenarios import engine
from scenarios.engine import Exercise, Grade, incident
from scenarios.models import Attempt, Held, Hint, Learner, Move, Preferences
from scenarios.progress import PRACTICE, SURE, State, fold, worth

GUEST = "practice-guest"
"""The session's key for a guest's token; only its hash is in the database."""
GUEST_FOR = timedelta(days=90)
"""What a guest left behind is kept for so long after the last answer."""
NOBODY = "anon-"
"""How the random name begins under which first tries of people who left are kept."""
_QUICK_FROM = 20
_QUICK_SHARE = 0.4


@dataclass(frozen=True)
class Noted:
    """What is noted beside an answer. The server knows the mode and the seconds; what the learner
    said about being sure came before grading."""

    mode: str = PRACTICE
    confidence: int = 0
    seconds: int | None = None


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
    if create:
        request.session.set_expiry(GUEST_FOR)
    return Learner(guest=guest)


def held() -> list[type[Held]]:
    """Every table of what belongs to a learner."""
    return [m for m in apps.get_app_config("scenarios").get_models() if issubclass(m, Held)]


@transaction.atomic
def adopt(to: Learner, guest: str) -> None:
    """Gives a guest's log to a user. Nothing is lost or changed: logs merge by union, and an exam
    that is open stays an exam of its own. Of two sets of preferences the user's stays."""
    if Preferences.objects.of(to).exists():
        Preferences.objects.filter(guest=guest).delete()
    for model in held():
        model.objects.filter(guest=guest).update(user=to.user, guest="")


@transaction.atomic
def forget(of: Learner) -> int:
    """Deletes everything that a learner left; says how many attempts there were."""
    return sum(
        model.objects.of(of).delete()[1].get("scenarios.Attempt", 0) for model in held() if of
    )


@transaction.atomic
def forget_guests(now: datetime) -> int:
    """Deletes what guests left who have not come back in time; says how many guests."""
    last: dict[str, datetime] = {}
    for model in held():
        rows = model.objects.exclude(guest="").exclude(guest__startswith=NOBODY)
        for guest, at in rows.order_by().values_list("guest").annotate(at=Max("created")):
            last[guest] = max(at, last.get(guest, at))
    gone = [guest for guest, at in last.items() if at < now - GUEST_FOR]
    for guest in gone:
        forget(Learner(guest=guest))
    return len(gone)


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
    of: Learner,
    exercise: Exercise,
    id: uuid.UUID,
    seed: int,
    data: Mapping[str, Sequence[str]],
    noted: Noted = Noted(),
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
        mode=noted.mode,
        confidence=noted.confidence,
        seconds=noted.seconds,
        quick=noted.confidence == SURE and is_quick(exercise, noted.seconds),
        **_whose(of, exercise),
    )
    return _keep(attempt, of), grade


def is_quick(exercise: Exercise, seconds: int | None) -> bool:
    """Faster than four of ten first tries so far; with fewer than twenty of them, nobody is."""
    if seconds is None:
        return False
    others = Attempt.objects.filter(exercise=exercise.id, tries=1, seconds__isnull=False)
    times = sorted(others.order_by("-created").values_list("seconds", flat=True)[:500])
    return len(times) >= _QUICK_FROM and seconds < times[int(len(times) * _QUICK_SHARE)]


def give_up(
    of: Learner,
    exercise: Exercise,
    id: uuid.UUID,
    seed: int,
    noted: Noted = Noted(),
) -> tuple[Attempt, Grade]:
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
        mode=noted.mode,
        seconds=noted.seconds,
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
