"""A team takes an exercise: opened by a lead, answered alone, compared, agreed on, submitted."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from scenarios import engine
from scenarios.catalogue import catalogue
from scenarios.engine import Exercise, Unanswered
from scenarios.exporting import qti
from scenarios.repairs import posted_edits
from scenarios.teamwork import cohort, pages, workflow
from scenarios.teamwork.forms import ConsentForm, SetForm, SittingForm
from scenarios.teamwork.models import Sitting
from teams.access import team_for
from teams.models import Role, Team

_MOVES = ("up", "down", "out", "in")


def sitting_for(user: object, slug: str, id: int, role: Role = Role.VIEWER) -> Sitting:
    """A sitting of a team in which this person has at least this role. Raises Http404."""
    team = team_for(user, slug, role)
    found = get_object_or_404(team.sittings.select_related("drafted_by", "opened_by"), pk=id)
    found.team = team
    return found


def _exercise(sitting: Sitting) -> Exercise:
    """The exercise as it was when the sitting was opened. Raises Http404 if it changed its key."""
    found = catalogue().exercises.get(sitting.exercise)
    if found is None or found.rev != sitting.rev:
        raise Http404
    return found


@never_cache
@login_required
@require_http_methods(["GET", "HEAD"])
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """What the team practises: sittings, sets, and what it adds up to."""
    found = team_for(request.user, slug)
    return _team_page(request, found)


def _team_page(request: HttpRequest, found: Team, status: int = 200, **forms: Any) -> HttpResponse:
    context = pages.team_page(found, request.user)
    chosen = {"level": context["consent"]}
    context |= {"form": ConsentForm(initial=chosen)} | forms
    return render(request, "scenarios/teamwork/team.html", context, status=status)


@require_POST
@login_required
def consent(request: HttpRequest, slug: str) -> HttpResponse:
    """What a member lets the team see."""
    found = team_for(request.user, slug)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _team_page(request, found, 422, form=form)
    cohort.choose(found, request.user, form.cleaned_data["level"])
    messages.success(request, "It holds from now on, for what was and for what comes.")
    return redirect("scenarios:team", slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_set(request: HttpRequest, slug: str) -> HttpResponse:
    found = team_for(request.user, slug, Role.EDITOR)
    initial = {"starts_on": timezone.localdate(), "rule": request.GET.get("rule", "")[:8]}
    form = SetForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        fields = ("name", "exercises", "starts_on", "due_on")
        made = found.exercise_sets.create(by=request.user, **{key: data[key] for key in fields})
        return redirect(made)
    context = {"nav": "practice", "team": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "scenarios/teamwork/new_set.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD"])
def exercise_set(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    team = team_for(request.user, slug)
    found = get_object_or_404(team.exercise_sets.select_related("by"), pk=id)
    role = team.role_of(request.user)
    context = {
        "nav": "practice",
        "team": team,
        "set": found,
        "may_lead": bool(role and role.includes(Role.EDITOR)),
        "fewest": cohort.FEWEST,
        **cohort.progress_of(found.exercises, request.user, team, catalogue()),
    }
    return render(request, "scenarios/teamwork/set.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD"])
def set_package(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    """The set as a QTI 3 package. It holds the keys, so it is for leads."""
    team = team_for(request.user, slug, Role.EDITOR)
    found = get_object_or_404(team.exercise_sets, pk=id)
    known = catalogue().exercises
    made = qti.package([known[i] for i in found.exercises if i in known], found.name)
    response = HttpResponse(made.zipped(), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="set-{found.pk}-qti3.zip"'
    return response


@require_POST
@login_required
def remove_set(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    team = team_for(request.user, slug, Role.EDITOR)
    found = get_object_or_404(team.exercise_sets, pk=id)
    name = found.name
    found.delete()
    messages.success(request, f"The set “{name}” is removed; nobody's answers are.")
    return redirect("scenarios:team", slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_sitting(request: HttpRequest, slug: str) -> HttpResponse:
    team = team_for(request.user, slug, Role.EDITOR)
    asked = {"exercise": request.GET.get("exercise", "")}
    sent = request.POST if request.method == "POST" else None
    form = SittingForm(sent, initial=asked)
    if request.method == "POST" and form.is_valid():
        exercise = catalogue().exercises[form.cleaned_data.pop("exercise")]
        made = workflow.open_sitting(team, exercise, request.user, **form.cleaned_data)
        return redirect(made)
    context = {"nav": "practice", "team": team, "form": form}
    status = 422 if form.errors else 200
    return render(request, "scenarios/teamwork/open.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD"])
def sitting(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    return _page(request, sitting_for(request.user, slug, id))


def _page(request: HttpRequest, found: Sitting, status: int = 200, **more: Any) -> HttpResponse:
    exercise = catalogue().exercises.get(found.exercise)
    if exercise and exercise.rev != found.rev:
        exercise = None
    context = pages.sitting_page(found, exercise, request.user) | more
    return render(request, "scenarios/teamwork/sitting.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    """The exercise, answered alone."""
    found = sitting_for(request.user, slug, id)
    exercise = _exercise(found)
    mine = workflow.answer_of(found, request.user)
    if not found.is_open or (mine and mine.done):
        return redirect(found)
    here = reverse("scenarios:sitting-answer", args=[slug, id])
    error = ""
    if request.method == "POST":
        try:
            if _answered(request, found, exercise):
                messages.success(request, "Your answer is noted. Now you see those of the others.")
                return _to(request, found)
        except (Unanswered, workflow.Late) as refused:
            error = str(refused)
    stored = workflow.answer_of(found, request.user)
    response = stored.response if stored else None
    context = pages.ask(request, found, exercise, here, response)
    return _form(request, context, "answer", error)


def _to(request: HttpRequest, found: Sitting) -> HttpResponse:
    """To the sitting; the workbench's requests are followed by the browser, not swapped in."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(found.get_absolute_url())
    return redirect(found)


