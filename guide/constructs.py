"""The constructs of our Markdown, as processors of Python-Markdown."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from typing import TYPE_CHECKING

from markdown import Markdown
from markdown.extensions.admonition import AdmonitionProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from design.rules import AREAS, RULES
from guide.library import did_you_mean
from guide.templatetags.warmstart import ICONS

if TYPE_CHECKING:
    from guide.glossary import Term
    from guide.markup import Context

# kind -> (css class, icon, word)
CALLOUTS = {
    "note": ("info", "note", "Note"),
    "tip": ("tip", "tip", "Tip"),
    "caution": ("caution", "caution", "Caution"),
    "hazard": ("hazard", "hazard", "Hazard"),
}


def register(md: Markdown, context: Context) -> None:
    md.parser.blockprocessors.register(Callouts(md.parser), "callouts", 106)
    md.parser.blockprocessors.register(Panels(md.parser), "panels", 105)
    terms = r"\[\[([^\[\]|\n]{1,80})(?:\|([^\[\]\n]{1,80}))?\]\]"
    md.inlinePatterns.register(Terms(terms, md, context), "terms", 175)
    ids = rf"\b((?:{'|'.join(AREAS)})\d{{2}})\b"
    md.inlinePatterns.register(RuleIds(ids, md, context), "rule-ids", 70)
    # After the tree is unescaped (0), so that a link is judged as it will be written.
    md.treeprocessors.register(Links(md, context), "links", -1)
    md.treeprocessors.register(Shapes(md, context), "shapes", -2)


class Callouts(AdmonitionProcessor):
    """``!!! hazard "Title"`` and an indented text."""

    CLASSNAME = "x-callout"
    CLASSNAME_TITLE = "x-title"
    RE = re.compile(
        rf'(?:^|\n)!!! ?({"|".join(CALLOUTS)}|margin)(?: +"(.*?)")? *(?:\n|$)', re.IGNORECASE
    )

    def get_class_and_title(self, match: re.Match[str]) -> tuple[str, str]:
        return match[1].lower(), match[2] or match[1].capitalize()


class Panels(AdmonitionProcessor):
    """``=== "AWS"`` and an indented text; neighbours become one set of tabs."""

    CLASSNAME = "x-panel"
    CLASSNAME_TITLE = "x-title"
    RE = re.compile(r'(?:^|\n)(===) +"([^"\n]+)" *(?:\n|$)')

    def get_class_and_title(self, match: re.Match[str]) -> tuple[str, str]:
        return "panel", match[2]


class Terms(InlineProcessor):
    """``[[term]]`` and ``[[term|as shown]]``."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, pattern: str, md: Markdown, context: Context) -> None:
        super().__init__(pattern, md)
        self.context = context

    def handleMatch(self, match: re.Match[str], data: str):  # type: ignore[override]
        name, shown = match[1], match[2] or match[1]
        term = self.context.library.glossary.find(name)
        if term is None:
            hint = did_you_mean(name, self.context.library.glossary.names)
            self.context.report.at(match[0], f"The glossary has no term “{name}”.", hint)
            return AtomicString(shown), match.start(0), match.end(0)
        if term.id in self.context.shown or not self.context.popovers:
            link = etree.Element("a", href=term.url)
            link.text = AtomicString(shown)
            return link, match.start(0), match.end(0)
        self.context.shown.add(term.id)
        return popover(term, shown), match.start(0), match.end(0)


def popover(term: Term, shown: str) -> etree.Element:
    """A link to the entry, and beside it the popover that scripts open."""
    both = etree.Element("span", {"class": "termbox"})
    link = etree.SubElement(
        both, "a", {"class": "term", "href": term.url, "data-pop": f"g-{term.id}"}
    )
    link.text = AtomicString(shown)
    box = etree.SubElement(
        both, "span", {"class": "gloss", "id": f"g-{term.id}", "popover": "auto"}
    )
    etree.SubElement(box, "b").text = AtomicString(term.term)
    box[0].tail = AtomicString(term.definition)
    meta = etree.SubElement(box, "span", {"class": "meta"})
    etree.SubElement(meta, "a", href=term.url).text = AtomicString("Glossary")
    if term.aliases:
        also = "also: " + ", ".join(term.aliases)
        etree.SubElement(meta, "span").text = AtomicString(also)
    return both


class RuleIds(InlineProcessor):
    """Rule ids in the text lead to their page."""

    ANCESTOR_EXCLUDES = ("a", "h2", "h3", "h4")

    def __init__(self, pattern: str, md: Markdown, context: Context) -> None:
        super().__init__(pattern, md)
        self.context = context

    def handleMatch(self, match: re.Match[str], data: str):  # type: ignore[override]
        if match[1] not in RULES:
            self.context.report.at(match[1], f"There is no rule {match[1]}.")
            return AtomicString(match[1]), match.start(0), match.end(0)
        link = etree.Element("a", href=f"/rules/{match[1]}/")
        link.text = AtomicString(match[1])
        return link, match.start(0), match.end(0)


