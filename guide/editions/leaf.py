"""A leaf of the book: one of its texts as a tree of elements."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from guide.book import Book
from guide.markup import Context
from guide.problems import CONTENT, Report

PART, CHAPTER, SECTION = 1, 2, 3


@dataclass
class Leaf:
    """One page of the book. `key` is its id; a part has a title only."""

    key: str
    level: int
    number: str
    title: str
    body: Element
    url: str = ""
    lead: str = ""
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        return f"{self.number} {self.title}".strip()


def context_of(book: Book, chapter: str = "") -> Context:
    return Context(book.library, Report(CONTENT), chapter, popovers=False)
