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
    yield from (page.url for page in source.contents.front)
    for chapter in source.contents.chapters:
        yield chapter.url
        yield from (section.url for section in chapter.written)
        if chapter.questions.written:
            yield chapter.questions.url
    yield from ("/glossary/", "/glossary/map/", *(term.url for term in source.glossary.terms))
    yield from ("/patterns/", *(pattern.url for pattern in source.patterns.values()))
    yield from ("/rules/", *(f"/rules/{id}/" for id in RULES))
    yield from ("/plates/", *(plate.url for plate in source.plates.values()))
    yield from ("/kinds/", "/book/all/")
    yield from ("/reference/", *(page.url for page in shelf(source).pages.values()))


def twins() -> Iterator[str]:
    """Pages as Markdown: all of the reading pages and the look-up pages that are texts."""
    for page in pages():
        texts = page.startswith(("/guide/", "/glossary/", "/patterns/", "/rules/", "/reference/"))
        if texts and page != "/glossary/map/":
            yield f"{page}index.md"


def public_paths() -> frozenset[str]:
    """Everything that is the same for everybody: the pages and the files made from them."""
    files = {
        "/schema/sdm-1.json",
        "/glossary/map.svg",
        "/patterns/matrix.csv",
        "/sitemap.xml",
        "/robots.txt",
        "/changes.atom",
        "/llms.txt",
        "/llms-full.txt",
    }
    for plate in book().plates.values():
        files |= {f"/plates/{plate.number}.svg", f"/plates/{plate.number}.yaml"}
    for slug in shelf(book()).pages:
        files |= {f"/reference/{slug}.csv", f"/reference/{slug}.md"}
    return frozenset({*pages(), *twins(), *files})
