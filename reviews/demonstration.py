"""A team with reviewed designs, so that a newcomer sees a full product at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from reviews import workflow
from teams.models import Membership, Role, Team, User

SLUG: Final = "team-prints"
PASSWORD: Final = "warmstart-demo"  # noqa: S105 - printed by `make run`, never made in production
PEOPLE: Final = {
    "mara": Role.OWNER,
    "tomasz": Role.EDITOR,
    "ines": Role.REVIEWER,
    "jonas": Role.VIEWER,
}
_NAMES: Final = {
    "mara": ("Mara", "Lindqvist"),
    "tomasz": ("Tomasz", "Oduya"),
    "ines": ("Ines", "Okafor"),
    "jonas": ("Jonas", "Weber"),
}


def load() -> bool:
    """Makes the team once; says whether it did. Accounts with a known password are for a
    machine of one's own, so none are made in production."""
    with transaction.atomic():
        team, made = Team.objects.get_or_create(
            slug=SLUG, defaults={"name": "Team Prints", "public": True}
        )
        if not made:
            return False
        people = _people(team)
    _designs(team, people)
    return True


def _people(team: Team) -> dict[str, User]:
    people: dict[str, User] = {}
    for name, role in PEOPLE.items():
        first, last = _NAMES[name]
        user, made = User.objects.get_or_create(
            username=name,
            defaults={"email": f"{name}@prints.example", "first_name": first, "last_name": last},
        )
        if made:
            if settings.PRODUCTION:
                user.set_unusable_password()
            else:
                user.set_password(PASSWORD)
            user.save()
        people[name] = user
        Membership.objects.get_or_create(team=team, user=user, defaults={"role": role})
    return people


def _designs(team: Team, people: dict[str, User]) -> None:
    """The clean design after a first revision that was less clean, and the full house."""
    now = timezone.now()
    clean = _text("photo-orders")
    first = workflow.submit(
        team,
        people["tomasz"],
        _earlier(clean),
        note="first upload",
        created=now - timedelta(days=34),
    )
    workflow.submit(
        team,
        people["mara"],
        clean,
        design=first.revision.design,
        note="quarantine with an alarm and a way back, visibility raised, an idempotency key",
        created=now - timedelta(days=6),
    )
    monolith = _text("shop-monolith")
    workflow.submit(
        team, people["tomasz"], monolith, note="as it runs today", created=now - timedelta(days=20)
    )


def _text(name: str) -> str:
    return (workflow.DEMONSTRATION / f"{name}.yaml").read_text(encoding="utf-8")


_STEPS_BACK: Final = (
    ("visibility_s: 200", "visibility_s: 60"),
    ("alarms: [depth], redrive: runbook", "alarms: [], redrive: none"),
    ("idempotent: key", "idempotent: none"),
)


def _earlier(text: str) -> str:
    """The design as it was before its repairs. Raises ValueError if a repair is not in the text:
    the two files would have drifted apart."""
    for repaired, before in _STEPS_BACK:
        if repaired not in text:
            raise ValueError(f"the demonstration design no longer says {repaired!r}")
        text = text.replace(repaired, before)
    return text
