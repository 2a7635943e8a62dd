"""People's judgement: panels on a revision, who sits on them, marks, notes, decisions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from reviews.judging.outcome import Rules
from reviews.models.designs import Revision
from teams.fixed import Fixed
from teams.models import Role, Team

PERSON = settings.AUTH_USER_MODEL
LONG = 4000


class Settle(models.TextChoices):
    STRICTEST = "strictest", "The strictest decision stands"
    MAJORITY = "majority", "More than half decide; a tie goes to the stricter"


class Calibrate(models.TextChoices):
    OFF = "off", "Not asked for"
    OFFERED = "offered", "Offered before the first panel"
    REQUIRED = "required", "Required before the first panel"


class TeamRules(models.Model):
    """How a team judges; the fields are those of `reviews.judging.outcome.Rules`. `version`
    rises with every change."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="judging")
    quorum = models.PositiveSmallIntegerField(default=2)
    quorum_critical = models.PositiveSmallIntegerField(default=3)
    voice = models.CharField(max_length=10, choices=Role.choices[1:], default=Role.REVIEWER)
    needs_owner = models.BooleanField(default=False)
    settle = models.CharField(max_length=10, choices=Settle.choices, default=Settle.STRICTEST)
    hide_score = models.BooleanField(default=False)
    calibrate = models.CharField(
        max_length=10, choices=Calibrate.choices, default=Calibrate.OFFERED
    )
    blend = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    changed = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "team rules"

    def __str__(self) -> str:
        return f"How {self.team} judges, version {self.version}"

    def rules(self) -> Rules:
        return Rules.from_json({name: getattr(self, name) for name in Rules.__slots__})


class PanelState(models.TextChoices):
    BLIND = "blind", "first round, blind"
    TALK = "talk", "marks are open"
    CLOSED = "closed", "closed"


class Panel(models.Model):
    """People who judge one revision. `rules` and `quorum` are as they were when it was opened.

    `summary` is what pages and lists show, rewritten by `reviews.judging.panels` in the
    transaction of each change, so that a page of a revision asks for nothing more. It holds no
    marks before the first round is over.
    """

    revision = models.OneToOneField(Revision, models.CASCADE, related_name="panel")
    state = models.CharField(max_length=6, choices=PanelState.choices, default=PanelState.BLIND)
    opened_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    opened = models.DateTimeField(default=timezone.now, editable=False)
    due = models.DateField(null=True, blank=True)
    hide_score = models.BooleanField(default=False)
    quorum = models.PositiveSmallIntegerField()
    rules = models.JSONField(default=dict)
    rubric = models.PositiveIntegerField()
    first_closed = models.DateTimeField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(max_length=10, blank=True)
    summary = models.JSONField(default=dict)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"Panel on {self.revision}"

    def get_absolute_url(self) -> str:
        design = self.revision.design
        return reverse("reviews:panel", args=[design.team.slug, design.slug, self.revision.number])

    @property
    def is_blind(self) -> bool:
        return self.state == PanelState.BLIND

    @property
    def is_talk(self) -> bool:
        return self.state == PanelState.TALK

    @property
    def is_closed(self) -> bool:
        return self.state == PanelState.CLOSED

    @property
    def is_late(self) -> bool:
        return not self.is_closed and self.due is not None and self.due < timezone.localdate()

    def agreed(self) -> Rules:
        """The rules under which it was opened."""
        return Rules.from_json(self.rules)

    def awaits(self, user: Any) -> bool:
        """Whether this person still has to send marks."""
        return self.is_blind and user.pk in self.summary.get("waiting", ())

    def covers(self, user: Any) -> bool:
        """Whether the automatic score is kept from this person, who still has to send marks."""
        return self.hide_score and self.awaits(user)


class Seat(models.Model):
    """A person on a panel. `who` keeps the name when the account is deleted; `marked` is when the
    marks of the first round were sent, which stand from then on. Until then `draft` holds what
    the sheet says, and `reminded` which reminder was sent last: ``soon`` or ``due``."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="seats")
    user = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    who = models.CharField(max_length=150)
    invited_by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    invited = models.DateTimeField(default=timezone.now, editable=False)
    marked = models.DateTimeField(null=True, blank=True)
    reminded = models.CharField(max_length=4, blank=True)
    draft = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["panel", "user"], name="one_seat_a_panel")]

    def __str__(self) -> str:
        return self.who


class Mark(models.Model):
    """What one person gives one criterion in one round; no value means "cannot judge"."""

    FIRST, SECOND = 1, 2

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="marks")
    round = models.PositiveSmallIntegerField()
    criterion = models.CharField(max_length=20)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField(max_length=LONG, blank=True)
    changed = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("round", "pk")
        constraints = [
            models.UniqueConstraint(fields=["seat", "round", "criterion"], name="one_mark_a_round"),
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(value__lte=4),
                name="mark_is_0_to_4",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.value} by {self.seat}, round {self.round}"


class NoteKind(models.TextChoices):
    RISK = "risk", "Risk"
    NON_RISK = "non_risk", "Non-risk"
    SENSITIVITY = "sensitivity", "Sensitivity point"
    TRADE_OFF = "trade_off", "Trade-off point"


class Note(models.Model):
    """What a reviewer records beside the marks, as in ATAM. `subjects` are parts of the design:
    component and boundary ids, and ``a->b`` for edges. Withdrawn notes stay and are shown so."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="notes")
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=12, choices=NoteKind.choices)
    text = models.TextField(max_length=LONG)
    subjects = models.JSONField(default=list)
    created = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"


class Verdict(models.TextChoices):
    """From the mildest to the strictest, as in `reviews.judging.outcome`."""

    APPROVE = "approve", "Approve"
    CONDITIONS = "conditions", "Approve with conditions"
    CHANGES = "changes", "Request changes"
    REJECT = "reject", "Reject"


class Decision(Fixed):
    """What a reviewer decides; a later one of the same seat replaces it and both are kept."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    text = models.TextField(max_length=LONG, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_verdict_display()}"


class Calibration(models.Model):
    """A person's marks of a sample design, to be held against the reference marks."""

    user = models.ForeignKey(PERSON, models.CASCADE, related_name="calibrations")
    sample = models.CharField(max_length=80)
    rubric = models.PositiveIntegerField()
    marks = models.JSONField()
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.user} on {self.sample}"
