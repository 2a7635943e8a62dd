"""Reviews over HTTP: submit a design, wait for its run, fetch what came of it.

Every call goes through the same functions of access as the pages; a token only narrows them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Header, Path, Query, Router
from ninja.responses import Status

from design import compare as comparing
from design import document
from design.diagram import FORMATS as PICTURES
from design.diagram import View
from design.export import FORMATS
from design.export.json import comparison_dict
from design.export.markdown import render_comparison
from reviews import pictures, workflow
from reviews.access import editable_revision, revision_of
from reviews.judging import beside as judged
from reviews.models import Design, Finding
from reviews.programs import submitting
from reviews.programs.reaching import (
    asked_design,
    asked_revision,
    asked_team,
    attached,
    finished_result,
    finished_run,
    token_of,
)
from reviews.programs.schemas import (
    DesignOut,
    DesignPage,
    EventOut,
    EventPage,
    FindingOut,
    FindingPage,
    Part,
    RevisionOut,
    RevisionPage,
    RunOut,
    SubmissionIn,
    SubmissionOut,
    TeamOut,
    WaiverOut,
    file_answer,
    json_answer,
)
from teams.models import Role, Scope, Team
from teams.programs.bearer import Token, team_of
from teams.programs.problems import Problem, ProblemOut

router = Router(tags=["reviews"], auth=Token())

_POLL: Final = "1"  # seconds
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_WRONG: Final = dict.fromkeys((400, 401, 403, 404, 422, 429), ProblemOut)
_TYPES: Final = {
    "md": ("markdown", "text/markdown; charset=utf-8"),
    "json": ("json", "application/json"),
    "sarif": ("sarif", "application/sarif+json"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "xml": ("junit", "application/xml"),
    "txt": ("text", "text/plain; charset=utf-8"),
}
Export = Literal["md", "json", "sarif", "csv", "xml", "txt", "svg", "png", "pdf", "dot"]
_DRAWN: Final = tuple(form for form in ("svg", "png", "pdf", "dot") if form in PICTURES)


# Teams and designs


@router.get("/", response={200: list[TeamOut], **_WRONG}, summary="The team of the token")
def teams(request: HttpRequest) -> list[TeamOut]:
    """A list of one, so that a program learns where its token works."""
    token = token_of(request)
    team = team_of(token, token.team.slug)
    return [TeamOut.of(team, team.role_of(token.user))]


@router.get("/{slug:team}/designs/", response={200: DesignPage, **_WRONG}, summary="Designs")
def designs(request: HttpRequest, team: str, part: Query[Part]) -> DesignPage:
    """The team's designs, each with its newest revision; the one touched last comes first."""
    found = asked_team(request, team)
    rows = found.designs.newest_first()
    covered = judged.covered_in([found], token_of(request).user)
    items = [
        _design_out(found, design, covered)
        for design in rows.with_history()[part.offset : part.offset + part.limit]
    ]
    return DesignPage(count=rows.count(), items=items)


def _design_out(team: Team, design: Design, covered: Collection[int]) -> DesignOut:
    design.team = team
    revisions = list(design.revisions.all())
    latest = revisions[-1] if revisions else None
    if latest:
        latest.design = design
    run = latest.newest_run() if latest else None
    return DesignOut.of(design, latest, run, covered=bool(latest) and latest.pk in covered)


@router.get(
    "/{slug:team}/designs/{slug:design}/",
    response={200: DesignOut, **_WRONG},
    summary="A design",
)
def design(request: HttpRequest, team: str, design: str) -> DesignOut:
    """One design with its newest revision."""
    found = asked_design(request, team, design)
    latest = found.latest()
    if latest:
        latest.design = found
    covered = bool(latest) and judged.is_covered(token_of(request).user, latest)
    return DesignOut.of(found, latest, latest.run() if latest else None, covered=covered)


@router.get(
    "/{slug:team}/designs/{slug:design}/revisions/",
    response={200: RevisionPage, **_WRONG},
    summary="Revisions",
)
def revisions(request: HttpRequest, team: str, design: str, part: Query[Part]) -> RevisionPage:
    """The revisions of a design; the newest comes first."""
    found = asked_design(request, team, design)
    rows = found.revisions.for_lists().order_by("-number")
    items = []
    for row in rows[part.offset : part.offset + part.limit]:
        row.design = found
        covered = judged.covers(row, token_of(request).user)
        items.append(RevisionOut.of(row, row.newest_run(), covered=covered))
    return RevisionPage(count=found.revisions.count(), items=items)


# Submitting


