"""python manage.py check_section PATH...: every problem of a section, a pattern or the glossary."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guide.checks import file_problems


class Command(BaseCommand):
    help = "Prints every problem of a section, a pattern account or the glossary."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path)

    def handle(self, *args: Any, paths: list[Path], **options: Any) -> None:
        failed = False
        for path in paths:
            if not path.is_file():
                raise CommandError(f"{path} is no file.")
            problems = file_problems(path)
            failed = failed or any(p.is_error for p in problems)
            for problem in problems:
                self.stdout.write(str(problem))
            if not problems:
                self.stdout.write(self.style.SUCCESS(f"{path}: nothing to report"))
        if failed:
            sys.exit(1)
