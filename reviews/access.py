"""Who may reach a design. Each function returns the object or raises Http404."""

from __future__ import annotations

from django.http import Http404

from reviews.models import Design, Report, ReportLink, Revision
from teams.access import readable_team, team_for
from teams.models import Role, Team


def readable_design(user: object, team: str, slug: str) -> Design:
    """A design that this person may read. Raises Http404."""
    return _design(readable_team(user, team), slug)


def editable_design(user: object, team: str, slug: str) -> Design:
    """A design to which this person may add revisions. Raises Http404."""
    return _design(team_for(user, team, Role.EDITOR), slug)


def readable_revision(user: object, team: str, slug: str, number: int) -> Revision:
    """A revision that this person may read. Raises Http404."""
    return revision_of(readable_design(user, team, slug), number)


def editable_revision(user: object, team: str, slug: str, number: int) -> Revision:
    """A revision that this person may have checked again. Raises Http404."""
    return revision_of(editable_design(user, team, slug), number)


def may_edit(user: object, team: Team) -> bool:
    role = team.role_of(user)
    return role is not None and role.includes(Role.EDITOR)


def _design(team: Team, slug: str) -> Design:
    found = team.designs.filter(slug=slug).first()
    if found is None:
        raise Http404(slug)
    # The team is known; addresses are made from it without asking again.
    found.team = team
    return found


def revision_of(design: Design, number: int) -> Revision:
    """A revision of a design that was already reached. Raises Http404."""
    found = design.revisions.select_related("by").filter(number=number).first()
    if found is None:
        raise Http404(str(number))
    found.design = design
    return found


def judged_revision(user: object, team: str, slug: str, number: int) -> Revision:
    """A revision on which this person may judge, and whose report they may keep. Raises Http404."""
    return revision_of(_design(team_for(user, team, Role.REVIEWER), slug), number)


def readable_report(user: object, team: str, slug: str, number: int) -> Report:
    """A frozen report that this person may read. Raises Http404."""
    return _report(readable_design(user, team, slug), number)


def shareable_report(user: object, team: str, slug: str, number: int) -> Report:
    """A frozen report that this person may show to others by a link. Raises Http404."""
    return _report(editable_design(user, team, slug), number)


def _report(design: Design, number: int) -> Report:
    rows = Report.objects.select_related("revision", "by")
    found = rows.filter(revision__design=design, number=number).first()
    if found is None:
        raise Http404(str(number))
    found.revision.design = design
    return found


def link_of(report: Report, id: int) -> ReportLink:
    """A link of a report that was already reached. Raises Http404."""
    found = report.links.filter(pk=id).first()
    if found is None:
        raise Http404(str(id))
    found.report = report
    return found
