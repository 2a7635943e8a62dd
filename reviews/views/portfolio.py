"""Portfolios of teams and organisations, and a design's scores over its revisions."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reviews import access, openings
from reviews.charts import Point, chart
from reviews.judging import beside as judged
from reviews.portfolio import page
from reviews.portfolio.due import due
from teams.access import guests_sign_in, readable_team

_REVISIONS = 50


def _asked(request: HttpRequest) -> tuple[str, int]:
    """What is counted, and which page of the sheet."""
    given = request.GET.get("page", "1")
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 5 else 1
    return request.GET.get("count", "open"), number


@require_safe
@never_cache
@guests_sign_in
def team(request: HttpRequest, team: str) -> HttpResponse:
    found = readable_team(request.user, team)
    context = page.of_team(found, request.user, *_asked(request))
    context |= {"nav": "reviews", "team": found, "member": found.role_of(request.user) is not None}
    return render(request, "reviews/portfolio/team.html", context)


@require_safe
@guests_sign_in
def team_file(request: HttpRequest, team: str, form: str) -> HttpResponse:
    found = readable_team(request.user, team)
    return _file(
        page.of_team(found, request.user, *_asked(request)), form, f"{found.slug}-portfolio"
    )


@require_safe
@never_cache
@guests_sign_in
def organisation(request: HttpRequest, organisation: str) -> HttpResponse:
    found = access.readable_organisation(request.user, organisation)
    context = page.of_organisation(found, request.user, *_asked(request))
    context |= {"nav": "reviews", "organisation": found}
    return render(request, "reviews/portfolio/organisation.html", context)


@require_safe
@guests_sign_in
def organisation_file(request: HttpRequest, organisation: str, form: str) -> HttpResponse:
    found = access.readable_organisation(request.user, organisation)
    context = page.of_organisation(found, request.user, *_asked(request))
    return _file(context, form, f"{found.slug}-portfolio")


def _file(context: dict[str, Any], form: str, name: str) -> HttpResponse:
    if form == "json":
        found = context["entries"]
        response: HttpResponse = JsonResponse(
            page.as_json(found, due(found, timezone.localdate())), json_dumps_params={"indent": 1}
        )
    elif form == "csv":
        sheet = io.StringIO()
        csv.writer(sheet).writerows(
            [
                [_harmless(cell) for cell in row]
                for row in page.table(context["areas"], context["columns"])
            ]
        )
        response = HttpResponse(sheet.getvalue(), content_type="text/csv; charset=utf-8")
    else:
        raise Http404(form)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _harmless(cell: str | int) -> str | int:
    """A name that begins like a formula must not run in somebody's spreadsheet."""
    return (
        f"'{cell}"
        if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        else cell
    )


@require_safe
@never_cache
@guests_sign_in
def history(request: HttpRequest, team: str, slug: str) -> HttpResponse:
    """All revisions of a design with their scores, as a chart and as a table."""
    design = access.readable_design(request.user, team, slug)
    revisions = list(design.revisions.for_lists())
    covered = judged.covered_in([design.team], request.user)
    rows: list[dict[str, Any]] = []
    for revision in revisions:
        revision.design = design
        run = None if revision.pk in covered else revision.newest_run()
        rows.append({"revision": revision, "run": run})
    counts = openings.by_severity(
        row["run"] for row in rows[-_REVISIONS:] if row["run"] and row["run"].is_done
    )
    for row in rows:
        row["counts"] = counts.get(row["run"].pk, {}) if row["run"] else {}
    context = {
        "nav": "reviews",
        "team": design.team,
        "design": design,
        "history": rows,
        "rows": rows[: -_REVISIONS - 1 : -1],
        "older": rows[:-_REVISIONS],
        "chart": chart([_point(row) for row in rows], "Revision"),
        "severities": ["critical", "high", "medium", "low"],
    }
    return render(request, "reviews/history.html", context)


def _point(row: dict[str, Any]) -> Point:
    revision, run = row["revision"], row["run"]
    label = str(revision.number)
    if run is None or not run.is_done:
        return Point(label, None, None)
    said = f"Revision {label}: {run.total:.0f}, coverage {run.coverage:.0f} %"
    return Point(label, run.total, run.coverage, said, revision.get_absolute_url())
