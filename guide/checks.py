"""Checks of the content: every file of the guide, or one of them, with path, line and hint."""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path

from django.core.checks import CheckMessage, Error, Warning, register

from design.rules import RULES
from guide import glossary, markup, patterns, plates, reading, reference_pages
from guide.library import Library, did_you_mean, exercise_exists, load
from guide.patterns import Pattern
from guide.problems import CONTENT, Problem, Report
from guide.reading import Page

FEWEST, MOST = 1400, 2300
CASES = ("photo-print-shop", "claims-office", "smart-meters", "booking-product")
_REQUIRED = {
    "id": str,
    "title": str,
    "chapter": int,
    "section": int,
    "case": str,
    "minutes": int,
    "terms": list,
    "patterns": list,
    "rules": list,
    "exercises": list,
    "checked": dt.date,
    "sources": list,
}


@register("content")
def content(app_configs: object = None, **kwargs: object) -> list[CheckMessage]:
    """All content, as system checks of `manage.py check`. Other commands start without reading
    the book, and a misspelt term must not keep a server from starting."""
    if "check" not in sys.argv[1:2]:
        return []
    messages: list[CheckMessage] = []
    for problem in all_problems():
        kind = Error if problem.is_error else Warning
        id = "guide.E001" if problem.is_error else "guide.W001"
        where = f"{problem.path}:{problem.line}: {problem.message}"
        messages.append(kind(where, hint=problem.hint or None, id=id))
    return messages


def all_problems(folder: Path = CONTENT) -> list[Problem]:
    library = load(folder)
    found = [*library.problems]
    for section in library.contents.written:
        found += section_problems(reading.read(section), library)
    for pattern in library.patterns.values():
        found += pattern_problems(pattern, library)
    found += glossary_references(library)
    found += reference_pages.problems(library, folder)
    for path in sorted(folder.glob("*/*.md")):
        if library.contents.of_path(path) is None:
            report = Report(path)
            report.error(1, "This file is no section of contents.yaml.", "Check number and slug.")
            found += report.found
    return sorted(set(found))


def file_problems(path: Path) -> list[Problem]:
    """The problems of one file: a section, a pattern or the glossary."""
    library = load()
    if path.suffix == ".md":
        section = library.contents.of_path(path)
        if section is None:
            report = Report(path)
            report.error(1, "This file is no section of contents.yaml.", "Check number and slug.")
            return report.found
        return sorted(set(section_problems(reading.read(section), library)))
    if path.name == "glossary.yaml":
        _, report = glossary.load(path.parent)
        return sorted({*report.found, *glossary_references(library)})
    if path.parent.name == "reference":
        mine = [p for p in reference_pages.problems(library) if Path(p.path).name == path.name]
        return sorted(set(mine))
    pattern, report = patterns.read(path)
    found = pattern_problems(pattern, library) if pattern else []
    return sorted({*report.found, *found})


def section_problems(page: Page, library: Library) -> list[Problem]:
    """Everything that is wrong with a section."""
    report = page.report
    _front(page, library)
    for plate in page.plates:
        plates.check_plate(plate, report)
    context = markup.Context(library, report, page.section.chapter)
    markup.refuse(page.body, report)
    markup.convert(page.body, context)
    for plate in page.plates:
        markup.inline(plate.caption, context)
    ids = [e.id for e in page.exercises]
    for id in {i for i in ids if ids.count(i) > 1}:
        report.at(f"id: {id}", f"The exercise {id} stands twice on the page.")
    if not FEWEST <= page.words <= MOST:
        report.warn(1, f"{page.words} words of prose; {FEWEST} to {MOST} are expected.")
    return report.found


