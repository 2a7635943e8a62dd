"""What the demonstration team shows of its settings: a token, a webhook with its log, notices."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from teams.models import (
    AccessToken,
    Delivery,
    Event,
    How,
    MailWish,
    Notice,
    Outcome,
    Scope,
    Team,
    User,
    Webhook,
)

TEAM: Final = "team-prints"
_URL: Final = "https://chat.prints.example/hooks/architecture"
_JOINED: Final = (("tomasz", "editor", 52), ("ines", "reviewer", 51), ("jonas", "viewer", 30))


@transaction.atomic
def load() -> None:
    """Adds them once, to the team that is there. The token's text is nobody's: it was thrown away;
    the webhook is off, so that nothing leaves for an address that is only an example."""
    team = Team.objects.filter(slug=TEAM).first()
    if team is None or team.webhooks.exists():
        return
    people = {m.user.username: m.user for m in team.memberships.with_people()}
    if not {"mara", *(name for name, _, _ in _JOINED)} <= set(people):
        return
    now = timezone.now()
    _joined(team, people, now)
    # In the order in which it happened: that is the order of the log.
    hook = _webhook(team, people["mara"], now)
    _token(team, people["tomasz"], people["mara"], now)
    _deliveries(hook, people["mara"], now)
    for topic, how in (("talk", How.NOW), ("token", How.OFF)):
        MailWish.objects.get_or_create(user=people["mara"], topic=topic, defaults={"how": how})


def _event(team: Team, kind: str, subject: str, by: User, at: datetime, **more: Any) -> Event:
    made: Event = Event.objects.create(
        team=team, kind=kind, subject=subject, by=by, who=str(by), created=at, **more
    )
    return made


def _joined(team: Team, people: dict[str, User], now: datetime) -> None:
    for name, role, days in _JOINED:
        at, person = now - timedelta(days=days), people[name]
        url = team.get_absolute_url()
        event = _event(
            team, "member.joined", str(person), person, at, url=url, detail={"role": role}
        )
        # Seen and long settled: nobody is mailed about the past.
        Notice.objects.create(
            user=people["mara"],
            event=event,
            text=f"{person} joined {team} as {role}",
            created=at,
            read=None if name == "jonas" else at + timedelta(hours=3),
            settled=at,
        )


def _token(team: Team, holder: User, owner: User, now: datetime) -> None:
    made, _ = AccessToken.issue(team, holder, "pipeline of the order system", Scope.SUBMIT, 180)
    at = now - timedelta(days=21)
    AccessToken.objects.filter(pk=made.pk).update(created=at, used=now - timedelta(days=6))
    _event(team, "token.made", made.name, owner, at, detail={"scope": made.scope})


def _webhook(team: Team, owner: User, now: datetime) -> Webhook:
    at = now - timedelta(days=29)
    hook = Webhook.objects.create(
        team=team, url=_URL, topics=["design"], active=False, created_by=owner, created=at
    )
    _event(team, "webhook.made", hook.url, owner, at)
    return hook


def _deliveries(hook: Webhook, owner: User, now: datetime) -> None:
    for days, outcome, attempts, status, answer in (
        (20, Outcome.DONE, 1, 204, ""),
        (6, Outcome.GIVEN_UP, 8, 503, "upstream connect error"),
    ):
        at = now - timedelta(days=days)
        event = _event(hook.team, "webhook.tested", hook.url, owner, at)
        Delivery.objects.create(
            webhook=hook,
            event=event,
            outcome=outcome,
            attempts=attempts,
            status=status,
            answer=answer,
            tried=at,
            next_try=at,
            created=at,
        )
