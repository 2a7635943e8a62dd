"""The Markdown twins of pages, and the texts for programs that read all of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from design.rules import RULES
from guide import twins
from guide.book import book


def _markdown(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    return _markdown(twins.contents(book()))


@require_safe
def chapter(request: HttpRequest, chapter: str) -> HttpResponse:
    found = book().contents.chapter(chapter)
    if found is None:
        raise Http404(chapter)
    return _markdown(twins.chapter(book(), found))


@require_safe
def page(request: HttpRequest, chapter: str, section: str) -> HttpResponse:
    found = book().page(f"{chapter}/{section}")
    if found is None or section == "opening":
        raise Http404(section)
    return _markdown(twins.page(book(), found.section))


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return _markdown(twins.glossary(book()))


@require_safe
def term(request: HttpRequest, term: str) -> HttpResponse:
    found = book().glossary.get(term)
    if found is None:
        raise Http404(term)
    return _markdown(twins.term(book(), found))


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    return _markdown(twins.patterns(book()))


@require_safe
def pattern(request: HttpRequest, slug: str) -> HttpResponse:
    found = book().patterns.get(slug)
    if found is None:
        raise Http404(slug)
    return _markdown(twins.pattern(book(), found))


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    return _markdown(twins.rules())


@require_safe
def rule(request: HttpRequest, id: str) -> HttpResponse:
    if id not in RULES:
        raise Http404(id)
    return _markdown(twins.rule(book(), RULES[id]))


@require_safe
def full(request: HttpRequest) -> HttpResponse:
    return HttpResponse(twins.full(book()), content_type="text/plain; charset=utf-8")
