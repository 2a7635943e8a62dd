"""A text under way and what others think of it. The attempt itself is in the log."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from scenarios.models import Owned, OwnedQuerySet

PEER_DAYS = 7
MOST_PEERS = 3
FEWEST_PEERS = 2


class EssayQuerySet(OwnedQuerySet):
    def wanted(self) -> EssayQuerySet:
        """Those whose authors have asked for colleagues, and whose week is not over."""
        since = timezone.now() - timedelta(days=PEER_DAYS)
        return self.filter(done__isnull=False, peers_asked__gt=since)


class Essay(Owned):
    """A learner's text. `version` counts what was kept, so that two windows cannot overwrite one
    another; once `submitted`, the text stays as it is. The id is that of its attempt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    updated = models.DateTimeField(default=timezone.now)
    submitted = models.DateTimeField(null=True, blank=True)
    ratings = models.JSONField(default=list)
    done = models.DateTimeField(null=True, blank=True)
    peers_asked = models.DateTimeField(null=True, blank=True)
    peers_team = models.ForeignKey(
        "teams.Team", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = EssayQuerySet.as_manager()

    class Meta(Owned.Meta):
        ordering = ("created", "id")

    def __str__(self) -> str:
        return f"{self.exercise}, version {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        models.Model.save(self, *args, **kwargs)

    @property
    def stage(self) -> str:
        """What comes next: write, examples, own or done."""
        if self.done:
            return "done"
        if not self.submitted:
            return "write"
        return "own" if self.ratings else "examples"

    @property
    def peers_over(self) -> bool:
        asked = self.peers_asked
        return bool(asked and asked <= timezone.now() - timedelta(days=PEER_DAYS))


class PeerRating(models.Model):
    """What a colleague makes of a text. Neither learns who the other is."""

    essay = models.ForeignKey(Essay, models.CASCADE, related_name="peer_ratings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    levels = models.JSONField()
    comment = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["essay", "by"], name="one_rating_a_colleague")
        ]

    def __str__(self) -> str:
        return f"Rating of {self.essay}"
