"""The shapes of what programs send and are told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.urls import reverse
from ninja import Schema
from pydantic import Field, StringConstraints

from reviews.models import Design, Finding, Revision, Run
from teams.models import Event, Role, Team

Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Slug = Annotated[str, StringConstraints(max_length=80, pattern=r"^[A-Za-z0-9_-]*$")]
MAX_CHARACTERS = 1_048_576


class TeamOut(Schema):
    """A team, and the role that the bearer of the token has in it."""

    slug: str
    name: str
    role: str
    page: str

    @classmethod
    def of(cls, team: Team, role: Role | None) -> TeamOut:
        page = reverse("reviews:team", args=[team.slug])
        return cls(slug=team.slug, name=team.name, role=str(role or ""), page=page)


class RunOut(Schema):
    """One check of a revision. "state" is queued, running, done or failed; "progress" is in per
    cent. The score is there once it is done, and "covered" while the bearer of the token has yet to
    send marks that are to be given without it."""

    state: str
    progress: int
    doing: str
    error: str
    pack_version: str
    created: datetime
    finished: datetime | None
    score: float | None
    coverage: float | None
    grade: str | None
    covered: bool

    @classmethod
    def of(cls, run: Run, *, covered: bool) -> RunOut:
        return cls(
            state=run.state,
            progress=run.progress,
            doing=run.doing,
            error=run.error,
            pack_version=run.pack_version,
            created=run.created,
            finished=run.finished,
            score=None if covered else run.total,
            coverage=None if covered else run.coverage,
            grade=None if covered else run.grade or None,
            covered=covered,
        )


class RevisionOut(Schema):
    """One submitted text, for ever as it was, with the run that counts. "page" is for people,
    "address" for programs; both are paths of this site."""

    design: str
    number: int
    note: str
    by: str | None
    created: datetime
    sha256: str
    page: str
    address: str
    run: RunOut | None

    @classmethod
    def of(cls, revision: Revision, run: Run | None, *, covered: bool) -> RevisionOut:
        design = revision.design
        return cls(
            design=design.slug,
            number=revision.number,
            note=revision.note,
            by=str(revision.by) if revision.by else None,
            created=revision.created,
            sha256=revision.sha256,
            page=revision.get_absolute_url(),
            address=address(revision),
            run=RunOut.of(run, covered=covered) if run else None,
        )


def address(revision: Revision) -> str:
    design = revision.design
    return reverse("api:revision", args=[design.team.slug, design.slug, revision.number])


class DesignOut(Schema):
    """A design with its newest revision."""

    slug: str
    title: str
    created: datetime
    page: str
    latest: RevisionOut | None

    @classmethod
    def of(
        cls, design: Design, latest: Revision | None, run: Run | None, *, covered: bool
    ) -> DesignOut:
        return cls(
            slug=design.slug,
            title=design.title,
            created=design.created,
            page=design.get_absolute_url(),
            latest=RevisionOut.of(latest, run, covered=covered) if latest else None,
        )


class FindingOut(Schema):
    """What a run found and somebody may act on. The fingerprint stays the same from revision to
    revision. "waiver" is the category of the waiver that covers it, or empty."""

    fingerprint: str
    rule: str
    title: str
    subject: str
    verdict: str
    severity: str
    message: str
    line: int
    waiver: str

    @classmethod
    def of(cls, row: Finding, waived: dict[tuple[str, str], str]) -> FindingOut:
        return cls(
            fingerprint=row.fingerprint,
            rule=row.rule,
            title=row.title,
            subject=row.subject,
            verdict=row.verdict,
            severity=row.severity,
            message=row.message,
            line=row.line,
            waiver=waived.get((row.rule, row.subject), ""),
        )


class DesignPage(Schema):
    """A part of a list: "count" is how many there are in all."""

    count: int
    items: list[DesignOut]


class RevisionPage(Schema):
    """A part of a list: "count" is how many there are in all."""

    count: int
    items: list[RevisionOut]


class FindingPage(Schema):
    """A part of a list: "count" is how many there are in all."""

    count: int
    items: list[FindingOut]


class EventOut(Schema):
    """Who did what to what, when. "by" is empty for what a clock did."""

    id: int
    at: datetime
    kind: str
    by: str
    subject: str
    page: str
    detail: dict[str, Any]

    @classmethod
    def of(cls, event: Event) -> EventOut:
        return cls(
            id=event.pk,
            at=event.created,
            kind=event.kind,
            by=event.who,
            subject=event.subject,
            page=event.url,
            detail=event.detail,
        )


class EventPage(Schema):
    """A part of the log. The next part begins behind "last"."""

    last: int
    items: list[EventOut]


class WaiverOut(Schema):
    """How a waiver stood when the revision was checked."""

    rule: str | None
    subject: str | None
    state: str
    says: str
    expires: str
    matches: list[str]


class SubmissionIn(Schema):
    """A design as its text. Without "design" it belongs to the design whose slug is the id in
    the text, which is made if it does not exist."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_CHARACTERS)]
    design: Slug = ""
    note: Line = ""


class SubmissionOut(Schema):
    """The revision to wait for. "made" is false when the text is that of the latest revision, or
    when an earlier call with the same key was answered before."""

    made: bool
    revision: RevisionOut


class Part(Schema):
    """Which part of a list: at most "limit" items from "offset" on."""

    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=1_000_000)


def file_answer(*types: str) -> dict[str, Any]:
    """An answer that is a file: its content types, for the schema."""
    content: dict[str, Any] = {name.partition(";")[0]: {} for name in types}
    return {"responses": {200: {"description": "The file", "content": content}}}


def json_answer(about: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {"responses": {200: {"description": about, "content": content}}}
