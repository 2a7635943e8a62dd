"""Starting, saving and finishing an exam. Time is the server's alone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone

from scenarios import engine, workflow
from scenarios.catalogue import Catalogue, catalogue
from scenarios.engine import Exercise, Unanswered
from scenarios.exams.blueprint import Blueprint
from scenarios.exams.models import Exam, ExamItem
from scenarios.exams.paper import Candidate, draw
from scenarios.exams.report import ANSWERED, EMPTY, INCOMPLETE, Result
from scenarios.models import Attempt, Learner
from scenarios.progress import EXAM, FRESH_DAYS, WORDS, State, fold, worth

PAPERS = 100_000
_SALT = "exam-shown"
_LONGEST_VALUE = 200
_MOST_VALUES = 60


def pool(blueprint: Blueprint, known: Catalogue) -> list[Candidate]:
    """What a paper may be drawn from: what fits on one page, has a skill and is in scope."""
    return [
        Candidate(
            *(e.id, e.section, e.skills, e.bloom, e.level),
            pilot=e.status == "pilot",
            own=e.scope != "neutral",
        )
        for e in known.live()
        if e.type in engine.ONE_PAGE and e.skills and e.scope in blueprint.scopes
    ]


def start(
    of: Learner,
    blueprint: Blueprint,
    *,
    paper: int | None = None,
    timed: bool = True,
    multiplier: float = 1.0,
    strict: bool = False,
) -> Exam:
    """Draws a paper and starts its clock. With a number of a paper everybody gets the same one;
    without, what the learner saw within the last month is left out where there is enough else."""
    known = catalogue()
    seed = secrets.randbelow(PAPERS) if paper is None else paper
    recent: set[str] = set()
    if paper is None:
        since = timezone.now() - timedelta(days=FRESH_DAYS)
        seen = Attempt.objects.of(of).filter(created__gte=since)
        recent = set(seen.values_list("exercise", flat=True))
    minutes = blueprint.minutes if timed else 0
    now = timezone.now()
    with transaction.atomic():
        exam = Exam.objects.create(
            blueprint=blueprint.id,
            title=blueprint.title,
            seed=seed,
            minutes=minutes,
            multiplier=multiplier,
            strict=strict,
            created=now,
            deadline=now + timedelta(minutes=minutes * multiplier) if minutes else None,
            **of.owner,
        )
        ExamItem.objects.bulk_create(
            ExamItem(
                exam=exam,
                number=number,
                exercise=one.id,
                rev=known.exercises[one.id].rev,
                seed=one.seed,
                domain=one.domain,
                pilot=one.pilot,
            )
            for number, one in enumerate(draw(blueprint, pool(blueprint, known), seed, recent), 1)
        )
    return exam


# Saving


def shown_now(item: ExamItem) -> str:
    """When a question was shown and the seconds it had taken by then, signed."""
    return signing.dumps([int(timezone.now().timestamp()), item.seconds], salt=_SALT)


def _seconds(item: ExamItem, token: str) -> int:
    """Seconds on a question so far. Sending the same form again adds nothing twice."""
    try:
        then, before = signing.loads(token[:300], salt=_SALT)
        spent = int(timezone.now().timestamp()) - int(then) + int(before)
    except (signing.BadSignature, ValueError, TypeError):
        return item.seconds
    return max(item.seconds, min(spent, 6 * 3600))


def save(exam: Exam, item: ExamItem, exercise: Exercise, data: Mapping[str, Sequence[str]]) -> bool:
    """Keeps the form of one question as it is. The same form twice is the same state. False when
    the exam is over: then nothing changes."""
    if exam.is_over():
        return False
    one = {key: values[-1] for key, values in data.items() if values}
    said = one.get("confidence", "")
    values = {
        "draft": draft(exercise, item, data),
        "flagged": one.get("flag") == "1",
        "confidence": int(said) if said in {str(word) for word in WORDS} else 0,
        "seconds": _seconds(item, one.get("shown", "")),
        "saved": timezone.now(),
    }
    with transaction.atomic():
        # Whoever ends the exam waits for this row, or this waits and finds it ended.
        held = Exam.objects.select_for_update().filter(pk=exam.pk, finished__isnull=True)
        if not list(held.values_list("pk")):
            return False
        return bool(ExamItem.objects.filter(pk=item.pk).update(**values))


def draft(
    exercise: Exercise, item: ExamItem, data: Mapping[str, Sequence[str]]
) -> dict[str, list[str]] | None:
    """The part of a posted form that answers this question; None where nothing is filled in. Steps
    that stand as the page first had them are no answer, until they have been moved once."""
    form = engine.present(exercise, item.seed)
    names = ["answer", *(row.field for row in form.rows)]
    found = {
        name: [value[:_LONGEST_VALUE] for value in list(data.get(name, ()))[:_MOST_VALUES]]
        for name in names
    }
    filled = {name: values for name, values in found.items() if any(v.strip() for v in values)}
    untouched = [choice.id for choice in form.choices]
    if form.kind == "order" and item.draft is None and filled.get("answer") == untouched:
        return None
    return filled or None


def state_of(item: ExamItem, exercise: Exercise | None) -> str:
    """empty, incomplete (it could not be graded as it is) or answered."""
    if item.draft is None or exercise is None:
        return EMPTY
    try:
        engine.parse(exercise, item.seed, item.draft)
    except Unanswered:
        return INCOMPLETE
    return ANSWERED


# Finishing


@transaction.atomic
def finish(exam: Exam) -> None:
    """Grades what was saved and ends the exam, once, however often and from wherever it is asked
    for: whoever ends it writes the attempts in the same transaction."""
    now = timezone.now()
    at = min(now, exam.deadline) if exam.deadline else now
    if not Exam.objects.filter(pk=exam.pk, finished__isnull=True).update(finished=at):
        exam.refresh_from_db()
        return
    exam.finished = at
    known = catalogue().exercises
    of = Learner(user=exam.user, guest=exam.guest)
    records = [a.record for a in Attempt.objects.of(of).defer("grade", "response")]
    states = fold(records)
    for item in exam.items.all():
        exercise = known.get(item.exercise)
        if exercise is None or state_of(item, exercise) != ANSWERED:
            continue
        before = states.get(exercise.id, State())
        given = engine.parse(exercise, item.seed, item.draft)
        grade = engine.grade(exercise, item.seed, given)
        attempt = Attempt(
            id=item.attempt,
            exercise=exercise.id,
            rev=exercise.rev,
            seed=item.seed,
            response=dict(given),
            grade=grade.to_dict(),
            score=grade.score,
            points=worth(before, grade.score, 0),
            tries=before.tries + 1,
            mode=EXAM,
            confidence=item.confidence,
            seconds=item.seconds,
            quick=item.confidence == max(WORDS) and workflow.is_quick(exercise, item.seconds),
            created=at,
            **of.owner,
        )
        attempt.save(force_insert=True)
        states[exercise.id] = before.after(attempt.record)


def results(exam: Exam, known: Catalogue) -> list[Result]:
    """The questions of a finished exam with what became of them. A question that has left the
    bank since is left out: nobody can be asked for what is gone."""
    items = list(exam.items.all())
    scores = dict(
        Attempt.objects.filter(id__in=[i.attempt for i in items]).values_list("id", "score")
    )
    found = []
    for item in items:
        exercise = known.exercises.get(item.exercise)
        if exercise is None:
            continue
        score: Any = scores.get(item.attempt)
        state = ANSWERED if score is not None else EMPTY if item.draft is None else INCOMPLETE
        found.append(
            Result(
                number=item.number,
                exercise=exercise.id,
                domain=item.domain,
                bloom=exercise.bloom,
                pilot=item.pilot,
                state=state,
                score=score or 0.0,
                confidence=item.confidence,
                seconds=item.seconds,
            )
        )
    return found
