"""What programs have sent, so that one that asks twice is answered once."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import models
from django.utils import timezone

from reviews.models.designs import Run
from teams.models import Team

REMEMBERED: Final = timedelta(days=7)
"""How long an idempotency key stands for its first answer."""


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def forgotten(self) -> SubmissionQuerySet:
        return self.filter(created__lt=timezone.now() - REMEMBERED)


class Submission(models.Model):
    """A call with an idempotency key, the digest of what it said, and the run it led to."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="submissions")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["team", "key"], name="one_answer_a_key")]

    def __str__(self) -> str:
        return f"{self.team}: {self.key}"
