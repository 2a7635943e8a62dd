"""What the bank covers: section by type and by what is asked of the reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string

from guide.contents import load as load_contents
from scenarios.catalogue import Catalogue, Located
from scenarios.engine import BLOOM, TYPES, Exercise


@dataclass(frozen=True)
class Row:
    number: str
    title: str
    id: str
    total: int
    types: tuple[int, ...]
    blooms: tuple[int, ...]
    minutes: int
    rules: tuple[str, ...]

    @property
    def applied(self) -> float:
        """The share that asks for more than understanding, 0 to 1."""
        return sum(self.blooms[2:]) / self.total if self.total else 0.0


def rows(known: Catalogue) -> list[Row]:
    """One for each section of the guide, those without exercises too."""
    by_section: dict[str, list[Exercise]] = {}
    for exercise in known.live():
        by_section.setdefault(exercise.section, []).append(exercise)
    return [
        _row(section.label, section.title, section.id, by_section.get(section.id, []))
        for section in load_contents().sections
    ]


def _row(number: str, title: str, id: str, found: Sequence[Exercise]) -> Row:
    types, blooms = Counter(e.type for e in found), Counter(e.bloom for e in found)
    return Row(
        number=number,
        title=title,
        id=id,
        total=len(found),
        types=tuple(types[t] for t in TYPES),
        blooms=tuple(blooms[b] for b in BLOOM),
        minutes=sum(e.minutes for e in found),
        rules=tuple(sorted({rule for e in found for rule in e.rules})),
    )


def coverage(known: Catalogue) -> dict[str, object]:
    """The matrix with its sums, for a template."""
    found = rows(known)
    total = sum(r.total for r in found)
    return {
        "rows": found,
        "types": [TYPES[t].title for t in TYPES],
        "blooms": BLOOM,
        "total": total,
        "by_type": [sum(column) for column in zip(*(r.types for r in found), strict=True)],
        "by_bloom": [sum(column) for column in zip(*(r.blooms for r in found), strict=True)],
        "minutes": sum(r.minutes for r in found),
        "empty": sum(not r.total for r in found),
        "thin": sum(0 < r.total < 5 for r in found),
        "applied": sum(r.applied * r.total for r in found) / total if total else 0.0,
    }


def html(known: Catalogue, warnings: Sequence[Located]) -> str:
    """The report as one page that needs nothing else."""
    context = coverage(known) | {"errors": known.errors, "warnings": warnings}
    return render_to_string("scenarios/authors/report_file.html", context)
