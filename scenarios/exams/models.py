"""An exam that somebody takes: the paper as it was drawn, and each answer as it was last saved."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.urls import reverse
from django.utils import timezone

from scenarios.models import Held, OwnedQuerySet

GRACE = timedelta(seconds=20)
"""An answer that is on its way when the time ends still counts."""


class ExamQuerySet(OwnedQuerySet):
    def open(self) -> ExamQuerySet:
        return self.filter(finished__isnull=True)


class Exam(Held):
    """One sitting. `deadline` is the server's; None is an exam without a clock."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blueprint = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    seed = models.PositiveIntegerField()
    minutes = models.PositiveSmallIntegerField(default=0)
    multiplier = models.FloatField(default=1.0)
    strict = models.BooleanField(default=False)
    deadline = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    objects = ExamQuerySet.as_manager()

    class Meta(Held.Meta):
        ordering = ("-created",)
        indexes = [models.Index(fields=["guest"])]

    def __str__(self) -> str:
        return f"{self.title}, paper {self.seed}"

    def get_absolute_url(self) -> str:
        return reverse("scenarios:exam", args=[self.pk])

    def is_over(self, now: datetime | None = None) -> bool:
        """Whether no answer is taken any more."""
        if self.finished:
            return True
        return self.deadline is not None and (now or timezone.now()) > self.deadline + GRACE

    def seconds_left(self, now: datetime | None = None) -> int | None:
        if self.deadline is None:
            return None
        return max(0, int((self.deadline - (now or timezone.now())).total_seconds()))


class ExamItem(models.Model):
    """One question of a paper. `draft` is the form as it was last sent; None is not touched yet."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    exercise = models.CharField(max_length=100)
    rev = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()
    domain = models.CharField(max_length=60)
    pilot = models.BooleanField(default=False)
    draft = models.JSONField(null=True, blank=True)
    flagged = models.BooleanField(default=False)
    confidence = models.PositiveSmallIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    saved = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["exam", "number"], name="one_question_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.exercise}"

    @property
    def attempt(self) -> uuid.UUID:
        """The id of the attempt it becomes: always the same, so finishing twice counts once."""
        return uuid.uuid5(self.exam_id, str(self.number))
