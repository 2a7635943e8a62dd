"""The heat map: rules down, designs or teams across. Knows nothing of the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from design.rules import AREAS, RULES
from reviews.portfolio.tally import WORST_FIRST, Summed, Tally

SHOWN: Final = {"open": "Open", "waived": "Waived"}
"""What is counted."""

NOTHING: Final = Tally("low")


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
    rules = sorted({id for c in columns for id, t in c.tallies.items() if getattr(t, count)})
    areas = []
    for key, title in (*AREAS.items(), ("", "Of packs")):
        if rows := tuple(_row(rule, columns, count) for rule in rules if _area(rule) == key):
            areas.append(Area(title, rows))
    return tuple(areas)


def _area(rule: str) -> str:
    known = RULES.get(rule)
    return known.area if known else ""


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


@dataclass(frozen=True, slots=True)
class Frequent:
    """A rule that several designs fail: in how many of those it applies to, at how many places."""

    rule: str
    title: str
    severity: str
    designs: int
    of: int
    places: int


def frequent(designs: Sequence[Summed], most: int = 8) -> list[Frequent]:
    """What fails in most designs first; at equal number the worse, then the more places."""
    failing: Counter[str] = Counter()
    places: dict[str, int] = {}
    of_severity: dict[str, set[str]] = {word: set() for word in WORST_FIRST}
    for one in designs:
        for severity, counts in one.open:
            failing.update(counts.keys())
            of_severity[severity].update(counts)
            for id, count in counts.items():
                places[id] = places.get(id, 0) + count
    # The worst is said last, and stays.
    worst = {id: word for word in reversed(WORST_FIRST) for id in of_severity[word]}
    ids = sorted(
        failing, key=lambda id: (-failing[id], WORST_FIRST.index(worst[id]), -places[id], id)
    )
    return [
        Frequent(id, title(id), worst[id], failing[id], sum(d.has(id) for d in designs), places[id])
        for id in ids[:most]
    ]
