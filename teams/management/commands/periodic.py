"""periodic: does once what the beat does again and again, for a site without a broker."""

from __future__ import annotations

from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Runs every periodic task once; call it from cron where no beat runs."

    def handle(self, *args: Any, **options: Any) -> None:
        current_app.loader.import_default_modules()
        for entry in settings.CELERY_BEAT_SCHEDULE.values():
            done = current_app.tasks[entry["task"]](**entry.get("kwargs", {}))
            self.stdout.write(f"{entry['task']}: {done}")
