"""Waivers over HTTP: the list of a design's, and one proposed. The same form checks them as on
the page; a second person agrees there, because a program is none."""

from __future__ import annotations

import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import StringConstraints

from reviews.access import editable_design, followed_design, uncovered
from reviews.followup import waiving
from reviews.followup.forms import WaiverForm
from reviews.models import Waiver
from reviews.programs.schemas import Line
from teams.models import AccessToken, Role, Scope
from teams.programs.bearer import Token, team_of
from teams.programs.problems import Problem, ProblemOut

router = Router(tags=["waivers"], auth=Token())

_WRONG = dict.fromkeys((400, 401, 403, 404, 422, 429), ProblemOut)
Reason = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]


class WaiverIn(Schema):
    """What is waived, why, and until when. Without "expires" it lasts as long as is usual."""

    rule: Line
    subject: Line
    category: Line
    reason: Reason
    expires: datetime.date | None = None


class WaiverKept(Schema):
    """A waiver of a design. "state" is that of today; a proposed one waits for a second person."""

    id: int
    rule: str
    subject: str
    category: str
    reason: str
    by: str
    created: datetime.date
    expires: datetime.date
    state: str
    needs_second: bool
    page: str

    @classmethod
    def of(cls, waiver: Waiver) -> WaiverKept:
        return cls(
            id=waiver.pk,
            rule=waiver.rule,
            subject=waiver.subject,
            category=waiver.category,
            reason=waiver.reason,
            by=waiver.by_name,
            created=waiver.created,
            expires=waiver.expires,
            state=waiver.state(timezone.localdate()),
            needs_second=waiver.needs_second,
            page=waiver.get_absolute_url(),
        )


@router.get(
    "/{slug:team}/designs/{slug:design}/waivers/",
    response={200: list[WaiverKept], 409: ProblemOut, **_WRONG},
    summary="Waivers of a design",
)
def waivers(request: HttpRequest, team: str, design: str) -> list[WaiverKept]:
    """Those kept on the site, the newest first; waivers in the text stand with the revision."""
    token = _token(request)
    team_of(token, team)
    found = followed_design(token.user, team, design)
    rows = list(found.waivers.order_by("-pk")[:500])
    for row in rows:
        row.design = found
    return [WaiverKept.of(row) for row in rows]


@router.post(
    "/{slug:team}/designs/{slug:design}/waivers/",
    auth=Token(Scope.SUBMIT),
    response={201: WaiverKept, 409: ProblemOut, **_WRONG},
    summary="Waive a finding",
)
def waive(request: HttpRequest, team: str, design: str, body: WaiverIn) -> Status[WaiverKept]:
    """Proposes a waiver for findings of the newest checked revision: in force at once where one
    person is enough, else once a second one agrees on its page."""
    token = _token(request)
    team_of(token, team, Role.EDITOR)
    found = uncovered(editable_design(token.user, team, design))
    result = waiving.newest_result(found)
    if result is None:
        raise Problem(409, "No revision is checked yet.")
    form = WaiverForm(body.model_dump(), design=found, result=result)
    if not form.is_valid():
        errors = [
            {"at": field, "message": str(message)}
            for field, messages in form.errors.items()
            for message in messages
        ]
        raise Problem(422, "This is not a waiver yet.", errors=errors)
    try:
        made = waiving.propose(form.draft(), found, token.user)
    except waiving.Refused as refused:
        raise Problem(409, str(refused)) from None
    made.refresh_from_db()
    made.design = found
    return Status(201, WaiverKept.of(made))


def _token(request: HttpRequest) -> AccessToken:
    found: AccessToken = request.auth  # type: ignore[attr-defined]
    return found
