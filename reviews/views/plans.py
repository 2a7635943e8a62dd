"""The improvement plan of a design, its actions, and its files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from design.rules import RULES
from reviews.access import (
    editable_action,
    editable_design,
    followed_design,
    readable_action,
    readable_plan,
    uncovered,
)
from reviews.followup import exports, planning, tracking
from reviews.followup.forms import ActionForm
from reviews.followup.frame import frame
from reviews.followup.tracking import Stale
from reviews.models import Action, Design, Plan
from reviews.pages import where
from teams.access import guests_sign_in

_PLACES = 3


@require_safe
@never_cache
@guests_sign_in
def plan(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    design = followed_design(request.user, team, slug)
    return render(request, "reviews/followup/plan.html", _page(request, design))


def _page(request: HttpRequest, design: Design) -> dict[str, Any]:
    context = frame(request, design, "plan")
    found = Plan.objects.filter(design=design).first()
    if found is None:
        checked = tracking.newest_key(design) is not None
        return context | {"open_count": design.tracked.still_open().count(), "checked": checked}
    found.design = design
    actions = planning.ordered(found)
    rows = [_row(action) for action in actions]
    return context | {
        "plan": found,
        "rows": [row for row in rows if row["action"].outcome == "open"],
        "over": [row for row in rows if row["action"].outcome != "open"],
    }


def _row(action: Action) -> dict[str, Any]:
    findings = action.open_findings or list(action.findings.all())
    return {
        "action": action,
        "count": len(findings),
        "places": [where(one.subject) for one in findings[:_PLACES]],
        "more": max(0, len(findings) - _PLACES),
        "late": bool(action.due and action.due < timezone.localdate() and action.done is None),
    }


@require_safe
@never_cache
@guests_sign_in
def rows(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """The fragment that a page asks for while the gains are being worked out."""
    design = readable_plan(request.user, team, slug).design
    return render(request, "reviews/followup/_plan.html", _page(request, design))


@require_POST
@guests_sign_in
def begin(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    design = uncovered(editable_design(request.user, team, slug))
    if tracking.newest_key(design) is None:
        raise Http404("not checked yet")
    planning.begin(design, request.user)
    return redirect("reviews:plan", team, slug)


@require_safe
@never_cache
@guests_sign_in
def action(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    row = readable_action(request.user, team, slug, id)
    return render(request, "reviews/followup/action.html", _action(request, row))


def _action(request: HttpRequest, row: Action, form: ActionForm | None = None) -> dict[str, Any]:
    design = row.plan.design
    findings = list(row.findings.select_related("assignee"))
    for one in findings:
        one.design = design
    people = tracking.members(design)
    return frame(request, design, "plan") | {
        "action": row,
        "plan": row.plan,
        "findings": [(one, where(one.subject)) for one in findings],
        "rule": RULES.get(row.rule),
        "form": form or ActionForm(people=people, initial=ActionForm.said(row)),
    }


@require_POST
@guests_sign_in
def change(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    row = editable_action(request.user, team, slug, id)
    people = tracking.members(row.plan.design)
    form = ActionForm(request.POST, people=people)
    if not form.is_valid():
        context = _action(request, row, form)
        return render(request, "reviews/followup/action.html", context, status=422)
    data = form.cleaned_data
    try:
        planning.change(row, request.user, **data)
    except Stale as stale:
        row = readable_action(request.user, team, slug, id)
        typed = {**data, "owner": data["owner"].pk if data["owner"] else None}
        form = ActionForm(people=people, initial={**typed, "version": row.version})
        context = _action(request, row, form) | {
            "conflict": str(stale),
            "theirs": _theirs(row, data),
        }
        return render(request, "reviews/followup/action.html", context, status=409)
    return redirect("reviews:plan", team, slug)


def _theirs(row: Action, data: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Field, what is stored, what was typed, where they differ."""
    sizes = dict(planning.Effort.choices)
    pairs = [
        ("Owner", str(row.owner or "nobody yet"), str(data["owner"] or "nobody yet")),
        ("Due", str(row.due or "no day"), str(data["due"] or "no day")),
        ("Effort", sizes[row.effort], sizes[data["effort"]]),
        ("Note", row.note or "none", data["note"] or "none"),
    ]
    return [pair for pair in pairs if pair[1] != pair[2]]


@require_safe
@guests_sign_in
def file(request: HttpRequest, team: str, slug: str, form: str) -> HttpResponse:
    found = readable_plan(request.user, team, slug)
    actions = planning.ordered(found)
    if form == "csv":
        body, kind = exports.as_csv(actions), "text/csv; charset=utf-8"
    elif form == "md":
        address = request.build_absolute_uri(found.get_absolute_url())
        body, kind = exports.as_markdown(found, actions, address), "text/markdown; charset=utf-8"
    else:
        raise Http404(form)
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{slug}-plan.{form}"'
    return response
