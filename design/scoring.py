"""Findings to coverage and score.

A score is never given without its coverage: a design that says little is not
good, it is unknown. Rules are counted, not findings, so that a design of a
hundred functions compares with one of five.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from .kinds import DATA_CLASSES
from .model import Design
from .rules import RULES, Finding, Rule, Severity, Verdict

PILLARS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "reliability": 25,
        "security": 25,
        "operations": 15,
        "performance": 10,
        "cost": 10,
        "fit": 10,
        "delivery": 5,
    }
)
"""The weight of each pillar in the total, before any shift."""

SHIFTS: Final[Mapping[tuple[str, str], tuple[str, float]]] = MappingProxyType(
    {
        ("criticality", "critical"): ("reliability", 10),
        ("criticality", "high"): ("reliability", 5),
        ("criticality", "low"): ("cost", 5),
        ("data class", "restricted"): ("security", 10),
        ("data class", "confidential"): ("security", 5),
    }
)
"""What shifts weight to a pillar, taken evenly from the other six."""

SEVERITY_WEIGHT: Final[Mapping[Severity, float]] = MappingProxyType(
    {Severity.CRITICAL: 10, Severity.HIGH: 5, Severity.MEDIUM: 2, Severity.LOW: 1}
)
OMEGA: Final[Mapping[str, float]] = MappingProxyType(
    {"false_positive": 1, "not_applicable": 1, "compensated": 0.5, "accepted": 0}
)
"""How much of a pass a waived finding is worth, by category of the waiver."""

GRADES: Final = (("A", 90.0), ("B", 80.0), ("C", 65.0), ("D", 50.0), ("E", 0.0))
ENOUGH_COVERAGE: Final = 70.0
CRITICAL_PILLAR_CAP: Final = 49.0
CRITICAL_CAP: Final = 59.0
HIGH_CAP: Final = 84.0

Waived = Mapping[tuple[str, str], str]
"""Waivers in force: (rule, subject) to category."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One rule's verdicts over its subjects. `waived` is by category."""

    rule: str
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    errors: int = 0
    waived: tuple[tuple[str, int], ...] = ()
    worst_open: Severity | None = None

    @property
    def decided(self) -> int:
        return self.passed + self.failed + sum(n for _, n in self.waived)

    @property
    def subjects(self) -> int:
        return self.decided + self.unknown + self.errors

    @property
    def coverage(self) -> float:
        return self.decided / self.subjects if self.subjects else 0.0

    @property
    def good(self) -> float:
        """Coverage × quality: the share of subjects that are as they should be."""
        worth = self.passed + sum(OMEGA[category] * n for category, n in self.waived)
        return worth / self.subjects if self.subjects else 0.0

    @property
    def verdict(self) -> str:
        """What the rule says of the whole design, the worst first."""
        if self.errors:
            return Verdict.ERROR.value
        if self.failed:
            return Verdict.FAIL.value
        if self.unknown:
            return Verdict.UNKNOWN.value
        if self.waived:
            return "waived"
        return Verdict.PASS.value if self.passed else Verdict.NOT_APPLICABLE.value


@dataclass(frozen=True, slots=True)
class PillarScore:
    """A pillar: `score` and `coverage` in percent, its share of the total, and
    the ceiling that an open critical finding puts on it. `score` is None when
    none of its rules could be decided; `rules` and `subjects` are counts."""

    score: float | None
    coverage: float
    weight: float
    cap: float | None = None
    rules: int = 0
    subjects: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """The automatic score. `caps` and `shifts` are sentences; `counts` says how
    many rules ended in each verdict; `without_accepted` is the total when
    findings that were accepted as they are do not count at all."""

    total: float
    grade: str | None
    coverage: float
    provisional: bool
    pillars: Mapping[str, PillarScore]
    caps: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    without_accepted: float = 0.0
    shifts: tuple[str, ...] = ()


Rules = Mapping[str, Rule]


def score(
    findings: Iterable[Finding],
    design: Design,
    waived: Waived | None = None,
    rules: Rules = RULES,
) -> Score:
    """The score of a design's findings; `waived` names waivers in force, `rules`
    has every rule that gave a finding."""
    tallies = tally(findings, waived or {})
    weights, shifts = weights_for(design)
    result = score_tallies(tallies, weights, rules)
    bare = {id: _without_accepted(t) for id, t in tallies.items()}
    without = score_tallies(bare, weights, rules) if bare != tallies else result
    return replace(result, shifts=shifts, without_accepted=without.total)


def uncapped(
    findings: Iterable[Finding],
    design: Design,
    waived: Waived | None = None,
    rules: Rules = RULES,
) -> float:
    """The total as it would be if no open finding capped it: beneath a cap the score stands
    still, and this moves with each finding."""
    tallies = tally(findings, waived or {})
    bare = {id: replace(one, worst_open=None) for id, one in tallies.items()}
    return score_tallies(bare, weights_for(design)[0], rules).total


def tally(findings: Iterable[Finding], waived: Waived) -> dict[str, Tally]:
    """One tally for each rule, ordered by id."""
    sorted_out: dict[str, list[Finding]] = {}
    for finding in findings:
        sorted_out.setdefault(finding.rule, []).append(finding)
    return {id: _tally(id, sorted_out[id], waived) for id in sorted(sorted_out)}


