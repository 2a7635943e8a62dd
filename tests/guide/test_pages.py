"""Every public page, walked: links, ids, cookies, and the same bytes from every process."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from design.rules import RULES
from guide.addresses import pages, public_paths
from guide.book import book

SECTION = "/guide/reliability-and-resilience/dead-letter-queues-quarantine/"


class Parsed(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.styles: list[str] = []
        self.names: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.ids.append(values["id"] or "")
        if tag == "a" and values.get("href") is not None:
            self.links.append(values["href"] or "")
        if "style" in values or any(name.startswith("on") for name in values):
            self.styles.append(tag)
        if values.get("name"):
            self.names.append(values["name"] or "")


@cache
def answered(path: str) -> bytes:
    """What a guest is sent; public pages belong to nobody."""
    response = Client(SERVER_NAME="localhost").get(path)
    assert response.status_code == 200, path
    assert not response.cookies, path
    assert "cookie" not in response.headers.get("Vary", "").lower(), path
    return response.content


@cache
def parsed(path: str) -> Parsed:
    return Parsed(answered(path).decode())


def test_every_page_is_whole_and_sets_no_cookie() -> None:
    for path in pages():
        page = parsed(path)
        twice = {i for i in page.ids if page.ids.count(i) > 1}
        assert not twice, (path, twice)
        assert not page.styles, (path, page.styles)
        assert "csrfmiddlewaretoken" not in page.names, path


_DIGESTS = """
import hashlib, json, sys, django
django.setup()
from django.test import Client
client = Client(SERVER_NAME="localhost")
paths = json.load(sys.stdin)
print(json.dumps({p: hashlib.sha256(client.get(p).content).hexdigest() for p in paths}))
"""


def test_another_process_gives_the_same_bytes() -> None:
    """Of every kind of address each fifth, with other hashes of sets and dictionaries."""
    kinds: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for path in sorted(public_paths()):
        kinds[path.count("/"), path.split("/")[1], Path(path).suffix].append(path)
    paths = [path for kind in kinds.values() for path in kind[::5]]
    assert len(paths) > 150
    done = subprocess.run(
        [sys.executable, "-c", _DIGESTS],
        input=json.dumps(paths),
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(done.stdout)
    assert [p for p in paths if hashlib.sha256(answered(p)).hexdigest() != theirs[p]] == []


def test_public_files_set_no_cookie() -> None:
    assert len(public_paths()) > 100
    for path in public_paths():
        assert answered(path), path


def test_every_link_leads_somewhere() -> None:
    known = set(pages())
    wrong = []
    for path in pages():
        for link in parsed(path).links:
            if link.startswith(("http://", "https://", "mailto:")):
                continue
            target, _, anchor = link.partition("#")
            target = target.partition("?")[0] or path
            if target in known:
                if anchor and anchor not in parsed(target).ids:
                    wrong.append((path, link))
                continue
            try:
                resolve(target)
            except Resolver404:
                # The tools beside the guide answer for their own addresses.
                if not target.startswith(("/fit/", "/practice/", "/reviews/")):
                    wrong.append((path, link))
    assert wrong == []


def test_files_answer_with_their_type(client: Client) -> None:
    types = {".svg": "image/svg+xml", ".yaml": "text/plain", ".md": "text/markdown"}
    types |= {
        ".atom": "application/atom+xml",
        ".json": "application/schema+json",
        ".csv": "text/csv",
        ".xml": "application/xml",
    }
    for path in sorted(public_paths() - set(pages())):
        response = client.get(path)
        assert response.status_code == 200, path
        assert not response.cookies
        ending = path[path.rfind(".") :]
        assert response["Content-Type"].startswith(types.get(ending, "text/plain")), path


def test_pages_do_not_change_from_one_request_to_the_next(client: Client) -> None:
    for path in ("/", SECTION, "/patterns/", "/rules/EVT05/", "/kinds/"):
        assert client.get(path).content == client.get(path).content


@pytest.mark.parametrize(
    "path",
    [
        "/guide/no-such-chapter/",
        "/guide/reliability-and-resilience/no-such-section/",
        "/glossary/no-such-term/",
        "/patterns/no-such-pattern/",
        "/plates/99/",
        "/plates/99.svg",
        "/rules/EVT99/",
        "/rules/evt05/",
    ],
)
def test_what_does_not_exist_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_pages_only_read(client: Client) -> None:
    for path in ("/", SECTION, "/search", "/patterns/"):
        assert client.post(path).status_code == 405


def test_a_section_has_its_tree_its_neighbours_and_its_sources(client: Client) -> None:
    body = client.get(SECTION).content.decode()
    tree = body[body.index('class="book-tree"') : body.index("</nav>", body.index("book-tree"))]
    assert tree.count('aria-current="page"') == 1
    assert 'class="toc"' in tree
    assert 'rel="next"' in body and 'rel="prev"' in body
    assert "Facts checked 21 November 2026" in body
    assert body.count('id="source-') == 10


def test_questions_are_asked_without_their_keys(client: Client) -> None:
    body = client.get(SECTION).content.decode()
    form = body[body.index('id="x-q-1003-attempts-for-failover"') :]
    assert 'action="/practice/q-1003-attempts-for-failover/#result"' in form
    assert form.count('type="radio" name="answer"') >= 3
    for text in (body, client.get(f"{SECTION}index.md").content.decode()):
        assert "mc-attempts-equal-waits" not in text
        assert "Seven attempts have six waits" not in text


def test_the_tabs_are_readable_without_script(client: Client) -> None:
    body = client.get(SECTION).content.decode()
    assert body.count('<section class="panel">') == 5
    assert 'role="tab"' not in body


def test_the_front_page_counts_what_there_is(client: Client) -> None:
    body = client.get("/").content.decode()
    assert f"{len(book().glossary.terms)} terms" in body
    assert f"one of {len(RULES)} rules" in body
    assert f"{len(book().plates)} plates" in body


def test_every_rule_and_term_has_a_page_that_leads_to_a_section() -> None:
    for path in pages():
        if path == "/glossary/map/":
            continue
        if path.startswith(("/rules/", "/glossary/")) and path.count("/") == 3:
            assert any(
                link.startswith("/guide/") and link.count("/") > 2 for link in parsed(path).links
            ), path


def test_the_glossary_can_be_filtered_without_script(client: Client) -> None:
    body = client.get("/glossary/", {"q": "poison"}).content.decode()
    assert "/glossary/poison-message/" in body and "/glossary/cold-start/" not in body
    assert client.get("/glossary/", {"q": "zzz", "group": "nonsense"}).status_code == 200


def test_the_sitemap_names_every_page(client: Client) -> None:
    text = client.get("/sitemap.xml").content.decode()
    assert len(re.findall(r"<loc>", text)) == len(list(pages()))
