"""The log of practice. Rows are added and, on request, deleted; their content never changes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from scenarios.progress import PRACTICE, WORDS, Record


@dataclass(frozen=True)
class Learner:
    """Who practises: a user, a guest known by the hash of a key, or nobody yet."""

    user: Any = None
    guest: str = ""

    def __bool__(self) -> bool:
        return bool(self.user or self.guest)

    @property
    def owner(self) -> dict[str, Any]:
        return {"user": self.user, "guest": self.guest}

    @property
    def key(self) -> str:
        """What spreads a learner's reviews over days; the same for as long as the owner is."""
        return str(self.user.pk) if self.user else self.guest


class OwnedQuerySet(models.QuerySet[Any]):
    def of(self, learner: Learner) -> OwnedQuerySet:
        """The learner's rows; none for nobody."""
        if learner.user:
            return self.filter(user=learner.user)
        return self.filter(guest=learner.guest) if learner.guest else self.none()


class Held(models.Model):
    """Something that belongs to a user or a guest. What is added here follows its guest into an
    account, and is deleted with the rest: `workflow` walks the subclasses."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    guest = models.CharField(max_length=64, blank=True, default="")
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, guest="")
                | (models.Q(user__isnull=True) & ~models.Q(guest="")),
                name="%(class)s_has_one_owner",
            )
        ]


class Owned(Held):
    """Something that a user or a guest did with an exercise."""

    exercise = models.CharField(max_length=100)
    rev = models.PositiveSmallIntegerField()

    class Meta(Held.Meta):
        abstract = True
        indexes = [
            models.Index(fields=["user", "exercise"]),
            models.Index(fields=["guest", "exercise"]),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The log of practice is append-only")
        super().save(*args, **kwargs)


class Attempt(Owned):
    """A graded try, or giving up. The id comes from the form, so that sending twice counts once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seed = models.PositiveIntegerField(default=0)
    response = models.JSONField(default=dict)
    grade = models.JSONField(default=dict)
    score = models.FloatField()
    points = models.FloatField()
    tries = models.PositiveIntegerField()
    hints = models.PositiveSmallIntegerField(default=0)
    gave_up = models.BooleanField(default=False)
    mode = models.CharField(max_length=12, default=PRACTICE)
    confidence = models.PositiveSmallIntegerField(default=0)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    quick = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        ordering = ("created", "id")

    def __str__(self) -> str:
        return f"{self.exercise}, try {self.tries}: {self.score:g}"

    @property
    def record(self) -> Record:
        return Record(
            id=str(self.id),
            exercise=self.exercise,
            score=self.score,
            hints=self.hints,
            gave_up=self.gave_up,
            at=self.created,
            mode=self.mode,
            confidence=self.confidence,
            quick=self.quick,
        )

    @property
    def said(self) -> str:
        """The confidence in words."""
        return WORDS.get(self.confidence, "")


class Hint(Owned):
    """A hint that was asked for."""

    number = models.PositiveSmallIntegerField()

    class Meta(Owned.Meta):
        ordering = ("created",)

    def __str__(self) -> str:
        return f"{self.exercise}, hint {self.number}"


class Move(Owned):
    """One choice of an incident under way. The first choice sent for a step is the one that
    counts, so that going back in the browser changes nothing."""

    attempt = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    choice = models.CharField(max_length=100)

    class Meta(Owned.Meta):
        ordering = ("attempt", "number")
        constraints = [
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=["attempt", "number"], name="one_choice_per_step"),
        ]

    def __str__(self) -> str:
        return f"{self.exercise}, step {self.number}: {self.choice}"


from scenarios.essays.models import Essay, PeerRating  # noqa: E402, F401 - tables of their own file
from scenarios.exams.models import Exam, ExamItem  # noqa: E402, F401
from scenarios.review.models import Preferences, Wish  # noqa: E402, F401
from scenarios.staff.models import Intervention, Report  # noqa: E402, F401
from scenarios.teamwork.models import (  # noqa: E402
    Consent,  # noqa: F401
    ExerciseSet,  # noqa: F401
    FirstAnswer,  # noqa: F401
    Sitting,  # noqa: F401
)
