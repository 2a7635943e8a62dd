"""The reference pages: mistakes, metrics, checklists, questions, maturity, the first week."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from design.rules import RULES
from guide.book import Book, book
from guide.reference_files import as_csv, as_markdown, contents
from guide.reference_pages import Entry, ReferencePage, convert, shelf
from guide.search import words

MOST_DONE = 200


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    pages = shelf(book()).pages.values()
    return render(request, "guide/reference/index.html", {"nav": "guide", "pages": pages})


def _page(slug: str) -> ReferencePage:
    page = shelf(book()).pages.get(slug)
    if page is None:
        raise Http404(slug)
    return page


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    source, this = book(), _page(slug)
    asked = {key: request.GET.get(key, "").strip()[:120] for key in ("q", "group", "section")}
    shown = _fitting(this, asked)
    order = list(shelf(source).pages.values())
    at = order.index(this)
    context = {
        "nav": "guide",
        "page": this,
        "groups": _rendered(source, this, shown),
        "intro": source.text(this.intro),
        "shown": len(shown),
        "asked": asked,
        "narrowed": any(asked.values()),
        "query": urlencode({k: v for k, v in asked.items() if v}),
        "section": source.contents.section(asked["section"]),
        "previous": order[at - 1] if at else None,
        "next": order[at + 1] if at + 1 < len(order) else None,
    }
    return render(request, f"guide/reference/{slug}.html", context)


def _fitting(this: ReferencePage, asked: dict[str, str]) -> list[Entry]:
    typed = words(asked["q"])
    return [
        entry
        for entry in this.entries
        if asked["group"] in ("", entry.group)
        and (not asked["section"] or asked["section"] in entry.sections)
        and all(word in f"{entry.name} {entry.plain}".lower() for word in typed)
    ]


def _rendered(source: Book, this: ReferencePage, shown: Sequence[Entry]) -> list[dict[str, object]]:
    """Groups with their entries as HTML; a group without any is left out."""
    members = [(g, [e for e in shown if e.group == g]) for g in this.groups]
    members = [(g, entries) for g, entries in members if entries]
    texts = [this.notes.get(g, "") for g, _ in members]
    texts += [text for _, entries in members for e in entries for text in e.texts.values()]
    made = iter(convert(texts, source.context()) if members else ())
    notes = [mark_safe(next(made)) for _ in members]
    return [
        {
            "id": group,
            "title": this.groups[group],
            "note": note,
            "entries": [
                _shown(source, e, [mark_safe(next(made)) for _ in e.texts]) for e in entries
            ],
        }
        for (group, entries), note in zip(members, notes, strict=True)
    ]


def _shown(source: Book, entry: Entry, html: list[str]) -> dict[str, object]:
    return {
        "entry": entry,
        "html": dict(zip(entry.texts, html, strict=True)),
        "rules": [RULES[r] for r in entry.rules if r in RULES],
        "sections": [s for id in entry.sections if (s := source.contents.section(id))],
        "patterns": [source.patterns[p] for p in entry.patterns if p in source.patterns],
    }


def _file(request: HttpRequest, this: ReferencePage) -> tuple[list[Entry], set[str]]:
    """The entries that a file holds and those that are done, from the address."""
    asked = {key: request.GET.get(key, "").strip()[:120] for key in ("q", "group", "section")}
    return _fitting(this, asked), set(request.GET.getlist("done")[:MOST_DONE])


@require_safe
def csv(request: HttpRequest, slug: str) -> HttpResponse:
    this = _page(slug)
    text = as_csv(this, *_file(request, this))
    return _download(text, "text/csv", f"{slug}.csv")


@require_safe
def markdown(request: HttpRequest, slug: str) -> HttpResponse:
    this = _page(slug)
    text = as_markdown(this, *_file(request, this))
    return _download(text, "text/markdown", f"{slug}.md")


@require_safe
def twin(request: HttpRequest, slug: str = "") -> HttpResponse:
    """A page, or the list of pages, as Markdown to read."""
    if not slug:
        text = contents(shelf(book()).pages.values())
    else:
        this = _page(slug)
        text = as_markdown(this, this.entries, ())
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


def _download(text: str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
