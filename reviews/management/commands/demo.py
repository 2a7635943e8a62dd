"""`manage.py demo`: the demonstration team, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from reviews import demonstration


class Command(BaseCommand):
    help = "Loads the demonstration team with two reviewed designs, unless it is there already."

    def handle(self, *args: Any, **options: Any) -> None:
        # What people said of the findings rests on the checks: these run here and now, also where
        # workers would do them, who may not be there yet.
        broker, settings.CELERY_BROKER_URL = settings.CELERY_BROKER_URL, None
        try:
            made = demonstration.load()
            # What other apps add to the team; apps do not import one another.
            for path in settings.DEMONSTRATIONS:
                import_string(path)()
        finally:
            settings.CELERY_BROKER_URL = broker
        if not options["verbosity"]:
            return
        word = "loaded" if made else "is there"
        password = demonstration.PASSWORD
        self.stdout.write(f"The demonstration team {word}. Accounts, password “{password}”:")
        for name, role in demonstration.PEOPLE.items():
            self.stdout.write(f"  {name:<8} {role.value}")
