"""The heat map: rules down, designs or teams across. Knows nothing of the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from design.rules import AREAS, RULES, Severity
from reviews.portfolio.tally import Tally

SHOWN: Final = {"open": "Open", "waived": "Waived"}
"""What is counted."""

NOTHING: Final = Tally("low")
_RANKS: Final = {severity.value: severity.rank for severity in Severity}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a design, or a team with its designs. `tallies` are by rule."""

    name: str
    note: str
    url: str
    tallies: Mapping[str, Tally]
    foot: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` is a severity, unknown, error, pass or none; `label` says it in words."""

    kind: str
    count: int
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One rule across the columns; `failing` is how many of them it fails in."""

    rule: str
    title: str
    cells: tuple[Cell, ...]
    failing: int


@dataclass(frozen=True, slots=True)
class Area:
    title: str
    rows: tuple[Row, ...]


def heat(columns: Sequence[Column], count: str = "open") -> tuple[Area, ...]:
    """Every rule that counts somewhere, by area of the catalogue."""
    areas = []
    for key, title in (*AREAS.items(), ("", "Of packs")):
        rows = tuple(
            _row(rule, columns, count) for rule in _rules(columns, count) if _area(rule) == key
        )
        if rows:
            areas.append(Area(title, rows))
    return tuple(areas)


def _area(rule: str) -> str:
    known = RULES.get(rule)
    return known.area if known else ""


def _rules(columns: Sequence[Column], count: str) -> list[str]:
    return sorted({id for c in columns for id, t in c.tallies.items() if getattr(t, count)})


def _row(rule: str, columns: Sequence[Column], count: str) -> Row:
    cells = tuple(_cell(column, rule, count) for column in columns)
    return Row(rule, title(rule), cells, sum(bool(cell.count) for cell in cells))


def title(rule: str) -> str:
    return RULES[rule].title if rule in RULES else rule


def _cell(column: Column, rule: str, count: str) -> Cell:
    tally = column.tallies.get(rule, NOTHING)
    number: int = getattr(tally, count)
    start = f"{column.name}, {rule}: "
    if number:
        waived = " waived" if count == "waived" else ""
        return Cell(tally.severity, number, f"{start}{number} {tally.severity}{waived}", column.url)
    if tally.error:
        return Cell("error", 0, f"{start}the rule broke", "")
    if tally.unknown:
        return Cell("unknown", 0, "unknown", "")
    if tally.passed or tally.open or tally.waived:
        return Cell("pass", 0, "passes" if tally.passed and not tally.open else "none waived", "")
    return Cell("none", 0, "does not apply", "")


def together(designs: Iterable[Mapping[str, Tally]]) -> dict[str, Tally]:
    """Several designs as one column: in how many of them a rule fails, and so on. Written for
    hundreds of designs with a hundred rules each."""
    sums: dict[str, list[int]] = {}
    worst: dict[str, str] = {}
    own: dict[str, str] = {}
    for tallies in designs:
        for rule, (severity, failing, waived, unknown, error, passed) in tallies.items():
            sum_ = sums.get(rule)
            if sum_ is None:
                sum_ = sums[rule] = [0, 0, 0, 0, 0]
                own[rule] = severity
            if failing or waived:
                sum_[0] += failing > 0
                sum_[1] += waived > 0
                if rule not in worst or _RANKS[severity] < _RANKS[worst[rule]]:
                    worst[rule] = severity
            sum_[2] += unknown > 0
            sum_[3] += error > 0
            sum_[4] += passed > 0
    return {rule: Tally(worst.get(rule, own[rule]), *sum_) for rule, sum_ in sums.items()}


@dataclass(frozen=True, slots=True)
class Frequent:
    """A rule that several designs fail: in how many of those it applies to, at how many places."""

    rule: str
    title: str
    severity: str
    designs: int
    of: int
    places: int


def frequent(designs: Sequence[Mapping[str, Tally]], most: int = 8) -> list[Frequent]:
    """What fails in most designs first; at equal number the worse, then the more places."""
    found = []
    for rule, sum_ in together(designs).items():
        if not sum_.open:
            continue
        mine = [tallies[rule].open for tallies in designs if rule in tallies]
        one = Frequent(rule, title(rule), sum_.severity, sum_.open, len(mine), sum(mine))
        found.append(one)
    found.sort(key=lambda f: (-f.designs, Severity(f.severity).rank, -f.places, f.rule))
    return found[:most]
