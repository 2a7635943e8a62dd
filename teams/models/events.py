"""What happened in a team, for ever as it was, and who was told."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone

from teams.models.people import Team


class Kept(Exception):
    """An event is what happened: it is never changed, and goes only with its team."""


class EventQuerySet(models.QuerySet["Event"]):
    def update(self, **values: Any) -> NoReturn:
        raise Kept("events are not updated")

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise Kept("events are not updated")

    def delete(self) -> NoReturn:
        raise Kept("events are not deleted")


class Event(models.Model):
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

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=["team", "kind"], name="event_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise Kept(f"{self} is not changed")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise Kept(f"{self} is not deleted")


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
