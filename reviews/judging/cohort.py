"""Agreement over a team's panels: do its people read the rubric alike?

Only marks of the first round count: they were given without the others'. Panels of another
version of the rubric are left out. One design never has an alpha, whatever its number of
revisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache

from reviews.judging import pages
from reviews.judging import statistics as agreement
from reviews.judging.rubric import Criterion, rubric
from reviews.models import Mark, Panel, PanelState
from teams.models import Team

FEWEST: Final = 2
"""Designs below which there is no alpha."""
FEW: Final = 5
"""Designs below which there is none for a single criterion, and the page says that they are few."""
EQUAL: Final = 0.8
"""Share of marks on one level from which AC2 is the number to look at."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha with its interval and band, AC2, and kappa if exactly two people marked."""

    alpha: float | None
    interval: tuple[float, float] | None
    band: str
    ac2: float | None
    kappa: float | None
    commonest: float

    @property
    def nearly_equal(self) -> bool:
        return self.commonest >= EQUAL


@dataclass(frozen=True, slots=True)
class OfCriterion:
    criterion: Criterion
    count: int
    exact: float | None
    adjacent: float | None
    alpha: float | None


# A judged design: criterion to person (user id or seat) to mark.
Judged = dict[str, dict[str, int]]


def cohort(team: Team) -> dict[str, Any]:
    """Everything that the page shows but the people's names, in two queries; the coefficients are
    kept until a panel opens its marks."""
    panels = _panels(team)
    key = _key(team, panels)
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = computed(_judged(panels))
        cache.set(key, found, 3600)
    return found | {
        "panels": panels,
        "apart": [
            (panel, criterion, one) for panel in panels for criterion, one in pages.apart(panel)
        ],
    }


def _panels(team: Team) -> list[Panel]:
    opened = Panel.objects.filter(revision__design__team=team, rubric=rubric().version).exclude(
        state=PanelState.BLIND
    )
    found = list(
        opened.select_related("revision__design").defer("revision__text").order_by("-first_closed")
    )
    for panel in found:
        panel.revision.design.team = team
    return found


def _key(team: Team, panels: Sequence[Panel]) -> str:
    newest = max((panel.pk for panel in panels), default=0)
    return f"cohort-{team.pk}-{rubric().version}-{len(panels)}-{newest}"


def _judged(panels: Sequence[Panel]) -> dict[int, list[Judged]]:
    """Design id to its judged revisions."""
    of = {panel.pk: panel.revision.design_id for panel in panels}
    made: dict[int, Judged] = {}
    rows = Mark.objects.filter(
        seat__panel__in=list(of), round=Mark.FIRST, value__isnull=False
    ).values_list("seat__panel", "seat__user", "seat", "criterion", "value")
    for panel, user, seat, criterion, value in rows:
        # Somebody whose account is gone is still one person on that panel.
        person = f"u{user}" if user else f"s{seat}"
        made.setdefault(panel, {}).setdefault(criterion, {})[person] = value
    designs: dict[int, list[Judged]] = {}
    for panel, judged in made.items():
        designs.setdefault(of[panel], []).append(judged)
    return designs


def computed(designs: dict[int, list[Judged]]) -> dict[str, Any]:
    """The numbers of a cohort: design id to judged revisions."""
    criteria = [_criterion(c, designs) for c in rubric().criteria]
    clusters = [
        [list(marks.values()) for judged in revisions for marks in judged.values()]
        for revisions in designs.values()
    ]
    each = [
        marks for revisions in designs.values() for judged in revisions for marks in judged.values()
    ]
    known = [one for one in criteria if one.alpha is not None]
    known = known or [one for one in criteria if one.adjacent is not None]
    return {
        "designs": len(designs),
        "judged": sum(map(len, designs.values())),
        "few": len(designs) < FEW,
        "agreement": _agreement(clusters, each) if len(designs) >= FEWEST else None,
        "criteria": criteria,
        "worst": min(known, key=_badness).criterion if known else None,
        "people": agreement.leniency(each),
    }


def _badness(one: OfCriterion) -> tuple[float, float]:
    return (one.alpha if one.alpha is not None else 1, one.adjacent or 0)


def _agreement(
    clusters: Sequence[Sequence[agreement.Unit]], each: Sequence[dict[str, int]]
) -> Agreement:
    units = [unit for cluster in clusters for unit in cluster]
    value = agreement.alpha(units)
    people = sorted({person for marks in each for person in marks})
    kappa = None
    if len(people) == 2:
        first, second = people
        both = [marks for marks in each if len(marks) == 2]
        kappa = agreement.weighted_kappa((m[first], m[second]) for m in both)
    marks = [mark for unit in units for mark in unit]
    return Agreement(
        alpha=value,
        interval=agreement.interval(clusters) if value is not None else None,
        band=agreement.band(value),
        ac2=agreement.ac2(units),
        kappa=kappa,
        commonest=max(marks.count(level) for level in set(marks)) / len(marks) if marks else 0.0,
    )


def _criterion(criterion: Criterion, designs: dict[int, list[Judged]]) -> OfCriterion:
    units = [
        list(judged[criterion.id].values())
        for revisions in designs.values()
        for judged in revisions
        if judged.get(criterion.id)
    ]
    spreads = [found for unit in units if (found := agreement.spread(unit))]
    return OfCriterion(
        criterion,
        len(units),
        _mean(one.exact for one in spreads),
        _mean(one.adjacent for one in spreads),
        agreement.alpha(units) if len(designs) >= FEW else None,
    )


def _mean(values: Iterable[float | None]) -> float | None:
    found = [100 * value for value in values if value is not None]
    return sum(found) / len(found) if found else None
