"""What programs read: Markdown twins, descriptions in the head, feed, sitemap; and the whole book on
one page."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as etree
from functools import cache

import pytest
from django.conf import settings
from django.test import Client

from design.rules import RULES
from guide import linked
from guide.addresses import pages, twins
from guide.book import book
from guide.editions import elements
from guide.editions.onepage import articles
from tests.guide.shelf import everything

SECTION = "/guide/reliability-and-resilience/dead-letter-queues-quarantine/"
_ALTERNATE = re.compile(r'<link rel="alternate" type="text/markdown" href="([^"]+)">')
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)">')
_DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


@cache
def body(path: str) -> str:
    return Client().get(path).content.decode()


def described(path: str) -> dict:
    found = _DATA.findall(body(path))
    assert len(found) == 1, path
    return json.loads(found[0])


SAMPLES = [
    *("/guide/", "/guide/reliability-and-resilience/", SECTION, "/glossary/"),
    *("/glossary/dead-letter-queue/", "/patterns/", "/patterns/saga/", "/rules/", "/rules/EVT05/"),
]


@pytest.mark.parametrize("path", SAMPLES)
def test_a_page_names_its_twin_and_its_one_address(path: str) -> None:
    assert _ALTERNATE.findall(body(path)) == [f"{path}index.md"]
    assert _CANONICAL.findall(body(path)) == [settings.BASE_URL + path]


def test_the_address_is_the_same_with_a_query() -> None:
    page = body("/glossary/?q=poison")
    assert _CANONICAL.findall(page) == [f"{settings.BASE_URL}/glossary/"]


def test_tools_and_errors_say_nothing_to_programs() -> None:
    for path in ("/glossary/none/", "/search?q=x", "/styleguide/"):
        assert "canonical" not in body(path) and "ld+json" not in body(path)


def test_every_twin_is_a_text_with_a_title() -> None:
    addresses = list(twins())
    assert len(addresses) == len(set(addresses)) > 300
    for path in addresses[::7]:
        text = body(path)
        assert text.startswith(("# ", "---\n")) and text.endswith("\n"), path
        assert "<span" not in text, path


def test_a_twin_of_a_pattern_holds_its_shape_and_its_account() -> None:
    text = body("/patterns/saga/index.md")
    assert "```yaml\nmodel: sdm/1" in text and "## Hazards" in text and "\nRead [" in text


def test_twins_of_what_is_not_there_are_not_there(client: Client) -> None:
    for path in ("/guide/none", "/guide/none/none", "/glossary/none", "/patterns/none", "/rules/X"):
        assert client.get(f"{path}/index.md").status_code == 404


def test_pages_describe_themselves() -> None:
    section = described(SECTION)
    assert section["@type"] == "TechArticle" and section["isPartOf"]["@type"] == "Book"
    assert section["dateModified"] == "2026-11-21" and len(section["citation"]) == 10
    term = described("/glossary/dead-letter-queue/")
    assert term["@type"] == "DefinedTerm" and term["inDefinedTermSet"]["url"].endswith("/glossary/")
    assert described("/")["potentialAction"]["target"]["urlTemplate"].endswith("/search?q={q}")
    assert described("/guide/serverless-security/")["breadcrumb"]["itemListElement"][1]["position"]


def test_a_description_cannot_leave_its_element() -> None:
    shown = linked._data({"name": "</script><script>alert(1)</script>"})
    assert "<" not in shown and json.loads(shown)["name"].startswith("</script>")


def test_the_feed_is_well_formed_and_newest_first() -> None:
    root = etree.fromstring(body("/changes.atom"))
    atom = {"a": "http://www.w3.org/2005/Atom"}
    days = [e.text or "" for e in root.findall("a:entry/a:updated", atom)]
    assert len(days) == len(book().pages) and days == sorted(days, reverse=True)
    ids = [e.text for e in root.findall("a:entry/a:id", atom)]
    assert len(set(ids)) == len(ids) and root.findtext("a:updated", "", atom) == days[0]


def test_the_sitemap_says_when_a_section_was_checked() -> None:
    root = etree.fromstring(body("/sitemap.xml"))
    days = [e.text for e in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}lastmod")]
    assert len(days) == len(book().pages)


def test_programs_find_every_section_and_the_whole_text() -> None:
    index, text = body("/llms.txt"), body("/llms-full.txt")
    for section in book().contents.written:
        assert f"{section.url}index.md" in index
        assert f"<!-- {section.url} -->" in text
    assert "correct: true" not in text


# The whole book


def test_the_whole_book_leads_nowhere_that_is_not_there() -> None:
    made = everything()
    seen: set[str] = set()
    for leaf in made.leaves:
        ids = [leaf.key, *(e.get("id", "") for e in leaf.body.iter() if e.get("id"))]
        assert len(ids) == len(set(ids)) and not seen & set(ids), leaf.key
        seen |= set(ids)
    targets = {a.get("data-to") for leaf in made.leaves for a in leaf.body.iter("a")} - {None}
    assert targets and targets <= seen and targets <= set(made.home)
    assert all(
        a.get("data-to") or a.get("href", "").startswith(("https://", "mailto:"))
        for leaf in made.leaves
        for a in leaf.body.iter("a")
    )
    assert {f"rule-{id}" for id in RULES} <= seen
    assert {plate.anchor for plate in book().plates.values() if "." in plate.number} <= seen


def test_the_whole_book_holds_no_form_and_no_mark() -> None:
    for leaf in everything().leaves:
        tags = {e.tag for e in leaf.body.iter()}
        assert not tags & {"form", "input", "button", "script", "svg"}, leaf.key
        assert not re.search("[\ue000-\uf8ff]", "".join(leaf.body.itertext())), leaf.key


def test_one_page_holds_every_section_and_every_drawing_once() -> None:
    shown = articles(book())
    page = body("/book/all/")
    assert sum(a.level == "section" for a in shown) >= len(book().contents.written)
    for plate in book().plates.values():
        if "." in plate.number:
            assert page.count(f'id="{plate.anchor}"') == 1
    assert "popover" not in page and "\ue001" not in page


def test_the_whole_book_is_an_address_that_is_kept() -> None:
    assert "/book/all/" in set(pages())


@pytest.mark.parametrize(
    "text", ["<p>a <b>b</b> c</p>d", '<a href="/x?a=1&amp;b=2">&lt;t&gt;</a>', "x<br>y &amp; z"]
)
def test_html_survives_being_a_tree(text: str) -> None:
    assert elements.inner_html(elements.parse(text)) == text


@pytest.mark.parametrize("text", ["<p>a", "a</p>", "<b><i>x</b></i>"])
def test_html_that_does_not_close_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        elements.parse(text)


def test_what_stands_behind_a_replaced_element_stays() -> None:
    tree = elements.parse("a<b>1</b>b<i>2</i>c")
    elements.replace(tree, tree[0], [])
    elements.replace(tree, tree[0], [elements.make("u", "3"), elements.make("s", "4")])
    assert elements.inner_html(tree) == "ab<u>3</u><s>4</s>c"


def test_one_page_has_headings_in_order_and_panels_that_are_no_landmarks() -> None:
    """A browser's checker would need minutes for a page of this size."""
    now = 1
    for article in articles(book()):
        if article.level == "part":
            continue
        now = 2 if article.level == "chapter" else 3
        for level in re.findall(r"<h([2-6])\b", article.html):
            assert int(level) <= now + 1, (article.key, level)
            now = int(level)
        assert '<section class="panel"' not in article.html, article.key
