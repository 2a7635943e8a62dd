"""What the pages of exams show, as contexts for templates."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from scenarios import engine, pages, places
from scenarios.catalogue import catalogue
from scenarios.engine import TYPES, WRONG, Exercise, Grade
from scenarios.exams import workflow
from scenarios.exams.blueprint import Blueprint, blueprints
from scenarios.exams.forms import StartForm
from scenarios.exams.models import Exam, ExamItem
from scenarios.exams.report import ANSWERED, EMPTY, Result, is_right
from scenarios.exams.report import report as report_of
from scenarios.models import Attempt, Learner
from scenarios.progress import WORDS, Share, State

_WORDS = {EMPTY: "open", ANSWERED: "answered", workflow.INCOMPLETE: "not complete"}


def home(learner: Learner, form: StartForm) -> dict[str, Any]:
    known = catalogue()
    mine = Exam.objects.of(learner)
    rows = []
    for exam in mine.filter(finished__isnull=False)[:50]:
        total = report_of(None, workflow.results(exam, known), exam.strict).total
        rows.append({"exam": exam, "share": total})
    return {
        "form": form,
        "blueprints": [_card(b) for b in blueprints().values()],
        "open": list(mine.open()),
        "past": rows,
    }


def _card(blueprint: Blueprint) -> dict[str, Any]:
    found = workflow.pool(blueprint, catalogue())
    in_scope = [c for c in found if blueprint.domain_of(c.section)]
    pilots = min(sum(c.pilot for c in in_scope), int(blueprint.items * blueprint.pilot))
    return {
        "blueprint": blueprint,
        "count": min(blueprint.items, sum(not c.pilot for c in in_scope) + pilots),
        "pilots": pilots,
        "weights": ", ".join(f"{d.title} {d.weight:g}" for d in blueprint.domains),
    }


def navigator(exam: Exam) -> list[dict[str, Any]]:
    """Every question with its state."""
    known = catalogue().exercises
    rows = []
    for item in exam.items.all():
        exercise = known.get(item.exercise)
        state = workflow.state_of(item, exercise)
        rows.append(
            {
                "number": item.number,
                "item": item,
                "exercise": exercise,
                "state": state,
                "word": _WORDS[state],
                "flagged": item.flagged,
            }
        )
    return rows


def _frame(exam: Exam) -> dict[str, Any]:
    """What every page of an open exam shows: the questions, the clock."""
    rows = navigator(exam)
    left = exam.seconds_left()
    total = int(exam.minutes * exam.multiplier * 60)
    return {
        "exam": exam,
        "rows": rows,
        "counts": {
            "answered": sum(r["state"] == ANSWERED for r in rows),
            "flagged": sum(r["flagged"] for r in rows),
            "open": sum(r["state"] != ANSWERED for r in rows),
        },
        "left": left,
        "left_said": _duration(left) if left is not None else "",
        "total": total,
    }


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{rest} s"


def question(exam: Exam, item: ExamItem, exercise: Exercise) -> dict[str, Any]:
    """One question as it was last saved. Nothing in here tells its key."""
    context = pages.question(exercise, item.seed, State(), 0, item.draft or {})
    here = reverse("scenarios:exam-question", args=[exam.pk, item.number])
    context |= _frame(exam)
    return context | {
        "here": here,
        "item": item,
        "hints": (),
        "shown": workflow.shown_now(item),
        "confidences": WORDS.items(),
        "first": item.number == 1,
        "last": item.number == len(context["rows"]),
    }


def summary(exam: Exam) -> dict[str, Any]:
    return _frame(exam)


# After the end


def report(exam: Exam) -> dict[str, Any]:
    known = catalogue()
    blueprint = blueprints().get(exam.blueprint)
    results = workflow.results(exam, known)
    found = report_of(blueprint, results, exam.strict)
    attempts = Attempt.objects.in_bulk([i.attempt for i in exam.items.all()])
    grades = {
        i.number: Grade.from_dict(attempts[i.attempt].grade)
        for i in exam.items.all()
        if i.attempt in attempts
    }
    missed = [_missed(exam, blueprint, r, grades.get(r.number)) for r in found.missed]
    skills = {s: None for row in missed for s in row["exercise"].skills}
    return {
        "exam": exam,
        "report": found,
        "domains": [(part, _bar(part.share)) for part in found.domains],
        "blooms": [(part, _bar(part.share)) for part in found.blooms],
        "missed": missed,
        "sure": sum(row["result"].sure and row["result"].state == ANSWERED for row in missed),
        "skills": [known.skills[s] for s in skills if s in known.skills],
        "pilots": [_pilot(exam, r) for r in found.pilots],
        "spent": _duration(found.seconds),
        "times": [(r, _duration(r.seconds), is_right(r, exam.strict)) for r in results],
        "gone": exam.items.count() - len(results),
        "exercises": {r.number: known.exercises[r.exercise] for r in results},
    }


def _missed(
    exam: Exam, blueprint: Blueprint | None, result: Result, grade: Grade | None
) -> dict[str, Any]:
    exercise = catalogue().exercises[result.exercise]
    domain = blueprint.domain(result.domain) if blueprint else None
    reasons = [m for m in grade.marks if m.case == WRONG and (m.why or m.told)] if grade else []
    return {
        "result": result,
        "exercise": exercise,
        "type": TYPES[exercise.type].title,
        "domain": domain.title if domain else result.domain,
        "word": _WORDS[result.state],
        "said": WORDS.get(result.confidence, ""),
        "reasons": reasons,
        "grade": grade,
        "section": places.section(exercise.section),
        "url": reverse("scenarios:exam-question", args=[exam.pk, result.number]),
        "time": _duration(result.seconds),
    }


def _pilot(exam: Exam, result: Result) -> dict[str, Any]:
    exercise = catalogue().exercises[result.exercise]
    url = reverse("scenarios:exam-question", args=[exam.pk, result.number])
    return {"result": result, "exercise": exercise, "url": url, "right": result.score >= 1}


def _bar(share: Share) -> dict[str, float] | None:
    """A share and its interval on a line of 100 units; None where there are too few."""
    if not share.is_enough:
        return None
    low, high = share.bounds
    return {
        "low": round(low * 100, 1),
        "wide": round((high - low) * 100, 1),
        "at": round(share.share * 100, 1),
    }


def explained(exam: Exam, item: ExamItem, exercise: Exercise) -> dict[str, Any]:
    """A question of a finished exam with its key, its reasons and what was answered."""
    attempt = Attempt.objects.filter(id=item.attempt).first()
    context = pages.question(exercise, item.seed, State(), 0, item.draft or {})
    if attempt:
        grade = Grade.from_dict(attempt.grade)
    else:
        grade = engine.solution(exercise, item.seed)
        attempt = Attempt(exercise=exercise.id, seed=item.seed, score=0.0, gave_up=True, tries=0)
    context |= pages.result(catalogue(), exercise, attempt, grade, State(gave_up=True))
    return context | {
        "exam": exam,
        "item": item,
        "word": _WORDS[workflow.state_of(item, exercise)],
        "said": WORDS.get(item.confidence, ""),
        "time": _duration(item.seconds),
        "numbers": exam.items.count(),
        "here": reverse("scenarios:exam-question", args=[exam.pk, item.number]),
    }
