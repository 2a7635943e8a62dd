"""Periodic work of practice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from scenarios import retention, workflow
from scenarios.review import digest


@shared_task(name="scenarios.tasks.forget_guests")
def forget_guests() -> int:
    """Deletes what guests left behind ninety days ago or more."""
    return workflow.forget_guests(timezone.now())


@shared_task(name="scenarios.tasks.anonymise_idle")
def anonymise_idle() -> int:
    """Takes the person out of logs that nobody has added to for two years."""
    return retention.anonymise_idle(timezone.now())


@shared_task(name="scenarios.tasks.send_digests")
def send_digests() -> int:
    """Mails what is due for review to those who asked for it."""
    return digest.send_due(timezone.now())
