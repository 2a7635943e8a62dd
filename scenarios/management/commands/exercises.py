"""`manage.py exercises check | try | new | report | ablate | schema | qti`: an author's tools."""

from __future__ import annotations

import json
import secrets
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from guide import glossary
from scenarios import bank_lint, catalogue, engine, places
from scenarios.authoring import new, report, revisions, schema, trying
from scenarios.catalogue import Located
from scenarios.engine import TYPES, Exercise, Grade, Unanswered
from scenarios.engine import _harness as harness
from scenarios.exporting import qti

MOST_SECONDS = 5.0


class Command(BaseCommand):
    help = "Checks, tries, begins and counts exercises. Needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help="print every problem; exit 1 if one is an error")
        check.add_argument(
            "paths", nargs="*", type=Path, help="bank files or sections; default all"
        )
        check.add_argument("--since", help="a commit: what changed its key must have a new rev")
        attempt = actions.add_parser("try", help="show an exercise and grade an answer")
        attempt.add_argument("id")
        attempt.add_argument("--seed", type=int)
        attempt.add_argument("--answer", help=trying.HELP)
        begin = actions.add_parser("new", help="print a template, or write it where it belongs")
        begin.add_argument("type", choices=list(TYPES))
        begin.add_argument("id", nargs="?", default="")
        begin.add_argument("--section", default="", help="chapter/section of the guide")
        counts = actions.add_parser("report", help="coverage by section, type and bloom, as HTML")
        counts.add_argument("--out", type=Path)
        ablate = actions.add_parser("ablate", help="what each part of a repair is worth")
        ablate.add_argument("id")
        ablate.add_argument("--walks", type=int, default=harness.WALKS)
        items = actions.add_parser("qti", help="QTI 3 items of all that can be exported")
        items.add_argument("folder", type=Path)
        actions.add_parser("schema", help="JSON Schema of an exercise file")

    def handle(self, *args: Any, **options: Any) -> None:
        match options["action"]:
            case "check":
                self.check_files(options["paths"], options["since"])
            case "try":
                self.attempt(options["id"], options["seed"], options["answer"])
            case "new":
                self.begin(options["type"], options["id"], options["section"])
            case "report":
                self.report_coverage(options["out"])
            case "ablate":
                self.ablate(options["id"], options["walks"])
            case "qti":
                self.export(options["folder"])
            case "schema":
                self.stdout.write(json.dumps(schema.schema(), indent=1, ensure_ascii=False))

    # check

    def check_files(self, paths: list[Path], since: str | None) -> None:
        known = catalogue.catalogue() if paths else catalogue.prove()
        whole: list[Located] = []
        if paths:
            results = [found for path in paths for found in catalogue.read_file(path)]
            for exercise, problems in results:
                problems.extend(catalogue.references(exercise, known) if exercise else ())
            problems = [p for _, found in results for p in found]
            exercises = [e for e, _ in results if e]
            count = len(results)
        else:
            problems, count = list(known.problems), len(known.exercises)
            exercises = list(known.exercises.values())
            whole = self._whole(known)
        if since:
            problems += [p for e in exercises for p in self._unraised(e, since)]
        for problem in sorted([*problems, *whole]):
            self.stdout.write(str(problem))
        errors = sum(p.problem.is_error for p in [*problems, *whole])
        warnings = len(problems) + len(whole) - errors
        self.stdout.write(f"{count} exercises, {errors} errors, {warnings} warnings")
        if errors:
            raise SystemExit(1)

    def _whole(self, known: catalogue.Catalogue) -> list[Located]:
        return bank_lint.lint(known, glossary.load()[0], timezone.localdate())

    def _unraised(self, exercise: Exercise, since: str) -> list[Located]:
        path = catalogue.ROOT / exercise.path
        if path.suffix != ".yaml" or not path.is_relative_to(catalogue.ROOT):
            return []
        try:
            before = revisions.earlier(path, since, catalogue.ROOT)
        except revisions.NoHistory as error:
            raise CommandError(f"{since}: {error}") from None
        found = revisions.unraised(before, exercise) if before else []
        return [Located(exercise.path, problem) for problem in found]

    # try

    def _find(self, id: str) -> Exercise:
        exercise = catalogue.catalogue().exercises.get(id)
        if exercise is None:
            raise CommandError(f"There is no exercise {id} without errors. Run: exercises check")
        return exercise

    def attempt(self, id: str, seed: int | None, answer: str | None) -> None:
        exercise = self._find(id)
        seed = secrets.randbelow(1000) if seed is None else seed
        for line in trying.lines(exercise, seed):
            self.stdout.write(line)
        if exercise.type in engine.SELF_RATED:
            return
        typed = input("> ") if answer is None else answer
        try:
            given = engine.parse(exercise, seed, trying.posted(exercise, seed, typed))
        except Unanswered as error:
            raise CommandError(str(error)) from None
        self.report(exercise, engine.grade(exercise, seed, given))

    def report(self, exercise: Exercise, grade: Grade) -> None:
        self.stdout.write(f"\n{grade.said} Score {grade.score:g}, raw {grade.raw:g}.")
        for mark in grade.marks:
            belief = f" [{mark.misconception}]" if mark.misconception else ""
            self.stdout.write(f"  {mark.case:6} {mark.text}: {mark.why}{belief}")
        for text in (grade.worked, exercise.explain):
            if text:
                self.stdout.write(f"\n{text}")

    # new, report, ablate

    def begin(self, type: str, id: str, section: str) -> None:
        known = catalogue.catalogue()
        if section and not places.exists(section):
            raise CommandError(f"There is no section “{section}” in the guide.")
        text = new.text(type, known, timezone.localdate(), id, section)
        if not id:
            self.stdout.write(text)
            return
        if id in known.exercises:
            raise CommandError(f"{id} exists already, in {known.exercises[id].path}.")
        if not section:
            raise CommandError("Say where it belongs: --section chapter/section.")
        path = catalogue.BANK / section.partition("/")[0] / f"{id}.yaml"
        if path.exists():
            raise CommandError(f"{path} exists already.")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.stdout.write(f"{path}\nThen: manage.py exercises check {path}")

    def report_coverage(self, out: Path | None) -> None:
        known = catalogue.catalogue()
        warnings = [p for p in known.problems if not p.problem.is_error] + self._whole(known)
        page = report.html(known, warnings)
        if out:
            out.write_text(page, encoding="utf-8")
            self.stdout.write(str(out))
        else:
            self.stdout.write(page)

    def export(self, folder: Path) -> None:
        made = qti.package(catalogue.catalogue().live(), "Exercises of Warmstart")
        for path, data in made.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        for id, why in made.skipped:
            self.stdout.write(f"left out  {id}: {why}")
        self.stdout.write(f"{len(made.items)} items in {folder}, {len(made.skipped)} left out")

    def ablate(self, id: str, walks: int) -> None:
        exercise = self._find(id)
        if exercise.type != engine.REPAIR:
            raise CommandError(f"{id} is no repair but “{exercise.type}”.")
        start = time.process_time()
        lines = harness.table(exercise.body, walks)
        took = time.process_time() - start
        self.stdout.write(f"{'':6} {'what':44} {'edits':>5} {'score':>6}  limit")
        for line in lines:
            told = "ok" if line.holds else "FAILS"
            self.stdout.write(
                f"{told:6} {line.what[:44]:44} {line.edits:5} {line.score:6.2f}  {line.limit}"
            )
        self.stdout.write(f"{took:.1f} s of at most {MOST_SECONDS:g} s")
        if took > MOST_SECONDS:
            raise CommandError(f"E407 {engine.CODES['E407'].title}: {took:.1f} s.")
        if not all(line.holds for line in lines):
            raise SystemExit(1)
