"""Who may reach a design. Each function returns the object or raises Http404."""

from __future__ import annotations

from django.http import Http404

from reviews.models import Design, Draft, Milestone, Revision
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


def own_draft(user: object, team: str, id: int) -> Draft:
    """A draft of this person, who may still submit for the team. Nobody sees the text of somebody
    else's. Raises Http404."""
    found_team = team_for(user, team, Role.EDITOR)
    drafts = found_team.drafts.select_related("design", "base", "by", "state")
    found = drafts.filter(pk=id, by=user).first()
    if found is None:
        raise Http404(str(id))
    found.team = found_team
    if found.design is not None:
        found.design.team = found_team
    return found


def manageable_design(user: object, team: str, slug: str) -> Design:
    """A design that this person may put away and bring back. Raises Http404."""
    return _design(team_for(user, team, Role.EDITOR), slug)


def milestone_for(user: object, team: str, slug: str, id: int) -> Milestone:
    """A milestone that this person may take away. Raises Http404."""
    design = editable_design(user, team, slug)
    found = design.milestones.select_related("revision").filter(pk=id).first()
    if found is None:
        raise Http404(str(id))
    found.design = found.revision.design = design
    return found
