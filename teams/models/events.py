"""What happened in a team, for ever as it was, and who was told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone

from teams.fixed import Fixed
from teams.models.people import Team

CLAIM_HOLDS: Final = timedelta(minutes=15)
TOO_OLD: Final = timedelta(days=7)


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

    def to_mail(self, now: datetime) -> NoticeQuerySet:
        """Neither seen nor mailed, not too old to be news, and in nobody's hands: whoever took one
        and does not come back loses it after a while."""
        free = models.Q(claimed__isnull=True) | models.Q(claimed__lt=now - CLAIM_HOLDS)
        fresh = self.filter(settled__isnull=True, created__gt=now - TOO_OLD)
        return fresh.filter(free).unread()


class Notice(models.Model):
    """An event as one person is told of it. `settled` is when it was mailed, or found not to be
    wanted by mail; `claim` and `claimed` say who is mailing it, and since when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    event = models.ForeignKey(Event, models.CASCADE, related_name="notices")
    text = models.CharField(max_length=300)
    created = models.DateTimeField(default=timezone.now, editable=False)
    read = models.DateTimeField(null=True, blank=True)
    settled = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True)
    claimed = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="one_notice_an_event")
        ]
        indexes = [
            models.Index(
                fields=["created"],
                name="notice_to_mail",
                condition=models.Q(settled__isnull=True, read__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.text
