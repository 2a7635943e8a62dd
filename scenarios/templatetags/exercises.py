"""Markdown of exercises as safe HTML."""

from __future__ import annotations

from functools import lru_cache

import markdown
import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_TAGS = {"p", "strong", "em", "code", "ul", "ol", "li", "br", "pre", "a"}


@register.filter
@lru_cache(maxsize=2000)
def prose(text: str) -> SafeString:
    """Markdown as paragraphs. Raw HTML is taken out."""
    html = markdown.markdown(text, extensions=["sane_lists"], output_format="html")
    return mark_safe(nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}))


@register.filter
def phrase(text: str) -> SafeString:
    """Markdown for the inside of a line: paragraphs become line breaks."""
    html = str(prose(text)).replace("</p>\n<p>", "<br>")
    return mark_safe(html.removeprefix("<p>").strip().removesuffix("</p>"))


@register.filter
def points(value: float) -> str:
    """Points with at most two decimals: 1, 0.6, 0.48."""
    return f"{round(value, 2):g}"


@register.filter
def entry(mapping: dict[str, object], key: str) -> object:
    """What a mapping holds under a key."""
    return mapping.get(key) if mapping else None
