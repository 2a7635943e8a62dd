"""What readers report, and what authors changed because of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

PERSON = settings.AUTH_USER_MODEL
LONGEST = 2000


class Report(models.Model):
    """A problem with an exercise, as a reader saw it: revision and seed say what was shown. Who
    reported it is not kept."""

    class Kind(models.TextChoices):
        KEY = "key", "The answer is wrong, or another one is right too"
        UNCLEAR = "unclear", "The question is not clear"
        STALE = "stale", "A fact is out of date"
        TYPO = "typo", "A typing error"
        PAGE = "page", "The page does not work"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exercise = models.CharField(max_length=100)
    rev = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.TextField(max_length=LONGEST, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    closed = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-created", "pk")
        indexes = [models.Index(fields=["exercise", "closed"], name="report_by_exercise")]

    def __str__(self) -> str:
        return f"{self.exercise}, rev {self.rev}: {self.kind}"


class Intervention(models.Model):
    """A change of the guide or of exercises that is meant to help with some of them."""

    on = models.DateField("day")
    section = models.CharField(max_length=200)
    change = models.TextField(max_length=LONGEST)
    exercises = models.JSONField()
    by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return f"{self.section} on {self.on}"
