"""The whole book as one HTML page: the leaves below one another, every link within the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

from django.utils.safestring import SafeString, mark_safe

from guide import drawings
from guide.book import Book
from guide.editions.elements import classes, inner_html, make, pairs, replace
from guide.editions.leaf import CHAPTER, PART, SECTION, Leaf
from guide.editions.whole import Whole, whole

_PLATE = "\ue001"
"""Stands around the number of a plate until its drawing is put in."""


@dataclass(frozen=True)
class Article:
    """A leaf as it stands on the page, and its line in the contents."""

    key: str
    level: str
    number: str
    title: str
    lead: str
    html: SafeString


@lru_cache(maxsize=1)
def articles(book: Book) -> tuple[Article, ...]:
    made = whole(book)
    return tuple(_article(leaf, made, book) for leaf in made.leaves)


def _article(leaf: Leaf, made: Whole, book: Book) -> Article:
    _headings(leaf)
    captions: dict[str, str] = {}
    for parent, child in pairs(leaf.body):
        if child.tag == "a" and (to := child.attrib.pop("data-to", "")):
            child.set("href", f"#{to}")
        if child.tag == "figure":
            captions.update(_caption(child))
            number = next(iter(child.iter("div"))).get("data-plate", "") if len(child) else ""
            if number:
                replace(parent, child, [make("p", f"{_PLATE}{number}{_PLATE}")])
    html = inner_html(leaf.body)
    for number, caption in captions.items():
        figure = drawings.figure(book.plates[number], caption)
        html = html.replace(f"<p>{_PLATE}{number}{_PLATE}</p>", figure)
    level = {PART: "part", CHAPTER: "chapter", SECTION: "section"}[leaf.level]
    return Article(leaf.key, level, leaf.number, leaf.title, leaf.lead, mark_safe(html))


def _caption(figure: Element) -> dict[str, str]:
    """The caption of a drawn plate by its number, as HTML with links within the page."""
    for draw in figure.iter("div"):
        if number := draw.get("data-plate"):
            said = figure.find("figcaption/p")
            assert said is not None
            for link in said.iter("a"):
                if to := link.attrib.pop("data-to", ""):
                    link.set("href", f"#{to}")
            return {number: f"<p>{inner_html(said)}</p>"}
    return {}


def _headings(leaf: Leaf) -> None:
    """A chapter is an h2 and a section an h3 of the page; what they hold goes down with them. The
    name of a panel stands right below the heading that it belongs to."""
    down = leaf.level - 1
    for panel in [e for e in leaf.body.iter("section") if "panel" in classes(e)]:
        panel.tag = "div"  # a hundred regions of one name would be no landmarks
        for name in panel.findall("h4"):
            name.tag = "h3"
    for element in leaf.body.iter():
        if element.tag in ("h2", "h3", "h4"):
            element.tag = f"h{min(6, int(element.tag[1]) + down)}"
