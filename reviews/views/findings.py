"""Findings as they are followed: the list, one of them, who has it, and its patch."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from design.fixes import FIXES
from design.rules import RULES, Evidence
from design.waivers import names
from guide.book import book
from reviews.access import (
    editable_design,
    editable_finding,
    followed_design,
    readable_finding,
    uncovered,
)
from reviews.followup import patching, tracking
from reviews.followup.forms import AssignForm, CommentForm
from reviews.followup.frame import frame
from reviews.followup.listing import listed
from reviews.followup.patching import Patch
from reviews.followup.tracking import Stale
from reviews.forms import RevisionForm
from reviews.models import Design, TrackedFinding
from reviews.pages import fact, where
from teams.access import guests_sign_in

_EVIDENCE = 12
_MOST = 200
"""Findings that one patch may be asked for."""


@require_safe
@never_cache
@guests_sign_in
def findings(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    design = followed_design(request.user, team, slug)
    context = frame(request, design, "findings")
    context["list"] = listed(design, request.GET, request.user)
    context["many"] = context["may_edit"] and context["list"].fixable > 1
    return render(request, "reviews/followup/findings.html", context)


@require_safe
@guests_sign_in
def finding_at(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """From a rule and a subject, which every report names, to the page of the finding."""
    design = followed_design(request.user, team, slug)
    # A database looks for no NUL.
    said = (request.GET.get(name, "") for name in ("rule", "subject"))
    rule, subject = (text[:500].replace("\0", "") for text in said)
    row = design.tracked.filter(rule=rule, subject=subject).first()
    if row is None:
        return redirect("reviews:findings", team, slug)
    row.design = design
    return redirect(row)


@require_safe
@never_cache
@guests_sign_in
def finding(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    row = readable_finding(request.user, team, slug, id)
    return render(request, "reviews/followup/finding.html", _page(request, row))


def _page(request: HttpRequest, row: TrackedFinding, **forms: Any) -> dict[str, Any]:
    context = frame(request, row.design, "findings")
    rule = RULES.get(row.rule)
    threads = list(row.threads.for_lists())
    for thread in threads:
        thread.design = row.design
    people = tracking.members(row.design)
    given = {"to": row.assignee_id, "version": row.version}
    return context | {
        "finding": row,
        "where": where(row.subject),
        "rule": rule,
        "section": book().contents.section(rule.section) if rule else None,
        "facts": _facts(row),
        "patchable": row.is_open and row.rule in FIXES,
        "threads": threads,
        "waivers": _waivers(row),
        "actions": list(row.actions.filter(removed__isnull=True).select_related("owner")),
        "assign": AssignForm(people=people, initial=given),
        "comment": CommentForm(auto_id="id_new_%s"),
        **forms,
    }


def _facts(row: TrackedFinding) -> list[tuple[str, str, str]]:
    """What the newest check rests its verdict on, read from its stored result as it is. Once the
    finding is gone these are the values that cleared it."""
    run = tracking.newest(row.design)
    for said in (run.result or {}).get("findings", ()) if run else ():
        if (said["rule"], said["subject"][:500]) == (row.rule, row.subject):
            return [fact(Evidence(**one)) for one in said["evidence"][:_EVIDENCE]]
    return []


def _waivers(row: TrackedFinding) -> list[Any]:
    """Those that name this finding, the newest first."""
    rows = row.design.waivers.filter(rule=row.rule).select_related("by", "decided_by")
    found = [w for w in rows if names(w.subject, row.subject)]
    for waiver in found:
        waiver.design = row.design
    return found


@require_POST
@guests_sign_in
def assign(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    row = editable_finding(request.user, team, slug, id)
    form = AssignForm(request.POST, people=tracking.members(row.design))
    if not form.is_valid():
        context = _page(request, row, assign=form)
        return render(request, "reviews/followup/finding.html", context, status=422)
    data = form.cleaned_data
    try:
        tracking.assign(row, data["to"], request.user, data["version"])
    except Stale as stale:
        row.refresh_from_db(fields=["assignee", "version"])
        typed = {"to": data["to"].pk if data["to"] else None, "version": row.version}
        form = AssignForm(people=tracking.members(row.design), initial=typed)
        context = _page(request, row, assign=form, conflict=str(stale))
        return render(request, "reviews/followup/finding.html", context, status=409)
    messages.success(request, f"{data['to'] or 'Nobody'} has it now.")
    return redirect(row)


@require_safe
@never_cache
@guests_sign_in
def patch(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    """What would clear a finding, as a difference and as the text of a new revision."""
    row = editable_finding(request.user, team, slug, id)
    made = _patch(row)
    context = frame(request, row.design, "findings") | {
        "finding": row,
        "where": where(row.subject),
        "patch": made,
    }
    if made and made.text:
        note = f"{row.rule} at {row.subject}: {made.does[0]}"
        context["form"] = RevisionForm(
            initial={"text": made.text, "note": note[:200], "base": made.base.number}
        )
        context["what"] = f"the patch for {row.rule}"
    return render(request, "reviews/followup/patch.html", context)


@require_safe
@guests_sign_in
def patch_file(request: HttpRequest, team: str, slug: str, id: int) -> HttpResponse:
    """The same as a file for `git apply` or `patch`; empty where there is none."""
    row = editable_finding(request.user, team, slug, id)
    made = _patch(row)
    body = made.diff if made else ""
    response = HttpResponse(body, content_type="text/x-diff; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-{row.rule}.diff"'
    return response


@require_safe
@never_cache
@guests_sign_in
def patch_many(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """One patch for all findings that were chosen in the list, and which of them it leaves."""
    design = uncovered(editable_design(request.user, team, slug))
    rows = _chosen(request, design)
    made = patching.together(rows, design) if rows else None
    context = frame(request, design, "findings") | {"chosen": rows, "patch": made}
    context["query"] = urlencode([("finding", row.pk) for row in rows])
    if made and made.text:
        note = f"{len(made.held)} findings: {', '.join(made.clears)}"
        context["form"] = RevisionForm(
            initial={"text": made.text, "note": note[:200], "base": made.base.number}
        )
        context["what"] = f"a patch for {len(made.held)} findings"
    return render(request, "reviews/followup/patch_many.html", context)


@require_safe
@guests_sign_in
def patch_many_file(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """The same as a file for `git apply` or `patch`; empty where there is none."""
    design = uncovered(editable_design(request.user, team, slug))
    rows = _chosen(request, design)
    made = patching.together(rows, design) if rows else None
    response = HttpResponse(made.diff if made else "", content_type="text/x-diff; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.diff"'
    return response


def _chosen(request: HttpRequest, design: Design) -> list[TrackedFinding]:
    """The findings that an address names, as far as they are this design's and still open."""
    named = request.GET.getlist("finding")[:_MOST]
    keys = [int(key) for key in named if key.isascii() and key.isdecimal() and len(key) < 12]
    return list(design.tracked.still_open().filter(pk__in=keys).order_by("rule", "subject"))


def _patch(row: TrackedFinding) -> Patch | None:
    """None when the newest revision has no such finding any more."""
    found = patching.checked(row)
    if found is None or found[2] is None:
        return None
    revision, result, one = found
    return patching.patch(revision, result, one)
