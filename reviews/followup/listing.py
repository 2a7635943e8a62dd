"""The list of a design's findings: filtered by what the address asks, grouped, in pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator

from design.fixes import FIXES
from design.rules import RULES, Severity
from guide.book import book
from guide.contents import Section
from reviews.models import STILL, Design, Progress, TrackedFinding
from reviews.pages import where
from teams.models import User

PAGE: Final = 100

STATES: Final = {
    "open": "to do",
    **{state.value: state.label.lower() for state in Progress if state != Progress.OPEN},
    "all": "all of them",
}
GROUPS: Final = {
    "severity": "severity",
    "component": "component",
    "section": "section of the guide",
    "state": "state",
    "assignee": "who has it",
}
_ANY: Final = {"severity": "", "component": "", "section": "", "assignee": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """A tracked finding as the list shows it."""

    finding: TrackedFinding
    where: str
    section: Section | None
    talk: int = 0

    @property
    def fixable(self) -> bool:
        """Whether a patch can be tried."""
        return self.finding.is_open and self.finding.rule in FIXES


@dataclass(frozen=True, slots=True)
class Listed:
    """What the page shows. `filters` are the select boxes: name, label, chosen value, options."""

    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    count: int
    total: int
    page: Any
    filters: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...]
    by: str
    query: str
    narrowed: bool = field(default=False)

    @property
    def fixable(self) -> int:
        """How many of the page a patch can be tried for."""
        return sum(row.fixable for _, rows in self.groups for row in rows)


def listed(design: Design, asked: Mapping[str, str], user: object) -> Listed:
    """The findings that an address asks for. What it does not understand counts as not said."""
    state = asked.get("state", "open")
    state = state if state in STATES else "open"
    by = asked.get("by", "severity")
    by = by if by in GROUPS else "severity"
    everything = [_row(one) for one in design.tracked.select_related("assignee")]
    chosen = {name: asked.get(name, "") for name in _ANY}
    rows = [row for row in everything if _has(row, state, chosen, user)]
    rows.sort(key=lambda row: (_HEADINGS[by][0](row), *_worst(row)))
    page = Paginator(rows, PAGE).get_page(asked.get("page", "1"))
    groups = groupby(page.object_list, _HEADINGS[by][1])
    said = {"state": state, "by": by, **{k: v for k, v in chosen.items() if v}}
    return Listed(
        groups=tuple((name, tuple(members)) for name, members in groups),
        count=len(rows),
        total=len(everything),
        page=page,
        filters=_filters(everything, state, chosen, by),
        by=by,
        query=urlencode(said),
        narrowed=state != "open" or any(chosen.values()),
    )


def _row(one: TrackedFinding) -> Row:
    rule = RULES.get(one.rule)
    section = book().contents.section(rule.section) if rule else None
    return Row(one, where(one.subject), section)


def _has(row: Row, state: str, chosen: Mapping[str, str], user: object) -> bool:
    one = row.finding
    fits = {
        "severity": one.severity,
        "component": component(one),
        "section": row.section.id if row.section else "",
    }
    if any(chosen[name] and chosen[name] != value for name, value in fits.items()):
        return False
    if not (state == "all" or (one.state in STILL if state == "open" else one.state == state)):
        return False
    return _assigned(one, chosen["assignee"], user)


def _assigned(one: TrackedFinding, asked: str, user: object) -> bool:
    if asked == "me":
        return isinstance(user, User) and one.assignee_id == user.pk
    if asked == "nobody":
        return one.assignee is None
    return not asked or (one.assignee is not None and one.assignee.username == asked)


def component(one: TrackedFinding) -> str:
    return where(one.component) if one.component else "the whole design"


def _worst(row: Row) -> tuple[int, str, str]:
    one = row.finding
    return Severity(one.severity).rank, one.rule, one.subject


def _place(row: Row) -> str:
    return f"{row.section.label} {row.section.title}" if row.section else "no section"


def _order(section: Section | None) -> tuple[int, int]:
    return (section.chapter_number, section.number) if section else (99, 0)


def _owner(row: Row) -> str:
    return str(row.finding.assignee or "nobody yet")


_HEADINGS: Final[dict[str, tuple[Callable[[Row], Any], Callable[[Row], str]]]] = {
    "severity": (
        lambda row: Severity(row.finding.severity).rank,
        lambda row: row.finding.severity.capitalize(),
    ),
    "component": (lambda row: component(row.finding), lambda row: component(row.finding)),
    "section": (
        lambda row: _order(row.section),
        _place,
    ),
    "state": (
        lambda row: list(Progress).index(Progress(row.finding.state)),
        lambda row: Progress(row.finding.state).label,
    ),
    "assignee": (_owner, _owner),
}
"""By grouping: what orders the groups, and what each is called."""


def _filters(
    rows: Sequence[Row], state: str, chosen: Mapping[str, str], by: str
) -> tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...]:
    severities = [(s.value, s.value) for s in Severity]
    components = sorted({component(row.finding) for row in rows})
    sections = sorted(
        {(_order(row.section), row.section.id, _place(row)) for row in rows if row.section}
    )
    people = sorted(
        {(r.finding.assignee.username, str(r.finding.assignee)) for r in rows if r.finding.assignee}
    )
    anybody = (("", "anybody"), ("me", "me"), ("nobody", "nobody yet"), *people)
    return (
        ("state", "State", state, tuple(STATES.items())),
        ("severity", "Severity", chosen["severity"], (("", "any"), *severities)),
        (
            "component",
            "Component",
            chosen["component"],
            (("", "any"), *((name, name) for name in components)),
        ),
        (
            "section",
            "Section",
            chosen["section"],
            (("", "any"), *((id, words) for _, id, words in sections)),
        ),
        ("assignee", "Assigned to", chosen["assignee"], anybody),
        ("by", "Grouped by", by, tuple(GROUPS.items())),
    )
