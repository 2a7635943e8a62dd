"""The structure of the book: parts, chapters, sections and appendices, from contents.yaml.

Pure data. A section is written when its file exists; one that is not is still listed, and
links to it lead to its line on the chapter's page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

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
    def url(self) -> str:
        """Its page, or its line on the chapter's page while it is unwritten."""
        return f"/guide/{self.chapter}/{'' if self.written else '#'}{self.slug}" + (
            "/" if self.written else ""
        )


@dataclass(frozen=True)
class Chapter:
    number: int
    slug: str
    title: str
    text: str
    part: str
    sections: tuple[Section, ...]

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

    def of_path(self, path: Path) -> Section | None:
        """The section whose file this is."""
        path = path.resolve()
        return next((s for s in self.sections if s.path == path), None)


def load(folder: Path = CONTENT) -> Contents:
    """Reads contents.yaml. Mistakes in it raise: without it there is no book."""
    raw = yaml.safe_load((folder / "contents.yaml").read_text(encoding="utf-8"))
    parts, number = [], 0
    for part in raw["parts"]:
        chapters = []
        for entry in part["chapters"]:
            number += 1
            chapters.append(_chapter(entry, number, part["title"], folder))
        parts.append(Part(part["title"], tuple(chapters)))
    appendices = tuple(Appendix(**entry) for entry in raw["appendices"])
    sections = [s for part in parts for chapter in part.chapters for s in chapter.sections]
    return Contents(tuple(parts), appendices, {s.id: s for s in sections})


def _chapter(entry: dict, number: int, part: str, folder: Path) -> Chapter:
    slug = entry["slug"]
    sections = []
    for place, section in enumerate(entry["sections"], 1):
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
    return Chapter(number, slug, entry["title"], entry["text"], part, tuple(sections))
