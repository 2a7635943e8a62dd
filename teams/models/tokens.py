"""Tokens with which programs speak for a person in one team."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone

from teams.models.people import Role, Team, User, digest

PREFIX: Final = "wst_"
"""So that a scanner for secrets finds one that was committed by mistake."""

_SEEN_EVERY: Final = timedelta(minutes=1)


class Scope(models.TextChoices):
    """Ordered like roles, each named after what it is for."""

    READ = "read", "Read"
    SUBMIT = "submit", "Read and submit"
    ADMIN = "admin", "Everything its maker may do"

    @property
    def role(self) -> Role:
        """The highest role that a token of this scope acts with."""
        return {Scope.READ: Role.VIEWER, Scope.SUBMIT: Role.EDITOR}.get(self, Role.OWNER)

    def includes(self, other: Scope) -> bool:
        return self.role.includes(other.role)


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def working(self) -> AccessTokenQuerySet:
        """Neither revoked nor expired, and of somebody whose account is open."""
        now = timezone.now()
        return self.filter(revoked__isnull=True, expires__gt=now, user__is_active=True)

    def bearing(self, token: str) -> AccessToken | None:
        """The working one with this text."""
        found = self.working().select_related("user", "team")
        return found.filter(token_hash=digest(token)).first()


class AccessToken(models.Model):
    """What a program shows instead of a password. Only a hash is kept: the text is shown once.

    A token never does more than the person who made it may do at that moment: whoever leaves the
    team, or is given a lower role, takes the token along.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="tokens")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.READ)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @classmethod
    def issue(
        cls, team: Team, user: User, name: str, scope: Scope, days: int
    ) -> tuple[AccessToken, str]:
        """A new one and its text (192 bits of chance), which is not kept."""
        text = PREFIX + secrets.token_urlsafe(24)
        made = cls.objects.create(
            team=team,
            user=user,
            name=name,
            scope=scope,
            token_hash=digest(text),
            hint=text[: len(PREFIX) + 4],
            expires=timezone.now() + timedelta(days=days),
        )
        return made, text

    def allows(self, scope: Scope) -> bool:
        return Scope(self.scope).includes(scope)

    def seen(self) -> None:
        """Notes the use, to the minute: not every request writes a row."""
        now = timezone.now()
        if self.used is None or self.used < now - _SEEN_EVERY:
            self.used = now
            AccessToken.objects.filter(pk=self.pk).update(used=now)

    @property
    def works(self) -> bool:
        return self.revoked is None and self.expires > timezone.now()
