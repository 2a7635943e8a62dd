"""Markdown of exercises as XML elements, for files that have to be well formed."""

from __future__ import annotations

from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement

from scenarios.templatetags.exercises import prose

_EMPTY = {"br"}


class _Builder(HTMLParser):
    def __init__(self, root: Element) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: value or "" for name, value in attrs if name == "href"}
        made = SubElement(self.open[-1], tag, kept)
        if tag not in _EMPTY:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        here = self.open[-1]
        text = "".join(c for c in data if c in "\t\n" or ord(c) >= 32)
        if len(here):
            here[-1].tail = (here[-1].tail or "") + text
        else:
            here.text = (here.text or "") + text


def into(parent: Element, text: str) -> None:
    """Adds Markdown as paragraphs, lists and emphasis."""
    builder = _Builder(parent)
    builder.feed(str(prose(text)))
    builder.close()


def plain(parent: Element, text: str) -> None:
    """Adds one line of Markdown without a paragraph around it."""
    html = str(prose(text)).strip().removeprefix("<p>").removesuffix("</p>")
    builder = _Builder(parent)
    builder.feed(html.replace("</p>\n<p>", "<br>"))
    builder.close()
