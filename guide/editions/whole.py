"""The whole book as leaves: trees of elements with ids that are unique in the book, and links that
say whether they stay within it.

A link that stays has `data-to`, the id of its target, in place of `href`; `Whole.home` knows the
leaf of each id. The others keep an address, with `site` in front of those of our own pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from design.rules import RULES
from guide import markup
from guide.book import Book
from guide.contents import Chapter, Questions, Section
from guide.editions import appendices, blocks
from guide.editions.elements import append, classes, make, pairs, parse, replace
from guide.editions.leaf import CHAPTER, PART, SECTION, Leaf, context_of
from guide.markup import Context
from guide.reading import MARK, Page


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
    yield from appendices.leaves(book)


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


_MARKED = re.compile(rf"{MARK}(\d+){MARK}")


def _filled(tree: Element, page: Page, context: Context) -> Element:
    for parent, child in pairs(tree):
        if child.tag == "p" and (match := _MARKED.fullmatch((child.text or "").strip())):
            made = blocks.block(page.blocks[int(match[1])], page, context)
            replace(parent, child, [_filled(made, page, context)])
    return tree


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
        for within in link.iter("a"):
            if within is not link:  # a rule or a term in the name of a source
                within.tag = "span"
                within.attrib.clear()
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
