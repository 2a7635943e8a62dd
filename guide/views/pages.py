"""The front page, the contents, chapters and sections."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from design.rules import RULES
from guide import drawings, tree
from guide.book import Book, book
from guide.contents import Chapter
from guide.front import FIGURES, front
from guide.reading import public_markdown
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
    return render(request, "guide/contents.html", {"nav": "guide", "book": book()})


def _chapter(source: Book, slug: str) -> Chapter:
    chapter = source.contents.chapter(slug)
    if chapter is None:
        raise Http404(slug)
    return chapter


@require_safe
def chapter(request: HttpRequest, chapter: str) -> HttpResponse:
    source = book()
    this = _chapter(source, chapter)
    all_chapters = source.contents.chapters
    at = all_chapters.index(this)
    context = {
        "nav": "guide",
        "chapter": this,
        "tree": source.tree.beside(this),
        "rows": [(s, source.page(s.id)) for s in this.sections],
        "terms": source.terms_of(this),
        "patterns": source.patterns_of(this),
        "rules": [r for r in RULES.values() if r.section.startswith(f"{this.slug}/")],
        "previous": all_chapters[at - 1] if at else None,
        "next": all_chapters[at + 1] if at + 1 < len(all_chapters) else None,
        "contour": contour(this.number),
    }
    return render(request, "guide/chapter.html", context)


@require_safe
def section(request: HttpRequest, chapter: str, section: str) -> HttpResponse:
    source = book()
    page = source.page(f"{chapter}/{section}")
    if page is None:
        raise Http404(section)
    rendered = source.rendered(page.section.id)
    before, after = source.around(page.section)
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
        "patterns": [source.patterns[s] for s in page.named("patterns") if s in source.patterns],
        "exercises": further,
        "lookups": shelf(source).of_section(page.section.id),
        "previous": before,
        "next": after,
        "next_minutes": source.pages[after.id].minutes if after else 0,
    }
    return render(request, "guide/section.html", context)


@require_safe
def markdown(request: HttpRequest, chapter: str, section: str) -> HttpResponse:
    page = book().page(f"{chapter}/{section}")
    if page is None:
        raise Http404(section)
    return HttpResponse(public_markdown(page), content_type="text/markdown; charset=utf-8")


def contour(number: int) -> str:
    """One line of hills, the same for a chapter every time."""
    state = number * 2654435761 % 2**32
    points, height = [], 30.0
    for x in range(0, 721, 24):
        state = (1103515245 * state + 12345) % 2**31
        height = min(54.0, max(6.0, height + state / 2**31 * 26 - 13))
        points.append(f"{x},{height:.1f}")
    return mark_safe(
        '<svg class="contour" viewBox="0 0 720 60" width="720" height="60" aria-hidden="true">'
        f'<polyline fill="none" stroke="currentColor" points="{" ".join(points)}"/></svg>'
    )
