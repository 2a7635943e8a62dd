"""The page cache answers known public pages only, and answers them as Django would."""

from __future__ import annotations

import gzip
from typing import Any

import brotli
import pytest

from config.pagecache import PageCache, static_paths


class Site:
    """A WSGI application that counts, with one public page, one that sets a cookie, one that moves."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.calls += 1
        path = environ["PATH_INFO"]
        headers = [("Content-Type", "text/html; charset=utf-8"), ("X-Request-ID", str(self.calls))]
        if path == "/cookie/":
            headers.append(("Set-Cookie", "a=b"))
        if path == "/vary/":
            headers.append(("Vary", "Cookie"))
        if path == "/soon-another/":
            headers.append(("Cache-Control", "no-cache"))
        if path == "/moved/":
            start_response("301 Moved Permanently", [("Location", "/")])
            return [b""]
        start_response("200 OK", headers)
        return [b"<p>", b"page " * 200, b"</p>"]


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def cached(site: Site) -> PageCache:
    return PageCache(
        site,
        {"/", "/cookie/", "/vary/", "/moved/", "/soon-another/", "/static/book.css"},
        ["localhost", "[::1]"],
    )


def ask(app: PageCache, path: str = "/", **environ: str) -> tuple[str, dict[str, str], bytes]:
    said: list[Any] = []
    base = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_HOST": "localhost:8000",
        "wsgi.url_scheme": "http",
    }
    body = b"".join(app({**base, **environ}, lambda *a: said.extend(a)))
    return said[0], dict(said[1]), body


def test_a_public_page_is_rendered_once(cached: PageCache, site: Site) -> None:
    first, second = ask(cached), ask(cached)
    assert site.calls == 1
    assert first == second
    assert "X-Request-ID" not in first[1]
    assert first[1]["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize("path", ["/cookie/", "/vary/", "/moved/", "/not-listed/"])
def test_what_belongs_to_a_person_or_is_no_page_is_never_kept(
    cached: PageCache, site: Site, path: str
) -> None:
    ask(cached, path)
    ask(cached, path)
    assert site.calls == 2
    assert not cached.kept


def test_a_session_a_query_and_a_post_go_through(cached: PageCache, site: Site) -> None:
    ask(cached)
    ask(cached, HTTP_COOKIE="sessionid=1")
    ask(cached, QUERY_STRING="on=aws")
    ask(cached, REQUEST_METHOD="POST")
    assert site.calls == 4


def test_an_unknown_host_is_left_to_django(cached: PageCache, site: Site) -> None:
    ask(cached)
    ask(cached, HTTP_HOST="evil.example")
    assert site.calls == 2


def test_head_has_the_headers_of_get_and_no_body(cached: PageCache) -> None:
    _, got, _ = ask(cached)
    status, headers, body = ask(cached, REQUEST_METHOD="HEAD")
    assert (status, headers, body) == ("200 OK", got, b"")


def test_bodies_are_compressed_as_asked(cached: PageCache) -> None:
    _, _, plain = ask(cached)
    _, br, packed = ask(cached, HTTP_ACCEPT_ENCODING="gzip, deflate, br")
    _, gz, zipped = ask(cached, HTTP_ACCEPT_ENCODING="gzip")
    assert brotli.decompress(packed) == plain == gzip.decompress(zipped)
    assert (br["Content-Encoding"], gz["Content-Encoding"]) == ("br", "gzip")
    assert br["ETag"] != gz["ETag"]
    assert br["Vary"] == "Accept-Encoding"


def test_an_unchanged_page_is_not_sent_again(cached: PageCache) -> None:
    _, headers, _ = ask(cached)
    status, again, body = ask(cached, HTTP_IF_NONE_MATCH=headers["ETag"])
    assert (status, body) == ("304 Not Modified", b"")
    assert again["ETag"] == headers["ETag"]


def test_a_forged_scheme_cannot_fill_the_memory(cached: PageCache) -> None:
    for n in range(50):
        ask(cached, HTTP_X_FORWARDED_PROTO=f"made-up-{n}")
    assert len(cached.kept) == 3


def test_files_of_the_site_travel_compressed_to_members_too(cached: PageCache) -> None:
    assert {"/static/book.css", "/static/fonts.css", "/static/app.js"} <= static_paths()
    _, headers, _ = ask(
        cached, "/static/book.css", HTTP_COOKIE="sessionid=a", HTTP_ACCEPT_ENCODING="br"
    )
    assert headers["Content-Encoding"] == "br"


def test_a_page_that_is_soon_another_is_packed_and_not_kept(cached: PageCache) -> None:
    _, headers, body = ask(cached, "/soon-another/", HTTP_ACCEPT_ENCODING="gzip, br")
    _, plain, whole = ask(cached, "/soon-another/")
    assert gzip.decompress(body) == whole and headers["Content-Length"] == str(len(body))
    assert "Content-Encoding" not in plain and not cached.kept
