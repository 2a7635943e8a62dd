"""How many findings of each severity are open in checks that lists show."""

from __future__ import annotations

from collections.abc import Iterable

from reviews.models import Finding, Run
from reviews.portfolio import tally


def by_severity(runs: Iterable[Run]) -> dict[int, dict[str, int]]:
    """Run id to severity to the number of open findings: those that fail, without what a waiver
    covers. One query; the runs come with their summaries."""
    shown = list(runs)
    counts = Finding.objects.by_severity(shown)
    for run in shown:
        found = counts.get(run.pk, {})
        for one in tally.read(run.summary).rules.values() if found else ():
            if one.waived:
                found[one.severity] = max(0, found.get(one.severity, 0) - one.waived)
    return counts
