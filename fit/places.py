"""Sections of the guide that explain a question."""

from __future__ import annotations

from functools import lru_cache

from guide import contents
from guide.contents import Chapter, Section


@lru_cache(maxsize=1)
def _contents() -> contents.Contents:
    return contents.load()


def section(id: str) -> Section | None:
    """The section, whose url is its page or, while it is unwritten, its line in the chapter."""
    return _contents().section(id)


def chapter(of: Section) -> Chapter | None:
    return _contents().chapter(of.chapter)
