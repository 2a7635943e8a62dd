"""An organisation of two teams, so that its portfolio shows something on the first day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from reviews import demonstration, organising, workflow
from reviews.models import Organisation, OrganisationTeam
from teams.models import Membership, Role, Team, User

SLUG: Final = "print-works"
TEAM: Final = "team-meters"
_DESIGNS: Final = (("meter-platform", 70), ("claims-office", 200), ("booking-product", 30))


def load() -> None:
    """Makes the organisation once, beside the demonstration team."""
    prints = Team.objects.filter(slug=demonstration.SLUG).first()
    people = {
        user.username: user for user in User.objects.filter(username__in=demonstration.PEOPLE)
    }
    known = Organisation.objects.filter(slug=SLUG).exists()
    if prints is None or known or len(people) != len(demonstration.PEOPLE):
        return
    meters = _team(people)
    with transaction.atomic():
        made = organising.found("Print Works", people["mara"])
        for team in (prints, meters):
            OrganisationTeam.objects.get_or_create(
                team=team, defaults={"organisation": made, "by": people["mara"]}
            )
        made.members.get_or_create(user=people["ines"])


def _team(people: dict[str, User]) -> Team:
    team, made = Team.objects.get_or_create(slug=TEAM, defaults={"name": "Team Meters"})
    if made:
        for name, role in (("mara", Role.OWNER), ("tomasz", Role.EDITOR)):
            Membership.objects.create(team=team, user=people[name], role=role)
        for name, days in _DESIGNS:
            text = (workflow.DEMONSTRATION / f"{name}.yaml").read_text(encoding="utf-8")
            created = timezone.now() - timedelta(days=days)
            workflow.submit(team, people["tomasz"], text, note="as planned", created=created)
    return team
