"""Addresses of other systems that are told of events, and every attempt to tell them."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone

from teams.models.events import Event
from teams.models.people import Team

PREFIX: Final = "whsec_"

RETRIES: Final = tuple(
    timedelta(seconds=seconds) for seconds in (30, 300, 1_800, 7_200, 18_000, 36_000, 86_400)
)
"""The pauses before each further attempt; after the last one a delivery is given up."""

CLAIM_HOLDS: Final = timedelta(minutes=10)


def new_secret() -> str:
    """256 bits of chance, as Standard Webhooks writes a key."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


class Webhook(models.Model):
    """An address that is told. `topics` are those it wants, none meaning all. The secret has to be
    kept as it is, because every delivery is signed with it; it is shown once."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=500)
    topics = models.JSONField(default=list)
    secret = models.CharField(max_length=80, default=new_secret, editable=False)
    active = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.url

    def wants(self, kind: str) -> bool:
        return not self.topics or kind.partition(".")[0] in self.topics


class Outcome(models.TextChoices):
    WAITING = "waiting", "waiting"
    DONE = "done", "delivered"
    GIVEN_UP = "given_up", "given up"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> DeliveryQuerySet:
        """Whose time has come, and which nobody is sending."""
        free = models.Q(claimed__isnull=True) | models.Q(claimed__lt=now - CLAIM_HOLDS)
        return self.filter(free, outcome=Outcome.WAITING, next_try__lte=now, webhook__active=True)


class Delivery(models.Model):
    """One event for one address. `answer` is what came back the last time: a status, or why there
    was none."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(default=timezone.now)
    claimed = models.DateTimeField(null=True, blank=True)
    tried = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(
                fields=["next_try"],
                name="delivery_due",
                condition=models.Q(outcome=Outcome.WAITING),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook}: {self.outcome}"
