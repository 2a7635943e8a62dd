"""The book as PDF, set by Typst: tagged, with an outline, page numbers and links between sections.

The trees reach the template as JSON and are data there; nothing in them is markup. The same book
gives the same bytes.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import typst

from guide import drawings
from guide.book import Book
from guide.editions.elements import classes, text
from guide.editions.epub import About
from guide.editions.leaf import Leaf
from guide.editions.whole import whole
from guide.problems import ROOT

FOLDER = ROOT / "templates" / "print"
_BLOCKS = frozenset(
    (
        *("p", "ul", "ol", "dl", "dt", "dd", "li", "div", "section", "figure", "figcaption"),
        *("table", "pre", "aside", "details", "summary", "blockquote", "h2", "h3", "h4"),
    )
)
_NARROW, _WIDEST = 16, 60
"""Characters: a column whose cells are shorter is as wide as they are; from here on, no wider."""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FOLDER / "fonts")])


def pdf(book: Book, about: About, contours: dict[str, str]) -> bytes:
    """The file. `contours` are the ornaments of parts and chapters as SVG, by the key of the leaf.
    Raises typst.TypstError on a fault of the template."""
    gathered = whole(book, about.site)
    wanted = {a.get("data-to") for leaf in gathered.leaves for a in leaf.body.iter("a")}
    data = {
        "title": about.title,
        "edition": about.edition,
        "dated": about.dated,
        "site": about.site,
        "leaves": [_leaf(leaf, book, wanted) for leaf in gathered.leaves],
        "contours": contours,
    }
    return _set("book.typ", data, pdf_standards="ua-1")


def cover(about: About, contour: str) -> bytes:
    """The front cover as PNG, 1200 × 1600."""
    data = {"title": about.title, "edition": about.edition, "contour": contour}
    return _set("cover.typ", data, format="png", ppi=144.0)


def _set(template: str, data: dict[str, Any], **options: Any) -> bytes:
    made = typst.compile(
        str(FOLDER / template),
        root=str(FOLDER),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        **options,
    )
    assert isinstance(made, bytes)
    return made


def _leaf(leaf: Leaf, book: Book, wanted: set[str | None]) -> dict[str, Any]:
    return {
        "key": leaf.key,
        "level": leaf.level,
        "number": leaf.number,
        "title": leaf.title,
        "lead": leaf.lead,
        "body": _Nodes(book, wanted).children(leaf.body),
    }


class _Nodes:
    """Elements as JSON: {t: tag, k: class, c: children}, with what a tag needs besides."""

    def __init__(self, book: Book, wanted: set[str | None]) -> None:
        self.book, self.wanted = book, wanted

    def children(self, element: Element) -> list[Any]:
        """What is between blocks is white space and no text."""
        blocks = any(child.tag in _BLOCKS for child in element)
        found: list[Any] = []
        for said, child in ((element.text, None), *((c.tail, c) for c in element)):
            if child is not None:
                found.append(self.node(child))
            flat = re.sub(r"\s+", " ", said or "")
            if flat and not (blocks and flat == " "):
                found.append(flat)
        return found

    def node(self, element: Element) -> dict[str, Any]:
        tag = element.tag
        made: dict[str, Any] = {"t": tag}
        if kind := " ".join(classes(element)):
            made["k"] = kind
        if (id := element.get("id")) and id in self.wanted:
            made["id"] = id
        if tag == "pre":
            return made | {"s": "".join(element.itertext()).rstrip("\n")}
        if tag == "code":
            return made | {"s": " ".join("".join(element.itertext()).split())}
        if tag == "table":
            return made | self._table(element)
        if number := element.get("data-plate"):
            return made | self._plate(number)
        for name, short in (("data-to", "to"), ("href", "href")):
            if value := element.get(name):
                made[short] = value
        return made | {"c": self.children(element)}

    def _plate(self, number: str) -> dict[str, Any]:
        plate = self.book.plates[number]
        svg = drawings.standalone(plate)
        assert svg is not None
        wide = re.search(r'\bwidth="([\d.]+)"', svg)
        assert wide is not None
        alt = f"Plate {number}: {plate.title}. Told in words below."
        return {"t": "plate", "svg": svg, "w": float(wide[1]), "alt": alt}

    def _table(self, table: Element) -> dict[str, Any]:
        caption = table.find("caption")
        rows = [list(row) for row in table.iter("tr")]
        heads = len(table.findall("thead/tr"))
        width = max(len(row) for row in rows)
        columns: list[float] = []
        for at in range(width):
            longest = max(len(text(row[at])) for row in rows if at < len(row))
            columns.append(0 if longest <= _NARROW else round(min(longest, _WIDEST) ** 0.7, 2))
        if not any(columns):
            columns[-1] = 1
        numeric = ["n" in classes(cell) for cell in rows[-1]] + [False] * (width - len(rows[-1]))
        return {
            "caption": self.children(caption) if caption is not None else [],
            "hidden": caption is not None and "sr" in classes(caption),
            "columns": columns,
            "numeric": numeric,
            "heads": heads,
            "rows": [[self.children(cell) for cell in row] for row in rows],
            "firsts": [bool(row) and row[0].tag == "th" for row in rows],
        }
