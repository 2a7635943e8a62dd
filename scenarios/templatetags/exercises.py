"""Markdown of exercises as safe HTML."""

from __future__ import annotations

from functools import lru_cache

import markdown
import nh3
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from scenarios.engine import PLATFORMS, Exercise
from scenarios.progress import Level

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
def platform(exercise: Exercise) -> str:
    """The platform that an exercise is about; empty for the neutral ones."""
    return PLATFORMS.get(exercise.scope, "")


@register.filter
def cited(exercise: Exercise) -> list[str]:
    """What an exercise cites from outside the guide, with the day it was read."""
    return [s for s in exercise.sources if not s.startswith(("guide:", "glossary:"))]


@register.filter
def points(value: float) -> str:
    """Points with at most two decimals: 1, 0.6, 0.48."""
    return f"{round(value, 2):g}"


@register.filter
def percent(share: float) -> str:
    """A share from 0 to 1 in words: 83 %."""
    return f"{share * 100:.0f} %"


@register.filter
def entry(mapping: dict[str, object], key: str) -> object:
    """What a mapping holds under a key."""
    return mapping.get(key) if mapping else None


# The levels of a skill on a 16-unit grid: each looks different without its colour.
_LEVELS = {
    Level.NEW: '<circle cx="8" cy="8" r="4.5" stroke-dasharray="1.4 2.2"/>',
    Level.STARTED: '<circle cx="8" cy="8" r="5"/>',
    Level.FAMILIAR: (
        '<circle cx="8" cy="8" r="5"/><path d="M3 8a5 5 0 0 0 10 0Z" fill="currentColor"/>'
    ),
    Level.PROFICIENT: '<circle cx="8" cy="8" r="5" fill="currentColor"/>',
    Level.MASTERED: '<path d="M8 1.8L14.6 13.4H1.4Z" fill="currentColor"/>',
}


@register.simple_tag
def level_shape(level: Level) -> SafeString:
    """The shape of a level inside a drawing, its centre at 8, 8."""
    return mark_safe(_LEVELS[level])


@register.simple_tag
def level_mark(level: Level) -> SafeString:
    """A level as shape and word together."""
    return format_html(
        '<span class="level level-{}"><svg class="icon" viewBox="0 0 16 16" width="16" height="16" '
        'fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true">{}</svg>{}</span>',
        level.name.lower(),
        level_shape(level),
        level.word,
    )
