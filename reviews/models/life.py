"""What becomes of revisions after they were submitted: named as milestones, or withdrawn."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from reviews.models.designs import Design, Revision


class Milestone(models.Model):
    """A name for a revision, such as “approved for launch”; each name once in a design."""

    design = models.ForeignKey(Design, models.CASCADE, related_name="milestones")
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="milestones")
    name = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["design", "name"], name="one_milestone_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Withdrawal(models.Model):
    """A revision that should not count: it stays readable, but no longer stands for its design.
    The row goes when the revision is reinstated; the log of the team keeps both."""

    revision = models.OneToOneField(Revision, models.CASCADE, related_name="withdrawal")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.revision} withdrawn"
