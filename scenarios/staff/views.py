"""Reporting a problem, and the pages of those who look after the exercises."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from guide import glossary
from scenarios import bank_lint, places
from scenarios.authoring import report
from scenarios.catalogue import catalogue
from scenarios.engine import CODES
from scenarios.staff import records
from scenarios.staff.forms import InterventionForm, OutcomeForm, ReportForm
from scenarios.staff.models import Intervention, Report
from teams.origin import same_origin

_MOST_OPEN = 200
"""So many open reports of one exercise are enough; more say nothing new."""

View = Callable[..., HttpResponse]


def for_staff(view: View) -> View:
    """For staff alone; for others the page does not exist."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def report_problem(request: HttpRequest, id: str) -> HttpResponse:
    """A reader reports a problem, with the revision and the seed of what was shown."""
    found = catalogue().exercises.get(id)
    if found is None or found.status not in ("live", "pilot"):
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = ReportForm(sent)
    data = request.POST if sent is not None else request.GET
    rev, seed = _number(data.get("rev", ""), found.rev), _number(data.get("seed", ""), 0)
    key = _uuid(data.get("report", ""))
    context = {
        "nav": "practice",
        "exercise": found,
        "form": form,
        "rev": min(rev, found.rev),
        "seed": seed,
        "report": key,
    }
    if sent is not None and form.is_valid():
        open_ = Report.objects.filter(exercise=found.id, closed=None)
        if open_.count() < _MOST_OPEN:
            row = {"exercise": found.id, "rev": context["rev"], "seed": seed}
            Report.objects.get_or_create(id=key, defaults={**row, **form.cleaned_data})
        return render(request, "scenarios/staff/reported.html", context)
    status = 422 if form.errors else 200
    return render(request, "scenarios/staff/report.html", context, status=status)


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else default


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


# For staff


@for_staff
@require_http_methods(["GET", "HEAD"])
def home(request: HttpRequest) -> HttpResponse:
    """Coverage of the bank, its errors and warnings."""
    known = catalogue()
    whole = bank_lint.lint(known, glossary.load()[0], timezone.localdate())
    warnings = [p for p in [*known.problems, *whole] if not p.problem.is_error]
    errors = [p for p in [*known.problems, *whole] if p.problem.is_error]
    context = report.coverage(known) | {"errors": errors, "warnings": warnings}
    return _shown(request, "home", context)


@for_staff
@require_http_methods(["GET", "HEAD"])
def items(request: HttpRequest) -> HttpResponse:
    """Statistics of every exercise, signals first."""
    rows = records.table(catalogue())
    if only := request.GET.get("signal", "")[:4]:
        rows = [r for r in rows if any(s.code == only for s in r["item"].signals)]
    codes = [(code, CODES[code].title) for code in CODES if code.startswith("W7")]
    return _shown(request, "items", {"rows": rows, "codes": codes, "signal": only})


@for_staff
@require_http_methods(["GET", "HEAD"])
def item(request: HttpRequest, id: str) -> HttpResponse:
    known = catalogue()
    found = known.exercises.get(id)
    if found is None:
        raise Http404
    shown = records.one(known, found)
    texts = records.texts(found)
    context = {
        "exercise": found,
        "item": shown,
        "section": places.section(found.section),
        "options": [(texts.get(o.id, o.id), o) for o in shown.options],
        "signals": [(s, CODES[s.code]) for s in shown.signals],
        "reports": Report.objects.filter(exercise=id),
    }
    return _shown(request, "item", context)


@for_staff
@require_http_methods(["GET", "HEAD"])
def reports(request: HttpRequest) -> HttpResponse:
    return _reports(request)


def _reports(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    known = catalogue().exercises
    rows = [(r, known.get(r.exercise)) for r in Report.objects.select_related("closed_by")[:500]]
    context = {
        "open": [x for x in rows if not x[0].closed],
        "closed": [x for x in rows if x[0].closed],
    }
    return _shown(request, "reports", context | more, status)


@for_staff
@require_POST
def close_report(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Report, pk=id)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _reports(request, 422, wrong=found.pk)
    if not found.closed:
        found.closed, found.closed_by = timezone.now(), request.user
        found.outcome = form.cleaned_data["outcome"]
        found.save(update_fields=["closed", "closed_by", "outcome"])
        messages.success(request, "Closed.")
    return redirect("scenarios:staff-reports")


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def interventions(request: HttpRequest) -> HttpResponse:
    """What was changed, and whether it helped."""
    form = InterventionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        made.by = request.user
        made.save()
        return redirect("scenarios:staff-interventions")
    known = catalogue()
    log = records.tries(known, revisions=False)
    rows = [
        (i, places.section(i.section), records.effect(known, i, log))
        for i in Intervention.objects.select_related("by")
    ]
    status = 422 if form.errors else 200
    return _shown(request, "interventions", {"rows": rows, "form": form}, status)


def _shown(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    open_ = Report.objects.filter(closed=None).count()
    context = {"nav": "practice", "here": name, "open_reports": open_, **context}
    return render(request, f"scenarios/staff/{name}.html", context, status=status)
