"""Who may reach an assessment. Each function returns the object or raises Http404."""

from __future__ import annotations

from django.http import Http404

from fit.models import Assessment, Link, Record, Round, Version
from teams.models import Role, Team


def role_in(user: object, assessment: Assessment) -> Role | None:
    """What a person is to an assessment: the owner of their own, else their role in its team."""
    if assessment.team is None:
        return Role.OWNER if assessment.person == user else None
    return assessment.team.role_of(user)


def includes(role: Role | None, other: Role) -> bool:
    return role is not None and role.includes(other)


def readable(user: object, id: int) -> Assessment:
    """Of one's own, of one's team, or of a public team. Raises Http404."""
    found = _found(id)
    if role_in(user, found) is None and not (found.team and found.team.public):
        raise Http404(str(id))
    return found


def allowed(user: object, id: int, role: Role) -> Assessment:
    """One in which this person has at least this role. Raises Http404."""
    found = _found(id)
    if not includes(role_in(user, found), role):
        raise Http404(str(id))
    return found


def _found(id: int) -> Assessment:
    found = Assessment.objects.select_related("team", "person").filter(pk=id).first()
    if found is None:
        raise Http404(str(id))
    return found


def writable_teams(user: object) -> list[Team]:
    """Teams for which this person may save."""
    return [
        t
        for t in Team.objects.of(user).with_role_of(user)
        if includes(t.role_of(user), Role.EDITOR)
    ]


def version_of(assessment: Assessment, number: int) -> Version:
    """Raises Http404."""
    found = assessment.versions.select_related("by").filter(number=number).first()
    if found is None:
        raise Http404(str(number))
    found.assessment = assessment
    return found


def round_of(assessment: Assessment, number: int) -> Round:
    """Raises Http404."""
    found = assessment.rounds.select_related("opened_by", "agreed").filter(number=number).first()
    if found is None:
        raise Http404(str(number))
    found.assessment = assessment
    return found


def record_of(assessment: Assessment, number: int) -> Record:
    """Raises Http404."""
    rows = assessment.records.select_related("version", "by", "accepted_by", "supersedes")
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404(str(number))
    found.assessment = found.version.assessment = assessment
    return found


def link_of(assessment: Assessment, id: int) -> Link:
    """Raises Http404."""
    found = assessment.links.filter(pk=id).first()
    if found is None:
        raise Http404(str(id))
    return found
