"""The pattern matrix and the accounts."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from design.rules import RULES
from guide.book import Book, book
from guide.matrix import SORTS, as_csv, asked, groups, ordered
from guide.patterns import AXES, FAMILIES, LEADING, MARKS, NEEDS, Pattern


def marks(pattern: Pattern) -> list[tuple[str, int, str]]:
    """(need, score, words) for each column of the matrix."""
    return [(need, *MARKS[pattern.marks[need]]) for need in NEEDS]


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    patterns = book().patterns
    want = asked(request.GET, patterns)
    shown = groups(patterns.values(), want)
    context = {
        "nav": "patterns",
        "want": want,
        "total": len(patterns),
        "fitting": len(shown[0][1]),
        "groups": [
            (title, [(p, marks(p), [p.says(a) for a in AXES]) for p in rows])
            for title, rows in shown
        ],
        "needs": [(k, *v, want.query(sort=k)) for k, v in NEEDS.items()],
        "families": FAMILIES.items(),
        "leading": [(a, AXES[a][0], AXES[a][1].items(), want.answers[a]) for a in LEADING],
        "axes": [title for title, _ in AXES.values()],
        "sorts": SORTS.items(),
        "by_title": want.query(sort="title"),
        "by_effort": want.query(sort="effort"),
        "by_number": want.query(sort="number"),
        "columns": len(NEEDS) + len(AXES) + 2,
        "legend": MARKS.values(),
        "query": want.query(),
        "compared": _compared(want.compare, patterns) if len(want.compare) > 1 else None,
    }
    return render(request, "guide/matrix.html", context)


def _compared(slugs: tuple[str, ...], patterns: dict[str, Pattern]) -> dict[str, object]:
    """Two to four patterns side by side; rows in which they differ say so."""
    chosen = [patterns[s] for s in slugs]
    rows = [("Problem", [p.problem for p in chosen])]
    rows += [(title, [p.says(a) for p in chosen]) for a, (title, _) in AXES.items()]
    rows.append(("Effort to run, of 5", [str(p.effort) for p in chosen]))
    needs = [(title, [MARKS[p.marks[n]] for p in chosen]) for n, (title, _) in NEEDS.items()]
    return {
        "patterns": chosen,
        "rows": [(title, cells, len(set(cells)) > 1) for title, cells in rows],
        "needs": [(title, cells, len(set(cells)) > 1) for title, cells in needs],
    }


@require_safe
def matrix_csv(request: HttpRequest) -> HttpResponse:
    patterns = book().patterns
    want = asked(request.GET, patterns)
    rows = [p for p in ordered(patterns.values(), want.sort) if want.fits(p)]
    response = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="patterns.csv"'
    return response


@require_safe
def pattern(request: HttpRequest, slug: str) -> HttpResponse:
    source = book()
    this = source.patterns.get(slug)
    if this is None:
        raise Http404(slug)
    likes = [(source.patterns.get(e.get("pattern", "")), e) for e in this.account["look_alikes"]]
    context = {
        "nav": "patterns",
        "pattern": this,
        "plate": source.figure(this.plate),
        "account": _account(source, this),
        "likes": [(p, e.get("name") or _name(e["pattern"])) for p, e in likes],
        "marks": marks(this),
        "needs": NEEDS,
        "axes": [(title, this.says(axis)) for axis, (title, _) in AXES.items()],
        "sections": source.sections_of_pattern(this),
        "exercises": source.exercises_named(this.exercises),
        "rules": [RULES[id] for id in this.rules if id in RULES],
        "neighbours": [source.patterns[s] for s in this.neighbours if s in source.patterns],
        "failing": sorted(r for r, v in this.plate.verdicts.items() if "fail" in v),
        "lines": len(this.shape.splitlines()),
    }
    return render(request, "guide/pattern.html", context)


def _name(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


def _account(book: Book, pattern: Pattern) -> dict[str, object]:
    """The texts of an account as HTML, in one context, so that a term pops up once."""
    account, context = pattern.account, book.context()
    return {
        **{key: book.text(account[key], context) for key in ("habitat", "watch", "cost")},
        "range": [
            {
                **row,
                "what": book.inline(str(row["what"]), context),
                "value": book.inline(str(row["value"]), context),
                "source": _unlinked(book.inline(str(row["source"]), context), row.get("url")),
            }
            for row in account["range"]
        ],
        "differences": [book.inline(e["difference"], context) for e in account["look_alikes"]],
        "hazards": [
            {
                "name": e["name"].rstrip("."),
                "text": book.inline(e["text"], context),
                "rule": e.get("rule", ""),
            }
            for e in account["hazards"]
        ],
    }


def _unlinked(text: SafeString, url: object) -> SafeString:
    """What is a link as a whole holds no links."""
    return mark_safe(re.sub(r"</?a\b[^>]*>", "", text)) if url else text
