"""Markdown to the HTML of a page.

Python-Markdown with our own constructs: `[[term]]`, rule ids, callouts, provider tabs, tables
with captions, links between sections. Raw HTML and images are refused, and a link may only
lead to http, https, mail or into this site.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.tables import TableExtension

from guide import constructs
from guide.library import Library, did_you_mean
from guide.problems import Report

Resolve = Callable[[str], str]


@dataclass
class Context:
    """What a text is converted against: where it stands, what it may name, where problems go.
    `shown` remembers which terms have their popover already; without `popovers` none has."""

    library: Library
    report: Report
    chapter: str = ""
    popovers: bool = True
    shown: set[str] = field(default_factory=set)
    tables: int = 0
    callouts: int = 0

    def link(self, href: str) -> str:
        """The address that a link leads to; an error and # where it leads nowhere."""
        plain = re.sub(r"[\x00-\x20]", "", html.unescape(href))
        if re.match(r"(?i)(https?://|mailto:)[^/]", plain) or plain.startswith("#"):
            return plain
        if plain.startswith("/") and not plain.startswith("//"):
            if not self.library.address_exists(plain):
                self.report.at(href, f"“{plain}” leads nowhere on this site.")
            return plain
        path, _, anchor = plain.partition("#")
        match = re.fullmatch(r"(?:\.\./([a-z0-9-]+)/|(?:\./)?)([a-z0-9-]+)\.md", path)
        section = self._section(match[1] or self.chapter, match[2]) if match else None
        if section is None:
            self.report.at(f"]({href}", f"The link “{href}” cannot be resolved.", self._near(match))
            return "#"
        return section.url + (f"#{anchor}" if anchor and section.written else "")

    def _section(self, chapter: str, slug: str):
        return self.library.contents.page(f"{chapter}/{slug}")

    def _near(self, match: re.Match[str] | None) -> str:
        if not match:
            return "Use http(s), an address of this site, or (../chapter-slug/section-slug.md)."
        wanted = f"{match[1] or self.chapter}/{match[2]}"
        return did_you_mean(wanted, [s.id for s in self.library.contents.sections])


@dataclass(frozen=True)
class Heading:
    level: int
    id: str
    title: str


@dataclass(frozen=True)
class Converted:
    html: str
    headings: tuple[Heading, ...]


class _Guide(Extension):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        for name in ("html", "image_link", "image_reference", "short_image_ref"):
            md.inlinePatterns.deregister(name)
        constructs.register(md, self.context)


_RAW_HTML = re.compile(r"<(?!https?://|mailto:)[a-zA-Z/!?][^<>\n]*>")
_CODE = re.compile(r"^(?P<t>`{3,}|~{3,}).*?^(?P=t)\s*$|(`+)(?!`).+?(?<!`)\2(?!`)", re.M | re.S)


def refuse(text: str, report: Report) -> None:
    """Reports raw HTML and images; they would be shown as text."""
    blank = _CODE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    for match in _RAW_HTML.finditer(blank):
        report.at(match[0], f"Raw HTML “{match[0][:40]}” is not allowed.")
    for match in re.finditer(r"!\[[^\]\n]*\]\([^)\n]*\)", blank):
        report.at(match[0], "Images are not allowed; draw a plate.")


_TERM_IN_HEADING = re.compile(r"^(#{1,4} .*?)\[\[(?:[^\]|\n]*\|)?([^\]\n]*)\]\]", re.M)


def convert(text: str, context: Context) -> Converted:
    """A whole text, with the headings that carry ids."""
    while match := _TERM_IN_HEADING.search(text):
        context.report.at(match[0], "A heading holds no terms; link the first use below it.")
        text = text[: match.start()] + match[1] + match[2] + text[match.end() :]
    md = Markdown(
        extensions=[
            "sane_lists",
            "smarty",
            "pymdownx.superfences",
            "pymdownx.highlight",
            TableExtension(use_align_attribute=True),
            _Guide(context),
        ],
        extension_configs={
            "smarty": {"smart_dashes": False, "smart_ellipses": False},
            "pymdownx.highlight": {
                "use_pygments": True,
                "css_class": "code",
                "guess_lang": False,
                "anchor_linenums": False,
                "auto_title": False,
            },
        },
        output_format="html",
    )
    return _headings(_scrolling(md.convert(text)))


def inline(text: str, context: Context) -> str:
    """One paragraph without its <p>."""
    out = convert(" ".join(text.split()), context).html.strip()
    return out.removeprefix("<p>").removesuffix("</p>") if out.count("<p>") == 1 else out


def plain(fragment: str) -> str:
    """The text of a piece of HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", fragment)).split())


def slug(title: str) -> str:
    """The id of a heading that has none set by hand."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub("[’']", "", title.lower())).strip("-") or "part"


def _scrolling(body: str) -> str:
    """Code that is wider than the column can be scrolled with the keyboard."""
    return body.replace('<div class="code"><pre>', '<div class="code"><pre tabindex="0">')


_HEADING = re.compile(r"<h([2-4])>(.*?)</h\1>", re.S)
_HAND_SET = re.compile(r"\s*\{#([a-z][a-z0-9-]*)\}\s*$")


def _headings(body: str) -> Converted:
    found: list[Heading] = []
    used: set[str] = set()

    def place(match: re.Match[str]) -> str:
        inner = match[2]
        if by_hand := _HAND_SET.search(inner):
            inner, id = inner[: by_hand.start()], by_hand[1]
        else:
            id = slug(plain(inner))
        stem, n = id, 2
        while id in used:
            id, n = f"{stem}-{n}", n + 1
        used.add(id)
        found.append(Heading(int(match[1]), id, plain(inner)))
        if match[1] == "4":
            return f'<h4 id="{id}">{inner}</h4>'
        # For the mouse: the list of headings beside the text has the same link for everybody, and
        # a link in here would be read out as a part of the heading.
        anchor = f'<a class="anchor" href="#{id}" tabindex="-1" aria-hidden="true">#</a>'
        return f'<h{match[1]} id="{id}">{inner} {anchor}</h{match[1]}>'

    body = _HEADING.sub(place, body)
    return Converted(body, tuple(found))
