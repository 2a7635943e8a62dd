"""An incident, step by step: what its page shows and what its form does."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest

from scenarios import pages, workflow
from scenarios.catalogue import catalogue
from scenarios.engine import Exercise, Unanswered, incident
from scenarios.models import Attempt, Learner
from scenarios.review import way


def shown(found: Exercise, learner: Learner) -> dict[str, Any]:
    """The page as it is asked for: one that is under way goes on where it was left."""
    begun = workflow.under_way(learner, found)
    attempt, path = begun or (uuid.uuid4(), [])
    return {**_step(found, learner, attempt, path), "resumed": bool(path)}


def acted(request: HttpRequest, found: Exercise, learner: Learner, id: uuid.UUID) -> dict[str, Any]:
    """One step, or a replay; grades when the incident is over."""
    act = request.POST.get("act", "do")
    if act.startswith("replay-"):
        steps = act.removeprefix("replay-")
        count = int(steps) if steps.isdecimal() and len(steps) < 3 else 0
        fresh = workflow.replay(learner, found, id, count)
        return _step(found, learner, fresh, workflow.path_of(learner, found, fresh))
    error = ""
    over = False
    step = request.POST.get("step", "")
    try:
        number = int(step) if step.isdecimal() and len(step) < 3 else -1
        choice = request.POST.get("answer", "")[:100]
        if not choice:
            raise Unanswered("Choose what to do.")
        over = workflow.move(learner, found, id, number, choice)
    except Unanswered as unanswered:
        error = str(unanswered)
    path = workflow.path_of(learner, found, id)
    if over:
        noted = way.noted(request, learner, found)
        attempt, grade = workflow.answer(learner, found, id, 0, {"path": path}, noted)
        return ended(found, learner, attempt, grade)
    context = _step(found, learner, id, path)
    return context | ({"error": error} if error else {})


def _step(found: Exercise, learner: Learner, id: uuid.UUID, path: list[str]) -> dict[str, Any]:
    state = workflow.state(learner, found)
    context = pages.question(found, 0, state, workflow.hints_used(learner, found))
    scene = incident.scene(found, id.int % 1000, path)
    return context | {"scene": scene, "attempt_id": id, "step": len(path), "next_hint": 0}


def ended(found: Exercise, learner: Learner, attempt: Attempt, grade: Any) -> dict[str, Any]:
    """The learner's way beside the best one."""
    path = list(attempt.response["path"])
    state = workflow.state(learner, found)
    context = _step(found, learner, attempt.id, path)
    context |= pages.result(catalogue(), found, attempt, grade, state)
    scene = context["scene"]
    steps = list(zip(scene.before, grade.marks, strict=True))
    return context | {"revealed": True, "steps": steps, "best": incident.best_way(found)}
