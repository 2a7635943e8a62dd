"""The pattern matrix: which patterns fit what is asked, from a query string."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict

from guide.patterns import AXES, FAMILIES, LEADING, MARKS, NEEDS, Pattern

FITS = MARKS["fits"][0]
MOST_COMPARED = 4
SORTS = {
    "number": "Number",
    "title": "Name",
    "effort": "Effort",
    **{k: v[0] for k, v in NEEDS.items()},
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for. Unknown words in it are dropped."""

    needs: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "number"
    compare: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.needs or self.families or any(self.answers.values()))

    def fits(self, pattern: Pattern) -> bool:
        """Whether a pattern meets every filter; within one question any answer will do."""
        return (
            all(MARKS[pattern.marks[need]][0] >= FITS for need in self.needs)
            and (not self.families or pattern.family in self.families)
            and all(pattern.axes[axis] in words for axis, words in self.answers.items() if words)
        )

    def query(self, **changes: object) -> str:
        """The query string of this view, with something changed."""
        pairs: list[tuple[str, str]] = [("needs", n) for n in self.needs]
        pairs += [("family", f) for f in self.families]
        pairs += [(axis, word) for axis, words in self.answers.items() for word in words]
        sort = str(changes.get("sort", self.sort))
        if sort != "number":
            pairs.append(("sort", sort))
        compare = changes.get("compare", self.compare)
        if isinstance(compare, tuple) and compare:
            pairs.append(("compare", ",".join(compare)))
        return urlencode(pairs, safe=",")


def asked(query: QueryDict, patterns: Mapping[str, Pattern]) -> Asked:
    compare = [s for part in query.getlist("compare") for s in part.split(",") if s in patterns]
    sort = query.get("sort", "")
    return Asked(
        needs=tuple(n for n in NEEDS if n in query.getlist("needs")),
        families=tuple(f for f in FAMILIES if f in query.getlist("family")),
        answers={a: tuple(w for w in AXES[a][1] if w in query.getlist(a)) for a in LEADING},
        sort=sort if sort in SORTS else "number",
        compare=tuple(dict.fromkeys(compare))[:MOST_COMPARED],
    )


def ordered(patterns: Iterable[Pattern], sort: str) -> list[Pattern]:
    """By number, name, least effort, or best mark first."""
    if sort == "title":
        return sorted(patterns, key=lambda p: p.title)
    if sort == "effort":
        return sorted(patterns, key=lambda p: (p.effort, p.number))
    if sort in NEEDS:
        return sorted(patterns, key=lambda p: (-MARKS[p.marks[sort]][0], p.number))
    return sorted(patterns, key=lambda p: p.number)


def groups(patterns: Iterable[Pattern], want: Asked) -> list[tuple[str, list[Pattern]]]:
    """All patterns; what does not fit stays in sight below the rest."""
    rows = ordered(patterns, want.sort)
    if not want.any:
        return [("", rows)]
    fit = [p for p in rows if want.fits(p)]
    return [("Fit what you asked for", fit), ("Do not", [p for p in rows if p not in fit])]


def as_csv(patterns: Iterable[Pattern]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    needs = [title for title, _ in NEEDS.values()]
    axes = [title for title, _ in AXES.values()]
    writer.writerow(["Number", "Pattern", "Family", "Problem", *needs, *axes, "Effort", "Address"])
    for p in patterns:
        marks = [MARKS[p.marks[need]][1] for need in NEEDS]
        says = [p.says(axis) for axis in AXES]
        writer.writerow(
            [p.label, p.title, p.family_title, p.problem, *marks, *says, p.effort, p.url]
        )
    return out.getvalue()
