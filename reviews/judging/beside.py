"""People's judgement on the pages of a design: one query, whatever a page shows of it.

Covering the automatic score is a courtesy to one's own judgement and no wall: whoever has the text
can have it checked anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reviews.judging import pages
from reviews.models import Panel, PanelState, Revision
from teams.models import Team, User


def of_design(user: object, shown: Revision) -> dict[str, Any]:
    """The panel of the revision that is shown, and which revisions are covered for this person."""
    found = list(Panel.objects.filter(revision__design=shown.design))
    mine = next((panel for panel in found if panel.revision_id == shown.pk), None)
    context: dict[str, Any] = {"covered": _covered(found, user)}
    if mine:
        mine.revision = shown
        context["judged"] = pages.beside(mine)
    return context


def covered_revisions(team: Team, user: object) -> set[int]:
    """Revisions of the team whose score this person has yet to judge without."""
    if not isinstance(user, User):
        return set()
    return _covered(
        Panel.objects.filter(revision__design__team=team, state=PanelState.BLIND, hide_score=True),
        user,
    )


def covered_in(teams: Iterable[Team], user: object) -> set[int]:
    """The same over several teams, in one query."""
    if not isinstance(user, User):
        return set()
    panels = Panel.objects.filter(state=PanelState.BLIND, hide_score=True)
    return _covered(panels.filter(revision__design__team__in=list(teams)), user)


def waiting_for(team: Team, user: object) -> list[Panel]:
    """Panels of the team in their first round that wait for this person's marks, the first due
    first."""
    if not isinstance(user, User):
        return []
    found = Panel.objects.filter(
        revision__design__team=team,
        state=PanelState.BLIND,
        seats__user=user,
        seats__marked__isnull=True,
    )
    panels = list(
        found.select_related("revision__design")
        .defer("revision__text")
        .order_by(F("due").asc(nulls_last=True), "pk")
    )
    for panel in panels:
        panel.revision.design.team = team
    return panels


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
