"""What writes several rows of an organisation: founding, admitting, leaving."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from reviews.models import (
    Organisation,
    OrganisationInvitation,
    OrganisationMember,
    OrganisationTeam,
)
from teams import events
from teams.models import Team, User, digest

RESERVED = frozenset({"join", "new"})


class LastLeader(Exception):
    """The change would leave an organisation that nobody can lead."""


class Taken(Exception):
    """The team belongs to an organisation already."""


@transaction.atomic
def found(name: str, by: User) -> Organisation:
    """A new organisation with its founder as its leader."""
    stem = slugify(name)[:50].strip("-") or "organisation"
    rows = Organisation.objects.filter(slug__startswith=stem)
    taken = set(rows.values_list("slug", flat=True)) | RESERVED
    number, slug = 2, stem
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    made = Organisation.objects.create(name=name, slug=slug)
    made.members.create(user=by, leads=True)
    return made


@transaction.atomic
def admit(token: str, user: User, team: Team | None = None) -> Organisation | None:
    """Uses an invitation up; None if it is not open any more. With a team it must be an invitation
    for one. Raises Taken when the team belongs to an organisation already."""
    rows = OrganisationInvitation.objects.select_for_update().filter(token_hash=digest(token))
    invitation = rows.first()
    if invitation is None or not invitation.is_open or invitation.for_team != (team is not None):
        return None
    organisation = invitation.organisation
    if team is not None:
        list(Team.objects.select_for_update().filter(pk=team.pk))
        if OrganisationTeam.objects.filter(team=team).exists():
            raise Taken
        OrganisationTeam.objects.create(organisation=organisation, team=team, by=user)
        _happened("organisation.joined", team, organisation, user)
    OrganisationMember.objects.get_or_create(organisation=organisation, user=user)
    invitation.used = timezone.now()
    invitation.save(update_fields=["used"])
    return organisation


@transaction.atomic
def release(place: OrganisationTeam, by: User) -> None:
    """A team leaves: its designs are no longer part of the portfolio."""
    _happened("organisation.left", place.team, place.organisation, by)
    place.delete()


@transaction.atomic
def dismiss(member: OrganisationMember) -> None:
    """Raises LastLeader when nobody else could lead."""
    _keeps_a_leader(member)
    member.delete()


@transaction.atomic
def set_lead(member: OrganisationMember, leads: bool) -> None:
    """Raises LastLeader when nobody else could lead."""
    if not leads:
        _keeps_a_leader(member)
    member.leads = leads
    member.save(update_fields=["leads"])


def _keeps_a_leader(member: OrganisationMember) -> None:
    # Two leaders who go at once must not both believe that the other stays.
    list(Organisation.objects.select_for_update().filter(pk=member.organisation_id))
    leaders = OrganisationMember.objects.filter(
        organisation=member.organisation_id, leads=True
    ).exclude(pk=member.pk)
    if member.leads and not leaders.exists():
        raise LastLeader


def _happened(kind: str, team: Team, organisation: Organisation, by: User) -> None:
    tell = [m.user for m in team.memberships.owners().select_related("user")]
    events.happened(team, kind, organisation.name, by=by, url=team.get_absolute_url(), tell=tell)
