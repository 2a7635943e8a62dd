"""Rendered public pages, kept compressed in front of Django.

A wrapper around the WSGI application: a request for a known public page, without query
string and without a session, is answered from a dict before Django sees it. Everything
else goes through. The pages hold nothing of a person, set no cookie and are the same in
every process, so nothing needs to be invalidated while a process lives.

Filled lazily by the first request for each page, and only for the paths given at the
start: a crawler that invents addresses cannot fill the memory.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from config import styles

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# Set by Django per answer; a kept copy must not repeat another request's.
_PER_REQUEST = {"x-request-id", "date", "content-length", "content-encoding", "etag"}
_STATIC = settings.STATIC_URL
_TYPES = re.compile(r"text/|application/(json|xml|atom\+xml|schema\+json)|image/svg")


@dataclass(frozen=True, slots=True)
class Kept:
    """One page in one encoding."""

    headers: list[tuple[str, str]]
    body: bytes
    etag: str


def static_paths() -> frozenset[str]:
    """Stylesheets and scripts as they stand in `static/`, for a server that has not collected
    them: kept here they travel compressed. Hashed names, in production, are WhiteNoise's."""
    folders = (Path(folder) for folder in settings.STATICFILES_DIRS)
    files = (
        file.relative_to(folder).as_posix()
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix in {".css", ".js", ".svg"}
    )
    made = (f"{name}.css" for name in styles.NAMES)
    return frozenset(settings.STATIC_URL + name for name in (*files, *made))


class PageCache:
    """`application` with the answers to GET and HEAD on `paths` kept in memory."""

    def __init__(
        self, application: Application, paths: Collection[str], hosts: Collection[str]
    ) -> None:
        self.application = application
        self.paths = frozenset(paths)
        hosts = list(hosts)

        @lru_cache(maxsize=64)
        def is_ours(host: str) -> bool:
            domain, _port = split_domain_port(host)
            return bool(domain) and validate_host(domain, hosts)

        # Taking a host apart costs as much as everything else here together.
        self.is_ours = is_ours
        self.kept: dict[tuple[str, str, str], Kept] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if (
            path not in self.paths
            or environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or environ.get("QUERY_STRING")
            or ("session" in environ.get("HTTP_COOKIE", "") and not path.startswith(_STATIC))
        ):
            return self.application(environ, start_response)
        forwarded = environ.get("HTTP_X_FORWARDED_PROTO") == "https"
        scheme = "https" if forwarded else environ.get("wsgi.url_scheme", "http")
        kept = self.kept.get((path, scheme, _encoding(environ)))
        if kept is None or not self.is_ours(environ.get("HTTP_HOST", "")):
            return self._fill(path, scheme, environ, start_response)
        return _answer(kept, environ, start_response)

    def _fill(
        self, path: str, scheme: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Render through Django; keep the page if it may be kept; answer with it."""
        said: list[Any] = []
        inner = {**environ, "REQUEST_METHOD": "GET"}
        for conditional in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_ACCEPT_ENCODING"):
            inner.pop(conditional, None)
        chunks = self.application(inner, lambda *args: said.extend(args[:2]))
        try:
            body = b"".join(chunks)
        finally:
            if close := getattr(chunks, "close", None):
                close()
        status, headers = said
        names = {name.lower(): value for name, value in headers}
        if (
            not status.startswith("200")
            or "set-cookie" in names
            or "cookie" in names.get("vary", "").lower()
            or names.get("cache-control") == "no-cache"
            or not _TYPES.match(names.get("content-type", ""))
        ):
            passing = status.startswith("200") and names.get("cache-control") == "no-cache"
            if passing and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
                # The same for everybody, but soon another: packed, not kept.
                body = gzip.compress(body, 6, mtime=0)
                headers = [(n, v) for n, v in headers if n.lower() != "content-length"]
                headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
            start_response(status, headers)
            return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
        common = [(n, v) for n, v in headers if n.lower() not in _PER_REQUEST | {"vary"}]
        if "cache-control" not in names:
            common.append(("Cache-Control", "public, max-age=0, must-revalidate"))
        common.append(("Vary", "Accept-Encoding"))
        for encoding, packed in (
            # The last tenth of the whole book would cost its first reader seconds.
            ("br", brotli.compress(body, quality=11 if len(body) < 400_000 else 9)),
            ("gzip", gzip.compress(body, 9, mtime=0)),
            ("", body),
        ):
            self.kept[path, scheme, encoding] = _keep(common, packed, encoding)
        return _answer(self.kept[path, scheme, _encoding(environ)], environ, start_response)


def _keep(common: list[tuple[str, str]], body: bytes, encoding: str) -> Kept:
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = [*common, ("ETag", etag), ("Content-Length", str(len(body)))]
    if encoding:
        headers.append(("Content-Encoding", encoding))
    return Kept(headers, body, etag)


def _answer(kept: Kept, environ: Environ, start_response: StartResponse) -> list[bytes]:
    if kept.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 Not Modified", [h for h in kept.headers if h[0] != "Content-Length"])
        return []
    start_response("200 OK", kept.headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]


def _encoding(environ: Environ) -> str:
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    if "br" in accepted and "br;q=0" not in accepted:
        return "br"
    return "gzip" if "gzip" in accepted and "gzip;q=0" not in accepted else ""
