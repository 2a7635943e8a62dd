"""The structure of the book: parts, chapters, sections and appendices, from contents.yaml.

Pure data. A section is written when its file exists; one that is not is still listed, and
links to it lead to its line on the chapter's page. Around the sections stand what a chapter
opens with, its review questions, and the pages in front of chapter 1: they are there when their
file is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from design import authored
from guide.problems import CONTENT


@dataclass(frozen=True)
class Section:
    """A section's place in the book. `decide` says what it lets its reader decide."""

    chapter: str
    chapter_number: int
    number: int
    slug: str
    title: str
    decide: str
    path: Path
    written: bool

    @property
    def id(self) -> str:
        return f"{self.chapter}/{self.slug}"

    @property
    def label(self) -> str:
        return f"{self.chapter_number}.{self.number}"

    @property
    def place(self) -> str:
        """Where it is, in front of its title."""
        return self.label

    @property
    def url(self) -> str:
        """Its page, or its line on the chapter's page while it is unwritten."""
        return f"/guide/{self.chapter}/{'' if self.written else '#'}{self.slug}" + (
            "/" if self.written else ""
        )


class Opening(Section):
    """What stands on the page of a chapter above its sections. Plates are numbered 10.0a."""

    @property
    def place(self) -> str:
        return f"Chapter {self.chapter_number}"

    @property
    def url(self) -> str:
        return f"/guide/{self.chapter}/"


class Questions(Section):
    """The review questions behind a chapter's sections. Plates are numbered 10.9a."""

    @property
    def place(self) -> str:
        return f"Chapter {self.chapter_number}"

    @property
    def url(self) -> str:
        return f"/guide/{self.chapter}/questions/"


class FrontPage(Section):
    """A page in front of chapter 1. Plates are numbered 0.1a."""

    @property
    def place(self) -> str:
        return "Before chapter 1"

    @property
    def url(self) -> str:
        return f"/guide/start/{self.slug}/"


@dataclass(frozen=True)
class Chapter:
    number: int
    slug: str
    title: str
    text: str
    part: str
    sections: tuple[Section, ...]
    opening: Opening
    questions: Questions

    @property
    def url(self) -> str:
        return f"/guide/{self.slug}/"

    @property
    def written(self) -> tuple[Section, ...]:
        return tuple(s for s in self.sections if s.written)


@dataclass(frozen=True)
class Part:
    title: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class Appendix:
    letter: str
    slug: str
    title: str
    url: str
    text: str


@dataclass(frozen=True)
class Contents:
    parts: tuple[Part, ...]
    appendices: tuple[Appendix, ...]
    front: tuple[FrontPage, ...] = ()
    _sections: dict[str, Section] = field(default_factory=dict)

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        return tuple(chapter for part in self.parts for chapter in part.chapters)

    def chapter(self, slug: str) -> Chapter | None:
        return next((c for c in self.chapters if c.slug == slug), None)

    def section(self, id: str) -> Section | None:
        return self._sections.get(id)

    @property
    def sections(self) -> tuple[Section, ...]:
        return tuple(self._sections.values())

    @property
    def written(self) -> tuple[Section, ...]:
        return tuple(s for s in self.sections if s.written)

    @property
    def around(self) -> tuple[Section, ...]:
        """The written pages that are no sections: front, openings, review questions."""
        pairs = (page for c in self.chapters for page in (c.opening, c.questions))
        return (*self.front, *(page for page in pairs if page.written))

    def page(self, id: str) -> Section | None:
        """A section, or a written page around the sections."""
        return self.section(id) or next((p for p in self.around if p.id == id), None)

    def of_path(self, path: Path) -> Section | None:
        """The section, or the page around the sections, whose file this is."""
        path = path.resolve()
        return next((s for s in (*self.sections, *self.around) if s.path == path), None)


def load(folder: Path = CONTENT) -> Contents:
    """Reads contents.yaml. Mistakes in it raise: without it there is no book."""
    raw = authored.values((folder / "contents.yaml").read_text(encoding="utf-8"))
    parts, number = [], 0
    for part in raw["parts"]:
        chapters = []
        for entry in part["chapters"]:
            number += 1
            chapters.append(_chapter(entry, number, part["title"], folder))
        parts.append(Part(part["title"], tuple(chapters)))
    appendices = tuple(Appendix(**entry) for entry in raw["appendices"])
    sections = [s for part in parts for chapter in part.chapters for s in chapter.sections]
    return Contents(tuple(parts), appendices, _front(folder), {s.id: s for s in sections})


_NAME = re.compile(r"([1-9])-([a-z0-9-]+)\.md")
_HEAD = re.compile(r"---\n(.*?\n)---\n", re.S)


def _front(folder: Path) -> tuple[FrontPage, ...]:
    """The pages `front/<N>-<slug>.md`; title and text are in their front matter. A file whose
    front matter cannot be read has its slug for a title; the checks say what is wrong with it."""
    pages = []
    for path in sorted((folder / "front").glob("*.md")):
        if not (name := _NAME.fullmatch(path.name)):
            continue
        match = _HEAD.match(path.read_text(encoding="utf-8"))
        try:
            head = authored.values(match[1]) if match else {}
        except yaml.YAMLError:
            head = {}
        head = head if isinstance(head, dict) else {}
        title, text = str(head.get("title") or name[2]), str(head.get("text") or "")
        pages.append(
            FrontPage("front", 0, int(name[1]), name[2], title, text, path.resolve(), True)
        )
    return tuple(pages)


def _chapter(entry: dict, number: int, part: str, folder: Path) -> Chapter:
    slug = entry["slug"]
    sections = []
    for place, section in enumerate(entry["sections"], 1):
        if strange := set(section) - {"slug", "title", "decide"}:
            # A comma in a text without quotes ends it and begins a key.
            raise ValueError(f"contents.yaml: {section['slug']}: quote the text with {strange}")
        path = (folder / f"{number:02}-{slug}" / f"{place}-{section['slug']}.md").resolve()
        sections.append(
            Section(
                chapter=slug,
                chapter_number=number,
                number=place,
                slug=section["slug"],
                title=section["title"],
                decide=section["decide"],
                path=path,
                written=path.is_file(),
            )
        )
    here = folder / f"{number:02}-{slug}"
    title = entry["title"]
    opening, questions = here / "0-opening.md", here / "9-questions.md"
    return Chapter(
        number,
        slug,
        title,
        entry["text"],
        part,
        tuple(sections),
        Opening(slug, number, 0, "opening", title, "", opening.resolve(), opening.is_file()),
        Questions(
            *(slug, number, 9, "questions", "Review questions"),
            f"Open questions on {title}, each with a model answer",
            questions.resolve(),
            questions.is_file(),
        ),
    )
