"""The stylesheets of the site, each put together from the files in `styles/`.

A page links one of them, made for its kind: a reader of the guide does not download the editor.
Every file says in its first line which stylesheets take it (`/* For: book lookup */`), and they
take it in the order of the names, so that a rule for one kind follows the rules for all. The
style guide shows every component, so it takes every file.

The stylesheets are written under var/ when they are first asked for and when a file changes;
`collectstatic` and the development server find them like any other static file.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAMES = ("book", "lookup", "fit", "practice", "reviews", "styleguide")
_FOLDER = settings.BASE_DIR / "styles"
_FOR = re.compile(r"/\* For: ([a-z ]+?) \*/\n")
_COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)


def sources() -> list[Path]:
    return sorted(_FOLDER.glob("*.css"))


@lru_cache(maxsize=len(NAMES))
def _built(name: str, _changed: tuple[int, ...]) -> str:
    parts = []
    for path in sources():
        text = path.read_text("utf-8")
        named = _FOR.match(text)
        if named is None:
            raise ValueError(f"{path.name}: the first line must say /* For: ... */")
        if unknown := set(named[1].split()) - set(NAMES):
            raise ValueError(f"{path.name}: no stylesheet is called {', '.join(sorted(unknown))}")
        if name == "styleguide" or name in named[1].split():
            parts.append(_COMMENT.sub("", text))
    return re.sub(r"\n+", "\n", "".join(parts)).lstrip()


def stylesheet(name: str) -> str:
    """The text of one stylesheet. Raises ValueError if a file says nothing that makes sense."""
    return _built(name, tuple(path.stat().st_mtime_ns for path in sources()))


def written(name: str) -> Path:
    """The stylesheet as a file, written anew if its text has changed. Several processes may
    write at once: each puts a whole file in place."""
    text, path = stylesheet(name), settings.VAR / "styles" / f"{name}.css"
    if path.exists() and path.read_text("utf-8") == text:
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".new")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    made = Path(temporary)
    made.chmod(0o644)
    made.replace(path)
    return path


class StylesFinder(BaseFinder):
    """Finds `book.css` and the others for everything that looks for static files."""

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        name, dot, ending = path.rpartition(".")
        if (dot, ending) != (".", "css") or name not in NAMES:
            return []
        found = str(written(name))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        storage = FileSystemStorage(location=str(settings.VAR / "styles"))
        for name in NAMES:
            yield written(name).name, storage

    def check(self, **_: Any) -> list[Any]:
        return []
