"""The gallery of plates and the concept map."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guide import concepts
from guide.book import book
from guide.gallery import PICTURES, asked, failing, pictures, rules_that_fail, shown


@require_safe
def plates(request: HttpRequest) -> HttpResponse:
    source, want = book(), asked(request.GET)
    groups = [
        (
            title,
            [
                {
                    "plate": plate,
                    "failing": failing(plate),
                    "pictures": [PICTURES[key][0] for key in pictures(plate)],
                }
                for plate in found
            ],
        )
        for title, found in shown(source, want)
    ]
    context = {
        "nav": "guide",
        "groups": groups,
        "want": want,
        "total": len(source.plates),
        "fitting": sum(len(found) for _, found in groups),
        "chapters": [c for c in source.contents.chapters if c.written],
        "pictures": [(key, title) for key, (title, _) in PICTURES.items()],
        "rules": rules_that_fail(source),
        "terms": len(source.glossary.terms),
    }
    return render(request, "guide/plates.html", context)


@require_safe
def concept_map(request: HttpRequest) -> HttpResponse:
    glossary = book().glossary
    context = {
        "nav": "guide",
        "map": concepts.whole(glossary.terms),
        "total": len(glossary.terms),
        "groups": concepts.groups(glossary.terms),
    }
    return render(request, "guide/concepts.html", context)


@require_safe
def concept_map_svg(request: HttpRequest) -> HttpResponse:
    text = concepts.as_file(concepts.whole(book().glossary.terms), settings.BASE_URL)
    response = HttpResponse(text, content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response
