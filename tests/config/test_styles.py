"""The stylesheets of the site: each page has the rules for what it shows, and no others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from config import styles
from guide.addresses import pages

_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")


def classes(css: str) -> set[str]:
    return set(_CLASS.findall(css))


def test_every_stylesheet_is_whole() -> None:
    for name in styles.NAMES:
        text = styles.stylesheet(name)
        assert text.count("{") == text.count("}") and "/*" not in text, name
        assert text.startswith("@layer tokens,base,layout,components,pages;"), name
    everything = "".join(path.read_text("utf-8") for path in styles.sources())
    assert classes(everything) == classes(styles.stylesheet("styleguide"))


def test_every_file_is_whole() -> None:
    """A brace that is missing in one would close in the next."""
    for path in styles.sources():
        text = path.read_text("utf-8")
        assert text.count("{") == text.count("}"), path.name
        assert text.count("\n") <= 400, path.name


def test_a_reading_page_carries_few_bytes() -> None:
    book = styles.stylesheet("book")
    assert len(book) < 36_000
    assert ".editor" not in book and ".exam" not in book and ".costform" not in book


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "book"),
        ("/patterns/", "lookup"),
        ("/search?q=x", "lookup"),
        ("/fit/", "fit"),
        ("/api/", "lookup"),
        ("/accounts/login/", "reviews"),
        ("/styleguide/", "styleguide"),
        ("/no-such-page/", "lookup"),
    ],
)
@pytest.mark.django_db
def test_a_page_links_the_one_for_its_kind(client: Client, path: str, name: str) -> None:
    links = re.findall(r'rel="stylesheet" href="([^"]+)"', client.get(path).content.decode())
    assert links == ["/static/fonts.css", f"/static/{name}.css"]


def test_no_page_of_the_guide_lacks_a_rule() -> None:
    """A class that any stylesheet knows is known to the one that the page links. Those of tools
    that a page merely names (a row of buttons in a form) are in all of them."""
    client, known = Client(), classes(styles.stylesheet("styleguide"))
    have = {name: classes(styles.stylesheet(name)) for name in styles.NAMES}
    lacking: dict[str, set[str]] = {}
    chosen = sorted(pages())
    for path in chosen[::7]:
        text = client.get(path).content.decode()
        name = re.findall(r'href="/static/(\w+)\.css"', text)[1]
        shown = {word for value in re.findall(r'class="([^"]*)"', text) for word in value.split()}
        for word in (shown & known) - have[name]:
            lacking.setdefault(word, set()).add(path)
    assert lacking == {}


def test_files_are_found_and_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VAR", tmp_path)
    found = finders.find("book.css")
    assert found == str(tmp_path / "styles" / "book.css")
    Path(str(found)).write_text("stale")
    assert Path(str(finders.find("book.css"))).read_text() == styles.stylesheet("book")
    assert finders.find("bok.css") is None is finders.find("styles/book.css")
    listed = [path for path, _ in styles.StylesFinder().list(None)]
    assert listed == [f"{name}.css" for name in styles.NAMES]


def test_a_file_must_say_whose_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(styles, "_FOLDER", tmp_path)
    (tmp_path / "10-a.css").write_text("a{}")
    with pytest.raises(ValueError, match="first line"):
        styles.stylesheet("book")
    (tmp_path / "10-a.css").write_text("/* For: bok */\na{}")
    with pytest.raises(ValueError, match="no stylesheet is called bok"):
        styles.stylesheet("book")
