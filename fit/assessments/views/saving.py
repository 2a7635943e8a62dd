"""Saving a result, the lists of what was saved, and one assessment with its versions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fit import asking, engine
from fit import pages as wizard
from fit.assessments import access, pages, workflow
from fit.assessments.due import listed
from fit.assessments.forms import NEW, LinkForm, RenameForm, SaveForm
from fit.assessments.workflow import Unchanged
from fit.model import fit
from fit.models import Assessment, Record
from teams.access import guests_sign_in, readable_team
from teams.models import Role, Team

LINK = "fit_link"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """A result with its name. The answers stay in the address, so that they outlive signing in."""
    model, asked = fit(), asking.read(request.GET, fit())
    if not asked.answers:
        return redirect(wizard.key_url(asked))
    context = {
        "nav": "fit",
        "asked": asked,
        "result_url": wizard.result_url(asked),
        "headline": wizard.headline(model, engine.evaluate(model.numbers, asked.answers)),
        "answered": len(asked.answers),
        "fit": model,
    }
    if not request.user.is_authenticated:
        status = 403 if request.method == "POST" else 200
        return render(request, "fit/saved/sign_in.html", context, status=status)
    teams = access.writable_teams(request.user)
    mine = [
        *Assessment.objects.of(request.user).current(),
        *Assessment.objects.filter(team__in=teams).current(),
    ]
    initial = {"into": asked.into if asked.into in {str(a.pk) for a in mine} else NEW}
    form = SaveForm(request.POST or None, teams=teams, mine=mine, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if into := form.assessment:
            try:
                workflow.add(into, request.user, asked, note=data["note"])
            except Unchanged as unchanged:
                form.add_error("into", f"{unchanged} Nothing was saved.")
            else:
                return redirect(into)
        else:
            made = workflow.save(
                data["name"].strip(), request.user, asked, team=form.team, note=data["note"]
            )
            return redirect(made)
    context["form"] = form
    return render(request, "fit/saved/save.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@login_required
def saved(request: HttpRequest) -> HttpResponse:
    """One's own assessments, and the teams with theirs."""
    mine = Assessment.objects.of(request.user)
    context = {
        "nav": "fit",
        "rows": mine.current().for_lists(),
        "archived": mine.exclude(archived__isnull=True).for_lists(),
        "teams": Team.objects.of(request.user).order_by("name"),
        "of_teams": Assessment.objects.filter(team__memberships__user=request.user)
        .current()
        .for_lists(),
        "model": fit().numbers.version,
        "due": _due_count(Record.objects.filter(assessment__person=request.user)),
    }
    return render(request, "fit/saved/list.html", context)


@require_safe
@never_cache
@guests_sign_in
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """The assessments of a team."""
    found = readable_team(request.user, slug)
    context = {
        "nav": "fit",
        "team": found,
        "member": found.role_of(request.user) is not None,
        "rows": found.assessments.current().for_lists(),
        "archived": found.assessments.exclude(archived__isnull=True).for_lists(),
        "model": fit().numbers.version,
        "due": _due_count(Record.objects.filter(assessment__team=found)),
    }
    return render(request, "fit/saved/team.html", context)


def _due_count(records: object) -> int:
    return sum(due.is_due for due in listed(records.standing(), timezone.localdate()))


@require_safe
@never_cache
@guests_sign_in
def assessment(request: HttpRequest, id: int) -> HttpResponse:
    return show(request, access.readable(request.user, id))


def show(
    request: HttpRequest, found: Assessment, status: int = 200, **more: object
) -> HttpResponse:
    """The page of an assessment, with the forms for those who may use them."""
    context = pages.assessment(request.user, found)
    if context["may_edit"]:
        context |= {"links": found.links.select_related("created_by"), "link_form": LinkForm()}
        link = request.session.get(LINK)
        if link and link[0] == found.pk:
            context["link"] = link[1]
            del request.session[LINK]
    if context["may_own"]:
        context["rename"] = RenameForm(instance=found)
    return render(request, "fit/saved/assessment.html", context | more, status=status)


@require_safe
@never_cache
@guests_sign_in
def version(request: HttpRequest, id: int, number: int) -> HttpResponse:
    found = access.readable(request.user, id)
    access.version_of(found, number)
    versions = list(found.versions.select_related("by"))
    for each in versions:
        each.assessment = found
    wanted = next(v for v in versions if v.number == number)
    context = pages.about(request.user, found) | pages.version_page(wanted, versions)
    return render(request, "fit/saved/version.html", context)


@require_POST
@guests_sign_in
def rescore(request: HttpRequest, id: int) -> HttpResponse:
    found = access.allowed(request.user, id, Role.EDITOR)
    try:
        made = workflow.rescore(found, request.user)
    except Unchanged:
        messages.info(request, "The newest version is of the current model already.")
    else:
        messages.success(request, f"Kept as version {made.number}; the older ones stay.")
    return redirect(found)


@require_POST
@guests_sign_in
def rename(request: HttpRequest, id: int) -> HttpResponse:
    found = access.allowed(request.user, id, Role.OWNER)
    form = RenameForm(request.POST, instance=found)
    if not form.is_valid():
        found.refresh_from_db(fields=["name"])
        return show(request, found, 422, rename=form)
    form.save()
    return redirect(found)


@require_POST
@guests_sign_in
def archive(request: HttpRequest, id: int) -> HttpResponse:
    found = access.allowed(request.user, id, Role.OWNER)
    found.archived = None if found.archived else timezone.now()
    found.save(update_fields=["archived"])
    said = "put away; its decisions no longer come up for review" if found.archived else "back"
    messages.success(request, f"“{found}” is {said}.")
    return redirect(found)


@require_POST
@guests_sign_in
def delete(request: HttpRequest, id: int) -> HttpResponse:
    found = access.allowed(request.user, id, Role.OWNER)
    name, back = found.name, pages.list_url(found.team)
    found.delete()
    messages.success(request, f"“{name}” is deleted, with its versions, rounds and decisions.")
    return redirect(back)
