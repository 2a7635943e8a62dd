"""The improvement plan of a design, its actions, and its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design.rules import RULES
from reviews.access import (
    editable_action,
    editable_design,
    editable_plan,
    followed_design,
    readable_action,
    readable_plan,
    uncovered,
)
from reviews.followup import acting, exports, planning, tracking
from reviews.followup.acting import Refused
from reviews.followup.forms import ActionForm, OwnActionForm, action_form
from reviews.followup.frame import frame
from reviews.followup.tracking import Stale
from reviews.models import Action, Design, Plan, TrackedFinding
from reviews.pages import where
from teams.access import guests_sign_in
from teams.models import User

_PLACES = 3
_GONE = 20


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
        "put": any(a.place is not None and a.outcome == "open" for a in actions),
        "gone": _gone(found) if context["may_edit"] else [],
    }


def _gone(plan: Plan) -> list[Action]:
    """What was taken out and can be brought back, the latest first."""
    gone = list(plan.actions.filter(removed__isnull=False).order_by("-removed")[:_GONE])
    for action in gone:
        action.plan = plan
    return gone


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
        "form": form or action_form(row, people, initial=ActionForm.said(row)),
    }


@require_POST
@guests_sign_in
def change(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    row = editable_action(request.user, team, slug, id)
    people = tracking.members(row.plan.design)
    form = action_form(row, people, request.POST)
    if not form.is_valid():
        context = _action(request, row, form)
        return render(request, "reviews/followup/action.html", context, status=422)
    data = form.cleaned_data
    try:
        planning.change(row, request.user, **data)
    except Stale as stale:
        row = readable_action(request.user, team, slug, id)
        typed = {**data, "owner": data["owner"].pk if data["owner"] else None}
        form = action_form(row, people, initial={**typed, "version": row.version})
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
    if row.is_by_hand:
        ours = list(data.get("findings", ()))
        pairs += [
            ("What is to be done", row.title, data["title"]),
            ("About", _named(row.findings.all()), _named(ours)),
        ]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _named(findings: Iterable[TrackedFinding]) -> str:
    return ", ".join(sorted(str(one) for one in findings)) or "no finding"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guests_sign_in
def add(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """An action that no rule asks for; from the page of a finding it is about that (?finding=)."""
    found = editable_plan(request.user, team, slug)
    people = tracking.members(found.design)
    about = request.GET.get("finding", "")
    initial = {"findings": [about]} if about.isdecimal() and len(about) < 12 else {}
    form = OwnActionForm(request.POST or None, people=people, design=found.design, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = acting.add(found, request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"“{made}” is in the plan.")
            return redirect(f"{found.get_absolute_url()}#a{made.pk}")
    context = frame(request, found.design, "plan") | {"plan": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "reviews/followup/new_action.html", context, status=status)


_ACTS: dict[str, tuple[Callable[[Action, User], bool], str]] = {
    "done": (lambda a, by: acting.finish(a, by, done=True), "“{}” is done."),
    "reopen": (lambda a, by: acting.finish(a, by, done=False), "“{}” is to be done again."),
    "remove": (
        acting.remove,
        "“{}” was taken out. It stands at the end of the plan and can be brought back.",
    ),
    "restore": (acting.restore, "“{}” is in the plan again."),
    "up": (lambda a, by: acting.move(a, by, "up"), ""),
    "down": (lambda a, by: acting.move(a, by, "down"), ""),
}
"""By button: what it does, and what is said then."""


@require_POST
@guests_sign_in
def act(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    """A button of an action: done, reopen, remove, restore, up, down."""
    row = editable_action(request.user, team, slug, id)
    work, said = _ACTS.get(request.POST.get("act", ""), (None, ""))
    try:
        if work is None:
            messages.error(request, "Nothing was changed: the form named no button.")
        elif work(row, request.user) and said:
            messages.success(request, said.format(row))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{row.plan.get_absolute_url()}#a{row.pk}")


@require_POST
@guests_sign_in
def unorder(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """The order by risk removed for each hour again."""
    found = editable_plan(request.user, team, slug)
    acting.unorder(found, request.user)
    messages.success(request, "Ordered by risk removed for each hour.")
    return redirect(found)


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
