"""The rubric, calibration on sample designs, how a team judges and how far it agrees."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from design.document import load
from reviews import pictures
from reviews.judging import calibrating
from reviews.judging import cohort as judged
from reviews.judging import panels as workflow
from reviews.judging import rubric as data
from reviews.judging.forms import MarksForm, RulesForm
from reviews.judging.panels import Stale
from reviews.models import TeamRules
from reviews.workflow import DEMONSTRATION
from teams.access import guests_sign_in, readable_team, team_for
from teams.models import Role, Team, User


@require_safe
def rubric(request: HttpRequest) -> HttpResponse:
    context = {"nav": "reviews", "rubric": data.rubric()}
    return render(request, "reviews/judging/rubric.html", context)


@require_safe
@never_cache
@login_required
def calibration(request: HttpRequest) -> HttpResponse:
    done = calibrating.latest(request.user)
    samples = [
        (sample, calibrating.held(sample, done[sample.design]) if sample.design in done else None)
        for sample in data.rubric().samples
    ]
    context = {
        "nav": "reviews",
        "samples": samples,
        "kappa": calibrating.kappa(done),
    }
    return render(request, "reviews/judging/calibration.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: HttpRequest, sample: str) -> HttpResponse:
    """The sheet for one sample, or its comparison once it is marked; `again` shows the sheet."""
    found = data.rubric().sample(sample)
    if found is None:
        raise Http404(sample)
    kept = calibrating.latest(request.user).get(sample)
    form = MarksForm(request.POST or None, criteria=data.rubric().criteria)
    if request.method == "POST" and form.is_valid():
        calibrating.keep(request.user, found, form.given())
        return redirect("reviews:sample", sample)
    context: dict[str, Any] = {"nav": "reviews", "sample": found}
    if kept and request.method != "POST" and "again" not in request.GET:
        context |= calibrating.held(found, kept) | {"kept": kept}
        return render(request, "reviews/judging/held.html", context)
    text = (DEMONSTRATION / f"{found.design}.yaml").read_text(encoding="utf-8")
    context |= {"form": form, "rows": form.rows(), "text": text}
    context["drawing"] = pictures.bare(load(text))
    status = 422 if form.errors else 200
    return render(request, "reviews/judging/sample.html", context, status=status)


@require_safe
@never_cache
@guests_sign_in
def cohort(request: HttpRequest, team: str) -> HttpResponse:
    """Agreement of a team. How leniently each person marks is for the owners, and for oneself."""
    found = readable_team(request.user, team)
    role = found.role_of(request.user)
    context = judged.cohort(found) | {"nav": "reviews", "team": found, "role": role}
    people, mine = context.pop("people"), request.user.pk
    ids = [int(key[1:]) for key in people if key.startswith("u")]
    if role is not Role.OWNER:
        ids = [id for id in ids if id == mine]
    users = User.objects.in_bulk(ids) if ids else {}
    context["people"] = sorted(
        ((user, people[f"u{id}"]) for id, user in users.items()), key=lambda one: str(one[0])
    )
    context["rules"] = workflow.rules_of(found)
    return render(request, "reviews/judging/cohort.html", context)


@never_cache
@guests_sign_in
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, team: str) -> HttpResponse:
    """How a team judges, for its owners."""
    found = team_for(request.user, team, Role.OWNER)
    row = TeamRules.objects.filter(team=found).first() or TeamRules(team=found)
    form = RulesForm(request.POST or None, instance=row, initial={"seen": row.version})
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in RulesForm.Meta.fields}
        try:
            workflow.save_rules(found, request.user, said, form.cleaned_data["seen"])
        except Stale as stale:
            return _rules(request, found, _over(request, stale), 409, stale.current)
        messages.success(request, "Kept. Panels that are open keep the rules they began with.")
        return redirect("reviews:judging_rules", team)
    return _rules(request, found, form, 422 if form.errors else 200)


def _over(request: HttpRequest, stale: Stale) -> RulesForm:
    """What was typed, on top of the version that is now in force."""
    typed = request.POST.copy()
    typed["seen"] = str(stale.current.version)
    return RulesForm(typed, instance=stale.current)


def _rules(
    request: HttpRequest,
    team: Team,
    form: RulesForm,
    status: int = 200,
    theirs: TeamRules | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"nav": "reviews", "team": team, "form": form, "theirs": theirs}
    if theirs:
        fresh = TeamRules.objects.get(pk=theirs.pk)
        context["theirs"] = fresh
        context["changed"] = [
            (form[name].label, _word(fresh, name))
            for name in RulesForm.Meta.fields
            if str(form[name].value() or "") != str(getattr(fresh, name) or "")
        ]
    return render(request, "reviews/judging/rules.html", context, status=status)


def _word(row: TeamRules, name: str) -> str:
    """A value as the form would show it."""
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return {True: "yes", False: "no", None: "empty"}.get(value, str(value))
