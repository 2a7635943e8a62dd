"""The book's tree beside a section, and the strip of its headings on narrow screens.

Each page's tree is made once and kept; the pieces that pages share are made once for all.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from guide.contents import Chapter, Contents, Section
from guide.markup import Heading

_ROW = '<a href="{}"{}><span class="no">{}</span><span>{}</span></a>'


class Tree:
    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.made: dict[str, SafeString] = {}
        self.closed = {
            c.slug: format_html("<li>" + _ROW + "</li>", c.url, "", c.number, c.title)
            for c in contents.chapters
        }
        self.back = format_html_join(
            "",
            "<li>" + _ROW + "</li>",
            ((a.url, "", a.letter, a.title) for a in contents.appendices),
        )

    def beside(
        self,
        chapter: Chapter | None,
        section: Section | None = None,
        headings: Sequence[Heading] = (),
    ) -> SafeString:
        """The tree with one chapter open, and the page's contents under the current page."""
        key = section.id if section else chapter.slug if chapter else ""
        if key not in self.made:
            self.made[key] = self._make(chapter, section, headings)
        return self.made[key]

    def _make(
        self, chapter: Chapter | None, section: Section | None, headings: Sequence[Heading]
    ) -> SafeString:
        rows: list[str] = []
        if self.contents.front:
            rows.append('<li class="part">Before you start</li>')
            rows += [self._kid(page, section, headings) for page in self.contents.front]
        for part in self.contents.parts:
            rows.append(format_html('<li class="part">{}</li>', part.title))
            for each in part.chapters:
                rows.append(
                    self._open(each, section, headings)
                    if each is chapter
                    else self.closed[each.slug]
                )
        rows += ['<li class="part">Appendices</li>', self.back]
        tree = mark_safe("".join(rows))
        return format_html('<nav class="book-tree" aria-label="Guide"><ol>{}</ol></nav>', tree)

    def _open(
        self, chapter: Chapter, current: Section | None, headings: Sequence[Heading]
    ) -> SafeString:
        last = (chapter.questions,) if chapter.questions.written else ()
        kids = format_html_join(
            "", "{}", ((self._kid(s, current, headings),) for s in (*chapter.sections, *last))
        )
        here = mark_safe(' aria-current="page"') if current is None else ""
        row = format_html(_ROW, chapter.url, here, chapter.number, chapter.title)
        return format_html('<li class="open">{}<ol class="kids">{}</ol></li>', row, kids)

    def _kid(
        self, section: Section, current: Section | None, headings: Sequence[Heading]
    ) -> SafeString:
        if not section.written:
            return format_html(
                '<li class="unwritten"><span><span class="no">{}</span><span>{}</span></span></li>',
                section.label,
                section.title,
            )
        here = mark_safe(' aria-current="page"') if section is current else ""
        number = "" if section.number == 9 or not section.chapter_number else section.label
        row = format_html(_ROW, section.url, here, number, section.title)
        toc = on_this_page(headings) if section is current else ""
        return format_html('<li data-section="{}">{}{}</li>', section.id, row, toc)


def on_this_page(headings: Sequence[Heading]) -> SafeString:
    links = format_html_join(
        "", '<li><a href="#{}">{}</a></li>', ((h.id, h.title) for h in headings if h.level == 2)
    )
    return format_html('<ol class="toc" aria-label="On this page">{}</ol>', links)


def strip(headings: Sequence[Heading]) -> SafeString:
    """For narrow screens: the same contents, folded, under the header."""
    links = format_html_join(
        "", '<li><a href="#{}">{}</a></li>', ((h.id, h.title) for h in headings if h.level == 2)
    )
    if not links:
        return SafeString()
    return format_html(
        '<div class="strip"><div class="wrap"><details><summary>On this page</summary>'
        "<ol>{}</ol></details></div></div>",
        links,
    )
