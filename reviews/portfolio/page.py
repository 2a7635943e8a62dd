"""What the portfolios show: of a team, and of an organisation of teams."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from design.rules import RULES, Severity
from guide.book import book
from guide.contents import Section
from reviews.charts import chart
from reviews.judging import beside as judged
from reviews.models import Organisation
from reviews.portfolio.due import DAYS, Due, due
from reviews.portfolio.gathered import Entry, entries
from reviews.portfolio.heat import SHOWN, Area, Column, Frequent, frequent, heat
from reviews.portfolio.tally import together
from reviews.portfolio.trend import trend
from teams.models import Team

ACROSS: Final = 24
"""Columns of one sheet; the next ones are a page further."""

_DUE_SHOWN: Final = 12


def of_team(team: Team, user: object, count: str, page: int) -> dict[str, Any]:
    """The context of a team's portfolio. `count` is what is counted, `page` begins at 1."""
    covered = judged.covered_in([team], user)
    found = entries([team], covered)
    columns = [partial(_design, entry) for entry in _worst_first(found)]
    return {"columns_are": "designs", **_page([team], found, columns, count, page, covered)}


def of_organisation(
    organisation: Organisation, user: object, count: str, page: int
) -> dict[str, Any]:
    """The context of an organisation's portfolio; links lead to teams that the reader may see."""
    teams = [place.team for place in organisation.places.select_related("team")]
    covered = judged.covered_in(teams, user)
    found = entries(teams, covered)
    open_to = set(
        Team.objects.visible_to(user)
        .filter(pk__in=[t.pk for t in teams])
        .values_list("pk", flat=True)
    )
    by_team: dict[int, list[Entry]] = {team.pk: [] for team in teams}
    for entry in found:
        by_team[entry.design.team_id].append(entry)
    rows = [_team(team, by_team[team.pk], team.pk in open_to) for team in teams]
    columns = [partial(_column, row) for row in rows]
    context = _page(teams, found, columns, count, page, covered)
    return {"columns_are": "teams", "rows": rows, "open_to": open_to, **context}


