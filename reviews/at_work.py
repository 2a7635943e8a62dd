"""Which rules a team's designs fail, and which they no longer fail: what practice links to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from reviews.models import Finding, Run, State
from teams.models import Team


@dataclass(frozen=True)
class AtWork:
    """One rule in one design. `open` as of the newest revision; `url` is that revision's page."""

    rule: str
    open: bool
    design: str
    revision: int
    on: datetime
    url: str


def rules_at_work(team: Team) -> list[AtWork]:
    """Rules that the newest finished check of each design fails, and rules that an earlier
    revision failed and the newest does not, newest first."""
    runs = Run.objects.filter(
        revision__design__team=team,
        revision__design__archived__isnull=True,
        revision__withdrawal__isnull=True,
        state=State.DONE,
    )
    runs = runs.select_related("revision__design").order_by("revision__number", "pk")
    newest: dict[int, Run] = {}
    for run in runs.defer("result"):
        newest[run.revision.design_id] = run
    failed: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    rows = Finding.objects.fails().filter(run__revision__design__team=team).order_by()
    for design, rule, run_id in rows.values_list("run__revision__design", "rule", "run").distinct():
        failed[design][rule].add(run_id)
    found = []
    for design, run in newest.items():
        revision = run.revision
        url = reverse("reviews:revision", args=[team.slug, revision.design.slug, revision.number])
        for rule, ids in failed[design].items():
            on = run.finished or run.created
            is_open = run.pk in ids
            found.append(AtWork(rule, is_open, revision.design.title, revision.number, on, url))
    return sorted(found, key=lambda one: (one.open, one.on, one.rule), reverse=True)
