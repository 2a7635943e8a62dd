"""Who may reach a design. Each function returns the object or raises Http404."""

from __future__ import annotations

from django.http import Http404

from reviews.followup.frame import counted
from reviews.judging import beside as judged
from reviews.models import (
    Action,
    Comment,
    Design,
    Draft,
    Milestone,
    Note,
    Organisation,
    OrganisationInvitation,
    OrganisationMember,
    OrganisationTeam,
    Panel,
    Plan,
    Report,
    ReportLink,
    Revision,
    Seat,
    Thread,
    TrackedFinding,
    Waiver,
)
from teams.access import readable_team, team_for
from teams.models import Role, Team


def readable_design(user: object, team: str, slug: str) -> Design:
    """A design that this person may read. Raises Http404."""
    return _design(readable_team(user, team), slug, user)


def editable_design(user: object, team: str, slug: str) -> Design:
    """A design to which this person may add revisions. Raises Http404."""
    return _design(team_for(user, team, Role.EDITOR), slug, user)


def readable_revision(user: object, team: str, slug: str, number: int) -> Revision:
    """A revision that this person may read. Raises Http404."""
    return revision_of(readable_design(user, team, slug), number)


def editable_revision(user: object, team: str, slug: str, number: int) -> Revision:
    """A revision that this person may have checked again. Raises Http404."""
    return revision_of(editable_design(user, team, slug), number)


def discussed_design(user: object, team: str, slug: str) -> Design:
    """A design on which this person may comment and agree. Raises Http404."""
    return _design(team_for(user, team, Role.REVIEWER), slug, user)


def uncovered(design: Design) -> Design:
    """A design that was reached, of which this person may see what the rules say: not before
    they have sent the marks that are to be given without it. Raises Covered, an Http404."""
    if getattr(design, "is_covered", False):
        raise judged.Covered(design)
    return design


def followed_design(user: object, team: str, slug: str) -> Design:
    """A design whose findings, waivers and plan this person may read. Raises Http404."""
    return uncovered(readable_design(user, team, slug))


def readable_finding(user: object, team: str, slug: str, id: int) -> TrackedFinding:
    """Raises Http404."""
    return finding_of(readable_design(user, team, slug), id)


def editable_finding(user: object, team: str, slug: str, id: int) -> TrackedFinding:
    """A finding that this person may assign, or clear with a patch. Raises Http404."""
    return finding_of(editable_design(user, team, slug), id)


def finding_of(design: Design, id: int) -> TrackedFinding:
    """A finding of a design that was already reached. Raises Http404."""
    found = uncovered(design).tracked.select_related("assignee").filter(pk=id).first()
    if found is None:
        raise Http404(str(id))
    found.design = design
    return found


def readable_waiver(user: object, team: str, slug: str, id: int) -> Waiver:
    """Raises Http404."""
    return _waiver(readable_design(user, team, slug), id)


def approvable_waiver(user: object, team: str, slug: str, id: int) -> Waiver:
    """A waiver on which this person may decide, unless it is their own. Raises Http404."""
    return _waiver(discussed_design(user, team, slug), id)


def editable_waiver(user: object, team: str, slug: str, id: int) -> Waiver:
    """A waiver that this person may withdraw or propose again. Raises Http404."""
    return _waiver(editable_design(user, team, slug), id)


def _waiver(design: Design, id: int) -> Waiver:
    rows = uncovered(design).waivers.select_related("by", "decided_by", "replaces")
    found = rows.filter(pk=id).first()
    if found is None:
        raise Http404(str(id))
    found.design = design
    return found


def readable_thread(user: object, team: str, slug: str, id: int) -> Thread:
    """Raises Http404."""
    return _thread(readable_design(user, team, slug), id)


def discussed_thread(user: object, team: str, slug: str, id: int) -> Thread:
    """A thread in which this person may speak. Raises Http404."""
    return _thread(discussed_design(user, team, slug), id)


def _thread(design: Design, id: int) -> Thread:
    found = design.threads.for_lists().filter(pk=id).first()
    if found is None:
        raise Http404(str(id))
    found.design = design
    if found.finding:
        found.finding.design = uncovered(design)
    return found


def own_comment(user: object, team: str, slug: str, id: int) -> Comment:
    """A comment of this person, who may still speak here. Raises Http404."""
    design = discussed_design(user, team, slug)
    found = Comment.objects.select_related("thread__finding").filter(
        pk=id, thread__design=design, by=user
    )
    comment = found.first()
    if comment is None:
        raise Http404(str(id))
    comment.thread.design = uncovered(design) if comment.thread.finding else design
    return comment


def readable_plan(user: object, team: str, slug: str) -> Plan:
    """The plan of a design that has one. Raises Http404."""
    return _plan(readable_design(user, team, slug))


def editable_plan(user: object, team: str, slug: str) -> Plan:
    """The plan of a design, for who may add to it and put it in order. Raises Http404."""
    return _plan(editable_design(user, team, slug))


def readable_action(user: object, team: str, slug: str, id: int) -> Action:
    """Raises Http404."""
    return _action(readable_plan(user, team, slug), id)


def editable_action(user: object, team: str, slug: str, id: int) -> Action:
    """An action that this person may change. Raises Http404."""
    return _action(_plan(editable_design(user, team, slug)), id)


def _plan(design: Design) -> Plan:
    found = Plan.objects.filter(design=uncovered(design)).first()
    if found is None:
        raise Http404(design.slug)
    found.design = design
    return found


def _action(plan: Plan, id: int) -> Action:
    rows = plan.actions.select_related("owner").prefetch_related("findings")
    found = rows.filter(pk=id).first()
    if found is None:
        raise Http404(str(id))
    found.plan = plan
    return found


def may_edit(user: object, team: Team) -> bool:
    return has_role(user, team, Role.EDITOR)


def has_role(user: object, team: Team, least: Role) -> bool:
    role = team.role_of(user)
    return role is not None and role.includes(least)


def _design(team: Team, slug: str, user: object) -> Design:
    found = counted(team.designs.filter(slug=slug), user).first()
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
    return revision_of(_design(team_for(user, team, Role.REVIEWER), slug, user), number)


def readable_report(user: object, team: str, slug: str, number: int) -> Report:
    """A frozen report that this person may read, and whose revision they need not judge first
    without its score. Raises Http404."""
    return _opened(user, _report(readable_design(user, team, slug), number))


def shareable_report(user: object, team: str, slug: str, number: int) -> Report:
    """A frozen report that this person may show to others by a link. Raises Http404."""
    return _opened(user, _report(editable_design(user, team, slug), number))


def _opened(user: object, found: Report) -> Report:
    if judged.is_covered(user, found.revision):
        raise judged.Covered(found.revision.design)
    return found


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
    return _design(team_for(user, team, Role.EDITOR), slug, user)


def milestone_for(user: object, team: str, slug: str, id: int) -> Milestone:
    """A milestone that this person may take away. Raises Http404."""
    design = editable_design(user, team, slug)
    found = design.milestones.select_related("revision").filter(pk=id).first()
    if found is None:
        raise Http404(str(id))
    found.design = found.revision.design = design
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
    design = _design(team_for(user, team, Role.REVIEWER), slug, user)
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