def _page(
    teams: Sequence[Team],
    found: list[Entry],
    columns: Sequence[Callable[[], Column]],
    count: str,
    page: int,
    covered: Collection[int],
) -> dict[str, Any]:
    """`columns` are made only as far as the page shows them."""
    count = count if count in SHOWN else "open"
    pages = max(1, -(-len(columns) // ACROSS))
    page = min(max(page, 1), pages)
    shown = [make() for make in columns[(page - 1) * ACROSS : page * ACROSS]]
    areas = heat(shown, count)
    summed = [entry.summed for entry in found if entry.is_done]
    common = frequent(summed)
    waiting = due(found, timezone.localdate())
    return {
        "entries": found,
        "columns": shown,
        "areas": areas,
        "rules_shown": sum(len(area.rows) for area in areas),
        "rules_known": len(RULES),
        "count": count,
        "counts": SHOWN,
        "page": page,
        "pages": range(1, pages + 1),
        "frequent": [(one, section_of(one.rule)) for one in common],
        "leading": _leading(common, len(summed)),
        "chart": chart(trend(teams, timezone.now(), covered), "In"),
        "due": waiting[:_DUE_SHOWN],
        "due_count": sum(one.is_due for one in waiting),
        "intervals": DAYS.items(),
        "severities": [s.value for s in Severity],
    }


def _worst_first(found: list[Entry]) -> list[Entry]:
    def key(entry: Entry) -> tuple[bool, float, str]:
        total = entry.run.total if entry.is_done and entry.run else None
        return (total is None, total or 0.0, entry.design.slug)

    return sorted(found, key=key)


def _design(entry: Entry) -> Column:
    said = [entry.summed.stage, entry.summed.criticality]
    run = entry.run
    foot = ("–", "to be judged first" if entry.covered else "not checked")
    if entry.is_done and run:
        score = f"{run.total or 0:.0f} {run.grade}" if run.grade else "–"
        word = "" if run.grade else "provisional, "
        foot = (score, f"{word}{run.coverage or 0:.0f} %")
    url = entry.revision.get_absolute_url()
    note = ", ".join(word for word in said if word)
    return Column(entry.design.title, note, url, entry.summed.rules, foot)


def _team(team: Team, mine: list[Entry], may_read: bool) -> dict[str, Any]:
    """A row of the list of teams."""
    done = [entry for entry in mine if entry.is_done and entry.run]
    scores = [entry.run.total or 0.0 for entry in done if entry.run]
    covers = [entry.run.coverage or 0.0 for entry in done if entry.run]
    counts: dict[str, int] = {}
    for entry in done:
        for severity, rules in entry.summed.open:
            counts[severity] = counts.get(severity, 0) + sum(rules.values())
    return {
        "team": team,
        "designs": len(mine),
        "done": done,
        "score": sum(scores) / len(scores) if scores else None,
        "coverage": sum(covers) / len(covers) if covers else None,
        "counts": counts,
        "url": reverse("reviews:portfolio", args=[team.slug]) if may_read else "",
    }


def _column(row: dict[str, Any]) -> Column:
    """The column of a team in the sheet."""
    score, designs = row["score"], row["designs"]
    return Column(
        row["team"].name,
        f"{designs} design{'' if designs == 1 else 's'}",
        row["url"],
        together(entry.summed for entry in row["done"]),
        ("–", "") if score is None else (f"{score:.0f}", f"{row['coverage']:.0f} %"),
    )


def _leading(common: Sequence[Frequent], designs: int) -> dict[str, Any] | None:
    """What more than one design has in common: the sentence under the heading."""
    if not common or common[0].designs < 2:
        return None
    return {"one": common[0], "of": designs, "section": section_of(common[0].rule)}


def section_of(rule: str) -> Section | None:
    known = RULES.get(rule)
    return book().contents.section(known.section) if known else None


# As files


def table(areas: Sequence[Area], columns: Sequence[Column]) -> list[list[str | int]]:
    """The sheet as rows for CSV, the head first."""
    head: list[str | int] = ["rule", "title", *(column.name for column in columns), "failing"]
    rows: list[list[str | int]] = [head]
    for area in areas:
        for row in area.rows:
            said = [f"{c.count} {c.kind}" if c.count else c.kind for c in row.cells]
            rows.append([row.rule, row.title, *said, row.failing])
    rows.append(["score", "", *(column.foot[0] for column in columns), ""])
    rows.append(["coverage", "", *(column.foot[1] for column in columns), ""])
    return rows


def as_json(found: Sequence[Entry], waiting: Sequence[Due]) -> dict[str, Any]:
    """Every design with its numbers, for programs."""
    days = {one.entry.design.pk: one for one in waiting}
    return {
        "designs": [
            {
                "team": entry.design.team.slug,
                "design": entry.design.slug,
                "title": entry.design.title,
                "revision": entry.revision.number,
                "submitted": entry.revision.created.isoformat(),
                "stage": entry.summed.stage,
                "criticality": entry.summed.criticality,
                "score": entry.run.total if entry.is_done and entry.run else None,
                "coverage": entry.run.coverage if entry.is_done and entry.run else None,
                "grade": (entry.run.grade or None) if entry.is_done and entry.run else None,
                "pack": entry.run.pack_version if entry.run else None,
                "review_on": days[entry.design.pk].on.isoformat(),
                "rules": {
                    rule: {
                        "severity": tally.severity,
                        "open": tally.open,
                        "waived": tally.waived,
                        "unknown": tally.unknown,
                        "error": tally.error,
                        "pass": tally.passed,
                    }
                    for rule, tally in sorted(entry.summed.rules.items())
                },
            }
            for entry in found
        ]
    }
