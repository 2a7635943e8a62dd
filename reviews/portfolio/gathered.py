"""The newest revision of each design with the run to show, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, OuterRef, Subquery, When

from design.rules import PACK_VERSION
from reviews.models import Design, Revision, Run
from reviews.portfolio.tally import Summed, read
from teams.models import Team

_WITHDRAWN_LAST = Case(When(withdrawal__isnull=True, then=0), default=1)

_SHOWN = ("revision", "pack_version", "state", "total", "coverage", "grade", "summary")
"""What lists show of a run: hundreds of them are made into objects for one page."""


@dataclass(frozen=True)
class Entry:
    """A design as lists show it. `run` is that of the current rules, else the newest; none of a
    revision that the reader has yet to judge without its score, which is `covered`."""

    design: Design
    revision: Revision
    run: Run | None
    covered: bool = False

    @cached_property
    def summed(self) -> Summed:
        return read(self.run.summary) if self.is_done and self.run else Summed()

    @property
    def is_done(self) -> bool:
        return self.run is not None and self.run.is_done


def entries(teams: Sequence[Team], covered: Collection[int] = frozenset()) -> list[Entry]:
    """The designs of these teams, those touched last first; without texts and results. What was
    put away is left out, and a revision that was withdrawn while there is another. Of `covered`
    revisions nothing is told."""
    known = {team.pk: team for team in teams}
    last = Revision.objects.filter(design=OuterRef("design")).order_by(_WITHDRAWN_LAST, "-number")
    rows = Revision.objects.filter(
        design__team__in=known, design__archived__isnull=True, pk=Subquery(last.values("pk")[:1])
    )
    revisions = {
        revision.pk: revision
        for revision in rows.select_related("design").only(
            *("number", "created", "design__team", "design__slug", "design__title")
        )
    }
    runs = to_show(revisions)
    found = []
    for key, revision in revisions.items():
        design = revision.design
        design.team = known[design.team_id]
        hidden = key in covered
        run = None if hidden else runs.get(key)
        found.append(Entry(design, revision, run, hidden))
    return sorted(found, key=lambda e: (-e.revision.created.timestamp(), e.design.slug))


def to_show(revisions: Iterable[int]) -> dict[int, Run]:
    """The run to show of each revision, by the revision's id."""
    rows = Run.objects.filter(revision__in=list(revisions)).only(*_SHOWN).order_by("pk")
    found: dict[int, Run] = {}
    for run in rows:
        before = found.get(run.revision_id)
        if before is None or before.pack_version != PACK_VERSION:
            found[run.revision_id] = run
    return found