class Links(Treeprocessor):
    """Every link is resolved or refused."""

    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(md)
        self.context = context

    def run(self, root: etree.Element) -> None:
        for link in root.iter("a"):
            link.attrib.pop("title", None)
            if link.get("href") is not None and "data-pop" not in link.attrib:
                link.set("href", self.context.link(link.get("href", "")))


class Shapes(Treeprocessor):
    """Callouts, tabs and tables into the markup of the look."""

    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(md)
        self.context = context

    def run(self, root: etree.Element) -> None:
        self._walk(root)

    def _walk(self, parent: etree.Element) -> None:
        # Children first: a framed table must not be framed again.
        seen_h2 = False
        for child in list(parent):
            seen_h2 = seen_h2 or child.tag == "h2"
            self._walk(child)
            if child.get("class", "").startswith("x-callout "):
                self._callout(child, "h3" if seen_h2 else "h2")
        self._tabs(parent)
        self._captions(parent)

    def _callout(self, box: etree.Element, level: str) -> None:
        kind = box.get("class", "").split()[-1]
        title = box.find("p[@class='x-title']")
        box.tag = "aside"
        if kind == "margin":
            box.set("class", "note")
            first = box[1] if len(box) > 1 else None
            if title is not None and first is not None and first.tag == "p":
                bold = etree.Element("b")
                bold.text = (title.text or "").rstrip(".") + "."
                bold.extend(list(title))
                bold.tail = " " + (first.text or "")
                first.text = ""
                first.insert(0, bold)
                box.remove(title)
            return
        css, icon, word = CALLOUTS[kind]
        self.context.callouts += 1
        id = f"callout-{self.context.callouts}"
        box.set("class", f"callout {css}")
        box.set("aria-labelledby", id)
        if title is not None:
            title.tag = level
            title.attrib.clear()
            title.set("id", id)
            plain = title.text or ""
            title.text = ""
            title.insert(0, _icon(icon))
            title[0].tail = plain if plain.startswith(word) else f"{word}: {plain}"

    def _tabs(self, parent: etree.Element) -> None:
        """Puts neighbouring panels into one box."""
        box: etree.Element | None = None
        for child in list(parent):
            if not child.get("class", "").startswith("x-panel"):
                box = None
                continue
            if box is None:
                box = etree.Element("div", {"class": "tabs wide", "data-label": "Platform"})
                parent.insert(list(parent).index(child), box)
            parent.remove(child)
            child.tag = "section"
            child.set("class", "panel")
            title = child.find("p[@class='x-title']")
            if title is not None:
                title.tag = "h4"
                title.attrib.clear()
            box.append(child)

    def _captions(self, parent: etree.Element) -> None:
        """A bold paragraph right before a table becomes its caption; wide tables scroll."""
        children = list(parent)
        for before, child in zip([None, *children], children, strict=False):
            if child.tag != "table":
                continue
            self.context.tables += 1
            id = f"table-{self.context.tables}"
            caption = etree.Element("caption", {"id": id})
            if before is not None and _all_bold(before):
                caption.append(before[0])
                before[0].tag = "b"
                before[0].tail = ""
                parent.remove(before)
            else:
                self.context.report.warn(
                    self._line(child), "A table has no caption.", "Put a bold paragraph before it."
                )
                caption.set("class", "sr")
                caption.text = "Table"
            child.insert(0, caption)
            _cells(child)
            frame = etree.Element(
                "div",
                {"class": "table wide", "tabindex": "0", "role": "region", "aria-labelledby": id},
            )
            where = list(parent).index(child)
            parent.remove(child)
            frame.append(child)
            frame.tail, child.tail = child.tail, None
            parent.insert(where, frame)

    def _line(self, table: etree.Element) -> int:
        cell = next((c.text for c in table.iter("th") if c.text), None)
        return self.context.report.line_of(f"| {cell}") if cell else 1


def _all_bold(element: etree.Element) -> bool:
    return (
        element.tag == "p"
        and len(element) == 1
        and element[0].tag == "strong"
        and not (element.text or "").strip()
        and not (element[0].tail or "").strip()
    )


def _cells(table: etree.Element) -> None:
    """Right-aligned columns hold figures; the first column names its row."""
    for cell in table.iter():
        if cell.tag in ("td", "th") and cell.attrib.pop("align", "") == "right":
            cell.set("class", "n")
        if cell.tag == "th":
            # The corner above the names of rows is no header of anything.
            if len(cell) or (cell.text or "").strip():
                cell.set("scope", "col")
            else:
                cell.tag = "td"
    for row in table.iterfind("tbody/tr"):
        if len(row):
            row[0].tag = "th"
            row[0].set("scope", "row")


def _icon(name: str) -> etree.Element:
    svg = etree.fromstring(f"<svg>{ICONS[name]}</svg>")  # noqa: S314 - our own constant
    svg.attrib.update(
        {
            "class": "icon",
            "viewBox": "0 0 16 16",
            "width": "16",
            "height": "16",
            "fill": "none",
            "stroke": "currentColor",
            "stroke-width": "1.5",
            "stroke-linecap": "round",
            "stroke-linejoin": "round",
            "aria-hidden": "true",
        }
    )
    return svg
