"""Every public page of the guide, for the page cache, the sitemap and the tests that walk it."""

from __future__ import annotations

from collections.abc import Iterator

from design.rules import RULES
from guide.book import book
from guide.reference_pages import shelf


def pages() -> Iterator[str]:
    """Addresses of HTML pages, in order of the book."""
    source = book()
    yield from ("/", "/guide/")
    for chapter in source.contents.chapters:
        yield chapter.url
        yield from (section.url for section in chapter.written)
    yield from ("/glossary/", "/glossary/map/", *(term.url for term in source.glossary.terms))
    yield from ("/patterns/", *(pattern.url for pattern in source.patterns.values()))
    yield from ("/rules/", *(f"/rules/{id}/" for id in RULES))
    yield from ("/plates/", *(plate.url for plate in source.plates.values()))
    yield "/kinds/"
    yield from ("/reference/", *(page.url for page in shelf(source).pages.values()))


def public_paths() -> frozenset[str]:
    """Everything that is the same for everybody: the pages and the files made from them."""
    source = book()
    files = {
        "/schema/sdm-1.json",
        "/glossary/map.svg",
        "/patterns/matrix.csv",
        "/sitemap.xml",
        "/robots.txt",
        "/llms.txt",
    }
    for plate in source.plates.values():
        files |= {f"/plates/{plate.number}.svg", f"/plates/{plate.number}.yaml"}
    for slug in shelf(source).pages:
        files |= {f"/reference/{slug}.csv", f"/reference/{slug}.md"}
    files |= {f"{section.url}index.md" for section in source.contents.written}
    return frozenset({*pages(), *files})
