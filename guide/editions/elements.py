"""HTML of ours as a tree of elements, and back. Only what our own converter and templates write is
expected: closed tags, no scripts, no doctype."""

from __future__ import annotations

import html
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

VOID = frozenset({"br", "hr", "img", "input", "wbr", "col"})
_EMPTY = frozenset({"checked", "disabled", "hidden", "open", "selected"})


def parse(fragment: str) -> Element:
    """The fragment in a div. Raises ValueError when a tag is closed that is not open."""
    builder = _Builder()
    builder.feed(fragment)
    builder.close()
    if len(builder.open) != 1:
        raise ValueError(f"<{builder.open[-1].tag}> is never closed")
    return builder.open[0]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[Element] = [Element("div")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: name if value is None else value for name, value in attrs}
        child = etree.SubElement(self.open[-1], tag, values)
        if tag not in VOID:
            self.open.append(child)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if len(self.open) == 1 or self.open[-1].tag != tag:
            raise ValueError(f"</{tag}> closes nothing")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        parent = self.open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data


def make(tag: str, *children: Element | str, **attributes: str) -> Element:
    """An element; `class_` gives the class."""
    made = Element(
        tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    )
    for child in children:
        append(made, child)
    return made


def append(parent: Element, child: Element | str) -> None:
    if isinstance(child, Element):
        parent.append(child)
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + child
    else:
        parent.text = (parent.text or "") + child


def replace(parent: Element, old: Element, new: list[Element]) -> None:
    """Puts elements in the place of one; the text behind it stays."""
    at = list(parent).index(old)
    tail, old.tail = old.tail, None
    parent.remove(old)
    for offset, child in enumerate(new):
        parent.insert(at + offset, child)
    if tail:
        if new:
            new[-1].tail = (new[-1].tail or "") + tail
        elif at:
            parent[at - 1].tail = (parent[at - 1].tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail


def pairs(root: Element) -> Iterator[tuple[Element, Element]]:
    """(parent, child) for every element below the root; the tree may be changed meanwhile."""
    return iter([(parent, child) for parent in root.iter() for child in parent])


def classes(element: Element) -> list[str]:
    return element.get("class", "").split()


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def as_html(element: Element) -> str:
    """Without the element's own tail."""
    out: list[str] = []
    _write(element, out)
    return "".join(out)


def inner_html(element: Element) -> str:
    out = [html.escape(element.text or "", quote=False)]
    for child in element:
        _write(child, out)
        out.append(html.escape(child.tail or "", quote=False))
    return "".join(out)


def _write(element: Element, out: list[str]) -> None:
    out.append(f"<{element.tag}")
    for name, value in element.attrib.items():
        out.append(f" {name}" if name in _EMPTY else f' {name}="{html.escape(value)}"')
    out.append(">")
    if element.tag in VOID:
        return
    out.append(html.escape(element.text or "", quote=False))
    for child in element:
        _write(child, out)
        out.append(html.escape(child.tail or "", quote=False))
    out.append(f"</{element.tag}>")
