"""Milestones, withdrawals and the archive: buttons of a design's page."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reviews import life
from reviews.access import (
    editable_revision,
    manageable_design,
    may_edit,
    milestone_for,
)
from teams.access import guests_sign_in, readable_team


class MilestoneForm(forms.Form):
    name = forms.CharField(
        label="Name of a milestone", max_length=60, help_text="Such as “approved for launch”."
    )


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label="Why it should not count",
        max_length=300,
        help_text="It stays readable, with this reason at its head.",
    )


@never_cache
@guests_sign_in
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, team: str, slug: str, number: int) -> HttpResponse:
    """What may be done with a revision and its design, each with what it means."""
    found = editable_revision(request.user, team, slug, number)
    act = request.POST.get("act", "")
    posted = request.POST if request.method == "POST" else None
    named = MilestoneForm(posted if act == "name" else None)
    withdrawn = WithdrawalForm(posted if act == "withdraw" else None)
    if act == "name" and named.is_valid():
        try:
            life.name_milestone(found, request.user, named.cleaned_data["name"])
        except life.Refused as refused:
            named.add_error("name", str(refused))
        else:
            return redirect(found)
    if act == "withdraw" and withdrawn.is_valid():
        life.withdraw(found, request.user, withdrawn.cleaned_data["reason"])
        return redirect(found)
    if act == "reinstate":
        life.reinstate(found, request.user)
        messages.success(request, f"Revision {number} counts again.")
        return redirect(found)
    context = {
        "nav": "reviews",
        "team": found.design.team,
        "design": found.design,
        "revision": found,
        "milestones": list(found.milestones.select_related("by")),
        "named": named,
        "withdrawn": withdrawn,
    }
    status = 422 if named.errors or withdrawn.errors else 200
    return render(request, "reviews/manage.html", context, status=status)


@require_POST
@guests_sign_in
@login_required
def unname(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    found = milestone_for(request.user, team, slug, id)
    life.remove_milestone(found, request.user)
    messages.success(request, f"“{found.name}” was taken off revision {found.revision.number}.")
    return redirect("reviews:manage", team, slug, found.revision.number)


@require_POST
@guests_sign_in
@login_required
def archive(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    found = manageable_design(request.user, team, slug)
    if request.POST.get("act") == "restore":
        life.restore(found, request.user)
        messages.success(request, f"“{found}” is back in the team’s designs.")
        return redirect(found)
    life.archive(found, request.user)
    messages.success(request, f"“{found}” is in the archive. It can be restored there.")
    return redirect("reviews:archive", team)


@require_safe
@guests_sign_in
def archived(request: HttpRequest, team: str) -> HttpResponse:
    """Designs that were put away, each with its way back."""
    found = readable_team(request.user, team)
    rows = list(found.designs.filter(archived__isnull=False).order_by("-archived"))
    for design in rows:
        design.team = found
    context = {"nav": "reviews", "team": found, "designs": rows}
    context["may_edit"] = may_edit(request.user, found)
    return render(request, "reviews/archive.html", context)
