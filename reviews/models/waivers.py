"""Waivers that a team agrees on in the product, beside those that stand in a design's text."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from design import waivers as core
from design.model import Attr
from design.model import Waiver as Stated
from design.rules import RULES
from reviews.models.designs import Design

CATEGORIES = [
    ("false_positive", "a false alarm: the rule is wrong here"),
    ("not_applicable", "not applicable: the case cannot occur here"),
    ("compensated", "compensated by something that the text does not say"),
    ("accepted", "accepted: the risk is known and carried"),
]


class Agreement(models.TextChoices):
    """What people have said of a waiver; whether it holds on a day is another matter."""

    PROPOSED = "proposed", "Proposed"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


OBSOLETE_AFTER = 2
"""A waiver that matches nothing in so many revisions is obsolete."""


class WaiverQuerySet(models.QuerySet["Waiver"]):
    def agreed(self) -> WaiverQuerySet:
        return self.filter(agreement=Agreement.APPROVED)

    def proposed(self) -> WaiverQuerySet:
        return self.filter(agreement=Agreement.PROPOSED)


class Waiver(models.Model):
    """Why a rule may fail at a subject for a while, who said so and who agreed.

    `subject` may hold ``*``. `basis` is what the agreement rests on
    (`design.waivers.basis_of`); `found` is the state in which the last check met the waiver, and
    `unused_from` the revision since which it has matched nothing. `announced` is the last state
    that people were told of.
    """

    design = models.ForeignKey(Design, models.CASCADE, related_name="waivers")
    rule = models.CharField(max_length=10)
    subject = models.CharField(max_length=500)
    category = models.CharField(max_length=16, choices=CATEGORIES)
    reason = models.TextField()
    created = models.DateField()
    expires = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    agreement = models.CharField(
        max_length=10, choices=Agreement.choices, default=Agreement.PROPOSED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_name = models.CharField(max_length=150, blank=True)
    decided = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(blank=True)
    basis = models.CharField(max_length=16, blank=True)
    matches = models.PositiveIntegerField(default=0)
    found = models.CharField(max_length=10, blank=True)
    unused_from = models.PositiveIntegerField(null=True, blank=True)
    announced = models.CharField(max_length=10, blank=True)
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )
    made = models.DateTimeField(default=timezone.now, editable=False)

    objects = WaiverQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=["design", "agreement"], name="waiver_by_agreement")]

    def __str__(self) -> str:
        return f"{self.rule} at {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:waiver", args=[self.design.team.slug, self.design.slug, self.pk])

    @property
    def needs_second(self) -> bool:
        rule = RULES.get(self.rule)
        return rule is None or core.needs_second(rule)

    @property
    def is_proposed(self) -> bool:
        return self.agreement == Agreement.PROPOSED

    @property
    def is_approved(self) -> bool:
        return self.agreement == Agreement.APPROVED

    def stated(self) -> Stated:
        """As the core reads it. People are their user names here: two may share a full name."""
        said = {
            "rule": self.rule,
            "subject": self.subject,
            "category": self.category,
            "reason": self.reason,
            "by": self.by_name,
            "approved_by": self.decided_name if self.is_approved else "",
            "created": self.created.isoformat(),
            "expires": self.expires.isoformat(),
            "basis": self.basis,
        }
        attrs = {key: Attr(value, 0) for key, value in said.items() if value}
        return Stated(f"{self.rule}@{self.subject}", attrs)

    def nears_end(self, today: datetime.date) -> bool:
        """Whether its end is worth a word: not yet on the day on which a waiver of 30 days
        begins, though it counts as expiring from then on."""
        whole = (self.expires - self.created).days
        return (self.expires - today).days <= min(core.SOON, whole // 3)

    def state(self, today: datetime.date) -> str:
        """``proposed``, ``rejected``, ``withdrawn``, or what an approved one is on a day:
        ``active``, ``expiring``, ``expired``, ``re-confirm``, ``malformed``, ``unused`` or
        ``obsolete``."""
        if not self.is_approved:
            return str(self.agreement)
        if self.expires < today:
            return "expired"
        if self.found:
            return self.found
        return "expiring" if (self.expires - today).days <= core.SOON else "active"
