"""Chapters and sections of the guide, as practice numbers, names and links them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from guide import contents
from guide.contents import Contents


@dataclass(frozen=True)
class Spot:
    number: str
    title: str
    url: str


@lru_cache(maxsize=1)
def _contents() -> Contents:
    return contents.load()


def chapter(slug: str) -> Spot:
    found = _contents().chapter(slug)
    return Spot(str(found.number), found.title, found.url) if found else _unknown(slug)


def section(id: str) -> Spot:
    found = _contents().section(id)
    return Spot(found.label, found.title, found.url) if found else _unknown(id)


def exists(section: str) -> bool:
    return _contents().section(section) is not None


def order(section: str) -> tuple[int, int]:
    """Sorts section ids as the guide does; unknown ones come last."""
    found = _contents().section(section)
    return (found.chapter_number, found.number) if found else (999, 0)


def _unknown(id: str) -> Spot:
    """A place that a log remembers and the guide no longer has."""
    return Spot("", id.rpartition("/")[2].replace("-", " ").capitalize(), "/guide/")
