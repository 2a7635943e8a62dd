"""The book to take along: one page, files for download, offline reading."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from guide.book import book
from guide.editions import kept, offline
from guide.editions.export import STATIC
from guide.editions.onepage import articles


@require_safe
def take(request: HttpRequest) -> HttpResponse:
    """What there is; what is not made yet is said to be."""
    forms = kept.files()
    context = {"nav": "guide", "files": forms, "export": STATIC in request.META}
    response = render(request, "guide/take.html", context)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    context = {"nav": "guide", "articles": articles(book())}
    return render(request, "guide/whole.html", context)


def _etag(request: HttpRequest, ending: str) -> str:
    return f'"{kept.stamp()}-{ending}"'


@require_safe
@condition(etag_func=_etag)
def download(request: HttpRequest, ending: str) -> HttpResponseBase:
    file = next((f for f in kept.files() if f.ending == ending and f.size), None)
    if file is None:
        raise Http404(ending)
    response = FileResponse(
        file.path.open("rb"), as_attachment=True, filename=file.name, content_type=file.type
    )
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


@require_safe
def offline_list(request: HttpRequest) -> HttpResponse:
    """What a browser would keep, and how much that is; null while nobody has worked it out."""
    path = offline.path()
    text = path.read_text(encoding="utf-8") if path.is_file() else "null"
    response = HttpResponse(text, content_type="application/json")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline_page(request: HttpRequest) -> HttpResponse:
    return render(request, "guide/offline.html", {"nav": "guide"})


@require_safe
def offline_worker(request: HttpRequest) -> HttpResponse:
    """At the root, because a worker serves only what lies below its own address."""
    context = {"fallback": offline.FALLBACK}
    response = render(request, "guide/offline-worker.js", context, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
