"""The improvement plan of a design: what is to be done, by whom, until when, for what gain."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from design.rules import Severity
from design.scoring import SEVERITY_WEIGHT
from reviews.models.designs import Design, Run
from reviews.models.findings import Progress, TrackedFinding


class Effort(models.IntegerChoices):
    """Hours that stand for a size; what counts is their ratio."""

    HOUR = 1, "an hour"
    HALF_DAY = 4, "half a day"
    DAYS = 16, "some days"
    WEEKS = 80, "some weeks"


class Plan(models.Model):
    """Begun by a person, kept up to date by every check from then on. `run` is the check whose
    gains it shows, empty while they are being worked out; `total` is that check's score and
    `total_after` the score once every action is done."""

    design = models.OneToOneField(Design, models.CASCADE, related_name="plan")
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(default=timezone.now, editable=False)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, blank=True, related_name="+")
    total = models.FloatField(null=True, blank=True)
    total_after = models.FloatField(null=True, blank=True)
    asked = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Plan for {self.design}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:plan", args=[self.design.team.slug, self.design.slug])


class Action(models.Model):
    """One thing to do: about the findings of one rule, or, without a rule, what `by` has added.

    The former is done when its findings are; the latter when somebody says so, and may be taken
    out (`removed`) and brought back. `place` is the order that people have given to what is open;
    without one the order is that of risk removed per effort.

    `gain` is what the score rises by when this alone is done, empty until it is worked out;
    `proved` says that a patched text was checked for it, not merely assumed to pass. `steps` are
    sentences on what that patch does. `version` counts what people change.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="actions")
    rule = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=200)
    findings = models.ManyToManyField(TrackedFinding, related_name="actions")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due = models.DateField(null=True, blank=True)
    effort = models.PositiveSmallIntegerField(choices=Effort.choices, default=Effort.HALF_DAY)
    note = models.TextField(blank=True)
    gain = models.FloatField(null=True, blank=True)
    proved = models.BooleanField(default=False)
    steps = models.JSONField(default=list)
    done = models.DateTimeField(null=True, blank=True)
    removed = models.DateTimeField(null=True, blank=True)
    place = models.PositiveIntegerField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "rule"],
                condition=~models.Q(rule=""),
                name="one_action_for_each_rule",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.title}".strip()

    def get_absolute_url(self) -> str:
        design = self.plan.design
        return reverse("reviews:action", args=[design.team.slug, design.slug, self.pk])

    @property
    def is_by_hand(self) -> bool:
        return not self.rule

    @property
    def open_findings(self) -> list[TrackedFinding]:
        return [one for one in self.findings.all() if one.is_open]

    @property
    def risk(self) -> float:
        """The weights of what is open, as the score counts severities."""
        return sum(SEVERITY_WEIGHT[Severity(one.severity)] for one in self.open_findings)

    @property
    def worst(self) -> str:
        """The severity of what it is about; empty where that is no finding."""
        words = [one.severity for one in self.open_findings or self.findings.all()]
        return min(words, key=lambda word: Severity(word).rank, default="")

    @property
    def outcome(self) -> str:
        """``open``, ``done``, or ``waived`` when a waiver and not a change closed it."""
        if self.is_by_hand:
            return "done" if self.done else "open"
        states = {one.state for one in self.findings.all()}
        if states & {Progress.OPEN, Progress.REOPENED}:
            return "open"
        return "waived" if Progress.WAIVED in states else "done"
