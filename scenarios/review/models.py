"""How a learner wants to practise, and what they asked to review."""

from __future__ import annotations

from typing import Any

from django.db import models

from scenarios.models import Held
from scenarios.progress import CAP, RETENTION

RETENTIONS = (0.80, 0.85, 0.90, 0.95)
MULTIPLIERS = (1.0, 1.25, 1.5, 2.0)
LEAST_CAP = 3


class Preferences(Held):
    """One row a learner; without one the defaults hold."""

    confidence = models.BooleanField(default=False)
    retention = models.FloatField(default=RETENTION)
    cap = models.PositiveSmallIntegerField(default=CAP)
    multiplier = models.FloatField(default=1.0)
    digest = models.BooleanField(default=False)
    digested = models.DateTimeField(null=True, blank=True)

    class Meta(Held.Meta):
        constraints = [
            *Held.Meta.constraints,
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(user__isnull=False),
                name="one_set_of_preferences_a_user",
            ),
            models.UniqueConstraint(
                fields=["guest"],
                condition=~models.Q(guest=""),
                name="one_set_of_preferences_a_guest",
            ),
        ]

    def __str__(self) -> str:
        return f"cap {self.cap}, retention {self.retention:g}"


class Wish(Held):
    """A skill that the learner asked to review: due until it is next answered. Append-only."""

    skill = models.CharField(max_length=100)

    class Meta(Held.Meta):
        ordering = ("created",)
        indexes = [models.Index(fields=["guest"])]

    def __str__(self) -> str:
        return self.skill

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The log of practice is append-only")
        super().save(*args, **kwargs)
