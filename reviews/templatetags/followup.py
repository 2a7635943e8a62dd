"""The tabs of a design, and what people wrote as safe HTML."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.safestring import SafeString

from reviews.followup import prose as written
from reviews.models import Design, Thread, TrackedFinding, Waiver

register = template.Library()


@register.inclusion_tag("reviews/followup/_tabs.html")
def design_tabs(design: Design, here: str) -> dict[str, Any]:
    """The pages of a design with what is open in each, counted in one query."""
    counts = Design.objects.filter(pk=design.pk).values_list(
        _count(TrackedFinding.objects.still_open()),
        _count(Thread.objects.unresolved()),
        _count(Waiver.objects.proposed()),
    )
    findings, threads, proposed = counts.get()
    return {
        "team": design.team,
        "design": design,
        "here": here,
        "findings": findings or 0,
        "threads": threads or 0,
        "proposed": proposed or 0,
    }


def _count(rows: QuerySet[Any]) -> Subquery:
    mine = rows.filter(design=OuterRef("pk")).order_by().values("design")
    return Subquery(mine.annotate(count=Count("pk")).values("count"))


@register.filter
def prose(text: str) -> SafeString:
    """Markdown that people wrote, as safe paragraphs."""
    return written.rendered(text)
