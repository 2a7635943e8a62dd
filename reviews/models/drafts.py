"""What is not submitted yet: a person's draft of a design, and the states it went through."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from reviews.models.designs import Design, Revision
from teams.models import Team

AT_WORK = timedelta(minutes=5)
"""Somebody whose draft was saved within this time is said to be editing."""

UNTITLED = "Untitled design"


class DraftQuerySet(models.QuerySet["Draft"]):
    def of_others(self, design: Design, user: object) -> DraftQuerySet:
        """Which other members have a draft of this design, the latest saved first; without the
        texts."""
        found = self.filter(design=design, by__memberships__team=design.team_id)
        found = found.exclude(by=user) if user else found
        return found.select_related("by").defer("text").order_by("-saved")

    def in_lists(self) -> DraftQuerySet:
        found = self.select_related("design", "base", "by")
        return found.defer("text", "base__text").order_by("-saved")


class Draft(models.Model):
    """One person's text on its way to a revision: the next one of `design`, or the first of a new
    design when that is empty.

    `version` counts every change; who saves says which one was changed, so that a second window
    never overwrites the first in silence. `base` is the revision that the text started from.
    `state` is where in its history the draft stands. `source` says where the text came from.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="drafts")
    design = models.ForeignKey(Design, models.CASCADE, null=True, related_name="drafts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    base = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)
    title = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    state = models.ForeignKey("DraftState", models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    saved = models.DateTimeField(default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["design", "by"],
                condition=models.Q(design__isnull=False),
                name="one_draft_a_person",
            )
        ]

    def __str__(self) -> str:
        return self.title or UNTITLED

    def get_absolute_url(self) -> str:
        return reverse("reviews:draft", args=[self.team.slug, self.pk])

    @property
    def is_at_work(self) -> bool:
        return self.saved > timezone.now() - AT_WORK


class DraftState(models.Model):
    """The text of a draft as it was after one change. `before` is the state that was changed: a
    change after an undo begins a branch, and the states it leaves aside can still be gone to."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="states")
    before = models.ForeignKey("self", models.SET_NULL, null=True, related_name="after")
    text = models.TextField(blank=True)
    what = models.CharField(max_length=200)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.what

    def is_recent(self, now: datetime, within: timedelta) -> bool:
        return self.created > now - within
