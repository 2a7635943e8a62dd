"""A sitting: one exercise that a team takes together, with what each member answered alone."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from teams.models import Team

PERSON = settings.AUTH_USER_MODEL
LONGEST_REASON = 4000


class Sitting(models.Model):
    """Open while members answer alone, closed while they agree, submitted for ever after.

    `draft` is the answer on which the team is about to agree; `version` counts its changes, so
    that two people who save at once do not overwrite one another.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="sittings")
    exercise = models.CharField(max_length=100)
    rev = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField(default=0)
    agenda = models.CharField(max_length=300, blank=True)
    meets_on = models.DateField(null=True, blank=True)
    opened_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    opened = models.DateTimeField(default=timezone.now, editable=False)
    closed = models.DateTimeField(null=True, blank=True)
    draft = models.JSONField(null=True, blank=True)
    reason = models.TextField(blank=True, max_length=LONGEST_REASON)
    version = models.PositiveIntegerField(default=0)
    drafted_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    submitted = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    grade = models.JSONField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ("-opened", "-pk")

    def __str__(self) -> str:
        return f"{self.exercise} in {self.team}"

    def get_absolute_url(self) -> str:
        return reverse("scenarios:sitting", args=[self.team.slug, self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed is None

    @property
    def word(self) -> str:
        if self.submitted:
            return "submitted"
        return "members answer alone" if self.is_open else "to be agreed on"


class FirstAnswer(models.Model):
    """What a member answered before seeing the others. Fixed once `done`; an incident is played
    step by step until then. The id becomes that of an attempt in the member's own log."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="answers")
    by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    response = models.JSONField(default=dict)
    grade = models.JSONField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    done = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("created", "pk")
        constraints = [
            models.UniqueConstraint(fields=["sitting", "by"], name="one_first_answer_a_member")
        ]

    def __str__(self) -> str:
        return f"{self.by} on {self.sitting}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and type(self).objects.filter(pk=self.pk, done__isnull=False):
            raise TypeError("A first answer stays as it was given")
        super().save(*args, **kwargs)


class Level(models.TextChoices):
    """What a member lets the team see of the own practice. Single answers are never part of it."""

    NOTHING = "nothing", "Nothing: I am not counted"
    COUNTS = "counts", "Counts: I am one of at least five, without a name"
    LEVELS = "levels", "Levels: editors also see my level in each chapter, with my name"


class Consent(models.Model):
    """A member's choice. Without a row it is `COUNTS`; it is read anew with every page, so that
    taking it back works at once."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="practice_consents")
    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+")
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.COUNTS)
    changed = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], name="one_consent_a_member")
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.team}: {self.level}"


class ExerciseSet(models.Model):
    """Exercises that a lead asks the team to do between two days. A set has an address and a
    highest score, the number of its exercises."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="exercise_sets")
    name = models.CharField(max_length=120)
    exercises = models.JSONField()
    starts_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-starts_on", "-pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("scenarios:set", args=[self.team.slug, self.pk])
