"""Checks of the content: every file of the guide, or one of them, with path, line and hint."""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from design.rules import RULES
from guide import glossary, introduced, markup, patterns, plates, reading, reference_pages
from guide.contents import FrontPage, Opening, Questions
from guide.library import Library, did_you_mean, exercise_exists, load
from guide.patterns import Pattern
from guide.problems import CONTENT, Problem, Report
from guide.reading import MARK, Answer, Page

# Words that a text is expected to have, and questions that a chapter has.
FEWEST, MOST = 1400, 2300
OPENING, FRONT, ANSWER = (230, 480), (150, 1600), (60, 200)
QUESTIONS = (4, 6)
_NO_PAGE = "This file is no page of the book."
_NAMES = "Sections are in contents.yaml; besides, 0-opening.md, 9-questions.md, front/1-slug.md."
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

_SOURCE = {"id", "title", "by", "dated", "checked", "url"}


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
    pages = [reading.read(section) for section in library.contents.written]
    for page in pages:
        found += section_problems(page, library)
    found += introduced.problems(library, pages)
    for place in library.contents.around:
        found += around_problems(reading.read(place), library)
    for pattern in library.patterns.values():
        found += pattern_problems(pattern, library)
    found += glossary_references(library)
    found += reference_pages.problems(library, folder)
    for path in sorted(folder.glob("*/*.md")):
        if library.contents.of_path(path) is None:
            report = Report(path)
            report.error(1, _NO_PAGE, _NAMES)
            found += report.found
    return sorted(set(found))


def file_problems(path: Path) -> list[Problem]:
    """The problems of one file: a section or a page around them, a pattern or the glossary."""
    library = load()
    if path.suffix == ".md":
        section = library.contents.of_path(path)
        if section is None:
            report = Report(path)
            report.error(1, _NO_PAGE, _NAMES)
            return report.found
        page = reading.read(section)
        around = section in library.contents.around
        return sorted(set((around_problems if around else section_problems)(page, library)))
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
    _text(page, library)
    ids = [e.id for e in page.exercises]
    for id in {i for i in ids if ids.count(i) > 1}:
        report.at(f"id: {id}", f"The exercise {id} stands twice on the page.")
    if not FEWEST <= page.words <= MOST:
        report.warn(1, f"{page.words} words of prose; {FEWEST} to {MOST} are expected.")
    return report.found


def _text(page: Page, library: Library) -> list[markup.Heading]:
    """Plates, links, terms and markup; the headings of the page."""
    report = page.report
    for plate in page.plates:
        plates.check_plate(plate, report)
    context = markup.Context(library, report, page.section.chapter)
    markup.refuse(page.body, report)
    headings = [*markup.convert(page.body, context).headings]
    for answer in page.answers:
        markup.refuse(answer.body, report)
        for heading in markup.convert(answer.body, context).headings:
            report.error(answer.line, f"An answer holds no headings: “{heading.title}”.")
    for plate in page.plates:
        markup.inline(plate.caption, context)
    return headings


def around_problems(page: Page, library: Library) -> list[Problem]:
    """Everything that is wrong with an opening, review questions or a front page."""
    report, place = page.report, page.section
    headings = _text(page, library)
    for exercise in page.exercises:
        report.error(exercise.line, "Exercises stand in sections; link to one instead.")
    title = page.front.get("title")
    if isinstance(place, FrontPage):
        for key in ("title", "text"):
            if not isinstance(page.front.get(key), str):
                report.error(1, f"The front matter lacks “{key}”.")
    elif title not in (None, place.title):
        report.at("title:", f"“title” is “{title}”, it has to be “{place.title}”.")
    if isinstance(place, Questions):
        _questions(page)
        return report.found
    if isinstance(place, Opening):
        chapter = library.contents.chapter(place.chapter)
        for heading in headings:
            if chapter and heading.id in {s.slug for s in chapter.sections}:
                report.at(heading.title, f"“{heading.id}” is the address of a section; {_BY_HAND}")
    fewest, most = OPENING if isinstance(place, Opening) else FRONT
    if not fewest <= page.words <= most:
        report.warn(1, f"{page.words} words of prose; {fewest} to {most} are expected.")
    return report.found


