"""What can be found: the pages of the guide, and passages of its sections, as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from design.rules import RULES
from guide.book import Book
from guide.contents import Opening
from guide.markup import slug
from guide.reading import MARK, Page
from guide.reference_pages import shelf

# Headings that every section has; as passages they say nothing.
_ROUTINE = frozenset({"Check yourself", "Where this leads"})


@dataclass(frozen=True)
class Document:
    """`names` are other names that count like the title."""

    kind: str
    title: str
    text: str
    url: str
    chapter: int = 0
    place: str = ""
    names: tuple[str, ...] = ()


def documents(source: Book) -> Iterable[Document]:
    """Everything that can be found."""
    yield from _of_chapters(source)
    for page in source.pages.values():
        yield from _of_section(page)
    for page in source.around.values():
        place = page.section
        if not isinstance(place, Opening):
            text = _flat(" ".join([place.decide, page.body, *(a.body for a in page.answers)]))
            number = place.chapter_number
            yield Document("section", place.title, text, place.url, number, place.place)
    numbers = {c.slug: c.number for c in source.contents.chapters}
    for term in source.glossary.terms:
        text = f"{term.definition} {term.why} {term.trap} {' '.join(term.aliases)}"
        number = numbers.get(term.section.partition("/")[0], 0)
        place = term.group_title
        yield Document("term", term.term, text, term.url, number, place, term.aliases)
    for pattern in source.patterns.values():
        account = pattern.account
        texts = (pattern.summary, f"{pattern.problem}.", account["habitat"], account["watch"])
        text = _flat(" ".join(texts))
        yield Document("pattern", pattern.title, text, pattern.url, 0, pattern.label)
    for rule in RULES.values():
        number = numbers.get(rule.section.partition("/")[0], 0)
        text = f"{rule.why} {rule.detects} {rule.fix}"
        yield Document("rule", rule.title, text, f"/rules/{rule.id}/", number, rule.id, (rule.id,))
    yield from _of_reference(source)
    for plate in source.plates.values():
        number = int(plate.number.partition(".")[0]) if "." in plate.number else 0
        yield Document(
            "plate", plate.title, _flat(plate.caption), plate.url, number, f"Plate {plate.number}"
        )


def _of_chapters(source: Book) -> Iterable[Document]:
    """Chapters, and those of their sections that are not written yet."""
    for chapter in source.contents.chapters:
        place = f"Chapter {chapter.number}"
        opening = source.page(chapter.opening.id)
        text = f"{chapter.text} {_flat(opening.body)}" if opening else chapter.text
        yield Document("chapter", chapter.title, text, chapter.url, chapter.number, place)
        for section in chapter.sections:
            if not section.written:
                yield Document(
                    "section",
                    section.title,
                    section.decide,
                    section.url,
                    chapter.number,
                    section.label,
                )


def _of_reference(source: Book) -> Iterable[Document]:
    for page in shelf(source).pages.values():
        for entry in page.entries:
            yield Document("reference", entry.name, entry.plain, entry.url, 0, page.title)


def _of_section(page: Page) -> Iterable[Document]:
    section = page.section
    parts = re.split(r"^## +(.+?)\s*$", page.body, flags=re.M)
    whole = _flat(" ".join(parts[0::2]))
    yield Document(
        "section", section.title, whole, section.url, section.chapter_number, section.label
    )
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        by_hand = re.search(r"\s*\{#([a-z][a-z0-9-]*)\}$", heading)
        if heading in _ROUTINE:
            continue
        title = _flat(heading[: by_hand.start()] if by_hand else heading)
        anchor = by_hand[1] if by_hand else slug(title)
        url = f"{section.url}#{anchor}"
        yield Document(
            "heading",
            title,
            _flat(body),
            url,
            section.chapter_number,
            f"{section.label} {section.title}",
        )


def _flat(text: str) -> str:
    """Markdown without its marks."""
    text = re.sub(rf"{MARK}\d+{MARK}", " ", text)
    text = (
        re.sub(r"\[\[([^\[\]|]+)\|([^\[\]]+)\]\]", r"\2", text).replace("[[", "").replace("]]", "")
    )
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r'^(!!!|===)\s*\w*\s*"?([^"\n]*)"?\s*$', r"\2.", text, flags=re.M)
    text = re.sub(r"^\|?[\s:|-]+\|?$", " ", text, flags=re.M)
    return " ".join(re.sub(r"[*`>#|]", " ", text).split())