def _answered(request: HttpRequest, found: Sitting, exercise: Exercise) -> bool:
    """Carries out one button; says whether the answer is complete."""
    act, _, _ = request.POST.get("act", "").partition("-")
    if exercise.type == engine.INCIDENT:
        number = request.POST.get("step", "")
        choice = request.POST.get("answer", "")[:100]
        if not choice or not number.isdecimal() or len(number) > 2:
            raise Unanswered("Choose what to do.")
        if not workflow.step(found, exercise, request.user, int(number), choice):
            return False
        stored = workflow.answer_of(found, request.user)
        assert stored is not None
        workflow.answer(found, exercise, request.user, stored.response)
        return True
    if act != "check":
        return False
    workflow.answer(found, exercise, request.user, _data(request, exercise))
    return True


def _data(request: HttpRequest, exercise: Exercise) -> dict[str, Any]:
    """The posted form in the shape that the engine reads."""
    if exercise.type == engine.REPAIR:
        return {"edits": [engine.stored(edit) for edit in posted_edits(request.POST)]}
    if exercise.type == engine.INCIDENT:
        return {"path": _path(request)}
    return dict(request.POST.lists())


def _path(request: HttpRequest) -> list[str]:
    try:
        path = json.loads(request.POST.get("path", "[]")[:5000])
    except (ValueError, RecursionError):
        path = []
    return [str(id)[:100] for id in path] if isinstance(path, list) else []


def _form(request: HttpRequest, context: dict[str, Any], act: str, error: str) -> HttpResponse:
    posted = dict(request.POST.lists())
    word, _, target = request.POST.get("act", "").partition("-")
    if word in _MOVES and context.get("order"):
        posted["answer"] = engine.moved(posted.get("answer", []), word, target)
        context["order"] = pages.pages.order(context["form"], posted["answer"])
        context |= {"moved": target, "act": word}
    if error:
        context["error"] = error
    context["what"] = act
    status = 422 if context.get("error") else 200
    bench = context["exercise"].type == engine.REPAIR
    if bench and getattr(request, "htmx", False):
        return render(request, "scenarios/_repair.html", context, status=status)
    return render(request, "scenarios/teamwork/ask.html", context, status=status)


@require_POST
@login_required
def close(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    found = sitting_for(request.user, slug, id, Role.EDITOR)
    workflow.close(found)
    return redirect(found)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    """The answer on which the team agrees: begun from a member's, or from nothing."""
    found = sitting_for(request.user, slug, id, Role.REVIEWER)
    exercise = _exercise(found)
    if found.is_open or found.submitted:
        return redirect(found)
    here = reverse("scenarios:sitting-agree", args=[slug, id])
    error, response = "", found.draft or _begun_with(request, found)
    version = str(found.version)
    if request.method == "POST":
        version = request.POST.get("version", "")
        response = _drafted(request, exercise)
        if request.POST.get("act") == "check":
            number = int(version) if version.isdecimal() and len(version) < 9 else -1
            try:
                workflow.propose(found, exercise, request.user, number, _data(request, exercise))
                told = "The draft is saved. Say why you agree; an editor submits it."
                messages.success(request, told)
                return _to(request, found)
            except workflow.Late as late:
                error, version = str(late), str(found.version)
            except Unanswered as unanswered:
                error = str(unanswered)
    context = pages.ask(request, found, exercise, here, response)
    draft = found.draft
    other = pages.in_words(found, exercise, draft) if error and draft else {}
    context |= {"version": version, "drafted": other}
    return _form(request, context, "agree", error)


def _begun_with(request: HttpRequest, found: Sitting) -> dict[str, Any] | None:
    """The answer of the member whom the query names, as a beginning."""
    for one in found.answers.filter(done__isnull=False):
        if str(one.pk) == request.GET.get("from"):
            return dict(one.response)
    return None


def _drafted(request: HttpRequest, exercise: Exercise) -> dict[str, Any] | None:
    """What the form holds of an incident's path, after its button."""
    if exercise.type != engine.INCIDENT:
        return None
    path = _path(request)
    act, choice = request.POST.get("act", ""), request.POST.get("answer", "")
    if act == "reset":
        path = []
    elif act == "do" and choice:
        path = [*path, choice]
    try:
        engine.incident.play(exercise, path)
    except Unanswered:
        path = []
    return {"path": path}


@require_POST
@login_required
def reason(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    """Why the team agrees on its draft."""
    found = sitting_for(request.user, slug, id, Role.REVIEWER)
    version, text = request.POST.get("version", ""), request.POST.get("reason", "")
    number = int(version) if version.isdecimal() and len(version) < 9 else -1
    try:
        workflow.explain(found, request.user, number, text)
    except (Unanswered, workflow.Late) as refused:
        problem = f"{refused} The saved reason: “{found.reason}”" if found.reason else str(refused)
        return _page(request, found, 422, problem=problem, reason=text)
    return redirect(found)


@require_POST
@login_required
def submit(request: HttpRequest, slug: str, id: int) -> HttpResponse:
    found = sitting_for(request.user, slug, id, Role.EDITOR)
    exercise = _exercise(found)
    version = request.POST.get("version", "")
    number = int(version) if version.isdecimal() and len(version) < 9 else -1
    try:
        workflow.submit(found, exercise, request.user, number)
    except (Unanswered, workflow.Late) as refused:
        return _page(request, found, 422, problem=str(refused))
    return redirect(found)
