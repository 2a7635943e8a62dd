"""The whole book as files for any web server: pages, files made from them, stylesheets, downloads.

Links within the export are relative and name index.html, so that it may lie at any address, on a
server that knows no directories, or on a disk. What only the site can do (search, filters, answers,
tools) leads to the site.
"""

from __future__ import annotations

import gzip
import html
import os
import posixpath
import re
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest

from guide.addresses import public_paths
from guide.editions import kept

STATIC = "warmstart.export"
"""In the environ of a request that an export makes."""

_PACKED = frozenset(
    (*(".html", ".css", ".js", ".svg", ".md", ".txt", ".xml"), *(".json", ".yaml", ".csv", ".atom"))
)
_LEAST = 256
"""Bytes below which a compressed sibling is not worth a file."""


def export(folder: Path, site: str = "", paths: Collection[str] | None = None) -> list[Path]:
    """Writes the book into `folder` and returns the files without their compressed siblings.
    `site` is where the tools are, without a slash at its end; `paths` limits the pages for a test.
    Raises RuntimeError when a page does not answer with 200."""
    site = site or settings.BASE_URL
    chosen = sorted(paths if paths is not None else {*public_paths(), "/book/"})
    downloads = {file.url: file.path for file in kept.files() if file.size}
    inside = frozenset({*chosen, *downloads})
    written: list[Path] = []
    wanted: set[str] = set()
    ask = Asking()
    for path in chosen:
        body, kind = ask.get(path)
        place = Place(path, inside, site)
        if kind.startswith("text/html"):
            text = place.page(body.decode())
            wanted |= place.static
            body = text.encode()
        elif kind.startswith("text/markdown"):
            body = place.markdown(body.decode()).encode()
        written.append(_write(folder, path, body))
    for path in sorted(wanted):
        written.append(_write(folder, path, static_file(path)))
        if path.endswith(".css"):
            text = static_file(path).decode()
            for name in sorted(set(re.findall(r"url\((fonts/[\w.-]+)\)", text))):
                other = posixpath.join(posixpath.dirname(path), name)
                written.append(_write(folder, other, static_file(other)))
    for path, source in downloads.items():
        written.append(_write(folder, path, source.read_bytes()))
    _compress(written)
    return written


def file_of(path: str) -> str:
    """Where an address stands in the export, without a slash in front."""
    return (path + "index.html" if path.endswith("/") else path).removeprefix("/")


def _write(folder: Path, path: str, body: bytes) -> Path:
    target = folder / file_of(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(body)
    return target


def static_file(path: str) -> bytes:
    name = path.removeprefix(settings.STATIC_URL)
    found = finders.find(name) or _collected(name)
    if found is None:
        raise RuntimeError(f"{path} is no static file")
    return Path(str(found)).read_bytes()


def _collected(name: str) -> str | None:
    """A file with a hash in its name, as production serves it."""
    path = Path(settings.STATIC_ROOT) / name
    return str(path) if path.is_file() else None


class Asking:
    """Asks the site itself, in this process. No request begins or ends for the database, which
    public pages do not touch."""

    def __init__(self) -> None:
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.host = next((h for h in settings.ALLOWED_HOSTS if not h.startswith(("*", "."))), "")

    def get(self, path: str) -> tuple[bytes, str]:
        """(body, type) of an address of the site. Raises RuntimeError for another than 200."""
        environ: dict[str, Any] = {"PATH_INFO": path, "HTTP_HOST": self.host or "localhost"}
        environ |= {"wsgi.url_scheme": "https", STATIC: True}
        setup_testing_defaults(environ)
        response = self.handler.get_response(WSGIRequest(environ))
        if response.status_code != 200:
            raise RuntimeError(f"{path} answers {response.status_code} {response.reason_phrase}")
        return response.content, response["Content-Type"]


_ATTRIBUTE = re.compile(r'(?<=\s)(href|src|action|data-more)="([^"]*)"')
_FORM = re.compile(
    r'<form method="post" action="(/practice/[^"#]+)#result">(.*?)'
    r'<button class="btn btn-main" name="act" value="check">Check</button>(.*?)</form>',
    re.S,
)
_LINK = re.compile(r"\]\((/[^)\s]*)\)")


@dataclass
class Place:
    """One page of the export, and how links on it have to read."""

    path: str
    inside: frozenset[str]
    site: str

    def __post_init__(self) -> None:
        self.static: set[str] = set()

    def page(self, text: str) -> str:
        """An answer is graded by the site, which takes no forms from elsewhere: a link instead."""
        link = r'<a class="btn btn-main" href="\1">Answer it on the site</a>'
        text = _FORM.sub(rf"<div>\2{link}\3</div>", text)
        return _ATTRIBUTE.sub(self._attribute, text)

    def _attribute(self, match: re.Match[str]) -> str:
        name, value = match[1], html.unescape(match[2])
        # A form asks something, and files answer nothing.
        asks = name == "action" and value.startswith("/")
        return f'{name}="{html.escape(self.site + value if asks else self.link(value))}"'

    def markdown(self, text: str) -> str:
        return _LINK.sub(lambda m: f"]({self.link(m[1])})", text)

    def link(self, link: str) -> str:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or link.startswith("#"):
            return link
        if not parts.path:
            return f"{self.site}{self.path}{link}"
        target = parts.path
        if target.startswith(settings.STATIC_URL):
            self.static.add(target)
        elif target not in self.inside or parts.query:
            return self.site + link
        here = posixpath.dirname(file_of(self.path))
        shown = posixpath.relpath(file_of(target), here or ".")
        return shown + (f"#{parts.fragment}" if parts.fragment else "")


def _compress(files: Collection[Path]) -> None:
    """A .gz and a .br beside each text, where that is shorter."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(_siblings, [f for f in files if f.suffix in _PACKED]))


def _siblings(file: Path) -> None:
    body = file.read_bytes()
    if len(body) < _LEAST:
        return
    for ending, packed in (
        (".gz", gzip.compress(body, 9, mtime=0)),
        (".br", brotli.compress(body, quality=11)),
    ):
        if len(packed) < len(body):
            file.with_name(file.name + ending).write_bytes(packed)
