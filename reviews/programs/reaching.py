"""From an address and a token to what it names, through the pages' own functions of access."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from design.result import Result, from_dict
from reviews.access import readable_design, readable_revision
from reviews.judging import beside as judged
from reviews.models import Design, Revision, Run
from teams.models import AccessToken, Role, Team
from teams.programs.bearer import team_of
from teams.programs.problems import Problem


def token_of(request: HttpRequest) -> AccessToken:
    found: AccessToken = request.auth  # type: ignore[attr-defined]
    return found


def asked_team(request: HttpRequest, slug: str, role: Role = Role.VIEWER) -> Team:
    return team_of(token_of(request), slug, role)


def asked_design(request: HttpRequest, team: str, slug: str) -> Design:
    asked_team(request, team)
    return readable_design(token_of(request).user, team, slug)


def asked_revision(request: HttpRequest, team: str, slug: str, number: int) -> Revision:
    asked_team(request, team)
    return readable_revision(token_of(request).user, team, slug, number)


def finished_run(request: HttpRequest, revision: Revision) -> Run:
    """The finished run of a revision: what the rules say of it, which its judges are told later."""
    if judged.is_covered(token_of(request).user, revision):
        raise judged.Covered(revision.design)
    found = revision.run()
    if found is None or not found.is_done:
        state = found.state if found else "not there"
        raise Problem(409, f"The run is {state}; the result comes when it is done.")
    return found


def finished_result(request: HttpRequest, revision: Revision) -> Result:
    return from_dict(finished_run(request, revision).result)


def attached(body: str | bytes, kind: str, name: str) -> HttpResponse:
    """Always an attachment: what a stranger wrote is never shown as a page of ours."""
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