@router.post(
    "/{slug:team}/submissions/",
    auth=Token(Scope.SUBMIT),
    response={200: SubmissionOut, 202: SubmissionOut, 413: ProblemOut, **_WRONG},
    summary="Submit a design",
)
def submit(
    request: HttpRequest,
    team: str,
    body: SubmissionIn,
    idempotency_key: str = Header("", alias="Idempotency-Key", max_length=255),
) -> HttpResponse:
    """Stores a text as an immutable revision and has it checked: 202 and the revision to wait
    for. The text of the latest revision makes no new one: 200 with the revision that is there.
    A call that is repeated with the same Idempotency-Key within seven days gets its first answer;
    a key used for another text is refused. What is wrong with a text is told with its lines."""
    if idempotency_key and not _KEY.fullmatch(idempotency_key):
        raise Problem(422, "An Idempotency-Key is 1 to 255 visible ASCII characters.")
    found = asked_team(request, team, Role.EDITOR)
    text = body.text.replace("\r\n", "\n")
    try:
        sent = submitting.send(
            found,
            token_of(request).user,
            text,
            slug=body.design,
            note=body.note,
            key=idempotency_key,
        )
    except submitting.KeyUsed:
        raise Problem(
            422, "This Idempotency-Key was used for another submission; take a new one."
        ) from None
    except document.Invalid as invalid:
        errors = [
            {"at": p.path or "text", "line": p.line, "message": p.message, "hint": p.hint}
            for p in invalid.problems
        ]
        many = f"{len(errors)} problem{'' if len(errors) == 1 else 's'}"
        raise Problem(422, f"The text is not a design: {many}.", errors=errors) from None
    sent.run.refresh_from_db()
    revision = sent.run.revision
    revision.design.team = found
    covered = judged.is_covered(token_of(request).user, revision)
    said = SubmissionOut(
        made=sent.made, revision=RevisionOut.of(revision, sent.run, covered=covered)
    )
    response = JsonResponse(said.model_dump(mode="json"), status=202 if sent.made else 200)
    response["Location"] = said.revision.address
    if sent.replayed:
        response["Idempotency-Replayed"] = "true"
    return response


# A revision


_REVISION: Final = "/{slug:team}/designs/{slug:design}/revisions/{int:number}/"


@router.get(
    _REVISION, response={200: RevisionOut, **_WRONG}, summary="A revision", url_name="revision"
)
def revision(request: HttpRequest, team: str, design: str, number: int) -> RevisionOut:
    """One revision with the run that counts: that of the current rules if there is one."""
    found = asked_revision(request, team, design, number)
    covered = judged.is_covered(token_of(request).user, found)
    return RevisionOut.of(found, found.run(), covered=covered)


@router.get(_REVISION + "run/", response={200: RunOut, **_WRONG}, summary="How far the run is")
def run(
    request: HttpRequest, response: HttpResponse, team: str, design: str, number: int
) -> RunOut:
    """The run to wait for. While it is not over, Retry-After says when to ask again."""
    found = asked_revision(request, team, design, number).run()
    if found is None:
        raise Problem(404, "This revision was never checked.")
    if not found.is_over:
        response["Retry-After"] = _POLL
    covered = judged.is_covered(token_of(request).user, found.revision)
    return RunOut.of(found, covered=covered)


@router.post(
    _REVISION + "check/",
    auth=Token(Scope.SUBMIT),
    response={202: RunOut, **_WRONG},
    summary="Check it again",
)
def check(request: HttpRequest, team: str, design: str, number: int) -> Status[RunOut]:
    """Checks a stored text with the current rules; the run that exists if it succeeded."""
    asked_team(request, team, Role.EDITOR)
    found = workflow.check_again(editable_revision(token_of(request).user, team, design, number))
    found.refresh_from_db()
    covered = judged.is_covered(token_of(request).user, found.revision)
    return Status(202, RunOut.of(found, covered=covered))


@router.get(
    _REVISION + "text/",
    response=_WRONG,
    summary="The text",
    openapi_extra=file_answer("application/yaml"),
)
def text(request: HttpRequest, team: str, design: str, number: int) -> HttpResponse:
    """The text as it was submitted."""
    found = asked_revision(request, team, design, number)
    return attached(found.text, "application/yaml; charset=utf-8", f"{design}-{number}.yaml")


@router.get(
    _REVISION + "result/",
    response={409: ProblemOut, **_WRONG},
    summary="The result",
    openapi_extra=json_answer("A result in the format that “warmstart schema result” describes"),
)
def result(request: HttpRequest, team: str, design: str, number: int) -> HttpResponse:
    """Everything that was found, passes and unknowns included, with the score and how it came
    about; the same as “warmstart check --format json”. 409 while the run is not done."""
    found = asked_revision(request, team, design, number)
    return HttpResponse(
        FORMATS["json"](finished_result(request, found)), content_type="application/json"
    )