def _tally(id: str, findings: Sequence[Finding], waived: Waived) -> Tally:
    passed = failed = unknown = errors = 0
    categories: dict[str, int] = {}
    worst: Severity | None = None
    for finding in findings:
        verdict = finding.verdict
        if verdict is Verdict.PASS:
            passed += 1
        elif verdict is Verdict.UNKNOWN:
            unknown += 1
        elif verdict is Verdict.ERROR:
            errors += 1
        elif verdict is Verdict.FAIL:
            category = waived.get((id, finding.subject), "")
            if category in OMEGA:
                categories[category] = categories.get(category, 0) + 1
                continue
            failed += 1
            if worst is None or finding.severity.rank < worst.rank:
                worst = finding.severity
    return Tally(
        id,
        passed=passed,
        failed=failed,
        unknown=unknown,
        errors=errors,
        waived=tuple(sorted(categories.items())),
        worst_open=worst,
    )


def _without_accepted(tally: Tally) -> Tally:
    return replace(tally, waived=tuple(w for w in tally.waived if w[0] != "accepted"))


def weights_for(design: Design) -> tuple[dict[str, float], tuple[str, ...]]:
    """The pillars' weights for this design, and why they differ from the default."""
    weights = dict(PILLARS)
    reasons: list[str] = []
    said = {"criticality": design.get("criticality"), "data class": _highest_class(design)}
    for (what, value), (pillar, points) in SHIFTS.items():
        if said[what] != value:
            continue
        for other in weights:
            weights[other] += points if other == pillar else -points / (len(weights) - 1)
        reasons.append(f"{what.capitalize()} {value}: {pillar} counts {points:g} points more.")
    return weights, tuple(reasons)


def _highest_class(design: Design) -> str | None:
    classes = [item.get("class") for item in design.data if item.get("class")]
    return max(classes, key=DATA_CLASSES.index, default=None)


def score_tallies(
    tallies: Mapping[str, Tally], weights: Mapping[str, float], rules: Rules = RULES
) -> Score:
    """The score that tallies give under these weights."""
    pillars: dict[str, PillarScore] = {}
    caps: list[str] = []
    for name, weight in weights.items():
        own = [t for t in tallies.values() if rules[t.rule].pillar == name and t.subjects]
        pillars[name] = _pillar(own, weight, rules)
        if pillars[name].cap is not None:
            caps.append(f"An open critical finding caps {name} at {CRITICAL_PILLAR_CAP:g}.")
    cap = _total_cap(tallies.values())
    if cap < 100:
        severity = "critical" if cap == CRITICAL_CAP else "high"
        caps.append(f"An open {severity} finding caps the total at {cap:g}.")
    counts = _counts(tallies.values())
    total = min(cap, _mean([(p.score, p.weight) for p in pillars.values()]))
    coverage = _coverage([t for t in tallies.values() if t.subjects], rules)
    provisional = coverage < ENOUGH_COVERAGE or counts["error"] > 0
    return Score(
        total=round(total, 2),
        grade=None if provisional else grade(round(total, 2)),
        coverage=coverage,
        provisional=provisional,
        pillars=MappingProxyType(pillars),
        caps=tuple(caps),
        counts=MappingProxyType(counts),
    )


def grade(total: float) -> str:
    """A to E, for display only."""
    return next(letter for letter, least in GRADES if total >= least)


def _pillar(own: Sequence[Tally], weight: float, rules: Rules) -> PillarScore:
    covered = sum(_weight(t, rules) * t.coverage for t in own)
    good = sum(_weight(t, rules) * t.good for t in own)
    critical = any(t.worst_open is Severity.CRITICAL for t in own)
    value = 100 * good / covered if covered else None
    if value is not None and critical:
        value = min(value, CRITICAL_PILLAR_CAP)
    return PillarScore(
        score=None if value is None else round(value, 2),
        coverage=_coverage(own, rules),
        weight=round(weight, 4),
        cap=CRITICAL_PILLAR_CAP if critical else None,
        rules=len(own),
        subjects=sum(t.subjects for t in own),
    )


def _coverage(tallies: Sequence[Tally], rules: Rules) -> float:
    """Percent of what could be decided that was; the pillars' weights have no say."""
    whole = sum(_weight(t, rules) for t in tallies)
    decided = sum(_weight(t, rules) * t.coverage for t in tallies)
    return round(100 * decided / whole, 2) if whole else 0.0


def _weight(tally: Tally, rules: Rules) -> float:
    return SEVERITY_WEIGHT[rules[tally.rule].severity]


def _total_cap(tallies: Iterable[Tally]) -> float:
    open_ = {t.worst_open for t in tallies}
    if Severity.CRITICAL in open_:
        return CRITICAL_CAP
    return HIGH_CAP if Severity.HIGH in open_ else 100.0


def _mean(parts: Iterable[tuple[float | None, float]]) -> float:
    """The weighted mean of what has a value, 0 when nothing has."""
    known = [(value, weight) for value, weight in parts if value is not None]
    whole = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / whole if whole else 0.0


def _counts(tallies: Iterable[Tally]) -> dict[str, int]:
    counts = {verdict.value: 0 for verdict in Verdict} | {"waived": 0}
    for one in tallies:
        counts[one.verdict] += 1
    return {**counts, "rules": sum(counts.values())}
