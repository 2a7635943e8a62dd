"""Who may reach a design. Each function returns the object or raises Http404."""

from __future__ import annotations

from django.http import Http404

from reviews.models import Design, Note, Panel, Revision, Seat
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


# Panels


def readable_panel(user: object, team: str, slug: str, number: int) -> Panel:
    """A panel on a revision that this person may read. Raises Http404."""
    return panel_of(readable_revision(user, team, slug, number))


def manageable_panel(user: object, team: str, slug: str, number: int) -> Panel:
    """A panel that this person, an editor of the team, may manage. Raises Http404."""
    return panel_of(editable_revision(user, team, slug, number))


def own_seat(user: object, team: str, slug: str, number: int) -> Seat:
    """This person's own seat on a panel of a team in which they still review. Raises Http404."""
    design = _design(team_for(user, team, Role.REVIEWER), slug)
    panel = panel_of(revision_of(design, number))
    return seat_of(panel, panel.seats.filter(user=user).first())


def manageable_seat(user: object, team: str, slug: str, number: int, id: int) -> Seat:
    """Somebody's seat, for an editor of the team. Raises Http404."""
    panel = manageable_panel(user, team, slug, number)
    return seat_of(panel, panel.seats.filter(pk=id).first())


def own_note(user: object, team: str, slug: str, number: int, id: int) -> Note:
    """A note that this person wrote on a panel. Raises Http404."""
    seat = own_seat(user, team, slug, number)
    found = seat.notes.filter(pk=id).first()
    if found is None:
        raise Http404(str(id))
    found.seat, found.panel = seat, seat.panel
    return found


def panel_of(revision: Revision) -> Panel:
    """Raises Http404."""
    found = Panel.objects.select_related("opened_by", "closed_by").filter(revision=revision).first()
    if found is None:
        raise Http404("no panel")
    found.revision = revision
    return found


def seat_of(panel: Panel, found: Seat | None) -> Seat:
    """Raises Http404."""
    if found is None:
        raise Http404("no seat")
    found.panel = panel
    return found
