"""The files of the book that are offered for download: made by `manage.py book`, kept under var/.

A file is fresh while its name holds the stamp of what it was made from; stale ones are removed when
new ones are made. Making takes seconds, so that no request ever does it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString

from guide.book import Book
from guide.editions.epub import About, epub
from guide.editions.leaf import SECTION
from guide.editions.pdf import cover, pdf
from guide.editions.whole import whole
from guide.ornaments import contour
from guide.problems import ROOT

TITLE = "A field guide to serverless architecture"
NAME = "warmstart-guide"


@dataclass(frozen=True)
class File:
    """One form of the book. `path` need not exist."""

    ending: str
    title: str
    type: str
    path: Path

    @property
    def name(self) -> str:
        return f"{NAME}-{settings.EDITION}.{self.ending}"

    @property
    def size(self) -> int:
        """Bytes; 0 while there is no such file."""
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def url(self) -> str:
        return f"/book/{NAME}.{self.ending}"


_FORMS = (("pdf", "PDF", "application/pdf"), ("epub", "EPUB", "application/epub+zip"))


def files() -> tuple[File, ...]:
    """The forms that can be offered, made or not."""
    folder = settings.VAR / "book"
    return tuple(
        File(ending, title, type, folder / f"{NAME}-{stamp()}.{ending}")
        for ending, title, type in _FORMS
    )


def build(book: Book, say: Callable[[str], None] = lambda line: None, force: bool = False) -> None:
    """Makes what is missing, or all of it. A file appears whole or not at all."""
    wanted = [f for f in files() if force or not f.size]
    if not wanted:
        return
    about, ornaments = _about(book), _contours(book)
    for file in wanted:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        if file.ending == "pdf":
            made = pdf(book, about, ornaments)
        else:
            made = epub(book, about, cover(about, ornaments["cover"]))
        part = file.path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(made)
        part.replace(file.path)
        say(f"{file.path}  {len(made) / 1e6:.1f} MB")
    fresh = {file.path for file in files()}
    for path in settings.VAR.glob(f"book/{NAME}-*"):
        if path not in fresh and not path.name.endswith(".part"):
            path.unlink(missing_ok=True)


def _about(book: Book) -> About:
    dated = max((str(p.checked) for p in book.pages.values() if p.checked), default="2026-01-01")
    return About(TITLE, settings.EDITION, dated, settings.BASE_URL)


def _contours(book: Book) -> dict[str, str]:
    found = {"cover": _ornament(contour(3), "#f3f0e6")}
    for number, leaf in enumerate(whole(book).leaves):
        if leaf.level < SECTION:
            found[leaf.key] = _ornament(contour(number), "#5a665f")
    return found


def _ornament(svg: SafeString, colour: str) -> str:
    text = str(svg).replace("currentColor", colour)
    return text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


@lru_cache(maxsize=1)
def stamp() -> str:
    """A digest of everything that the files are made of."""
    digest = hashlib.sha256(f"{settings.EDITION} {settings.BASE_URL}".encode())
    patterns = ("guide/**/*", "design/**/*", "templates/print/**/*", "static/fonts/*")
    for path in sorted({p for pattern in patterns for p in ROOT.glob(pattern)}):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
