"""Progress, review, placement and how one practises."""

from __future__ import annotations

import csv
import secrets
import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from scenarios import engine, pages, places, workflow
from scenarios.catalogue import catalogue
from scenarios.engine import Exercise, Unanswered
from scenarios.exams.models import ExamItem
from scenarios.models import Attempt
from scenarios.progress import PLACEMENT, State
from scenarios.review import digest, pick, standings, way
from scenarios.review import pages as shown
from scenarios.review.forms import PreferencesForm
from scenarios.workflow import Noted
from teams.origin import same_origin

_MOVES = ("up", "down", "out", "in")
_SEEDS = 100_000


@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """The mastery map; its form deletes everything."""
    learner = workflow.learner(request)
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        if request.POST.get("sure") == "yes":
            workflow.forget(learner)
            return redirect("scenarios:progress")
        context["error"] = "Tick the box first: what is deleted cannot be brought back."
        status = 422
    context |= shown.progress(learner, catalogue())
    return _private(render(request, "scenarios/progress.html", context, status=status))


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is stored about the learner's practice."""
    learner = workflow.learner(request)
    body: dict[str, Any] = {"exported": timezone.now()}
    for model in workflow.held():
        names = [f.attname for f in model._meta.concrete_fields if f.name not in ("user", "guest")]
        body[f"{model._meta.model_name}s"] = list(model.objects.of(learner).values(*names))
    for exam in body["exams"]:
        items = ExamItem.objects.filter(exam=exam["id"])
        exam["items"] = [{k: v for k, v in item.items() if k != "pilot"} for item in items.values()]
    response = JsonResponse(body, json_dumps_params={"indent": 1, "ensure_ascii": False})
    response.headers["Content-Disposition"] = 'attachment; filename="warmstart-practice.json"'
    return _private(response)


