"""Who may reach a design. Each function returns the object or raises Http404."""

from __future__ import annotations

from django.http import Http404

from reviews.models import (
    Design,
    Organisation,
    OrganisationInvitation,
    OrganisationMember,
    OrganisationTeam,
    Report,
    ReportLink,
    Revision,
)
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


def readable_organisation(user: object, slug: str) -> Organisation:
    """An organisation whose portfolio this person may see: its members. Raises Http404."""
    found = Organisation.objects.of(user).filter(slug=slug).first()
    if found is None:
        raise Http404(slug)
    return found


def led_organisation(user: object, slug: str) -> Organisation:
    """An organisation that this person leads. Raises Http404."""
    found = readable_organisation(user, slug)
    if not found.is_led_by(user):
        raise Http404(slug)
    return found


def organisation_member(organisation: Organisation, id: int) -> OrganisationMember:
    """A member of an organisation that was already reached. Raises Http404."""
    found = organisation.members.select_related("user").filter(pk=id).first()
    if found is None:
        raise Http404(str(id))
    return found


def organisation_invitation(organisation: Organisation, id: int) -> OrganisationInvitation:
    """An invitation of an organisation that was already reached. Raises Http404."""
    found = organisation.invitations.filter(pk=id).first()
    if found is None:
        raise Http404(str(id))
    return found


def organisation_place(user: object, slug: str, team: str) -> OrganisationTeam:
    """A team's place in an organisation, for who leads it and for owners of the team. Raises
    Http404."""
    rows = OrganisationTeam.objects.select_related("team", "organisation")
    found = rows.filter(organisation__slug=slug, team__slug=team).first()
    if found is None:
        raise Http404(team)
    if not found.organisation.is_led_by(user) and found.team.role_of(user) is not Role.OWNER:
        raise Http404(team)
    return found