@router.get(
    _REVISION + "findings/",
    response={200: FindingPage, 409: ProblemOut, **_WRONG},
    summary="Findings",
)
def findings(
    request: HttpRequest,
    team: str,
    design: str,
    number: int,
    part: Query[Part],
    verdict: Literal["fail", "unknown", "error"] | None = None,
    severity: Literal["critical", "high", "medium", "low"] | None = None,
) -> FindingPage:
    """What somebody may act on, in the order of the rules: what fails, what is not known, and
    where a rule broke."""
    found = finished_run(request, asked_revision(request, team, design, number))
    rows = Finding.objects.filter(run=found)
    if verdict:
        rows = rows.filter(verdict=verdict)
    if severity:
        rows = rows.filter(severity=severity)
    waived = {(w["rule"], w["subject"]): w["category"] for w in (found.result or {})["waived"]}
    items = [FindingOut.of(row, waived) for row in rows[part.offset : part.offset + part.limit]]
    return FindingPage(count=rows.count(), items=items)


@router.get(
    _REVISION + "waivers/",
    response={200: list[WaiverOut], 409: ProblemOut, **_WRONG},
    summary="Waivers",
)
def waivers(request: HttpRequest, team: str, design: str, number: int) -> list[WaiverOut]:
    """The waivers of a revision, and how each stood on the day of its run."""
    found = finished_result(request, asked_revision(request, team, design, number))
    return [
        WaiverOut(
            rule=_word(standing.waiver.get("rule")),
            subject=_word(standing.waiver.get("subject")),
            state=standing.state,
            says=standing.says,
            expires=standing.expires,
            matches=[str(match) for match in standing.matches],
        )
        for standing in found.waivers
    ]


def _word(value: Any) -> str | None:
    return None if value is None else str(value)


@router.get(
    _REVISION + "export.{form}",
    response={409: ProblemOut, **_WRONG},
    summary="A report or a drawing",
    openapi_extra=file_answer(
        *(kind for _, kind in _TYPES.values()), *(PICTURES[f] for f in _DRAWN)
    ),
)
def export(
    request: HttpRequest, team: str, design: str, number: int, form: Path[Export]
) -> HttpResponse:
    """The result as Markdown, JSON, SARIF, CSV, JUnit (xml) or text, or the design drawn with
    its findings pinned."""
    found = finished_result(request, asked_revision(request, team, design, number))
    name = f"{design}-{number}.{form}"
    if form in _TYPES:
        renderer, kind = _TYPES[form]
        return attached(FORMATS[renderer](found), kind, name)
    made = pictures.file(found, form, View())
    if isinstance(made, str):
        raise Problem(409, made)
    return attached(made, PICTURES[form], name)


@router.get(
    "/{slug:team}/designs/{slug:design}/compare/{int:before}/{int:after}/",
    response={409: ProblemOut, **_WRONG},
    summary="Compare two revisions",
    openapi_extra={
        "responses": {
            200: {
                "description": "What changed, as “warmstart compare” writes it",
                "content": {
                    "application/json": {"schema": {"type": "object"}},
                    "text/markdown": {"schema": {"type": "string"}},
                },
            }
        }
    },
)
def compare(
    request: HttpRequest,
    team: str,
    design: str,
    before: int,
    after: int,
    form: Literal["json", "md"] = "json",
) -> HttpResponse:
    """What changed: parts, attributes, findings fixed, introduced and kept, and the score with
    its causes; as JSON, or as Markdown for a pull request."""
    found = asked_design(request, team, design)
    made = comparing.compare(
        *(finished_result(request, revision_of(found, n)) for n in (before, after))
    )
    if form == "md":
        kind = "text/markdown; charset=utf-8"
        return attached(render_comparison(made), kind, f"{design}-{before}-{after}.md")
    return JsonResponse(comparison_dict(made))


# The log


@router.get(
    "/{slug:team}/events/",
    auth=Token(Scope.ADMIN),
    response={200: EventPage, **_WRONG},
    summary="The team’s log",
)
def events(request: HttpRequest, team: str, part: Query[Part], after: int = 0) -> EventPage:
    """Who did what, oldest first. Ask with the number that the last answer gave as "last" to
    read on."""
    found = asked_team(request, team, Role.OWNER)
    rows = found.events.filter(pk__gt=max(0, min(after, 2**62)))
    items = [EventOut.of(row) for row in rows[part.offset : part.offset + part.limit]]
    return EventPage(last=items[-1].id if items else after, items=items)
