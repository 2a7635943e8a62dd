"""Waivers: the list, a proposal with its match count, a second person's decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design.rules import RULES
from design.waivers import names
from reviews.access import (
    approvable_waiver,
    editable_design,
    editable_waiver,
    finding_of,
    followed_design,
    readable_waiver,
    uncovered,
)
from reviews.followup import waiving
from reviews.followup.forms import RemarkForm, WaiverForm
from reviews.followup.frame import frame
from reviews.followup.waiving import Refused
from reviews.models import Design, Waiver
from reviews.pages import where
from teams.access import guests_sign_in

_SHOWN = 300
_GROUPS = (
    ("Waiting for a second person", ("proposed",)),
    ("To be looked at", ("re-confirm", "unused", "obsolete", "malformed")),
    ("In force", ("expiring", "active")),
    ("Over", ("expired", "rejected", "withdrawn")),
)
WORDS = {
    "active": "in force",
    "expiring": "in force, near its end",
    "re-confirm": "to be confirmed again",
    "unused": "matches nothing",
    "obsolete": "obsolete",
    "malformed": "no longer applicable",
}
"""What a state is called; the others are called as they are."""


@require_safe
@never_cache
@guests_sign_in
def waivers(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    design = followed_design(request.user, team, slug)
    rows = list(design.waivers.select_related("by", "decided_by")[:_SHOWN])
    today = timezone.localdate()
    by_state: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        row.design = design
        by_state.setdefault(row.state(today), []).append(_shown(row))
    groups = [
        (title, [row for state in states for row in by_state.get(state, ())])
        for title, states in _GROUPS
    ]
    context = frame(request, design, "waivers") | {"groups": groups, "any": bool(rows)}
    return render(request, "reviews/followup/waivers.html", context)


def _shown(row: Waiver) -> dict[str, Any]:
    state = row.state(timezone.localdate())
    rule = RULES.get(row.rule)
    return {
        "waiver": row,
        "state": state,
        "word": WORDS.get(state, state),
        "where": where(row.subject),
        "rule": rule,
        "severity": rule.severity.value if rule else "low",
    }


@require_safe
@never_cache
@guests_sign_in
def waiver(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    row = readable_waiver(request.user, team, slug, id)
    return render(request, "reviews/followup/waiver.html", _page(request, row))


def _page(request: HttpRequest, row: Waiver, form: RemarkForm | None = None) -> dict[str, Any]:
    context = frame(request, row.design, "waivers") | _shown(row)
    over = context["state"] in ("rejected", "withdrawn")
    return context | {
        "covered": _covered(row),
        "form": form or RemarkForm(),
        "may_decide": context["may_discuss"] and row.is_proposed and row.by != request.user,
        "own": row.by == request.user,
        "may_withdraw": context["may_edit"] and not over,
        "may_renew": context["may_edit"] and not row.is_proposed and context["state"] != "active",
    }


def _covered(row: Waiver) -> list[Any]:
    """The findings of the newest check that it names, as rows that lead to their pages."""
    rows = row.design.tracked.filter(rule=row.rule).exclude(state="fixed")
    found = [one for one in rows if names(row.subject, one.subject)]
    for one in found:
        one.design = row.design
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guests_sign_in
def propose(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """A waiver proposed: from a finding (?finding=), again from an earlier one (?again=), or
    from nothing. The button “Check” shows what it would match and stores nothing."""
    design = uncovered(editable_design(request.user, team, slug))
    result = waiving.newest_result(design)
    if result is None:
        raise Http404("not checked yet")
    earlier = _earlier(request, design)
    initial = _initial(request, design, earlier)
    form = WaiverForm(request.POST or None, design=design, result=result, initial=initial)
    context = frame(request, design, "waivers") | {"form": form, "earlier": earlier}
    if request.method == "POST" and form.is_valid():
        rule = RULES[form.cleaned_data["rule"]]
        context |= {"checked": form.found, "rule": rule, "second": form.draft().needs_second}
        if request.POST.get("act") != "check":
            try:
                return _stored(request, design, form, earlier)
            except Refused as refused:
                form.add_error(None, str(refused))
    status = 422 if form.errors else 200
    return render(request, "reviews/followup/propose.html", context, status=status)


def _stored(
    request: HttpRequest, design: Design, form: WaiverForm, earlier: Waiver | None
) -> HttpResponse:
    draft = form.draft()
    draft.replaces = earlier
    row = waiving.propose(draft, design, request.user)
    if row.is_proposed:
        messages.success(request, "Proposed. It holds once a second person has agreed.")
    else:
        messages.success(request, "It holds from now on; the score has followed.")
    return redirect(row)


def _earlier(request: HttpRequest, design: Design) -> Waiver | None:
    number = request.GET.get("again", "")
    if not (number.isdecimal() and len(number) < 12):
        return None
    return design.waivers.filter(pk=int(number)).first()


def _initial(request: HttpRequest, design: Design, earlier: Waiver | None) -> dict[str, Any]:
    if earlier:
        kept = ("rule", "subject", "category", "reason")
        return {name: getattr(earlier, name) for name in kept}
    number = request.GET.get("finding", "")
    if number.isdecimal() and len(number) < 12:
        row = finding_of(design, int(number))
        return {"rule": row.rule, "subject": row.subject}
    return {}


@require_POST
@guests_sign_in
def decide(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    row = approvable_waiver(request.user, team, slug, id)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        context = _page(request, row, form)
        return render(request, "reviews/followup/waiver.html", context, status=422)
    remark, act = form.cleaned_data["remark"].strip(), form.cleaned_data["act"]
    work = waiving.approve if act == "approve" else waiving.reject
    said = "Approved: it holds from now on, and the score has followed."
    if act == "reject":
        said = "Rejected. Whoever proposed it is told."
    return _done(request, row, lambda: work(row, request.user, remark), said)


@require_POST
@guests_sign_in
def withdraw(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    row = editable_waiver(request.user, team, slug, id)
    said = "Withdrawn: what it covered counts again."
    return _done(request, row, lambda: waiving.withdraw(row, request.user), said)


def _done(request: HttpRequest, row: Waiver, work: Callable[[], None], said: str) -> HttpResponse:
    """The page again; when somebody else was first, with what they did."""
    try:
        work()
    except Refused as refused:
        context = _page(request, readable_waiver(
            request.user, row.design.team.slug, row.design.slug, row.pk
        ))  # fmt: skip
        context["conflict"] = str(refused)
        return render(request, "reviews/followup/waiver.html", context, status=409)
    messages.success(request, said)
    return redirect(row)
