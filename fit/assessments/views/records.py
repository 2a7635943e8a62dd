"""Decision records, and the list of those that are due for another look."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fit.assessments import access, due, kept, pages, workflow, written
from fit.assessments import record as documents
from fit.assessments.forms import RecordForm
from fit.models import Assessment, Record, Version
from teams.access import guests_sign_in, readable_team
from teams.fixed import Immutable
from teams.models import Role, Team

FILES = (("pdf", "PDF"), ("md", "Markdown"), ("json", "JSON"))
REVIEW_AFTER = dt.timedelta(days=183)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guests_sign_in
def new(request: HttpRequest, id: int) -> HttpResponse:
    """A decision on the newest version, filled with what its result suggests."""
    found = access.allowed(request.user, id, Role.EDITOR)
    version = found.latest()
    version.assessment = found
    initial = {
        **documents.triggers(version),
        "choice": documents.choices(version)[0][0],
        "review_on": timezone.localdate() + REVIEW_AFTER,
        **_from_earlier(found),
    }
    form = RecordForm(request.POST or None, assessment=found, version=version, initial=initial)
    if request.method == "POST" and form.is_valid():
        return redirect(workflow.propose(form.save(commit=False), found, version, request.user))
    return _form(request, found, version, form)


def _from_earlier(found: Assessment) -> dict[str, Any]:
    """What a record that follows another takes over from it."""
    earlier = found.records.filter(status="accepted").last()
    if earlier is None:
        return {}
    kept = ("title", "context", "consequences", "on_traffic", "on_team", "on_limit")
    return {"supersedes": earlier.pk} | {
        name: value for name in kept if (value := getattr(earlier, name))
    }


def _form(
    request: HttpRequest,
    found: Assessment,
    version: Version,
    form: RecordForm,
    record: Record | None = None,
) -> HttpResponse:
    context = {
        **pages.about(request.user, found),
        "version": version,
        "form": form,
        "record": record,
        "ranking": [
            (row.option.title, row.score, row.out)
            for row in kept.rows(kept.words_of(version), version.result)
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "fit/saved/record_form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guests_sign_in
def edit(request: HttpRequest, id: int, number: int) -> HttpResponse:
    found = access.allowed(request.user, id, Role.EDITOR)
    record = access.record_of(found, number)
    if not record.is_proposed:
        return _fixed(request, record)
    form = RecordForm(
        request.POST or None, instance=record, assessment=found, version=record.version
    )
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except Immutable:  # somebody accepted it while this form was open
            return _fixed(request, record)
        return redirect(record)
    return _form(request, found, record.version, form, record)


def _fixed(request: HttpRequest, record: Record) -> HttpResponse:
    messages.error(request, "It was accepted and stays as it is. A new one can supersede it.")
    return redirect(record)


@require_safe
@never_cache
@guests_sign_in
def page(request: HttpRequest, id: int, number: int) -> HttpResponse:
    found = access.readable(request.user, id)
    record = access.record_of(found, number)
    context = {
        **pages.about(request.user, found),
        "record": record,
        "doc": documents.document(record),
        "due": due.listed([record], timezone.localdate())[0],
        "version": record.version,
        "files": FILES,
        "limits": any(entry["knocked_out_by"] for entry in record.version.result["ranking"]),
    }
    return render(request, "fit/saved/record.html", context)


@require_safe
@never_cache
@guests_sign_in
def file(request: HttpRequest, id: int, number: int, form: str) -> HttpResponse:
    """The record as Markdown, JSON or PDF, always as an attachment."""
    record = access.record_of(access.readable(request.user, id), number)
    doc = documents.document(record)
    body: str | bytes
    if form == "md":
        body, kind = written.markdown(doc), "text/markdown; charset=utf-8"
    elif form == "json":
        body, kind = json.dumps(doc, indent=2, ensure_ascii=False), "application/json"
    elif form == "pdf":
        body, kind = written.as_pdf(doc), "application/pdf"
    else:
        raise Http404(form)
    name = slugify(record.title)[:60] or "decision"
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{record.number:04}-{name}.{form}"'
    return response


@require_POST
@guests_sign_in
def accept(request: HttpRequest, id: int, number: int) -> HttpResponse:
    record = access.record_of(access.allowed(request.user, id, Role.EDITOR), number)
    workflow.accept(record, request.user)
    return redirect(record)


@require_POST
@guests_sign_in
def discard(request: HttpRequest, id: int, number: int) -> HttpResponse:
    record = access.record_of(access.allowed(request.user, id, Role.EDITOR), number)
    if not record.is_proposed:
        messages.error(request, "It was accepted and is not thrown away.")
        return redirect(record)
    record.delete()
    messages.success(request, f"The proposal “{record.title}” is thrown away.")
    return redirect(record.assessment)


# Due for another look


def _mine(user: object) -> Any:
    """Standing decisions of a person and of all their teams."""
    mine = Q(assessment__person=user) | Q(assessment__team__memberships__user=user)
    return Record.objects.standing().filter(mine).distinct()


def _list(request: HttpRequest, records: Any, team: Team | None) -> HttpResponse:
    rows = due.listed(records, timezone.localdate())
    context = {
        "nav": "fit",
        "team": team,
        "member": team is None or team.role_of(request.user) is not None,
        "rows": rows,
        "due": sum(row.is_due for row in rows),
    }
    return render(request, "fit/saved/due.html", context)


def _calendar(request: HttpRequest, records: Any, name: str) -> HttpResponse:
    events = [(r, request.build_absolute_uri(r.get_absolute_url())) for r in records]
    body = due.calendar(events, request.get_host())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


@require_safe
@never_cache
@login_required
def mine_due(request: HttpRequest) -> HttpResponse:
    return _list(request, _mine(request.user), None)


@require_safe
@never_cache
@login_required
def mine_calendar(request: HttpRequest) -> HttpResponse:
    return _calendar(request, _mine(request.user), "decisions")


@require_safe
@never_cache
@guests_sign_in
def team_due(request: HttpRequest, slug: str) -> HttpResponse:
    team = readable_team(request.user, slug)
    return _list(request, Record.objects.standing().filter(assessment__team=team), team)


@require_safe
@never_cache
@guests_sign_in
def team_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    team = readable_team(request.user, slug)
    records = Record.objects.standing().filter(assessment__team=team)
    return _calendar(request, records, f"decisions-{slug}")
