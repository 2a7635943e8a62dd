"""The search page, and the options of the search box."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guide import search as engine
from guide.book import book


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    kind = request.GET.get("kind", "")
    kind = kind if kind in engine.KINDS else ""
    chapter = _number(request.GET.get("chapter", ""))
    results = engine.search(query, kind, chapter) if query else None
    context = {
        "nav": "",
        "query": query[:200],
        "kind": kind,
        "chapter": chapter,
        "results": results,
        "facets": [
            (key, engine.KINDS[key], count, urlencode(_facet(query, key, chapter)))
            for key, count in (results.counts.items() if results else ())
        ],
        "everything": urlencode(_facet(query, "", chapter)),
        "titles": engine.KINDS,
        "chapters": book().contents.chapters,
    }
    return render(request, "guide/search.html", context)


def _facet(query: str, kind: str, chapter: int) -> dict[str, str]:
    pairs = {"q": query, "kind": kind, "chapter": str(chapter or "")}
    return {key: value for key, value in pairs.items() if value}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0


@require_safe
def options(request: HttpRequest) -> HttpResponse:
    """The best few, as options of a listbox."""
    query = request.GET.get("q", "").strip()
    results = engine.search(query, limit=8) if query else None
    return render(request, "guide/_options.html", {"query": query[:200], "results": results})
