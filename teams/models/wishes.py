"""How a person wants to be told of things by mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class How(models.TextChoices):
    NOW = "now", "at once"
    DAILY = "daily", "once a day"
    OFF = "off", "not by mail"


class MailWish(models.Model):
    """One person's choice for one topic (the part of an event's kind before the dot)."""

    DEFAULT = How.DAILY

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_wishes")
    topic = models.CharField(max_length=40)
    how = models.CharField(max_length=5, choices=How.choices)

    class Meta:
        ordering = ("topic",)
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="one_wish_a_topic")]

    def __str__(self) -> str:
        return f"{self.user}, {self.topic}: {self.how}"
