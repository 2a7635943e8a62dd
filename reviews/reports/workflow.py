"""A report is frozen, shared and no longer shared; each of them is an event of the team."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from reviews.models import Design, Report, ReportLink, Revision
from teams import events
from teams.models import User


class NotChecked(ValueError):
    """There is no result to freeze yet."""


@transaction.atomic
def freeze(revision: Revision, by: User, note: str = "") -> Report:
    """Keeps what the newest finished check found. Raises NotChecked when there is none."""
    design = revision.design
    # Held until the end, so that two who freeze at once get two numbers.
    Design.objects.select_for_update().get(pk=design.pk)
    run = revision.run()
    if run is None or not run.is_done:
        raise NotChecked("This revision is not checked yet.")
    rows = Report.objects.filter(revision__design=design)
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Report.objects.create(
        revision=revision,
        number=number,
        result=run.result,
        total=run.total,
        coverage=run.coverage,
        grade=run.grade,
        note=note,
        by=by,
    )
    _happened("report.frozen", made, by)
    return made


@transaction.atomic
def share(report: Report, by: User, days: int, note: str = "") -> str:
    """The token of a new link; it is kept nowhere."""
    link, token = ReportLink.issue(report, by, days, note)
    _happened("report.shared", report, by, link)
    return token


@transaction.atomic
def revoke(link: ReportLink, by: User) -> None:
    if link.is_open:
        link.revoke()
        _happened("report.revoked", link.report, by, link)


def _happened(kind: str, report: Report, by: User, link: ReportLink | None = None) -> None:
    detail = {"revision": report.revision.number, "report": report.number}
    if link:
        detail |= {"link": link.pk, "until": link.expires.isoformat()}
    events.happened(
        report.revision.design.team,
        kind,
        str(report),
        by=by,
        url=report.get_absolute_url(),
        detail=detail,
    )
