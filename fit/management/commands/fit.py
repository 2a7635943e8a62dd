"""`manage.py fit --answers FILE`: the wizard for programs."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fit import report
from fit.asking import UNKNOWN, Asked
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
        asked = [_asked(fit(), entry, n) for n, entry in enumerate(given if many else [given], 1)]
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


def _asked(model: Fit, entry: Any, number: int) -> Asked:
    """The answers of one object. Raises CommandError that names every problem."""
    if not isinstance(entry, dict):
        raise CommandError(f"Entry {number} is not an object of question to answer.")
    problems, said = [], {}
    for id, key in entry.items():
        question = model.by_id.get(id)
        if question is None:
            known = ", ".join(model.by_id)
            problems.append(f"“{id}” is not a question. There are: {known}.")
        elif key == UNKNOWN or key is None:
            continue
        elif not isinstance(key, str) or key not in question.by_key:
            known = ", ".join(question.by_key)
            problems.append(f"“{key}” does not answer “{id}”. There are: {known}.")
        else:
            said[id] = key
    if problems:
        raise CommandError(f"Entry {number}: " + "\n".join(problems))
    return Asked(said={q.id: said[q.id] for q in model.questions if q.id in said})


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
