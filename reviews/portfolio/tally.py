"""What a result says of each rule in a few numbers, kept in the row of its run: a heat map of
hundreds of designs must not read results of megabytes.

The kept form is made to be added up: for each word the rules it is said of with the number of
their subjects, those that fail by severity. Five hundred of them are read and counted in the
time of one page; a row for each rule took ten times that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat
from typing import Any, Final, NamedTuple

from design.result import Result
from design.rules import Severity, Verdict

Summary = dict[str, Any]
WORST_FIRST: Final = tuple(sorted((s.value for s in Severity), key=lambda w: Severity(w).rank))
_FIELDS = ("open", "waived", "unknown", "error", "pass")
_FAILING, _OTHER = ("open", "waived"), ("pass", "unknown", "error")


class Tally(NamedTuple):
    """How many subjects of a design a rule fails, waives, leaves unknown, breaks on, passes.
    `severity` is the worst of those that fail, else the rule's own."""

    severity: str
    open: int = 0
    waived: int = 0
    unknown: int = 0
    error: int = 0
    passed: int = 0


def of(result: Result) -> Summary:
    """The summary of a result, as JSON values. Rules that apply to nothing are left out."""
    rules: dict[str, list[Any]] = {}
    for found in result.findings:
        if found.verdict is Verdict.NOT_APPLICABLE:
            continue
        row = rules.setdefault(found.rule, ["", 0, 0, 0, 0, 0])
        word = found.verdict.value
        if found.verdict is Verdict.FAIL:
            word = "open" if result.is_open(found) else "waived"
            row[0] = _worse(row[0], found.severity.value)
        row[1 + _FIELDS.index(word)] += 1
    for id, row in rules.items():
        row[0] = row[0] or result.rules[id].severity.value
    design = result.design
    said = {name: design.get(name) for name in ("criticality", "stage")}
    head = {name: str(value) for name, value in said.items() if value}
    return {**head, **kept({id: Tally._make(row) for id, row in rules.items()})}


def _worse(one: str, other: str) -> str:
    return min((w for w in (one, other) if w), key=lambda word: Severity(word).rank)


def kept(rules: Mapping[str, Tally]) -> Summary:
    """Tallies as JSON values; `Summed.rules` gives them back."""
    found: Summary = {word: {} for word in _FIELDS} | {"own": {}}
    for id, tally in rules.items():
        for word, count in zip(_FIELDS, tally[1:], strict=True):
            if count:
                into = found[word]
                (into.setdefault(tally.severity, {}) if word in _FAILING else into)[id] = count
        if not tally.open and not tally.waived:
            found["own"].setdefault(tally.severity, []).append(id)
    found["own"] = {severity: " ".join(ids) for severity, ids in found["own"].items()}
    return {word: value for word, value in found.items() if value}


Counts = Mapping[str, int]


@dataclass(frozen=True)
class Summed:
    """A summary as it is read again. What an older release stored reads as nothing known."""

    criticality: str = ""
    stage: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)

    def failing(self, word: str) -> Iterator[tuple[str, Counts]]:
        """Of what is ``open`` or ``waived``: severity, rules with the number of their subjects."""
        return iter(self.words.get(word, {}).items())

    def other(self, word: str) -> Counts:
        """The same of ``unknown``, ``error`` and ``pass``, which have no severity."""
        found: Counts = self.words.get(word, {})
        return found

    @property
    def open(self) -> Iterator[tuple[str, Counts]]:
        return self.failing("open")

    @property
    def own(self) -> Iterator[tuple[str, list[str]]]:
        """Severity to the rules that fail nowhere."""
        for severity, ids in self.words.get("own", {}).items():
            yield severity, ids.split()

    def has(self, rule: str) -> bool:
        """Whether the rule applies to anything in the design."""
        for word in _OTHER:
            if rule in self.words.get(word, ()):
                return True
        for word in _FAILING:
            for counts in self.words.get(word, {}).values():
                if rule in counts:
                    return True
        return False

    @cached_property
    def rules(self) -> Mapping[str, Tally]:
        """Each rule that applies with its tally."""
        rows: dict[str, list[Any]] = {}
        for severity, ids in self.own:
            rows.update((id, [severity, 0, 0, 0, 0, 0]) for id in ids)
        for word in _FAILING:
            at = 1 + _FIELDS.index(word)
            for severity, counts in self.failing(word):
                for id, count in counts.items():
                    rows.setdefault(id, [severity, 0, 0, 0, 0, 0])[at] = count
        for word in _OTHER:
            at = 1 + _FIELDS.index(word)
            for id, count in self.other(word).items():
                rows[id][at] = count
        return {id: Tally._make(row) for id, row in rows.items()}


def read(summary: Summary) -> Summed:
    if rows := summary.get("rules"):
        # The first form: a row for each rule.
        summary = summary | kept({id: Tally._make(row) for id, row in rows.items()})
    return Summed(summary.get("criticality", ""), summary.get("stage", ""), summary)


def together(designs: Iterable[Summed]) -> dict[str, Tally]:
    """Several designs as one column: in how many of them a rule fails, and so on."""
    sums: dict[str, Counter[str]] = {word: Counter() for word in _FIELDS}
    of_severity: dict[str, set[str]] = {word: set() for word in WORST_FIRST}
    severity: dict[str, str] = {}
    for one in designs:
        for word, ids in one.own:
            severity.update(dict.fromkeys(ids, word))
        for word in _FAILING:
            for worst, counts in one.failing(word):
                sums[word].update(counts.keys())
                of_severity[worst].update(counts)
        for word in _OTHER:
            sums[word].update(one.other(word).keys())
    # The worst is said last, and stays.
    for word in reversed(WORST_FIRST):
        severity.update(dict.fromkeys(of_severity[word], word))
    columns = [map(sums[word].get, severity, repeat(0)) for word in _FIELDS]
    rows = zip(severity.values(), *columns, strict=True)
    return dict(zip(severity, map(Tally._make, rows), strict=True))