def _front(page: Page, library: Library) -> None:
    front, report, section = page.front, page.report, page.section
    for key, kind in _REQUIRED.items():
        if key not in front:
            report.error(1, f"The front matter lacks “{key}”.")
        elif not isinstance(front[key], kind):
            report.at(f"{key}:", f"“{key}” has to be a {kind.__name__}.")
    for key, value in (
        ("id", section.id),
        ("title", section.title),
        ("chapter", section.chapter_number),
        ("section", section.number),
    ):
        if key in front and front[key] != value:
            report.at(f"{key}:", f"“{key}” is “{front[key]}”, contents.yaml says “{value}”.")
    if front.get("case") not in (None, *CASES):
        known = f"The cases of the book are {', '.join(CASES)}."
        report.warn(report.line_of("case:"), f"“{front['case']}” is a case of its own.", known)
    if isinstance(front.get("minutes"), int) and abs(front["minutes"] - page.minutes) > 1:
        line = report.line_of("minutes:")
        report.warn(
            line, f"“minutes” is {front['minutes']}; {page.words} words make {page.minutes}."
        )
    _names(page, library)
    _sources(page)


def _names(page: Page, library: Library) -> None:
    report = page.report
    for name in page.named("terms"):
        if library.glossary.find(name) is None:
            hint = did_you_mean(name, library.glossary.names)
            report.at("terms:", f"The glossary has no term “{name}”.", hint)
    for slug in page.named("patterns"):
        if slug not in library.patterns:
            hint = did_you_mean(slug, library.patterns)
            report.warn(report.line_of("patterns:"), f"There is no pattern “{slug}” yet.", hint)
    for rule in page.named("rules"):
        if rule not in RULES:
            report.at("rules:", f"There is no rule “{rule}”.", did_you_mean(rule, RULES))
    inline = {e.id for e in page.exercises}
    for id in page.named("exercises"):
        if id not in inline and not exercise_exists(id):
            report.at("exercises:", f"There is no exercise “{id}”.")
    for id in sorted(inline - set(page.named("exercises"))):
        report.at("exercises:", f"The exercise {id} of this page is not listed.")


def _sources(page: Page) -> None:
    report = page.report
    for source in page.sources:
        near = f"id: {source.id}" if source.id else "sources:"
        for key in ("id", "title", "by", "checked", "url"):
            if not getattr(source, key):
                report.at(near, f"Source “{source.id}” lacks “{key}”.")
        if source.dated != "undated" and not re.fullmatch(r"\d{4}(-\d\d){0,2}", source.dated):
            report.at(near, f"Source “{source.id}”: “dated” is a date or “undated”.")
        if source.checked and not re.fullmatch(r"\d{4}-\d\d-\d\d", source.checked):
            report.at(near, f"Source “{source.id}”: “checked” has to be a date.")
        if source.url and not source.url.startswith("https://"):
            report.at(near, f"Source “{source.id}”: the address has to begin with https://.")


def pattern_problems(pattern: Pattern, library: Library) -> list[Problem]:
    """Everything that is wrong with an account whose structure is right."""
    report = pattern.report
    patterns.check(pattern)
    context = markup.Context(library, report)
    for text in pattern_texts(pattern):
        markup.refuse(text, report)
        markup.convert(text, context)
    for id in pattern.sections:
        if library.contents.section(id) is None:
            hint = did_you_mean(id, [s.id for s in library.contents.sections])
            report.at(id, f"There is no section “{id}”.", hint)
    for id in pattern.exercises:
        inline = any(f"id: {id}\n" in s.path.read_text() for s in library.contents.written)
        if not inline and not exercise_exists(id):
            report.at(id, f"There is no exercise “{id}”.")
    likes = [e["pattern"] for e in pattern.account["look_alikes"] if "pattern" in e]
    for slug in (*pattern.neighbours, *likes):
        if slug not in library.patterns:
            report.warn(report.line_of(slug), f"There is no pattern “{slug}” yet.")
    return report.found


def pattern_texts(pattern: Pattern) -> list[str]:
    account = pattern.account
    return [
        pattern.summary,
        pattern.caption,
        *(account[key] for key in ("habitat", "watch", "cost")),
        *(str(row[key]) for row in account["range"] for key in ("what", "value", "source")),
        *(entry["difference"] for entry in account["look_alikes"]),
        *(entry["text"] for entry in account["hazards"]),
    ]


def glossary_references(library: Library) -> list[Problem]:
    report = Report(CONTENT / "glossary.yaml")
    for term in library.glossary.terms:
        if library.contents.section(term.section) is None:
            hint = did_you_mean(term.section, [s.id for s in library.contents.sections])
            report.error(term.line, f"{term.id}: there is no section “{term.section}”.", hint)
    return report.found
