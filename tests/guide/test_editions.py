"""The book as EPUB and as PDF: strict about what reading programs are strict about."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as etree
import zipfile
from copy import deepcopy
from functools import cache
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from django.conf import settings
from django.test import Client

from guide.book import Book, book
from guide.editions import kept, pdf
from guide.editions.epub import About, epub
from guide.editions.leaf import PART
from tests.guide.shelf import DESIGN, FRONT, everything, shelf
from tests.guide.test_around import written

ABOUT = About("A <guide> & more", "2026.11", "2026-11-25", "https://example.org")
OPF = {"o": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}
X = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
RICH = f"""
Words with [[DLQ]], EVT04, `a < b`, *weight* and [a place](https://example.com/?a=1&b=2).

## A heading {{#by-hand}}

> A quotation.

**A table**

| Name | Count |
| --- | ---: |
| One & two | 3 |

!!! hazard "Look"
    Out.

!!! margin "Aside"
    A note.

=== "AWS"
    One.

=== "Azure"
    Two.

```yaml
key: "#not [markup] $x$"
```

- a
- b

```design
{DESIGN}```

*Before. Fails EVT04.*

```numbers
one = 1 = 1
```

```exercise
id: q-0101-case
type: single
title: A case
prompt: What now?
options:
  - {{id: a, text: "Wait", correct: true, why: "A secret reason."}}
  - {{id: b, text: "Stop <here>", why: "It fails."}}
  - {{id: c, text: "Go", why: "It fails."}}
```
"""


def small(root: Path) -> Book:
    folder = written(root)
    (folder / "01-first" / "1-alpha.md").write_text(FRONT + RICH)
    return Book(shelf(folder), folder)


@cache
def made() -> zipfile.ZipFile:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("guide.editions.epub.whole", lambda *_: deepcopy(everything()))
        return zipfile.ZipFile(io.BytesIO(epub(book(), ABOUT, b"\x89PNG\r\n\x1a\n")))


@cache
def page(name: str) -> etree.Element:
    return etree.fromstring(made().read(name))


@cache
def package() -> etree.Element:
    return page("OPS/package.opf")


def test_the_archive_begins_with_its_type_uncompressed() -> None:
    first = made().infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert made().read("mimetype") == b"application/epub+zip" and not first.extra
    assert len(made().namelist()) == len(set(made().namelist()))
    container = page("META-INF/container.xml")
    (root,) = container.iter("{urn:oasis:names:tc:opendocument:xmlns:container}rootfile")
    assert root.get("full-path") in made().namelist()


def test_the_manifest_names_every_file_once_and_nothing_else() -> None:
    items = package().findall("o:manifest/o:item", OPF)
    names = [f"OPS/{item.get('href')}" for item in items]
    inside = set(made().namelist()) - {"mimetype", "META-INF/container.xml", "OPS/package.opf"}
    assert sorted(names) == sorted(inside)
    ids = [item.get("id", "") for item in items]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[a-z][\w-]*", id) for id in ids)
    marks = {p: i.get("href") for i in items for p in (i.get("properties") or "").split()}
    assert marks["nav"] == "nav.xhtml" and marks["cover-image"] == "cover.png"


def test_the_spine_reads_every_page_once() -> None:
    kinds = {i.get("id"): i.get("media-type") for i in package().findall("o:manifest/o:item", OPF)}
    read = [ref.get("idref") for ref in package().findall("o:spine/o:itemref", OPF)]
    assert len(set(read)) == len(read)
    assert set(read) == {id for id, kind in kinds.items() if kind == "application/xhtml+xml"}


def test_the_package_says_who_it_is_and_for_whom() -> None:
    metadata = package().find("o:metadata", OPF)
    assert metadata is not None
    for name in ("identifier", "title", "language", "creator", "date", "rights"):
        assert metadata.findtext(f"dc:{name}", "", OPF), name
    assert metadata.findtext("dc:title", "", OPF) == ABOUT.title
    said = [(m.get("property") or "", m.text or "") for m in metadata.findall("o:meta", OPF)]
    names = {name for name, _ in said}
    assert ("dcterms:modified", "2026-11-25T00:00:00Z") in said
    assert ("schema:accessModeSufficient", "textual") in said
    assert {"schema:accessibilityHazard", "schema:accessibilitySummary"} <= names


def test_every_page_is_well_formed_with_ids_of_its_own_and_drawings_declared() -> None:
    items = {i.get("href"): i.get("properties") for i in package().findall(".//o:item", OPF)}
    for name in made().namelist():
        if not name.endswith(".xhtml"):
            continue
        tree = page(name)
        ids = [e.get("id") for e in tree.iter() if e.get("id")]
        assert len(ids) == len(set(ids)), name
        drawn = next(tree.iter("{http://www.w3.org/2000/svg}svg"), None) is not None
        assert (items[name.removeprefix("OPS/")] == "svg") == drawn, name
        assert tree.get("lang") == "en-GB" and (tree.findtext(f"{X}head/{X}title") or "").strip()
        assert len(list(tree.iter(f"{X}h1"))) <= 1, name
        for link in tree.iter(f"{X}a"):
            assert len(list(link.iter(f"{X}a"))) == 1, name


def test_every_link_within_arrives_and_nothing_is_fetched_from_outside() -> None:
    ids = {
        name: {e.get("id") for e in page(name).iter()}
        for name in made().namelist()
        if name.endswith(".xhtml")
    }
    for name in ids:
        for element in page(name).iter():
            for key in ("src", "data", "poster", "{http://www.w3.org/1999/xlink}href"):
                assert not element.get(key, "").startswith("http"), name
            href = element.get("href")
            if href is None or href.startswith(("https://", "mailto:")):
                continue
            target, anchor = urldefrag(href)
            file = f"OPS/{target}" if target else name
            assert file in made().namelist(), (name, href)
            assert not anchor or anchor in ids[file], (name, href)
    assert b"url(http" not in made().read("OPS/style.css")


def test_the_contents_hold_every_part_chapter_and_section() -> None:
    navs = {nav.get(EPUB_TYPE): nav for nav in page("OPS/nav.xhtml").iter(f"{X}nav")}
    listed = [a.get("href") for a in navs["toc"].iter(f"{X}a")]
    assert listed == [f"{leaf.key}.xhtml" for leaf in everything().leaves]
    assert all(len(ol) for ol in page("OPS/nav.xhtml").iter(f"{X}ol"))
    assert {"landmarks", "loi"} <= set(navs)


def test_the_same_book_is_the_same_file(tmp_path: Path) -> None:
    source = small(tmp_path)
    assert epub(source, ABOUT, b"png") == epub(source, ABOUT, b"png")


def test_answers_and_keys_stay_out(tmp_path: Path) -> None:
    archive = zipfile.ZipFile(io.BytesIO(epub(small(tmp_path), ABOUT, b"png")))
    text = archive.read("OPS/section-1-1.xhtml").decode()
    assert "Stop &lt;here&gt;" in text and "secret" not in text
    assert 'href="https://example.org/practice/q-0101-case/"' in text


# PDF


def test_headings_never_skip_a_level() -> None:
    """What PDF/UA asks for, and what the typesetter refuses otherwise."""
    for leaf in everything().leaves:
        aside = {id(e) for tag in ("aside", "section") for box in leaf.body.iter(tag) for e in box}
        now = 1
        for element in leaf.body.iter():
            if element.tag in ("h2", "h3", "h4") and id(element) not in aside:
                level = int(element.tag[1])
                assert level <= now + 1, (leaf.key, "".join(element.itertext()))
                now = level


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    source = small(tmp_path_factory.mktemp("small"))
    return pdf.pdf(source, ABOUT, kept._contours(source))


def test_the_pdf_is_tagged_and_has_an_outline_and_a_language(printed: bytes) -> None:
    assert printed.startswith(b"%PDF-")
    for mark in (b"/Outlines", b"/StructTreeRoot", b"/Lang", b"/Dests"):
        assert mark in printed, mark
    assert b"pdfuaid" in printed or b"/MarkInfo" in printed


def test_the_pdf_is_the_same_for_the_same_book(printed: bytes, tmp_path: Path) -> None:
    source = small(tmp_path)
    assert pdf.pdf(source, ABOUT, kept._contours(source)) == printed


def test_every_label_that_is_linked_is_set_once() -> None:
    source = book()
    gathered = everything()
    wanted = {a.get("data-to") for leaf in gathered.leaves for a in leaf.body.iter("a")} - {None}
    set_: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if "id" in node:
                set_.append(node["id"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    for leaf in gathered.leaves:
        set_.append(leaf.key)
        walk(pdf._Nodes(source, wanted).children(leaf.body))
    assert len(set_) == len(set(set_)) and wanted <= set(set_)


def test_columns_are_as_wide_as_their_words_need() -> None:
    table = pdf._Nodes(book(), set())
    rows = "<tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>x</td><td>" + "word " * 40
    tree = pdf_table(f"<table><thead>{rows}</td></tr></tbody></table>")
    shown = table.node(tree)
    assert shown["columns"][0] == 0 and shown["columns"][1] > 10 and shown["heads"] == 1


def pdf_table(html: str) -> etree.Element:
    from guide.editions.elements import parse

    return parse(html)[0]


# Files that are offered


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "VAR", tmp_path)
    return tmp_path


def test_what_is_not_made_is_not_offered(var: Path, client: Client) -> None:
    assert b"Not made yet" in client.get("/book/").content
    contents = client.get("/guide/")
    assert b"warmstart-guide" not in contents.content and contents["Cache-Control"] == "no-cache"
    assert client.get("/book/warmstart-guide.pdf").status_code == 404
    assert client.get("/book/warmstart-guide.exe").status_code == 404


def test_what_is_made_is_offered_with_its_size(
    var: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    (var / "content").mkdir()
    source = small(var / "content")
    old = var / "book" / "warmstart-guide-0000.pdf"
    old.parent.mkdir()
    old.write_bytes(b"old")
    said: list[str] = []
    monkeypatch.setattr(kept, "pdf", lambda *_: b"%PDF-" + b"0" * 3_000_000)
    kept.build(source, said.append)
    assert len(said) == 2 and not old.exists()
    contents = client.get("/guide/")
    assert "2.9\xa0MB" in contents.content.decode() and "Cache-Control" not in contents
    response = client.get("/book/warmstart-guide.epub")
    assert response["Content-Type"] == "application/epub+zip"
    assert f'filename="warmstart-guide-{settings.EDITION}.epub"' in response["Content-Disposition"]
    assert zipfile.is_zipfile(io.BytesIO(b"".join(response.streaming_content)))
    again = client.get("/book/warmstart-guide.epub", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    kept.build(source, said.append)
    assert len(said) == 2


def test_a_part_is_a_title_alone() -> None:
    for leaf in everything().leaves:
        assert leaf.level != PART or not list(leaf.body)
