"""The book as files: every link in them arrives, and what only the site can do leads to the site."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag

import brotli
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from guide.book import book
from guide.editions import kept
from guide.editions.export import Place, export, file_of

SITE = "https://site.example"
SECTION = "/guide/reliability-and-resilience/dead-letter-queues-quarantine/"
PATHS = (
    *(
        "/",
        "/guide/",
        "/guide/reliability-and-resilience/",
        SECTION,
        f"{SECTION}index.md",
        "/book/",
    ),
    *("/glossary/", "/glossary/dead-letter-queue/", "/patterns/", "/patterns/saga/", "/rules/"),
    *("/rules/EVT05/", "/plates/", "/plates/10.3a/", "/plates/10.3a.svg", "/plates/10.3a.yaml"),
    *("/kinds/", "/llms.txt", "/changes.atom", "/schema/sdm-1.json"),
)


class Parsed(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.ids: set[str] = set()
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(f"{tag} {values.get('method', '')}".strip())
        if id := values.get("id"):
            self.ids.add(id)
        self.links += [(tag, values[k] or "") for k in ("href", "src", "action") if values.get(k)]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "VAR", tmp_path_factory.mktemp("var"))
        for file in kept.files():
            file.path.parent.mkdir(exist_ok=True)
            file.path.write_bytes(b"made")
        export(folder, SITE, PATHS)
    return folder


def test_every_link_in_the_export_arrives(exported: Path) -> None:
    pages = {path: Parsed(path.read_text()) for path in exported.rglob("*.html")}
    assert len(pages) > 12
    within = 0
    for path, parsed in pages.items():
        for _, link in parsed.links:
            if re.match(r"https?:|mailto:|data:", link):
                continue
            target, anchor = urldefrag(link)
            file = (path.parent / target).resolve() if target else path
            assert file.is_file(), (path, link)
            assert not anchor or file.suffix != ".html" or anchor in pages[file].ids, (path, link)
            within += 1
    assert within > 300


def test_what_the_site_does_leads_to_the_site(exported: Path) -> None:
    for path in exported.rglob("*.html"):
        parsed = Parsed(path.read_text())
        assert "form post" not in parsed.tags, path
        forms = [link for tag, link in parsed.links if tag == "form"]
        assert forms and all(link.startswith(f"{SITE}/") for link in forms), path
    section = (exported / file_of(SECTION)).read_text()
    assert f'href="{SITE}/practice/q-1003-attempts-for-failover/"' in section
    assert "Answer it on the site" in section


def test_files_and_downloads_are_there(exported: Path) -> None:
    assert (exported / "book" / "warmstart-guide.epub").read_bytes() == b"made"
    assert (exported / "plates" / "10.3a.yaml").read_text() == book().plates["10.3a"].text
    assert all((exported / "static" / name).is_file() for name in ("book.css", "app.js", "more.js"))
    text = (exported / file_of(f"{SECTION}index.md")).read_text()
    assert not re.search(r"\]\(/", text) and "](../../../glossary/" in text


def test_texts_have_compressed_siblings(exported: Path) -> None:
    for path in exported.rglob("*"):
        if path.suffix in (".html", ".css", ".js", ".md", ".svg"):
            body = path.read_bytes()
            assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == body
            assert brotli.decompress(path.with_name(f"{path.name}.br").read_bytes()) == body
    assert not list(exported.rglob("*.epub.gz"))


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("/a/", "index.html"),
        ("/a/#x", "index.html#x"),
        ("#x", "#x"),
        ("/", "../index.html"),
        ("/b/c.yaml", "../b/c.yaml"),
        ("/static/book.css", "../static/book.css"),
        ("/elsewhere/?q=1#y", f"{SITE}/elsewhere/?q=1#y"),
        ("/a/?q=1", f"{SITE}/a/?q=1"),
        ("?sort=title", f"{SITE}/a/?sort=title"),
        ("https://example.org/a/", "https://example.org/a/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("data:,x", "data:,x"),
        ("//example.org/x", "//example.org/x"),
    ],
)
def test_links_of_a_page(link: str, shown: str) -> None:
    place = Place("/a/", frozenset({"/", "/a/", "/b/c.yaml"}), SITE)
    assert place.link(link) == shown


def test_an_export_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_book", str(tmp_path))
    with pytest.raises(CommandError, match="expected an address"):
        call_command("export_book", str(tmp_path / "new"), "--site", "example.org")


def test_a_page_that_does_not_answer_stops_it(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="/none/ answers 404"):
        export(tmp_path, SITE, ["/none/"])
