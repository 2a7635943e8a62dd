"""`manage.py fit --answers FILE`: the wizard for programs."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fit import objects, report
from fit.asking import Asked
from fit.model import Fit, fit


class Command(BaseCommand):
    help = "Scores answers: a JSON object of question to answer, or a list of such objects."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--answers", default="-", help="a JSON file; standard input if left out"
        )
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        given = _json(options["answers"])
        many = isinstance(given, list)
        try:
            asked = objects.read(fit(), given)
        except objects.Invalid as problem:
            raise CommandError(str(problem)) from None
        if options["format"] == "json":
            found = [report.as_json(fit(), each, timezone.localdate()) for each in asked]
            self.stdout.write(json.dumps(found if many else found[0], indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n\n".join(_text(fit(), each) for each in asked))


def _json(name: str) -> Any:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        return json.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{name} is not JSON: {error}") from None


def _text(model: Fit, asked: Asked) -> str:
    """The result page in a few lines."""
    page = report.result(model, asked, timezone.localdate())
    lines = [page["headline"]]
    if asked.answers:
        lines.append(page["lead"])
    for s in page["result"].ranking:
        out = f"  ruled out by {', '.join(s.out)}" if s.out else ""
        name = model.options[s.option].title
        lines.append(f"  {name:<24} {s.score:6.1f}  ({s.low:.1f} to {s.high:.1f}){out}")
    for flip in page["flips"]:
        marks = ", ".join(change["marks"] for change in flip["changes"])
        lines.append(f"Turned by {marks}: {flip['effect']} ({', '.join(flip['how'])}).")
    if page["next"]:
        question = page["next"]["question"]
        lines.append(f"Ask next: {question.id}. {question.text}")
    return "\n".join(lines)
