"""What a browser keeps for reading without a connection, and how much that is.

The list is made beside the PDF, by the same command, since its sizes are those of rendered pages.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path

import brotli
from django.conf import settings

from guide.book import book
from guide.editions import kept
from guide.editions.export import Asking, Place, static_file

FALLBACK = "/book/offline/"
"""What is shown in place of a page that was not kept."""


def path() -> Path:
    """The file of the list; it need not exist."""
    folder: Path = settings.VAR / "book"
    return folder / f"{kept.NAME}-{kept.stamp()}.offline.json"


def reading() -> Iterator[str]:
    """The pages that are read; what only lists or filters them stays on the server."""
    source = book()
    yield from ("/", "/guide/", "/book/", "/book/all/", FALLBACK)
    yield from (page.section.url for page in source.in_order)
    yield from (c.url for c in source.contents.chapters if not c.opening.written)
    yield from ("/glossary/", *(term.url for term in source.glossary.terms))
    yield from ("/patterns/", *(pattern.url for pattern in source.patterns.values()))


def build(paths: Collection[str] | None = None) -> dict[str, object]:
    """Writes the list: version, bytes to fetch, bytes on the device, addresses."""
    ask, static = Asking(), set()
    fetched = stored = 0
    pages = list(dict.fromkeys(paths if paths is not None else reading()))
    for page in pages:
        body, _ = ask.get(page)
        place = Place(page, frozenset(), "")
        place.page(body.decode())
        static |= place.static
        fetched += len(brotli.compress(body, quality=9))
        stored += len(body)
    for name in sorted(static):
        body = static_file(name)
        fetched += len(brotli.compress(body, quality=9))
        stored += len(body)
    made: dict[str, object] = {
        "version": kept.stamp(),
        "fetch": fetched,
        "stored": stored,
        "paths": [*pages, *sorted(static)],
    }
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text(json.dumps(made))
    part.replace(target)
    return made
