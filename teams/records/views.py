"""What is recorded: the log of a team, and everything stored of a team or a person."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from typing import IO

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from teams.access import team_for
from teams.events import KINDS
from teams.models import Role
from teams.records import gathering, leaving, log, stored
from teams.records.forms import EndAccountForm, EndTeamForm

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


# What is stored, taken along and deleted


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def you(request: HttpRequest) -> HttpResponse:
    """What the site keeps of a person: taken along as a file, ended for ever."""
    form = EndAccountForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            leaving.delete_person(request.user)
        except leaving.OwnerNeeded:
            form.add_error(None, "Make somebody else an owner of the teams below first.")
        else:
            logout(request)
            return redirect("reviews:home")
    context = {
        "nav": "reviews",
        "form": form,
        "in_the_way": leaving.in_the_way(request.user),
        "going_along": leaving.going_along(request.user),
    }
    status = 422 if form.errors else 200
    return render(request, "teams/records/you.html", context, status=status)


@require_safe
@never_cache
def what_is_stored(request: HttpRequest) -> HttpResponse:
    """Every field that is stored of a person, for everybody to read before they have an account."""
    tables, named = stored.described()
    context = {"nav": "reviews", "tables": tables, "named": named}
    return render(request, "teams/records/stored.html", context)


@require_safe
@never_cache
@login_required
def your_data(request: HttpRequest) -> FileResponse:
    name = f"warmstart-{request.user.username}"
    return _archive(lambda file: gathering.write_person(request.user, file), name)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """What the site keeps of a team: taken along as a file, ended for ever."""
    team = team_for(request.user, slug, Role.OWNER)
    form = EndTeamForm(request.POST or None, team=team)
    if request.method == "POST" and form.is_valid():
        leaving.delete_team(team, request.user)
        messages.success(request, f"{team.name} is deleted, with everything in it.")
        return redirect("teams:home")
    context = {"nav": "reviews", "team": team, "here": "data", "owner": True, "form": form}
    context["others"] = team.memberships.exclude(user=request.user).count()
    status = 422 if form.errors else 200
    return render(request, "teams/records/data.html", context, status=status)


@require_safe
@never_cache
@login_required
def team_data(request: HttpRequest, slug: str) -> FileResponse:
    team = team_for(request.user, slug, Role.OWNER)
    return _archive(lambda file: gathering.write_team(team, file), team.slug)


def _archive(write: Callable[[IO[bytes]], None], name: str) -> FileResponse:
    """A file that is on disk only until it is sent."""
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile())
        write(file)
        file.seek(0)
        stack.pop_all()  # from here on the response closes it
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in name)
    return FileResponse(
        file, as_attachment=True, filename=f"{safe}.zip", content_type="application/zip"
    )
