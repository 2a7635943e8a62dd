"""What happened in a team, for ever as it was, and who was told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from teams.fixed import Fixed
from teams.models.people import Team


class Event(Fixed):
    """Who did what to what, when: the audit log of a team. `by` is empty for what a clock did;
    `who` keeps the name when an account is deleted. `subject` is what it happened to, in words."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    who = models.CharField(max_length=150, blank=True)
    subject = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    detail = models.JSONField(default=dict)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=["team", "kind"], name="event_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> NoticeQuerySet:
        return self.filter(read__isnull=True)


class Notice(models.Model):
    """An event as one person is told of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    event = models.ForeignKey(Event, models.CASCADE, related_name="notices")
    text = models.CharField(max_length=300)
    created = models.DateTimeField(default=timezone.now, editable=False)
    read = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="one_notice_an_event")
        ]

    def __str__(self) -> str:
        return self.text
