"""What a page says about itself to programs: canonical address, Markdown twin, JSON-LD.

The JSON-LD stands in a data block, which the Content-Security-Policy lets pass: nothing of it runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from guide.contents import FrontPage

TWINS = frozenset(
    (
        *("contents", "chapter", "section", "questions", "front"),
        *("glossary", "term", "patterns", "pattern", "rules", "rule"),
        *("reference", "reference-page"),
    )
)
"""Names of the addresses that have a Markdown twin."""


def head(view: str, path: str, context: Mapping[str, Any]) -> SafeString:
    """The elements of <head> for the page of the guide that an address with this name shows."""
    made = format_html('<link rel="canonical" href="{}{}">', settings.BASE_URL, path)
    if view in TWINS:
        made += format_html('<link rel="alternate" type="text/markdown" href="{}index.md">', path)
    made += mark_safe(
        '<link rel="alternate" type="application/atom+xml" title="Changes" href="/changes.atom">'
    )
    said = _described(view, path, context)
    if said:
        made += format_html('<script type="application/ld+json">{}</script>', _data(said))
    return made


def _data(said: object) -> SafeString:
    """JSON that may stand within a script element."""
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.replace("<", "\\u003c").replace("\u2028", " ").replace("\u2029", " "))


_BOOK = "Warmstart, a field guide to serverless architecture"
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def _described(view: str, path: str, context: Mapping[str, Any]) -> dict[str, Any] | None:
    url = f"{settings.BASE_URL}{path}"
    base: dict[str, Any] = {"@context": "https://schema.org", "url": url, "inLanguage": "en-GB"}
    book = {"@type": "Book", "name": _BOOK, "url": f"{settings.BASE_URL}/guide/"}
    if view == "home":
        find = {"@type": "EntryPoint", "urlTemplate": f"{settings.BASE_URL}/search?q={{q}}"}
        action = {"@type": "SearchAction", "target": find, "query-input": "required name=q"}
        return {**base, "@type": "WebSite", "name": "Warmstart", "potentialAction": action}
    if view == "contents":
        return {**base, **book, "@type": "Book", "license": _LICENCE, "bookEdition": _edition()}
    if view == "chapter":
        chapter = context["chapter"]
        named = {"name": chapter.title, "position": chapter.number, "abstract": chapter.text}
        return {**base, "@type": "Chapter", **named, "isPartOf": book, **_path(chapter.title, url)}
    if view in ("section", "questions", "front"):
        return base | _article(context) | {"isPartOf": book, "license": _LICENCE}
    if view == "term":
        term = context["term"]
        terms = {"@type": "DefinedTermSet", "name": "Glossary of Warmstart"}
        terms["url"] = f"{settings.BASE_URL}/glossary/"
        named = {"name": term.term, "description": term.definition, "termCode": term.id}
        if term.aliases:
            named["alternateName"] = list(term.aliases)
        return {**base, "@type": "DefinedTerm", **named, "inDefinedTermSet": terms}
    if view == "pattern":
        pattern = context["pattern"]
        named = {"headline": pattern.title, "abstract": pattern.summary.strip()}
        return {**base, "@type": "TechArticle", **named, "isPartOf": book, "license": _LICENCE}
    if view == "reference-page":
        page = context["page"]
        named = {"headline": page.title, "abstract": page.summary, **_path(page.title, url)}
        if page.slug == "questions":
            return {**base, "@type": "FAQPage", **named, "mainEntity": _asked(page)}
        return {**base, "@type": "TechArticle", **named, "isPartOf": book, "license": _LICENCE}
    return None


def _asked(page: Any) -> list[dict[str, Any]]:
    return [
        {
            "@type": "Question",
            "name": entry.name,
            "acceptedAnswer": {"@type": "Answer", "text": entry.plain},
        }
        for entry in page.entries
    ]


def _edition() -> str:
    return str(settings.EDITION)


def _article(context: Mapping[str, Any]) -> dict[str, Any]:
    page = context["page"]
    place, chapter = page.section, context.get("chapter")
    said: dict[str, Any] = {
        "@type": "TechArticle",
        "headline": f"{chapter.title}: {place.title}" if place.number == 9 else place.title,
        "wordCount": page.words,
        "timeRequired": f"PT{page.minutes}M",
    }
    if place.decide:
        said["abstract"] = place.decide
    if page.checked:
        said["dateModified"] = page.checked.isoformat()
    if not isinstance(place, FrontPage):
        said["position"] = place.label
    if page.sources:
        said["citation"] = [
            {"@type": "CreativeWork", "name": s.title, "url": s.url} for s in page.sources
        ]
    return said


def _path(title: str, url: str) -> dict[str, Any]:
    items = (("Guide", f"{settings.BASE_URL}/guide/"), (title, url))
    steps = [
        {"@type": "ListItem", "position": at, "name": name, "item": item}
        for at, (name, item) in enumerate(items, 1)
    ]
    return {"breadcrumb": {"@type": "BreadcrumbList", "itemListElement": steps}}
