"""The owner's view of what happened in a team, as a page and as files."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from teams.access import team_for
from teams.events import KINDS
from teams.models import Role
from teams.records import log

_ON_A_PAGE = 100
_FILES = {
    "csv": (log.as_csv, "text/csv; charset=utf-8"),
    "json": (log.as_json, "application/json"),
}


@require_safe
@never_cache
@login_required
def log_page(request: HttpRequest, slug: str) -> HttpResponse:
    team = team_for(request.user, slug, Role.OWNER)
    form = log.LogFilter(request.GET, team=team)
    page = Paginator(form.events(), _ON_A_PAGE).get_page(request.GET.get("page"))
    for event in page.object_list:
        event.said = KINDS.get(event.kind, event.kind)
    query = request.GET.copy()
    query.pop("page", None)
    keep = query.urlencode()
    context = {
        "nav": "reviews",
        "team": team,
        "here": "log",
        "owner": True,
        "form": form,
        "page": page,
        "query": keep,
        "keep": f"{keep}&" if keep else "",
    }
    status = 200 if form.is_valid() else 422
    return render(request, "teams/records/log.html", context, status=status)


@require_safe
@never_cache
@login_required
def log_file(request: HttpRequest, slug: str, form: str) -> StreamingHttpResponse:
    """What the page shows with the same filter, all of it."""
    team = team_for(request.user, slug, Role.OWNER)
    asked = log.LogFilter(request.GET, team=team)
    if form not in _FILES or not asked.is_valid():
        raise Http404(form)
    writer, kind = _FILES[form]
    response = StreamingHttpResponse(writer(asked.events()), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{team.slug}-log.{form}"'
    return response
