"""Threads on a finding, a component or a whole design, and what people say in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from reviews.models.designs import Design
from reviews.models.findings import TrackedFinding

LONGEST_COMMENT = 10_000


class ThreadQuerySet(models.QuerySet["Thread"]):
    def unresolved(self) -> ThreadQuerySet:
        return self.filter(resolved__isnull=True)

    def for_lists(self) -> ThreadQuerySet:
        """With their comments and everybody named, in three queries."""
        comments = models.Prefetch("comments", Comment.objects.select_related("by"))
        found = self.select_related("finding__assignee", "opened_by", "resolved_by")
        return found.prefetch_related(comments)


class Thread(models.Model):
    """What is said on one subject: a finding, a component, or the design when neither is set.
    `revision` is the number of the revision that people had before them."""

    design = models.ForeignKey(Design, models.CASCADE, related_name="threads")
    finding = models.ForeignKey(
        TrackedFinding, models.CASCADE, null=True, blank=True, related_name="threads"
    )
    component = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(default=timezone.now, editable=False)
    resolved = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"On {self.about}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:thread", args=[self.design.team.slug, self.design.slug, self.pk])

    @property
    def about(self) -> str:
        if self.finding:
            return str(self.finding)
        return self.component or "the whole design"


class Comment(models.Model):
    """`first_text` is what was said at first, once it has been edited; `version` counts edits."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    first_text = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    edited = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text[:80]
