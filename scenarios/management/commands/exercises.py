"""`manage.py exercises check [PATH]` and `manage.py exercises try ID`."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scenarios import catalogue, engine
from scenarios.engine import Exercise, Grade, Unanswered


class Command(BaseCommand):
    help = "Checks exercises, or tries one in the terminal. Needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help="print every problem; exit 1 if one is an error")
        check.add_argument(
            "paths", nargs="*", type=Path, help="bank files or sections; default all"
        )
        attempt = actions.add_parser("try", help="show an exercise and grade an answer")
        attempt.add_argument("id")
        attempt.add_argument("--seed", type=int)
        attempt.add_argument("--answer", help="ids separated by spaces, or a number")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "check":
            self.check_files(options["paths"])
        else:
            self.attempt(options["id"], options["seed"], options["answer"])

    def check_files(self, paths: list[Path]) -> None:
        known = catalogue.load()
        if paths:
            results = [found for path in paths for found in catalogue.read_file(path)]
            for exercise, problems in results:
                problems.extend(catalogue.references(exercise, known) if exercise else ())
            problems = sorted(p for _, found in results for p in found)
            count = len(results)
        else:
            problems, count = known.problems, len(known.exercises)
        for problem in problems:
            self.stdout.write(str(problem))
        errors = sum(p.problem.is_error for p in problems)
        self.stdout.write(f"{count} exercises, {errors} errors, {len(problems) - errors} warnings")
        if errors:
            raise SystemExit(1)

    def attempt(self, id: str, seed: int | None, answer: str | None) -> None:
        exercise = catalogue.load().exercises.get(id)
        if exercise is None:
            raise CommandError(f"There is no exercise {id} without errors. Run: exercises check")
        seed = secrets.randbelow(1000) if seed is None else seed
        self.show(exercise, seed)
        typed = input("> ") if answer is None else answer
        words = [typed] if engine.present(exercise, seed).kind == "number" else typed.split()
        try:
            given = engine.parse(exercise, seed, {"answer": words})
        except Unanswered as error:
            raise CommandError(str(error)) from None
        self.report(exercise, engine.grade(exercise, seed, given))

    def show(self, exercise: Exercise, seed: int) -> None:
        form = engine.present(exercise, seed)
        self.stdout.write(f"{exercise.title} ({exercise.type}, seed {seed})\n\n{form.prompt}\n")
        for choice in form.choices:
            detail = f" ({choice.detail})" if choice.detail else ""
            self.stdout.write(f"  {choice.id:14} {choice.text}{detail}")
        self.stdout.write(f"{form.note} {form.unit}".strip())

    def report(self, exercise: Exercise, grade: Grade) -> None:
        self.stdout.write(f"\n{grade.said} Score {grade.score:g}, raw {grade.raw:g}.")
        for mark in grade.marks:
            belief = f" [{mark.misconception}]" if mark.misconception else ""
            self.stdout.write(f"  {mark.case:6} {mark.text}: {mark.why}{belief}")
        for text in (grade.worked, exercise.explain):
            if text:
                self.stdout.write(f"\n{text}")
