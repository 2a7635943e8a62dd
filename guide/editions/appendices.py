"""What stands behind the last chapter: glossary, patterns, plates, reference pages, rules."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.etree.ElementTree import Element

from design.rules import AREAS, RULES
from guide import markup
from guide.book import Book
from guide.editions import blocks
from guide.editions.elements import append, make, parse
from guide.editions.leaf import CHAPTER, SECTION, Leaf, context_of
from guide.reference_pages import ReferencePage, convert, shelf


def leaves(book: Book) -> Iterator[Leaf]:
    yield _glossary(book)
    yield from _patterns(book)
    yield _plates(book)
    for page in shelf(book).pages.values():
        yield _reference(book, page)
    yield _rules(book)


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


def _reference(book: Book, page: ReferencePage) -> Leaf:
    context = context_of(book)
    body = make("div", *parse(markup.convert(page.intro, context).html))
    for group, title in page.groups.items():
        entries = [entry for entry in page.entries if entry.group == group]
        if not entries:
            continue
        body.append(make("h2", title, id=f"group-{group}"))
        if note := page.notes.get(group):
            body.append(make("p", *_inline(markup.inline(note, context))))
        listed = make("dl", class_="terms")
        for entry in entries:
            listed.append(make("dt", entry.name, id=entry.id))
            said = make("dd")
            texts = convert([entry.texts[key] for key in page.columns], context)
            for word, text in zip(page.columns.values(), texts, strict=True):
                parts = list(parse(text))
                if parts and parts[0].tag == "p":
                    lead = make("b", f"{word}. ")
                    lead.tail, parts[0].text = parts[0].text, ""
                    parts[0].insert(0, lead)
                said.extend(parts)
            links = [(id, f"/rules/{id}/") for id in entry.rules]
            places = (book.contents.section(id) for id in entry.sections)
            links += [(f"{s.label} {s.title}", s.url) for s in places if s]
            if links:
                said.append(_joined("See ", links))
            listed.append(said)
        body.append(listed)
    return Leaf(
        f"reference-{page.slug}", CHAPTER, "", page.title, body, page.url, lead=page.summary
    )


def _inline(fragment: str) -> list[Element | str]:
    """What stands in a paragraph, as children of another element."""
    tree = parse(fragment)
    found: list[Element | str] = [tree.text or ""]
    for child in tree:
        tail, child.tail = child.tail, None
        found += [child, tail or ""]
    return found
