"""The book: everything the reading pages show, loaded once for each process.

`book()` reads the files; a section becomes HTML the first time somebody asks for it and is
then kept. In development it is all read again when a file changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from design import authored
from guide import drawings, library, markup, reading
from guide.contents import Chapter, Section
from guide.glossary import Term
from guide.library import Library
from guide.markup import Context, Heading
from guide.patterns import Pattern
from guide.plates import Plate
from guide.problems import CONTENT, ROOT, Report
from guide.reading import MARK, Answer, Block, Exercise, Page, Sum
from guide.tree import Tree


@dataclass(frozen=True)
class Rendered:
    """A section as HTML, with the headings of its contents."""

    html: SafeString
    headings: tuple[Heading, ...]


@dataclass(frozen=True)
class Placed:
    """An exercise that stands in a section."""

    section: Section
    checked: str
    exercise: Exercise


class Book:
    """All of the guide. Attributes are read-only values; methods answer questions."""

    def __init__(self, shelf: Library, folder: Path = CONTENT) -> None:
        self.library = shelf
        self.contents = shelf.contents
        self.glossary = shelf.glossary
        self.patterns = shelf.patterns
        raw = authored.values((folder / "contents.yaml").read_text(encoding="utf-8"))
        self.front: dict[str, str] = raw["front"]
        self.pages: dict[str, Page] = {s.id: reading.read(s) for s in self.contents.written}
        self.around: dict[str, Page] = {s.id: reading.read(s) for s in self.contents.around}
        self.designs = tuple(
            Plate(
                str(number),
                (folder / "designs" / f"{entry['file']}.yaml").read_text(encoding="utf-8"),
                entry["caption"],
                1,
                home="/" if number == 1 else f"/plates/{number}/",
                home_title="Front page" if number == 1 else "Designs",
            )
            for number, entry in enumerate(raw["designs"], 1)
        )
        self._rendered: dict[str, Rendered] = {}
        self._figures: dict[str, SafeString] = {}

    # Sections

    def page(self, id: str) -> Page | None:
        """A section, an opening, review questions or a page in front of the book."""
        return self.pages.get(id) or self.around.get(id)

    def rendered(self, id: str) -> Rendered:
        """The HTML of a written page. Raises KeyError for another."""
        if id not in self._rendered:
            self._rendered[id] = self._render(self.pages.get(id) or self.around[id])
        return self._rendered[id]

    def _render(self, page: Page) -> Rendered:
        context = self.context(page.section.chapter)
        made = markup.convert(page.body, context)
        return Rendered(self._filled(made.html, page, context), made.headings)

    def _filled(self, body: str, page: Page, context: Context) -> SafeString:
        """HTML with the blocks of the page in place of their marks."""

        def block(match: re.Match[str]) -> str:
            return self._block(page.blocks[int(match[1])], page, context)

        return mark_safe(re.sub(rf"<p>{MARK}(\d+){MARK}</p>", block, body))

    def _block(self, what: Block, page: Page, context: Context) -> str:
        if isinstance(what, Plate):
            caption = f"<p>{markup.inline(what.caption, context)}</p>"
            return drawings.figure(what, caption)
        if isinstance(what, Sum):
            return render_to_string("guide/_numbers.html", {"lines": what.lines})
        if isinstance(what, Answer):
            inside = self._filled(markup.convert(what.body, context).html, page, context)
            return render_to_string("guide/_answer.html", {"body": inside})
        return self._question(what, context)

    def _question(self, exercise: Exercise, context: Context) -> str:
        options = [(id, mark_safe(markup.inline(text, context))) for id, text in exercise.options]
        prompt = mark_safe(markup.convert(exercise.prompt, context).html)
        shown = {"exercise": exercise, "prompt": prompt, "options": options}
        return render_to_string("guide/_exercise.html", shown)

    def context(self, chapter: str = "") -> Context:
        """For converting one page; problems were reported by the checks and are dropped here."""
        return Context(self.library, Report(CONTENT), chapter)

    def inline(self, text: str, context: Context | None = None) -> SafeString:
        return mark_safe(markup.inline(text, context or self.context()))

    def text(self, text: str, context: Context | None = None) -> SafeString:
        return mark_safe(markup.convert(text, context or self.context()).html)

    @cached_property
    def tree(self) -> Tree:
        return Tree(self.contents)

    @cached_property
    def in_order(self) -> tuple[Page, ...]:
        """Every written page from the first to the last, as somebody reads who skips nothing."""
        places: list[Section] = [*self.contents.front]
        for chapter in self.contents.chapters:
            places += [chapter.opening, *chapter.sections, chapter.questions]
        return tuple(page for place in places if (page := self.page(place.id)))

    def beside(self, place: Section) -> tuple[Page | None, Page | None]:
        """The written pages before and after one."""
        ids = [page.section.id for page in self.in_order]
        at = ids.index(place.id)
        before = self.in_order[at - 1] if at else None
        return before, self.in_order[at + 1] if at + 1 < len(ids) else None

    def exercises(self) -> tuple[Placed, ...]:
        """The questions that stand in sections, in order of the book."""
        return tuple(
            Placed(page.section, str(page.checked or ""), exercise)
            for page in self.pages.values()
            for exercise in page.exercises
        )

    def exercises_named(self, ids: Iterable[str]) -> list[tuple[str, str]]:
        """(id, title) of those that exist, in a section or in the bank."""
        return [(id, title) for id in ids if (title := self._exercise_title(id))]

    def _exercise_title(self, id: str) -> str:
        for placed in self.exercises():
            if placed.exercise.id == id:
                return placed.exercise.title
        for path in (ROOT / "scenarios" / "bank").glob(f"*/{id}.yaml"):
            if found := re.search(r'^title: *"?(.*?)"? *$', path.read_text(encoding="utf-8"), re.M):
                return found[1]
        return ""

    # Plates

    @cached_property
    def plates(self) -> dict[str, Plate]:
        """All plates by number: designs, sections, patterns."""
        in_sections = [plate for page in self.in_order for plate in page.plates]
        of_patterns = [pattern.plate for pattern in self.patterns.values()]
        return {p.number: p for p in (*self.designs, *in_sections, *of_patterns)}

    def figure(self, plate: Plate) -> SafeString:
        if plate.number not in self._figures:
            caption = f"<p>{self.inline(plate.caption)}</p>"
            self._figures[plate.number] = drawings.figure(plate, caption)
        return self._figures[plate.number]

    # Who speaks of what

    def sections_naming(self, rule: str) -> list[Section]:
        return [p.section for p in self.pages.values() if rule in p.named("rules")]

    def sections_of_pattern(self, pattern: Pattern) -> list[Section]:
        """Sections that an account names, and those that name it."""
        named = {*pattern.sections}
        named |= {p.section.id for p in self.pages.values() if pattern.slug in p.named("patterns")}
        return [s for s in self.contents.sections if s.id in named]

    def sections_using(self, term: Term) -> list[Section]:
        return [
            page.section for page in self.pages.values() if term.id in self._terms[page.section.id]
        ]

    @cached_property
    def _terms(self) -> dict[str, set[str]]:
        """The ids of the terms of each section."""
        found = {}
        for id, page in self.pages.items():
            linked = re.findall(r"\[\[([^\[\]|\n]+)(?:\|[^\]\n]*)?\]\]", page.body)
            terms = (self.glossary.find(name) for name in (*page.named("terms"), *linked))
            found[id] = {t.id for t in terms if t}
        return found

    def terms_of(self, chapter: Chapter) -> list[Term]:
        return [t for t in self.glossary.terms if t.section.startswith(f"{chapter.slug}/")]

    def patterns_of(self, chapter: Chapter) -> list[Pattern]:
        here = {s.id for s in chapter.sections}
        return [
            p for p in self.patterns.values() if here & {s.id for s in self.sections_of_pattern(p)}
        ]


@lru_cache(maxsize=1)
def _kept(stamp: tuple[object, ...]) -> Book:
    return Book(library.load())


def book() -> Book:
    return _kept(_stamp() if settings.DEBUG else ())


def _stamp() -> tuple[object, ...]:
    files = sorted(p for p in CONTENT.rglob("*") if p.suffix in (".md", ".yaml"))
    return tuple((str(p), p.stat().st_mtime_ns) for p in files)
