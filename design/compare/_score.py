"""What each rule did to the score."""

from __future__ import annotations

from collections.abc import Mapping

from ..result import Result
from ..rules import Rule
from ..scoring import Tally, score_tallies, tally, weights_for
from ._types import Cause, PillarChange


def pillar_changes(before: Result, after: Result) -> dict[str, PillarChange]:
    return {
        name: PillarChange(
            before.score.pillars[name].score,
            pillar.score,
            before.score.pillars[name].coverage,
            pillar.coverage,
        )
        for name, pillar in after.score.pillars.items()
    }


def causes_of(before: Result, after: Result) -> tuple[Cause, ...]:
    """The total's change, rule by rule.

    Tallies of the earlier result are replaced by the later ones in order of the
    rules' ids, and each step's effect belongs to that rule: the parts add up to
    the whole, caps included. What remains comes from the weights.
    """
    rules = {**before.rules, **after.rules}
    old, new = _tallies(before, rules), _tallies(after, rules)
    weights, _ = weights_for(before.design)
    mixed = dict(old)
    total = before.score.total
    causes: list[Cause] = []
    for rule in sorted(old.keys() | new.keys()):
        if old.get(rule) == new.get(rule):
            continue
        mixed[rule] = new.get(rule, Tally(rule))
        stepped = score_tallies(dict(sorted(mixed.items())), weights, rules).total
        if stepped != total:
            causes.append(Cause(rule, round(stepped - total, 2)))
        total = stepped
    if after.score.total != total:
        causes.append(Cause("weights", round(after.score.total - total, 2)))
    return tuple(sorted(causes, key=lambda cause: (-abs(cause.points), cause.rule)))


def _tallies(result: Result, rules: Mapping[str, Rule]) -> dict[str, Tally]:
    return tally((f for f in result.findings if f.rule in rules), result.waived)
