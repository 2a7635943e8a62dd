"""Practice: the list, one exercise, one's own progress."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from scenarios import engine, incidents, pages, repairs, workflow
from scenarios.catalogue import catalogue
from scenarios.engine import Exercise, Unanswered
from scenarios.essays import pages as essays
from scenarios.models import Attempt
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
    states = workflow.states(workflow.learner(request))
    context = pages.listing(catalogue(), states, request.GET)
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
        return _answered(request, _BY_STEPS[found.type].shown(found, learner))
    state = workflow.state(learner, found)
    hints = workflow.hints_used(learner, found)
    context = pages.question(found, seed, state, hints)
    return _answered(request, context)


def _act(request: HttpRequest, found: Exercise) -> HttpResponse:
    learner = workflow.learner(request, create=True)
    seed = _seed(request.POST.get("seed", "0"), found)
    id = _attempt_id(request.POST.get("attempt", ""))
    if found.type in _BY_STEPS:
        context = _BY_STEPS[found.type].acted(request, found, learner, id)
        return _answered(request, context, status=422 if "error" in context else 200)
    act, _, number = request.POST.get("act", "check").partition("-")
    grade = attempt = None
    error = ""
    posted = dict(request.POST.lists())
    if act in _MOVES:
        posted["answer"] = engine.moved(posted.get("answer", []), act, number)
    elif act == "hint" and number.isdecimal():
        workflow.take_hint(learner, found, int(number[:2]))
    elif act == "solution":
        attempt, grade = workflow.give_up(learner, found, id, seed)
    else:
        try:
            attempt, grade = workflow.answer(learner, found, id, seed, posted)
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
    return _answered(request, context, status=422 if error else 200)


def _answered(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    fragment = bool(getattr(request, "htmx", False))
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


@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    learner = workflow.learner(request)
    context: dict[str, Any] = {"nav": "practice"}
    status = 200
    if request.method == "POST":
        if request.POST.get("sure") == "yes":
            workflow.forget(learner)
            return redirect("scenarios:progress")
        context["error"] = "Tick the box first: what is deleted cannot be brought back."
        status = 422
    context |= pages.progress(catalogue(), workflow.states(learner))
    context["guest"] = bool(learner.guest)
    return render(request, "scenarios/progress.html", context, status=status)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is stored about the learner's practice."""
    fields = ("id", "exercise", "rev", "seed", "created", "response", "grade")
    numbers = ("score", "points", "tries", "hints", "gave_up")
    rows = Attempt.objects.of(workflow.learner(request)).values(*fields, *numbers)
    body = {"exported": timezone.now(), "attempts": list(rows)}
    response = JsonResponse(body, json_dumps_params={"indent": 1, "ensure_ascii": False})
    response.headers["Content-Disposition"] = 'attachment; filename="warmstart-practice.json"'
    return response
