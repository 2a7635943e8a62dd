"""The tabs of a design, and what people wrote as safe HTML."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from reviews.followup import prose as written
from reviews.followup.frame import counted
from reviews.models import Design

register = template.Library()


@register.inclusion_tag("reviews/followup/_tabs.html")
def design_tabs(design: Design, here: str) -> dict[str, Any]:
    """The pages of a design with what is open in each."""
    if not hasattr(design, "open_findings"):
        design = counted(Design.objects.filter(pk=design.pk).select_related("team")).get()
    covered = getattr(design, "is_covered", False)
    return {
        "team": design.team,
        "design": design,
        "here": here,
        "findings": 0 if covered else design.open_findings or 0,
        "threads": design.open_threads or 0,
        "proposed": 0 if covered else design.proposed_waivers or 0,
    }


@register.filter
def prose(text: str) -> SafeString:
    """Markdown that people wrote, as safe paragraphs."""
    return written.rendered(text)
