"""The mastery map: a profile for each chapter, its skills as stations whose height is their level.

Everything is computed here; the templates only place it. Units are those of the view box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scenarios import places
from scenarios.catalogue import Catalogue, Skill
from scenarios.places import Spot
from scenarios.progress import Level, Standing, distribution, section_level
from scenarios.progress import Skill as SkillState

WIDE, HIGH = 256, 118
_GROUND, _STEP = 92.0, 17.0
_EDGE = 26.0
_SADDLE = 0.62


@dataclass(frozen=True)
class Station:
    """One skill on a profile."""

    skill: Skill
    section: Spot
    now: SkillState
    x: float
    y: float

    @property
    def ground(self) -> float:
        return _GROUND


@dataclass(frozen=True)
class Profile:
    """One chapter. `ridge` is the line through its stations, `land` the area under it."""

    slug: str
    place: Spot
    stations: tuple[Station, ...]
    ridge: str
    land: str
    marks: tuple[tuple[float, str], ...]
    """Where a section begins on the ground, and its number."""
    counts: tuple[tuple[Level, int], ...]
    due: int

    @property
    def touched(self) -> bool:
        return any(s.now.level > Level.NEW for s in self.stations)

    @property
    def said(self) -> str:
        """The profile in a sentence, for those who do not see it."""
        parts = [
            f"{s.skill.name}: {s.now.level.word.lower()}{', due' if s.now.is_due else ''}"
            for s in self.stations
        ]
        return "; ".join(parts)


@dataclass(frozen=True)
class SectionRows:
    place: Spot
    id: str
    level: Level
    stations: tuple[Station, ...]


def profiles(known: Catalogue, standing: Standing) -> list[Profile]:
    """A profile for each chapter that has skills, in the order of the book."""
    practised = {id for exercise in known.live() for id in exercise.skills}
    chapters: dict[str, list[Skill]] = {}
    for skill in sorted(known.skills.values(), key=lambda s: (places.order(s.section), s.id)):
        if skill.id in practised:
            chapters.setdefault(skill.section.partition("/")[0], []).append(skill)
    return [_profile(slug, skills, standing) for slug, skills in chapters.items()]


def _profile(slug: str, skills: Sequence[Skill], standing: Standing) -> Profile:
    gap = (WIDE - 2 * _EDGE) / max(1, len(skills) - 1)
    start = _EDGE if len(skills) > 1 else WIDE / 2
    stations = tuple(
        Station(
            skill,
            places.section(skill.section),
            standing.skill(skill.id),
            round(start + n * gap, 1),
            _GROUND - standing.level(skill.id) * _STEP,
        )
        for n, skill in enumerate(skills)
    )
    ridge = _smooth([(0.0, _GROUND), *_range(stations), (float(WIDE), _GROUND)])
    marks = []
    for n, station in enumerate(stations):
        if not n or stations[n - 1].section != station.section:
            marks.append((station.x, station.section.number))
    return Profile(
        slug=slug,
        place=places.chapter(slug),
        stations=stations,
        ridge=ridge,
        land=f"{ridge}Z",
        marks=tuple(marks),
        counts=tuple((lv, n) for lv, n in distribution(s.now.level for s in stations).items() if n),
        due=sum(s.now.is_due for s in stations),
    )


def _range(stations: Sequence[Station]) -> list[tuple[float, float]]:
    """The stations as summits, with a saddle between neighbours: two skills on one level are two
    heights that were climbed, and no plateau."""
    points = [(s.x, s.y) for s in stations[:1]]
    for one, other in pairwise(stations):
        lower = max(one.y, other.y)
        saddle = _GROUND - (_GROUND - lower) * _SADDLE
        points += [(round((one.x + other.x) / 2, 1), round(saddle, 1)), (other.x, other.y)]
    return points


def _smooth(points: Sequence[tuple[float, float]]) -> str:
    """A curve through all points that is level at each, so that no height is overstated."""
    (x, y), *rest = points
    path = f"M{x:g} {y:g}"
    for to_x, to_y in rest:
        middle = round((x + to_x) / 2, 1)
        path += f"C{middle:g} {y:g} {middle:g} {to_y:g} {to_x:g} {to_y:g}"
        x, y = to_x, to_y
    return path


def by_section(profile: Profile) -> list[SectionRows]:
    """The stations of a chapter by section, each section at the level of its weakest skill."""
    sections: dict[str, list[Station]] = {}
    for station in profile.stations:
        sections.setdefault(station.skill.section, []).append(station)
    return [
        SectionRows(places.section(id), id, section_level([s.now.level for s in rows]), tuple(rows))
        for id, rows in sections.items()
    ]


LINES = tuple((level, _GROUND - level * _STEP) for level in Level)
"""The heights of the levels."""
