"""Parts of a finding that a page repeats for each: written in one go, because a large design has
hundreds of them, and a template takes twenty times as long."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString, mark_safe

from reviews.pages import Shown

register = template.Library()


@register.simple_tag
def facts(one: Shown) -> SafeString:
    """The evidence of a finding."""
    rows = (
        f"<dt>{escape(what)}</dt><dd>{escape(said)} "
        f'<span class="quiet">{escape(origin)}</span></dd>'
        for what, said, origin in one.facts
    )
    return mark_safe(f'<dl class="facts num">{"".join(rows)}</dl>')


@register.simple_tag
def follow(at: str, one: Shown) -> SafeString:
    """The way to the page on which people follow a finding; `at` finds it by rule and subject."""
    found = one.finding
    asked = escape(
        f"{at}?rule={quote(found.rule, safe='')}&subject={quote(found.subject, safe='')}"
    )
    said = f'<span class="sr"> {escape(found.rule)} at {escape(one.where)}</span>'
    return mark_safe(f'<a href="{asked}">Discuss, assign, waive or patch{said}</a>')
