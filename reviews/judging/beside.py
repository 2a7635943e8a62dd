"""People's judgement on the pages of a design, out of the panels that come with its history.

Covering the automatic score is a courtesy to one's own judgement and no wall: whoever has the text
can have it checked anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reviews.judging import pages
from reviews.models import Design, Panel, PanelState, Revision
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


def _covered(panels: Any, user: object) -> set[int]:
    return {panel.revision_id for panel in panels if panel.covers(user)}


def covered(request: HttpRequest, revision: Revision, context: dict[str, Any]) -> HttpResponse:
    """The page in place of a score that is covered: the picture, the text, and where to mark."""
    run = revision.run()
    if run and run.is_done:
        context["drawing"] = pages.drawing(run)
    return render(request, "reviews/judging/covered.html", context)
