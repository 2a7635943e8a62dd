"""How far verdicts that are still open could move the score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from ..model import Design
from ..rules import RULES, Finding, Rule, Severity
from ..scoring import (
    CRITICAL_CAP,
    CRITICAL_PILLAR_CAP,
    HIGH_CAP,
    SEVERITY_WEIGHT,
    Tally,
    Waived,
    tally,
    weights_for,
)

Counts = tuple[tuple[str, int], ...]
"""How many open verdicts of each rule an answer decides."""


class Range(NamedTuple):
    """The total if verdicts fail and if they pass, and the points between the two
    before any cap: open critical findings hide what the rest is worth."""

    low: float
    high: float
    pull: float


_CAPS: Final = {Severity.CRITICAL: CRITICAL_CAP, Severity.HIGH: HIGH_CAP}


class Outlook:
    """The score of findings, ready to be asked what it would be if some of the
    unknown ones came out. Agrees with `scoring.score` and costs far less."""

    def __init__(
        self,
        design: Design,
        findings: Iterable[Finding],
        waived: Waived,
        rules: Mapping[str, Rule] = RULES,
    ) -> None:
        self.rules = rules
        self.tallies: Mapping[str, Tally] = tally(findings, waived)
        self.weights, _ = weights_for(design)
        self.sums: dict[str, tuple[float, float]] = {}
        self.worst: dict[str, dict[str, Severity]] = {name: {} for name in self.weights}
        for one in self.tallies.values():
            if one.subjects and one.rule in rules:
                pillar = rules[one.rule].pillar
                self.sums[pillar] = self._moved(self.sums.get(pillar, (0.0, 0.0)), one, 1)
                if one.worst_open:
                    self.worst[pillar][one.rule] = one.worst_open
        self.total, _ = self._total({})
        self._known: dict[Counts, Range] = {}

    def range(self, counts: Counts) -> Range:
        """The total if these verdicts fail, and if they pass."""
        if counts not in self._known:
            low, bare_low = self._if(counts, passed=False)
            high, bare_high = self._if(counts, passed=True)
            self._known[counts] = Range(low, high, round(bare_high - bare_low, 4))
        return self._known[counts]

    def _if(self, counts: Counts, passed: bool) -> tuple[float, float]:
        changed = {}
        for rule, wanted in counts:
            old = self.tallies[rule]
            number = min(wanted, old.unknown)
            if passed:
                new = replace(old, passed=old.passed + number)
            else:
                worst = _worse(old.worst_open, self.rules[rule].severity)
                new = replace(old, failed=old.failed + number, worst_open=worst)
            changed[rule] = replace(new, unknown=old.unknown - number)
        return self._total(changed)

    def _total(self, changed: Mapping[str, Tally]) -> tuple[float, float]:
        """The total, and what it would be without caps."""
        sums, worst = dict(self.sums), self.worst
        for rule, new in changed.items():
            pillar = self.rules[rule].pillar
            sums[pillar] = self._moved(self._moved(sums[pillar], self.tallies[rule], -1), new, 1)
            if new.worst_open:
                worst = {**worst, pillar: {**worst[pillar], rule: new.worst_open}}
        whole = total = bare = 0.0
        for pillar, weight in self.weights.items():
            covered, good = sums.get(pillar, (0.0, 0.0))
            if covered > 1e-9:
                value = 100 * good / covered
                bare += weight * value
                if Severity.CRITICAL in worst[pillar].values():
                    value = min(value, CRITICAL_PILLAR_CAP)
                total += weight * round(value, 2)
                whole += weight
        open_ = {severity for pillar in worst.values() for severity in pillar.values()}
        cap = min((_CAPS[severity] for severity in open_ if severity in _CAPS), default=100.0)
        return (round(min(cap, total / whole), 2), bare / whole) if whole else (0.0, 0.0)

    def _moved(self, sums: tuple[float, float], one: Tally, times: int) -> tuple[float, float]:
        weight = times * SEVERITY_WEIGHT[self.rules[one.rule].severity]
        return sums[0] + weight * one.coverage, sums[1] + weight * one.good


def _worse(one: Severity | None, other: Severity) -> Severity:
    return other if one is None or other.rank < one.rank else one