_BY_HAND = "set another by hand: ## Title {#other-id}."


def _questions(page: Page) -> None:
    """Each heading is a question: its text, then one model answer."""
    report = page.report
    before, *parts = re.split(r"^## +(.+?)\s*$", page.body, flags=re.M)
    if before.strip():
        report.error(1, "Nothing stands in front of the first question.")
    asked = list(zip(parts[0::2], parts[1::2], strict=True))
    if not QUESTIONS[0] <= len(asked) <= QUESTIONS[1]:
        report.warn(1, f"{len(asked)} questions; {QUESTIONS[0]} to {QUESTIONS[1]} are expected.")
    for title, body in asked:
        marks = re.findall(rf"{MARK}(\d+){MARK}", body)
        blocks = [page.blocks[int(n)] for n in marks]
        answers = [b for b in blocks if isinstance(b, Answer)]
        if len(answers) != 1:
            report.at(f"## {title}", f"“{title}” has {len(answers)} model answers, not one.")
        if not body.partition(MARK)[0].strip():
            report.at(f"## {title}", f"“{title}” has no text in front of its answer.")
    for answer in page.answers:
        words = len(re.findall(r"\w[\w’'-]*", answer.body))
        if not ANSWER[0] <= words <= ANSWER[1]:
            expected = f"{ANSWER[0]} to {ANSWER[1]} are expected"
            report.warn(answer.line, f"{words} words in this model answer; {expected}.")


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
    for entry in page.front.get("sources") or []:
        for key in sorted(set(map(str, entry)) - _SOURCE) if isinstance(entry, dict) else ():
            said = f"Source “{entry.get('id')}” has a key “{key}”."
            report.at(f"id: {entry.get('id')}", f"{said} A text with a comma stands in quotes.")
    for source in page.sources:
        near = f"id: {source.id}" if source.id else "sources:"
        for key in ("id", "title", "by", "checked", "url"):
            if not getattr(source, key):
                report.at(near, f"Source “{source.id}” lacks “{key}”.")
        if source.dated != "undated" and not re.fullmatch(r"\d{4}(-\d\d){0,2}", source.dated):
            report.at(near, f"Source “{source.id}”: “dated” is a date or “undated”.")
        if source.checked and not re.fullmatch(r"\d{4}-\d\d-\d\d", source.checked):
            report.at(near, f"Source “{source.id}”: “checked” has to be a date.")
        elif source.checked and _too_old(source.checked):
            said = f"Source “{source.id}” was checked {source.checked}, a year before this edition."
            report.warn(report.line_of(near), said, "Check it again, or take the fact out.")
        if source.url and not source.url.startswith("https://"):
            report.at(near, f"Source “{source.id}”: the address has to begin with https://.")


def _too_old(checked: str) -> bool:
    """Whether a fact is older than a year at the edition, which rises with each release: the clock
    of a machine must not make an unchanged book fail."""
    year, month = map(int, settings.EDITION.split("."))
    return checked < f"{year - 1:04}-{month:02}-01"


def pattern_problems(pattern: Pattern, library: Library) -> list[Problem]:
    """Everything that is wrong with an account whose structure is right."""
    report = pattern.report
    patterns.check(pattern)
    context = markup.Context(library, report)
    for text in pattern_texts(pattern):
        markup.refuse(text, report)
        markup.convert(text, context)
    for row in pattern.account["range"]:
        if row.get("url") and "<a " in markup.inline(str(row["source"]), context):
            said = f"The source “{row['source']}” is a link and would hold another one."
            report.error(
                report.line_of(str(row["source"])[:30]), said, "Write the id apart: REL 10."
            )
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
