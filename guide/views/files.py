"""Files made from the book: plates, the schema, the sitemap, texts for machines."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from design.document import json_schema
from guide import drawings
from guide.addresses import pages
from guide.book import book
from guide.plates import Plate
from guide.reference_pages import shelf


def _plate(number: str) -> Plate:
    plate = book().plates.get(number)
    if plate is None:
        raise Http404(number)
    return plate


@require_safe
def plate_svg(request: HttpRequest, number: str) -> HttpResponse:
    made = drawings.standalone(_plate(number), "auto")
    if made is None:
        raise Http404(number)
    response = HttpResponse(made, content_type="image/svg+xml")
    # The file carries its own stylesheet and nothing else.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


@require_safe
def plate_yaml(request: HttpRequest, number: str) -> HttpResponse:
    return HttpResponse(_plate(number).text, content_type="text/plain; charset=utf-8")


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    return HttpResponse(text, content_type="application/schema+json")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    source = book()
    dates = {p.section.url: p.checked for p in source.pages.values()}
    context = {"base": settings.BASE_URL, "pages": [(page, dates.get(page)) for page in pages()]}
    return render(request, "guide/sitemap.xml", context, content_type="application/xml")


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """An Atom feed: the sections by the day on which their text and facts were last checked."""
    dated = [page for page in book().pages.values() if page.checked]
    dated.sort(key=lambda page: str(page.checked), reverse=True)
    updated = dated[0].checked if dated else None
    context = {"base": settings.BASE_URL, "pages": dated, "updated": updated}
    return render(request, "guide/changes.atom", context, content_type="application/atom+xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = (
        "User-agent: *",
        "Disallow: /accounts/",
        "Disallow: /teams/",
        "Disallow: /search",
        f"Sitemap: {settings.BASE_URL}/sitemap.xml",
        "",
    )
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    reference = shelf(book()).pages.values()
    context = {"base": settings.BASE_URL, "book": book(), "reference": reference}
    return render(request, "guide/llms.txt", context, content_type="text/plain; charset=utf-8")
