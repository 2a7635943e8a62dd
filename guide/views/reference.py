"""Look-up pages: glossary, rules, plates, and the kinds of the design format."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from design.kinds import BOUNDARY, BOUNDARY_KINDS, COMPONENT_KINDS, DATA, DESIGN, EDGE, EDGE_KINDS
from design.profiles import profile
from design.rules import AREAS, RULES, Severity
from guide import concepts
from guide.book import book
from guide.glossary import GROUPS
from guide.reference_pages import shelf
from guide.search import stem, words


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    terms = book().glossary.terms
    query, group = request.GET.get("q", "").strip()[:80], request.GET.get("group", "")
    shown = [t for t in terms if not group or t.group == group]
    if asked := words(query):
        shown = [
            t
            for t in shown
            if all(
                any(w.startswith(a) or stem(w) == stem(a) for w in words(_searched(t)))
                for a in asked
            )
        ]
    used = {t.group for t in terms}
    context = {
        "nav": "guide",
        "total": len(terms),
        "shown": len(shown),
        "letters": [(k, list(v)) for k, v in groupby(shown, key=lambda t: t.initial)],
        "all_letters": sorted({t.initial for t in terms}),
        "groups": {k: v for k, v in GROUPS.items() if k in used},
        "query": query,
        "group": group if group in used else "",
    }
    return render(request, "guide/glossary.html", context)


def _searched(term) -> str:
    return f"{term.term} {' '.join(term.aliases)} {term.definition}"


@require_safe
def term(request: HttpRequest, term: str) -> HttpResponse:
    source = book()
    entry = source.glossary.get(term)
    if entry is None:
        raise Http404(term)
    related = [t for id in entry.related if (t := source.glossary.get(id))]
    back = [t for t in source.glossary.terms if entry.id in t.related and t not in related]
    at = source.glossary.terms.index(entry)
    context = {
        "nav": "guide",
        "term": entry,
        "home": source.contents.section(entry.section),
        "sections": source.sections_using(entry),
        "related": [*related, *back],
        "map": concepts.around(source.glossary.terms, entry),
        "previous": source.glossary.terms[at - 1] if at else None,
        "next": source.glossary.terms[at + 1] if at + 1 < len(source.glossary.terms) else None,
    }
    return render(request, "guide/term.html", context)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    area, severity = request.GET.get("area", ""), request.GET.get("severity", "")
    query = words(request.GET.get("q", "")[:80])
    shown = [
        r
        for r in RULES.values()
        if (not area or r.area == area)
        and (not severity or r.severity == severity)
        and all(q in f"{r.id} {r.title} {r.why}".lower() for q in query)
    ]
    shown.sort(key=lambda r: list(AREAS).index(r.area))
    context = {
        "nav": "guide",
        "total": len(RULES),
        "shown": len(shown),
        "areas": AREAS,
        "severities": list(Severity),
        "area": area,
        "severity": severity,
        "query": request.GET.get("q", "")[:80],
        "groups": [(AREAS[k], list(v)) for k, v in groupby(shown, key=lambda r: r.area)],
    }
    return render(request, "guide/rules.html", context)


@require_safe
def rule(request: HttpRequest, id: str) -> HttpResponse:
    entry = RULES.get(id)
    if entry is None:
        raise Http404(id)
    source = book()
    claims = [(word, p) for p in source.plates.values() for word, r in p.claims if r == id]
    fails = next((p for word, p in claims if word == "Fails"), None)
    near = [r for r in RULES.values() if r.area == entry.area]
    at = near.index(entry)
    context = {
        "nav": "guide",
        "rule": entry,
        "area": AREAS[entry.area],
        "home": source.contents.section(entry.section),
        "sections": [s for s in source.sections_naming(id) if s.id != entry.section],
        "patterns": [p for p in source.patterns.values() if id in p.rules],
        "example": fails,
        "plate": source.figure(fails) if fails else "",
        "also": [p for _, p in claims if p is not fails],
        "lookups": shelf(source).of_rule(id),
        "limits": [limit for name in entry.params if (limit := profile().limits.get(name))],
        "previous": near[at - 1] if at else None,
        "next": near[at + 1] if at + 1 < len(near) else None,
    }
    return render(request, "guide/rule.html", context)


@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    families = groupby(COMPONENT_KINDS.values(), key=lambda k: k.family)
    seen: dict[str, list] = {}
    for family, members in families:
        seen.setdefault(family, []).extend(members)
    context = {
        "nav": "guide",
        "families": [(k.capitalize(), v) for k, v in seen.items()],
        "component_kinds": COMPONENT_KINDS,
        "edge_kinds": EDGE_KINDS,
        "edge": EDGE,
        "top": [
            ("design", "What concerns the whole design.", DESIGN),
            ("boundaries", f"Kinds: {', '.join(BOUNDARY_KINDS)}.", BOUNDARY),
            ("data", "Classes of data that components hold or carry.", DATA),
        ],
    }
    return render(request, "guide/kinds.html", context)


@require_safe
def plate(request: HttpRequest, number: str) -> HttpResponse:
    source = book()
    shown = source.plates.get(number)
    if shown is None:
        raise Http404(number)
    order = list(source.plates.values())
    at = order.index(shown)
    context = {
        "nav": "guide",
        "plate": shown,
        "figure": source.figure(shown),
        "claims": shown.claims,
        "previous": order[at - 1] if at else None,
        "next": order[at + 1] if at + 1 < len(order) else None,
    }
    return render(request, "guide/plate.html", context)
