"""python manage.py book: the book as PDF and EPUB, under var/book/, for the site to offer."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from guide.book import book
from guide.editions import kept, offline


class Command(BaseCommand):
    help = "Makes the PDF, the EPUB and the offline list of the guide under var/book/."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", action="store_true", help="only what is not there yet")

        parser.add_argument("--aside", action="store_true", help="leave the processor to others")

    def handle(self, *args: Any, missing: bool, aside: bool, **options: Any) -> None:
        if aside and hasattr(os, "nice"):
            os.nice(19)
        kept.build(book(), self.stdout.write, force=not missing)
        if not (missing and offline.path().is_file()):
            made = offline.build()
            self.stdout.write(f"{offline.path()}  for {made['fetch']:,} bytes to fetch")