@require_GET
def export_csv(request: HttpRequest) -> HttpResponse:
    """The attempts as a table, one a line."""
    fields = ("id", "created", "exercise", "rev", "seed", "mode", "tries", "hints", "confidence")
    numbers = ("seconds", "gave_up", "score", "points")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="warmstart-attempts.csv"'
    table = csv.writer(response)
    table.writerow([*fields, *numbers])
    rows = Attempt.objects.of(workflow.learner(request)).values_list(*fields, *numbers)
    table.writerows(rows)
    return _private(response)


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Confidence, retention, cap and time of the learner."""
    learner = workflow.learner(request)
    chosen = standings.preferences(learner)
    to = digest.address(learner.user) if learner.user else None
    form = PreferencesForm(request.POST or None, instance=chosen, to=to)
    if request.method == "POST" and form.is_valid():
        standings.prefer(workflow.learner(request, create=True), **form.cleaned_data)
        return redirect(f"{reverse('scenarios:settings')}?saved=1")
    context = {"nav": "practice", "form": form, "saved": "saved" in request.GET and not form.errors}
    status = 422 if form.errors else 200
    return _private(render(request, "scenarios/settings.html", context, status=status))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def digest_off(request: HttpRequest, token: str) -> HttpResponse:
    """The link in each review mail. What it may do stands in the signed token, so it asks for no
    session; opening it changes nothing, as programs that scan mail open links."""
    posted = request.method == "POST"
    known = digest.switch_off(token) if posted else digest.is_ours(token)
    context = {"nav": "practice", "off": posted and known, "unknown": not known}
    status = 200 if known else 404
    return _private(render(request, "scenarios/digest_off.html", context, status=status))


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    context = shown.queue(workflow.learner(request), catalogue())
    context["done"] = way.way_of(request.GET)
    return _private(render(request, "scenarios/review.html", context))


@same_origin
@require_POST
def wish(request: HttpRequest) -> HttpResponse:
    """Puts skills into the queue, until they are next answered."""
    known = catalogue().skills
    skills = {skill for skill in request.POST.getlist("skill")[:200] if skill in known}
    if skills:
        standings.wish(workflow.learner(request, create=True), skills)
    return redirect("scenarios:review")


@require_GET
def next_exercise(request: HttpRequest) -> HttpResponse:
    """The next exercise of a way; when there is none, the page that says so."""
    asked = way.way_of(request.GET)
    found = pick.next_of(workflow.learner(request), asked, catalogue())
    if found is None:
        return redirect(f"{reverse('scenarios:review')}?{urlencode({'way': asked.name})}")
    query = urlencode({"way": asked.name, "left": asked.left})
    return redirect(f"{reverse('scenarios:exercise', args=[found.id])}?{query}")


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def placement(request: HttpRequest, chapter: str) -> HttpResponse:
    """Testing out of a chapter: one question at a time, no result before the end."""
    known = catalogue()
    if not any(e.chapter == chapter for e in known.live()):
        raise Http404
    learner = workflow.learner(request)
    found = shown.placed(learner, known, chapter)
    context: dict[str, Any] = {"nav": "practice", "place": places.chapter(chapter), "slug": chapter}
    if request.method == "POST":
        return _place(request, chapter, context)
    if found.next is None:
        context |= shown.placement_report(learner, known, chapter)
        return _private(render(request, "scenarios/placed.html", context))
    if not found.taken and "start" not in request.GET:
        context["most"] = min(12, 2 * len(found.asked))
        return _private(render(request, "scenarios/placement.html", context))
    context |= _asked(request, known.exercises[found.next.id], chapter, len(found.taken))
    return _private(render(request, "scenarios/placement.html", context))


def _place(request: HttpRequest, chapter: str, context: dict[str, Any]) -> HttpResponse:
    known = catalogue()
    learner = workflow.learner(request, create=True)
    found = shown.placed(learner, known, chapter)
    here = f"{reverse('scenarios:placement', args=[chapter])}?start=1"
    posted = dict(request.POST.lists())
    if found.next is None or request.POST.get("exercise") != found.next.id:
        return redirect(here)  # An old page: the question it holds is answered.
    exercise = known.exercises[found.next.id]
    seed = _seed(request.POST.get("seed", ""))
    noted = Noted(PLACEMENT, seconds=way.seconds_since(request.POST.get("shown", "")))
    act, _, step = request.POST.get("act", "").partition("-")
    id = _attempt(request.POST.get("attempt", ""))
    error = ""
    if act in _MOVES:
        posted["answer"] = engine.moved(posted.get("answer", []), act, step)
    elif act == "pass":
        workflow.give_up(learner, exercise, id, seed, noted)
        return redirect(here)
    else:
        try:
            workflow.answer(learner, exercise, id, seed, posted, noted)
            return redirect(here)
        except Unanswered as unanswered:
            error = str(unanswered)
    context |= _asked(request, exercise, chapter, len(found.taken), posted, seed)
    context |= {"error": error, "moved": step if act in _MOVES else "", "act": act}
    status = 422 if error else 200
    return _private(render(request, "scenarios/placement.html", context, status=status))


def _asked(
    request: HttpRequest,
    exercise: Exercise,
    chapter: str,
    taken: int,
    posted: dict[str, list[str]] | None = None,
    seed: int | None = None,
) -> dict[str, Any]:
    varies = engine.variants(exercise) > 1
    if seed is None:
        seed = secrets.randbelow(_SEEDS) if varies else 0
    context = pages.question(exercise, seed, State(), 0, posted)
    context |= {
        "here": reverse("scenarios:placement", args=[chapter]),
        "number": taken + 1,
        "shown": request.POST.get("shown") or way.shown_now(),
    }
    return context


def _seed(given: str) -> int:
    return int(given) % _SEEDS if given.isdecimal() and len(given) < 12 else 0


def _attempt(given: str) -> uuid.UUID:
    try:
        return uuid.UUID(given)
    except ValueError:
        return uuid.uuid4()


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response
