"""python manage.py export_book DIR: the whole book as static files, with compressed siblings."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from guide.book import book
from guide.editions import kept
from guide.editions.export import export


class Command(BaseCommand):
    help = "Writes the guide, glossary, patterns, plates and rules as files for any web server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="empty, or not there yet")
        parser.add_argument(
            "--site",
            default=settings.BASE_URL,
            help="where search and the tools are (default: BASE_URL)",
        )

    def handle(self, *args: Any, folder: Path, site: str, **options: Any) -> None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} is not empty; an export never overwrites.")
        if not site.startswith(("http://", "https://")):
            raise CommandError(f"--site {site}: expected an address such as https://example.org")
        kept.build(book(), self.stdout.write)
        written = export(folder, site.rstrip("/"))
        size = sum(path.stat().st_size for path in written)
        self.stdout.write(f"{len(written)} files, {size / 1e6:.1f} MB, in {folder}")
