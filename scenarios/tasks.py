"""Periodic work of practice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from scenarios import workflow


@shared_task(name="scenarios.tasks.forget_guests")
def forget_guests() -> int:
    """Deletes what guests left behind ninety days ago or more."""
    return workflow.forget_guests(timezone.now())
