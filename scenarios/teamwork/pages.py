"""What the pages of a sitting show."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from scenarios import engine, pages, repairs
from scenarios.catalogue import catalogue
from scenarios.engine import TYPES, Exercise, Grade, incident, repair
from scenarios.models import Learner
from scenarios.progress import Level, State
from scenarios.teamwork import cohort, texts
from scenarios.teamwork.models import FirstAnswer, Sitting
from scenarios.teamwork.parts import parts, side_by_side
from teams.models import Role, Team, User


def offered() -> list[Exercise]:
    """Exercises that a team can take together. Repairs, incidents and short texts come first, as
    they are worth the meeting."""
    first = {engine.REPAIR: 0, engine.INCIDENT: 1, engine.ESSAY: 2}
    return sorted(
        catalogue().live(),
        key=lambda e: (first.get(e.type, 3), pages.places.order(e.section), e.id),
    )


def team_page(team: Team, user: User) -> dict[str, Any]:
    role = team.role_of(user)
    lead = bool(role and role.includes(Role.EDITOR))
    return {
        "nav": "practice",
        "team": team,
        "mine": role,
        "may_lead": lead,
        "rows": rows(team),
        "cohort": cohort.cohort(team, catalogue(), names=lead),
        "fewest": cohort.FEWEST,
        "levels": list(Level),
        "consent": cohort.consent_of(team, user),
        "at_work": cohort.at_work(team, catalogue()),
        "sets": team.exercise_sets.select_related("by"),
    }


def rows(team: Team) -> list[dict[str, Any]]:
    """The team's sittings, newest first."""
    known = catalogue().exercises
    found = team.sittings.select_related("opened_by").prefetch_related("answers")
    return [
        {
            "sitting": sitting,
            "exercise": known.get(sitting.exercise),
            "type": TYPES[known[sitting.exercise].type].title if sitting.exercise in known else "",
            "answered": sum(bool(a.done) for a in sitting.answers.all()),
        }
        for sitting in found
    ]


def sitting_page(sitting: Sitting, exercise: Exercise | None, user: User) -> dict[str, Any]:
    """The sitting for one member: the others' answers only for who has answered, or once closed."""
    role = sitting.team.role_of(user)
    answers = [a for a in sitting.answers.select_related("by") if a.done]
    mine = next((a for a in answers if a.by == user), None)
    people = [m.user for m in sitting.team.memberships.with_people()]
    given = {a.by_id for a in answers}
    shown = bool(mine) or not sitting.is_open
    context: dict[str, Any] = {
        "nav": "practice",
        "team": sitting.team,
        "mine": role,
        "sitting": sitting,
        "exercise": exercise,
        "answer": mine,
        "may_lead": bool(role and role.includes(Role.EDITOR)),
        "may_agree": bool(role and role.includes(Role.REVIEWER)),
        "answered": [a.by or "a former member" for a in answers],
        "waiting": [p for p in people if p.pk not in given],
        "shown": shown,
        "may_answer": sitting.is_open and mine is None and exercise is not None,
    }
    if exercise is None:
        return context
    context["type"] = TYPES[exercise.type].title
    context["section"] = pages.places.section(exercise.section)
    if shown and answers:
        context |= _compared(sitting, exercise, answers)
    if sitting.draft is not None:
        context["draft"] = in_words(sitting, exercise, sitting.draft)
    if sitting.submitted and sitting.grade:
        grade = Grade.from_dict(sitting.grade)
        context |= {"grade": grade, "marks": grade.shown(True)}
    return context


def in_words(sitting: Sitting, exercise: Exercise, response: dict[str, Any]) -> dict[str, str]:
    """What an answer says, part by part."""
    if exercise.type == engine.ESSAY:
        return texts.parts(exercise, response)
    return parts(exercise, sitting.seed, response)


def _compared(sitting: Sitting, exercise: Exercise, answers: list[FirstAnswer]) -> dict[str, Any]:
    if exercise.type == engine.ESSAY:
        return {"answers": answers, "texts": texts.side_by_side(answers)}
    table = side_by_side([parts(exercise, sitting.seed, a.response) for a in answers])
    return {
        "people": [str(a.by or "a former member") for a in answers],
        "answers": answers,
        "lines": table,
        "differing": sum(line.differs for line in table),
        "scores": [(a.by or "a former member", a.score) for a in answers],
    }


# The form


def ask(
    request: HttpRequest,
    sitting: Sitting,
    exercise: Exercise,
    here: str,
    response: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The exercise as a form that posts to `here`; filled with what was posted, else with a
    stored response. Nothing in it tells the key."""
    posted = dict(request.POST.lists())
    if request.method != "POST" and response and exercise.type != engine.ESSAY:
        posted = as_form(response)
    if exercise.type == engine.REPAIR:
        context = _bench(request, sitting, exercise, response)
    elif exercise.type == engine.INCIDENT:
        context = _scene(sitting, exercise, list((response or {}).get("path", ())))
    elif exercise.type == engine.ESSAY:
        context = pages.question(exercise, sitting.seed, State(), 0)
        sent = dict(request.POST.lists())
        context["paper"] = texts.form(exercise, sitting, sent, response)
    else:
        context = pages.question(exercise, sitting.seed, State(), 0, posted)
    back = reverse("scenarios:sitting", args=[sitting.team.slug, sitting.pk])
    return context | {
        "team": sitting.team,
        "sitting": sitting,
        "here": here,
        "back": back,
        "state": State(),
        "hints": (),
        "next_hint": 0,
        "together": True,
    }


def _bench(
    request: HttpRequest, sitting: Sitting, exercise: Exercise, response: dict[str, Any] | None
) -> dict[str, Any]:
    nobody = Learner()
    if request.method == "POST" and request.POST.get("act") not in ("check", "hint", "solution"):
        return repairs.acted(request, exercise, nobody, repairs.uuid.uuid4())
    if request.method == "POST":
        edits = repairs.posted_edits(request.POST)
    else:
        edits = repair.restore_all((response or {}).get("edits", ()))
    return repairs.page(exercise, nobody, repairs.uuid.uuid4(), edits)


def _scene(sitting: Sitting, exercise: Exercise, path: list[str]) -> dict[str, Any]:
    context = pages.question(exercise, sitting.seed, State(), 0)
    scene = incident.scene(exercise, sitting.seed, path)
    return context | {"scene": scene, "step": len(path), "path_json": json.dumps(path)}


def as_form(response: dict[str, Any]) -> dict[str, list[Any]]:
    """A stored response as the form that gave it."""
    if "chosen" in response or "order" in response:
        return {"answer": list(response.get("chosen") or response.get("order") or ())}
    if "rows" in response:
        return {
            f"answer-{id}": [engine.show(v) if isinstance(v, float) else str(v)]
            for id, v in response["rows"].items()
        }
    return {"answer": [str(response.get("typed", ""))]}
