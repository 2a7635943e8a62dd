"""A finding as it is followed from revision to revision."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from design.rules import Severity
from reviews.models.designs import Design


class Progress(models.TextChoices):
    """What has become of a finding as of the newest checked revision."""

    OPEN = "open", "Open"
    REOPENED = "reopened", "Reopened"
    WAIVED = "waived", "Waived"
    FIXED = "fixed", "Fixed"


STILL = (Progress.OPEN, Progress.REOPENED)
"""The states in which somebody has something to do."""


class TrackedFindingQuerySet(models.QuerySet["TrackedFinding"]):
    def still_open(self) -> TrackedFindingQuerySet:
        return self.filter(state__in=STILL)


class TrackedFinding(models.Model):
    """One row for a finding of a design, however many revisions have it.

    `fingerprint` is `design.compare.fingerprint`; the words are those of the last revision in
    which it failed. `changed_in` is the revision that brought it into its state, `how` a few
    words on why; `undecided` is true while the newest revision leaves open whether it still
    fails. `version` counts what people change, so that none overwrites another unseen.
    """

    design = models.ForeignKey(Design, models.CASCADE, related_name="tracked")
    fingerprint = models.CharField(max_length=64)
    rule = models.CharField(max_length=10)
    subject = models.CharField(max_length=500)
    severity = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Severity])
    title = models.CharField(max_length=200)
    message = models.TextField()
    line = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=Progress.choices, default=Progress.OPEN)
    how = models.CharField(max_length=80, blank=True)
    undecided = models.BooleanField(default=False)
    first_in = models.PositiveIntegerField()
    last_in = models.PositiveIntegerField()
    changed_in = models.PositiveIntegerField()
    changed = models.DateTimeField(default=timezone.now)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = TrackedFindingQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["design", "fingerprint"], name="one_row_a_finding")
        ]
        indexes = [models.Index(fields=["design", "state"], name="tracked_by_state")]

    def __str__(self) -> str:
        return f"{self.rule} at {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:finding", args=[self.design.team.slug, self.design.slug, self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in STILL

    @property
    def component(self) -> str:
        """The component that somebody would look at first: of an edge, its source."""
        return self.subject.partition("->")[0].partition("+")[0]
