"""People's judgement on the pages of a design, out of the panels that come with its history.

Covering the automatic score is a courtesy to one's own judgement and no wall: whoever has the text
can have it checked anywhere. Every door to what the rules say of a revision asks here once: pages
of a design through `reviews.access`, files and programs through `is_covered`, lists through
`covered_in`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from reviews.judging import pages
from reviews.models import Design, Panel, PanelState, Revision, Seat
from teams.models import Team, User


def of_design(user: object, shown: Revision, history: Iterable[Revision]) -> dict[str, Any]:
    """The panel of the revision that is shown, and which revisions are covered for this person.
    The history is of `Revision.objects.for_lists`, so nothing is asked for again."""
    panels = [revision.panel for revision in history if hasattr(revision, "panel")]
    mine = next((panel for panel in panels if panel.revision_id == shown.pk), None)
    context: dict[str, Any] = {"covered": _covered(panels, user)}
    if mine:
        mine.revision = shown
        context["judged"] = pages.beside(mine)
    return context


def covers(revision: Revision, user: object) -> bool:
    """The same for one revision of a list."""
    return hasattr(revision, "panel") and revision.panel.covers(user)


def covered_in(teams: Iterable[Team], user: object) -> set[int]:
    """Revisions of several teams whose score this person has yet to judge without."""
    if not isinstance(user, User):
        return set()
    panels = Panel.objects.filter(state=PanelState.BLIND, hide_score=True)
    return _covered(panels.filter(revision__design__team__in=list(teams)), user)


def waiting_for(designs: Iterable[Design], user: object) -> list[Panel]:
    """Panels in their first round that wait for this person's marks, the first due first. The
    designs come with their histories."""
    if not isinstance(user, User):
        return []
    found = []
    for design in designs:
        for revision in design.revisions.all():
            if hasattr(revision, "panel") and revision.panel.awaits(user):
                revision.design = design
                found.append(revision.panel)
    return sorted(found, key=lambda panel: (panel.due is None, panel.due or date.max, panel.pk))


def is_covered(user: object, revision: Revision) -> bool:
    return bool(_covered(Panel.objects.filter(revision=revision), user))


class Covered(Http404):
    """What the rules say of a design is asked for by somebody who has yet to judge a revision of
    it without that. To a page it means the way to that revision, to a program a conflict."""

    def __init__(self, design: Design) -> None:
        super().__init__("covered until your marks are sent")
        self.design = design


def owing(user: object) -> Exists:
    """Whether this person owes marks on a revision of a design whose score is covered: for the
    query that finds the design, so that no page asks twice."""
    mine = Seat.objects.filter(
        panel__revision__design=OuterRef("pk"),
        panel__state=PanelState.BLIND,
        panel__hide_score=True,
        marked__isnull=True,
        user=user.pk if isinstance(user, User) else None,
    )
    return Exists(mine if isinstance(user, User) else mine.none())


def covering(design: Design, user: object) -> Revision | None:
    """The newest revision of a design that this person has yet to judge."""
    panels = Panel.objects.filter(revision__design=design).select_related("revision")
    found = [panel.revision for panel in panels.order_by("revision__number") if panel.covers(user)]
    for revision in found:
        revision.design = design
    return found[-1] if found else None


def _covered(panels: Any, user: object) -> set[int]:
    return {panel.revision_id for panel in panels if panel.covers(user)}


def covered(request: HttpRequest, revision: Revision, context: dict[str, Any]) -> HttpResponse:
    """The page in place of a score that is covered: the picture, the text, and where to mark."""
    run = revision.run()
    if run and run.is_done:
        context["drawing"] = pages.drawing(run)
    return render(request, "reviews/judging/covered.html", context)
