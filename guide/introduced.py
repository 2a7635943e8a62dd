"""Terms that a reader meets before anything has told what they mean.

A term is introduced by the section that teaches it, or by any section that marks it, since the
mark opens its definition. Only names that are unmistakable are looked for, those of several words
or with a hyphen: `event` and `queue` are also plain English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.glossary import Term
from guide.library import Library
from guide.problems import Problem
from guide.reading import Page

_MARK = re.compile(r"\[\[([^\]|]+)(?:\|[^\]]*)?\]\]")
# Headings, tables, code, links, and the italic titles of sources.
_NOT_PROSE = re.compile(
    r"\[\[[^\]]*\]\]|`[^`]*`|\[[^\]]*\]\([^)]*\)|\(\*[^)]*\)|^#.*$|^\|.*$", re.M
)


def problems(library: Library, pages: list[Page]) -> Iterator[Problem]:
    """A warning for each term that a page, of those in order of the book, uses too early."""
    place = {section.id: at for at, section in enumerate(library.contents.sections)}
    names = {term.id: _pattern(term) for term in library.glossary.terms}
    introduced: set[str] = set()
    for page in pages:
        here = place[page.section.id]
        introduced |= {
            t.id for t in library.glossary.terms if place.get(t.section, here + 1) <= here
        }
        introduced |= {
            t.id for name in _MARK.findall(page.body) if (t := library.glossary.find(name))
        }
        prose = _NOT_PROSE.sub(" ", page.body)
        for term in library.glossary.terms:
            pattern = names[term.id]
            if pattern and term.id not in introduced and (found := pattern.search(prose)):
                introduced.add(term.id)
                page.report.warn(
                    page.report.line_of(found[0]),
                    f"“{found[0]}” is used before anything introduces it.",
                    f"Mark it: [[{found[0]}]].",
                )
        yield from page.report.found


def _pattern(term: Term) -> re.Pattern[str] | None:
    found = [re.escape(n) for n in (term.term, *term.aliases) if re.search(r"[\s-]", n)]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(found)})s?(?![\w-])", re.I) if found else None
