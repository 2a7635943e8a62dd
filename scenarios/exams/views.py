"""Exams: choosing one, answering it question by question, handing in, the report."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from scenarios import engine
from scenarios import workflow as practice
from scenarios.catalogue import catalogue
from scenarios.exams import pages, workflow
from scenarios.exams.blueprint import blueprints
from scenarios.exams.forms import StartForm
from scenarios.exams.models import Exam, ExamItem
from scenarios.review import standings
from teams.origin import same_origin

_MOVES = ("up", "down", "out", "in")


def _own(request: HttpRequest, id: uuid.UUID) -> Exam:
    """The learner's own exam; 404 for anybody else. One whose time is over is ended first."""
    exam = get_object_or_404(Exam.objects.of(practice.learner(request)), pk=id)
    if exam.finished is None and exam.is_over():
        workflow.finish(exam)
    return exam


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """The exams there are, and the form that starts one."""
    learner = practice.learner(request)
    form = StartForm(request.POST or None, multiplier=standings.preferences(learner).multiplier)
    if request.method == "POST":
        if open_ := Exam.objects.of(learner).open().last():
            return redirect(open_)
        if form.is_valid():
            chosen = blueprints()[form.cleaned_data["blueprint"]]
            exam = workflow.start(
                practice.learner(request, create=True),
                chosen,
                paper=form.cleaned_data["paper"],
                timed=form.cleaned_data["timed"],
                multiplier=form.cleaned_data["multiplier"],
                strict=form.cleaned_data["strict"] or chosen.strict,
            )
            return redirect("scenarios:exam-question", exam.pk, 1)
    context = pages.home(learner, form)
    return _shown(request, "home", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD"])
def exam(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The report of a finished exam; of an open one, the first question that is not answered."""
    found = _own(request, id)
    if found.finished is None:
        rows = pages.navigator(found)
        open_ = next((r["number"] for r in rows if r["state"] != workflow.ANSWERED), 0)
        if open_:
            return redirect("scenarios:exam-question", found.pk, open_)
        return redirect("scenarios:exam-summary", found.pk)
    return _shown(request, "report", pages.report(found))


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, id: uuid.UUID, number: int) -> HttpResponse:
    """One question: shown, saved, and once the exam is over explained."""
    found = _own(request, id)
    item = get_object_or_404(found.items, number=number)
    exercise = catalogue().exercises.get(item.exercise)
    if request.method == "POST":
        return _save(request, found, item)
    if exercise is None:
        raise Http404
    if found.finished:
        return _shown(request, "explained", pages.explained(found, item, exercise))
    return _shown(request, "question", pages.question(found, item, exercise))


def _save(request: HttpRequest, found: Exam, item: ExamItem) -> HttpResponse:
    exercise = catalogue().exercises.get(item.exercise)
    data = dict(request.POST.lists())
    act, _, target = request.POST.get("act", "save").partition("-")
    if act in _MOVES:
        data["answer"] = engine.moved(data.get("answer", []), act, target)
    kept = exercise is not None and workflow.save(found, item, exercise, data)
    if found.seconds_left() == 0:
        # The time was over when this came: it still counted, and it was the last.
        workflow.finish(found)
        kept = False
    report = reverse("scenarios:exam", args=[found.pk])
    if request.headers.get("Accept") == "application/json":
        if not kept:
            return JsonResponse({"over": report}, status=409)
        item.refresh_from_db()
        body = {
            "saved": f"{timezone.now():%H:%M} UTC",
            "state": workflow.state_of(item, exercise),
            "flagged": item.flagged,
            "left": found.seconds_left(),
        }
        return JsonResponse(body)
    if not kept:
        return redirect(report)
    return redirect(_target(found, item, act, target))


def _target(found: Exam, item: ExamItem, act: str, target: str) -> str:
    """Where a button leads once its form is saved."""
    last = found.items.count()
    to = item.number
    if act == "next":
        to = item.number + 1
    elif act == "back":
        to = max(1, item.number - 1)
    elif act == "go" and target.isdecimal() and len(target) < 4:
        to = int(target)
    if act == "summary" or not 1 <= to <= last:
        return reverse("scenarios:exam-summary", args=[found.pk])
    place = f"#s-{target}" if act in ("up", "down", "in") else ""
    return reverse("scenarios:exam-question", args=[found.pk, to]) + place


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """What is answered, flagged and open; its button hands in."""
    found = _own(request, id)
    if request.method == "POST" and found.finished is None:
        workflow.finish(found)
    if found.finished:
        return redirect(found)
    return _shown(request, "summary", pages.summary(found))


def _shown(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context["nav"] = "practice"
    response = render(request, f"scenarios/exams/{name}.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
