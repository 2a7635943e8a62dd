"""Markdown of comments and reasons as safe HTML: strangers write it, others read it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import markdown
import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_TAGS: Final = {"p", "strong", "em", "code", "pre", "ul", "ol", "li", "br", "a", "blockquote"}
_DEEP: Final = re.compile(r"^[ \t]*(?:[>*+-][ \t]*){9,}|[(*_`]{40,}", re.MULTILINE)
_BRACKETS: Final = 200
"""More than anybody's links; the parser takes the square of their number."""

_NAME: Final = re.compile(r"(?<![\w@./-])@([A-Za-z0-9_][A-Za-z0-9_.+-]{0,149})")


@lru_cache(maxsize=2000)
def rendered(text: str) -> SafeString:
    """Markdown as paragraphs. Raw HTML is taken out, links lead to web pages and mail only; what
    is nested deeper than anybody reads is shown as it was typed."""
    if _DEEP.search(text) or text.count("[") > _BRACKETS:
        return _plain(text)
    try:
        html = markdown.markdown(
            text, extensions=["sane_lists", "fenced_code", "nl2br"], output_format="html"
        )
    except RecursionError:
        return _plain(text)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(clean)


def _plain(text: str) -> SafeString:
    return mark_safe(f"<pre>{escape(text)}</pre>")


def names(text: str) -> set[str]:
    """The user names that a text mentions, ``@mara``, in small letters."""
    return {name.rstrip(".+-").lower() for name in _NAME.findall(text)}
