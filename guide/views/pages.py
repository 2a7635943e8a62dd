"""The front page, the contents, chapters and sections."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from design.rules import RULES
from guide import drawings, tree
from guide.book import Book, book
from guide.contents import Chapter, Section
from guide.editions import kept
from guide.front import FIGURES, front
from guide.ornaments import contour
from guide.patterns import Pattern
from guide.reading import Page
from guide.reference_pages import shelf


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    source = book()
    first = source.designs[0]
    figures = [f for f in FIGURES if first.design and first.design.find(f[0])]
    plate = drawings.figure(
        first,
        f"<p>{source.inline(first.caption)}</p>",
        title=f"{first.title}, in its habitat",
        figures=figures,
        top=True,
    )
    shown = front(source)
    context = {
        "nav": "",
        "book": source,
        "plate": plate,
        "front": shown,
        "oldest": parse_date(shown.oldest) if shown.oldest else None,
        "rules": len(RULES),
    }
    return render(request, "guide/home.html", context)


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    forms = kept.files()
    context = {"nav": "guide", "book": book(), "files": [f for f in forms if f.size]}
    response = render(request, "guide/contents.html", context)
    if len(context["files"]) < len(forms):
        # They may be there a minute from now; a page that was kept would not say so.
        response["Cache-Control"] = "no-cache"
    return response


def _chapter(source: Book, slug: str) -> Chapter:
    chapter = source.contents.chapter(slug)
    if chapter is None:
        raise Http404(slug)
    return chapter


@require_safe
def chapter(request: HttpRequest, chapter: str) -> HttpResponse:
    source = book()
    this = _chapter(source, chapter)
    opening = source.rendered(this.opening.id) if this.opening.written else None
    context = {
        "nav": "guide",
        "chapter": this,
        "opening": opening,
        "questions": source.page(this.questions.id),
        "tree": source.tree.beside(this),
        "rows": [(s, source.page(s.id)) for s in this.sections],
        "terms": source.terms_of(this),
        "patterns": source.patterns_of(this),
        "rules": [r for r in RULES.values() if r.section.startswith(f"{this.slug}/")],
        **(_reading_on(source, this.opening) if opening else _chapters_beside(source, this)),
        "contour": contour(this.number),
    }
    return render(request, "guide/chapter.html", context)


def _chapters_beside(source: Book, this: Chapter) -> dict[str, object]:
    """The chapters before and after one that has no opening."""
    every = source.contents.chapters
    at = every.index(this)
    return {
        "previous": every[at - 1].opening if at else None,
        "next": every[at + 1].opening if at + 1 < len(every) else None,
    }


def _reading_on(source: Book, place: Section) -> dict[str, object]:
    """The pages before and after one, in order of the book."""
    before, after = source.beside(place)
    return {
        "previous": before.section if before else None,
        "next": after.section if after else None,
        "next_minutes": after.minutes if after else 0,
    }


def _patterns(source: Book, page: Page) -> list[Pattern]:
    """Those that a section names, then those whose account names the section."""
    named = [source.patterns[s] for s in page.named("patterns") if s in source.patterns]
    back = [p for p in source.patterns.values() if page.section.id in p.sections]
    return [*named, *(p for p in back if p not in named)]


@require_safe
def section(request: HttpRequest, chapter: str, section: str) -> HttpResponse:
    source = book()
    page = source.pages.get(f"{chapter}/{section}")
    if page is None:
        raise Http404(section)
    rendered = source.rendered(page.section.id)
    parent = _chapter(source, chapter)
    inline = {e.id for e in page.exercises}
    further = source.exercises_named(id for id in page.named("exercises") if id not in inline)
    context = {
        "nav": "guide",
        "page": page,
        "section": page.section,
        "chapter": parent,
        "rendered": rendered,
        "tree": source.tree.beside(parent, page.section, rendered.headings),
        "strip": tree.strip(rendered.headings),
        "rules": [id for id in page.named("rules") if id in RULES],
        "patterns": _patterns(source, page),
        "exercises": further,
        **_reading_on(source, page.section),
        "lookups": shelf(source).of_section(page.section.id),
    }
    return render(request, "guide/section.html", context)


@require_safe
def questions(request: HttpRequest, chapter: str) -> HttpResponse:
    return _around(request, _chapter(book(), chapter).questions)


@require_safe
def front_page(request: HttpRequest, slug: str) -> HttpResponse:
    page = next((p for p in book().contents.front if p.slug == slug), None)
    if page is None:
        raise Http404(slug)
    return _around(request, page)


def _around(request: HttpRequest, place: Section) -> HttpResponse:
    """Review questions, or a page in front of the book."""
    source = book()
    page = source.page(place.id)
    if page is None:
        raise Http404(place.id)
    rendered = source.rendered(place.id)
    chapter = source.contents.chapter(place.chapter)
    context = {
        "nav": "guide",
        "page": page,
        "place": place,
        "chapter": chapter,
        "rendered": rendered,
        "tree": source.tree.beside(chapter, place, rendered.headings),
        "strip": tree.strip(rendered.headings),
        **_reading_on(source, place),
    }
    return render(request, "guide/around.html", context)
