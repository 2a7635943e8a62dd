"""Practice: the list, and one exercise."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from scenarios import engine, incidents, pages, repairs, workflow
from scenarios.catalogue import catalogue
from scenarios.engine import Exercise, Unanswered
from scenarios.essays import pages as essays
from scenarios.models import Learner
from scenarios.review import pages as review
from scenarios.review import standings, way
from scenarios.teamwork import cohort
from teams.origin import same_origin

_SEEDS = 100_000
_PARTS = {
    engine.INCIDENT: "scenarios/_incident.html",
    engine.REPAIR: "scenarios/_repair.html",
    engine.ESSAY: "scenarios/_essay.html",
}
_BY_STEPS = {engine.INCIDENT: incidents, engine.REPAIR: repairs, engine.ESSAY: essays}
"""Types that are done in several steps have pages of their own."""
_MOVES = ("up", "down", "out", "in")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    learner = workflow.learner(request)
    context = pages.listing(catalogue(), workflow.states(learner), request.GET)
    if context["rule"]:
        context["at_work"] = cohort.findings_on(request.user, context["rule"].id)
    if not context["filtered"]:
        context |= review.what_next(learner, catalogue())
    if context["skill"]:
        context["now"] = standings.of(learner).skill(context["skill"].id)
    return render(request, "scenarios/home.html", context)


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def exercise(request: HttpRequest, id: str) -> HttpResponse:
    found = catalogue().exercises.get(id)
    if found is None or found.status not in ("live", "pilot"):
        raise Http404
    if request.method == "POST":
        return _act(request, found)
    seed = _seed(request.GET.get("seed"), found)
    learner = workflow.learner(request)
    if found.type in _BY_STEPS:
        return _answered(request, learner, _BY_STEPS[found.type].shown(found, learner))
    state = workflow.state(learner, found)
    hints = workflow.hints_used(learner, found)
    context = pages.question(found, seed, state, hints)
    return _answered(request, learner, context)


def _act(request: HttpRequest, found: Exercise) -> HttpResponse:
    moves = request.POST.get("act", "").partition("-")[0] in _MOVES
    learner = workflow.learner(request, create=not moves)
    seed = _seed(request.POST.get("seed", "0"), found)
    id = _attempt_id(request.POST.get("attempt", ""))
    if found.type in _BY_STEPS:
        context = _BY_STEPS[found.type].acted(request, found, learner, id)
        return _answered(request, learner, context, status=422 if "error" in context else 200)
    act, _, number = request.POST.get("act", "check").partition("-")
    grade = attempt = None
    error = ""
    posted = dict(request.POST.lists())
    noted = way.noted(request, learner, found)
    if act in _MOVES:
        posted["answer"] = engine.moved(posted.get("answer", []), act, number)
    elif act == "hint" and number.isdecimal():
        workflow.take_hint(learner, found, int(number[:2]))
    elif act == "solution":
        attempt, grade = workflow.give_up(learner, found, id, seed, noted)
    else:
        try:
            attempt, grade = workflow.answer(learner, found, id, seed, posted, noted)
            seed = attempt.seed
        except Unanswered as unanswered:
            error = str(unanswered)
    state = workflow.state(learner, found)
    hints = workflow.hints_used(learner, found)
    context = pages.question(found, seed, state, hints, posted)
    if error:
        context |= {"error": error, "attempt_id": id}
    if act == "hint":
        context |= {"asked": True, "attempt_id": id}
    if act in _MOVES:
        context |= {"moved": number, "act": act, "attempt_id": id}
    if attempt and grade:
        context |= pages.result(catalogue(), found, attempt, grade, state)
    return _answered(request, learner, context, status=422 if error else 200)


def _answered(
    request: HttpRequest, learner: Learner, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    fragment = bool(getattr(request, "htmx", False))
    context |= way.shown(request, learner, context)
    if context.get("revealed") and "attempt" in context:
        context["skills"] = way.after(learner, context["exercise"])
    part = _PARTS.get(context["exercise"].type, "scenarios/_exercise.html")
    context["part"] = part
    whole = "scenarios/exercise.html"
    template = context.get("fragment", part) if fragment else whole
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _seed(given: str | None, found: Exercise) -> int:
    if engine.variants(found) == 1 and given is None:
        return 0
    if given is None:
        return secrets.randbelow(_SEEDS)
    return int(given) % _SEEDS if given.isdecimal() and len(given) < 12 else 0


def _attempt_id(given: str) -> uuid.UUID:
    try:
        return uuid.UUID(given)
    except ValueError:
        return uuid.uuid4()
