"""What every page of this package says of its design and its reader."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from reviews.judging import beside as judged
from reviews.models import Design, Thread, TrackedFinding, Waiver
from teams.models import Role


def frame(request: HttpRequest, design: Design, here: str) -> dict[str, Any]:
    """`here` is the tab that the page belongs to."""
    role = design.team.role_of(request.user)
    return {
        "nav": "reviews",
        "team": design.team,
        "design": design,
        "here": here,
        "may_edit": role is not None and role.includes(Role.EDITOR),
        "may_discuss": role is not None and role.includes(Role.REVIEWER),
    }


def counted(designs: QuerySet[Design], user: object = None) -> QuerySet[Design]:
    """Designs with what is open of each, for their tabs, and whether `user` has yet to judge one
    without its score: counted along, so that no page needs a query more for it."""
    return designs.annotate(
        open_findings=_count(TrackedFinding.objects.still_open()),
        open_threads=_count(Thread.objects.unresolved()),
        proposed_waivers=_count(Waiver.objects.proposed()),
        is_covered=judged.owing(user),
    )


def _count(rows: QuerySet[Any]) -> Subquery:
    mine = rows.filter(design=OuterRef("pk")).order_by().values("design")
    return Subquery(mine.annotate(count=Count("pk")).values("count"))
