"""The whole book as leaves: trees of elements with ids that are unique in the book, and links that
say whether they stay within it.

A link that stays has `data-to`, the id of its target, in place of `href`; `Whole.home` knows the
leaf of each id. The others keep an address, with `site` in front of those of our own pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from xml.etree.ElementTree import Element

from design.rules import AREAS, RULES
from guide import markup
from guide.book import Book
from guide.contents import Chapter, Questions, Section
from guide.editions import blocks
from guide.editions.elements import append, classes, make, pairs, parse, replace
from guide.markup import Context
from guide.problems import CONTENT, Report
from guide.reading import MARK, Page

PART, CHAPTER, SECTION = 1, 2, 3


@dataclass
class Leaf:
    """One page of the book. `key` is its id; a part has a title only."""

    key: str
    level: int
    number: str
    title: str
    body: Element
    url: str = ""
    lead: str = ""
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        return f"{self.number} {self.title}".strip()


@dataclass
class Whole:
    leaves: tuple[Leaf, ...]
    home: dict[str, Leaf]

    def headings(self, leaf: Leaf) -> list[tuple[str, str]]:
        """(id, title) of the second-level headings of a leaf."""
        return [(h.get("id", ""), "".join(h.itertext()).strip()) for h in leaf.body.iter("h2")]


def whole(book: Book, site: str = "") -> Whole:
    """Everything in order. `site` is the address of the site without a slash at its end."""
    leaves = list(_leaves(book))
    where: dict[str, str] = {}
    home: dict[str, Leaf] = {}
    for leaf in leaves:
        _own_ids(leaf)
        home[leaf.key] = leaf
        if leaf.url:
            where[leaf.url] = leaf.key
        for old, new in leaf.ids.items():
            home[new] = leaf
            if leaf.url:
                where[f"{leaf.url}#{old}"] = new
    where |= {f"/plates/{p.number}/": p.anchor for p in book.plates.values() if p.anchor in home}
    where |= {t.url: f"term-{t.id}" for t in book.glossary.terms}
    where |= {f"/rules/{id}/": f"rule-{id}" for id in RULES}
    for leaf in leaves:
        _links(leaf, where, site)
    return Whole(tuple(leaves), home)


def _leaves(book: Book) -> Iterator[Leaf]:
    if book.contents.front:
        yield Leaf("start", PART, "", "Before you start", make("div"))
    for place in book.contents.front:
        yield _of_page(book, place, CHAPTER, "")
    for number, part in enumerate(book.contents.parts, 1):
        yield Leaf(f"part-{number}", PART, "", part.title, make("div"))
        for chapter in part.chapters:
            if chapter.written or chapter.opening.written:
                yield from _of_chapter(book, chapter)
    yield Leaf("appendices", PART, "", "Appendices", make("div"))
    yield _glossary(book)
    yield from _patterns(book)
    yield _plates(book)
    yield _rules(book)


def _of_chapter(book: Book, chapter: Chapter) -> Iterator[Leaf]:
    opening = book.page(chapter.opening.id)
    body = _body(book, opening) if opening else make("div")
    key = f"chapter-{chapter.number}"
    yield Leaf(
        key, CHAPTER, str(chapter.number), chapter.title, body, chapter.url, lead=chapter.text
    )
    for place in chapter.sections:
        if place.written:
            yield _of_page(book, place, SECTION, place.label)
    if chapter.questions.written:
        yield _of_page(book, chapter.questions, SECTION, "")


def _of_page(book: Book, place: Section, level: int, number: str) -> Leaf:
    page = book.page(place.id)
    assert page is not None
    kind = "questions" if isinstance(place, Questions) else "section"
    key = f"{kind}-{place.label.replace('.', '-')}"
    body = _body(book, page)
    if page.sources:
        items = []
        for source in page.sources:
            item = make("li", make("a", source.title, href=source.url))
            append(item, f". {source.by}, {source.dated}; checked {source.checked}.")
            items.append(item)
        summary = make("summary", f"Sources of the facts of this section ({len(items)})")
        body.append(make("details", summary, make("ol", *items), class_="sources"))
    lead = "" if isinstance(place, Questions) else place.decide
    return Leaf(key, level, number, place.title, body, place.url, lead=lead)


def _body(book: Book, page: Page) -> Element:
    context = context_of(book, page.section.chapter)
    return _filled(parse(markup.convert(page.body, context).html), page, context)


def context_of(book: Book, chapter: str = "") -> Context:
    return Context(book.library, Report(CONTENT), chapter, popovers=False)


_MARKED = re.compile(rf"{MARK}(\d+){MARK}")


def _filled(tree: Element, page: Page, context: Context) -> Element:
    for parent, child in pairs(tree):
        if child.tag == "p" and (match := _MARKED.fullmatch((child.text or "").strip())):
            made = blocks.block(page.blocks[int(match[1])], page, context)
            replace(parent, child, [_filled(made, page, context)])
    return tree


# Appendices


def _glossary(book: Book) -> Leaf:
    body = make("div")
    for letter, terms in groupby(book.glossary.terms, key=lambda t: t.initial):
        body.append(make("h2", letter, id=f"letter-{letter.lower()}"))
        entries = make("dl", class_="terms")
        for term in terms:
            also = make("small", f" {', '.join(term.aliases)}") if term.aliases else ""
            entries.append(make("dt", term.term, also, id=f"term-{term.id}"))
            said = make("dd", make("p", term.definition))
            said.append(make("p", make("b", "Why it matters. "), term.why))
            said.append(make("p", make("b", "Trap. "), term.trap))
            links = [(t.term, t.url) for id in term.related if (t := book.glossary.get(id))]
            if home := book.contents.section(term.section):
                links.insert(0, (f"{home.label} {home.title}", home.url))
            if links:
                said.append(_joined("See ", links))
            entries.append(said)
        body.append(entries)
    lead = "One word for one thing, with what depends on the idea and where people stumble."
    return Leaf("glossary", CHAPTER, "A", "Glossary", body, "/glossary/", lead=lead)


def _joined(word: str, links: list[tuple[str, str]]) -> Element:
    made = make("p", word, class_="see")
    for at, (title, url) in enumerate(links):
        if at:
            append(made, ", ")
        made.append(make("a", title, href=url))
    append(made, ".")
    return made


def _patterns(book: Book) -> Iterator[Leaf]:
    lead = "Each pattern with its shape, its range, what it is mistaken for, and how it fails."
    yield Leaf("patterns", CHAPTER, "B", "Patterns", make("div"), "/patterns/", lead=lead)
    for pattern in book.patterns.values():
        body = blocks.account(pattern, context_of(book))
        sections = book.sections_of_pattern(pattern)
        if sections:
            body.append(_joined("Read ", [(f"{s.label} {s.title}", s.url) for s in sections]))
        key = f"pattern-{pattern.slug}"
        yield Leaf(key, SECTION, pattern.label, pattern.title, body, pattern.url)


def _plates(book: Book) -> Leaf:
    items = make("ul", class_="plates")
    for plate in book.plates.values():
        link = make("a", f"{plate.number} {plate.title}", href=plate.url)
        items.append(make("li", link))
    lead = "Every drawing of the book. The site has each as the file that it is drawn from."
    return Leaf("plates", CHAPTER, "C", "Plates", make("div", items), "/plates/", lead=lead)


def _rules(book: Book) -> Leaf:
    body = make("div")
    for area, rules in groupby(
        sorted(RULES.values(), key=lambda r: list(AREAS).index(r.area)), key=lambda r: r.area
    ):
        body.append(make("h2", AREAS[area], id=f"area-{area.lower()}"))
        entries = make("dl", class_="terms")
        for rule in rules:
            word = make("small", f" {rule.severity}")
            entries.append(make("dt", f"{rule.id} {rule.title}", word, id=f"rule-{rule.id}"))
            said = make("dd", make("p", rule.why), make("p", make("b", "Repair. "), rule.fix))
            if home := book.contents.section(rule.section):
                said.append(_joined("Read ", [(f"{home.label} {home.title}", home.url)]))
            entries.append(said)
        body.append(entries)
    lead = "What the checker of the site looks for in a design, and what to do about it."
    return Leaf("rules", CHAPTER, "", "Rules", body, "/rules/", lead=lead)


# Ids and links


_SHARED = re.compile(r"(term|rule|plate|letter|area)-")


def _own_ids(leaf: Leaf) -> None:
    """Prefixes ids with the leaf's key; anchors beside headings and icons go."""
    for parent, child in pairs(leaf.body):
        if child.tag == "svg" or "anchor" in classes(child):
            replace(parent, child, [])
            continue
        if id := child.get("id"):
            new = id if _SHARED.match(id) else f"{leaf.key}-{id}"
            leaf.ids[id] = new
            child.set("id", new)
        if by := child.get("aria-labelledby"):
            child.set("aria-labelledby", f"{leaf.key}-{by}")


def _links(leaf: Leaf, where: dict[str, str], site: str) -> None:
    for link in leaf.body.iter("a"):
        href = link.attrib.pop("href", "")
        link.attrib.pop("class", None)
        if href.startswith("#"):
            href = leaf.url + href
        path = href.partition("#")[0]
        target = where.get(href) or where.get(path)
        if target:
            link.set("data-to", target)
        elif href.startswith("/"):
            link.set("href", site + href)
        else:
            link.set("href", href)
