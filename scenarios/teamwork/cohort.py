"""What a team's practice adds up to: counts of at least five members, never single answers.

Every figure comes from the function that a member's own pages ask, `standings.of_users`, so that
the two can never disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from design.rules import RULES
from scenarios import pages, places
from scenarios.catalogue import Catalogue, Misconception, Skill
from scenarios.engine import SELF_RATED, Exercise, Grade
from scenarios.models import Attempt, Consent
from scenarios.places import Spot
from scenarios.progress import PASS, Level, Share, Standing, distribution
from scenarios.review import standings
from scenarios.teamwork.models import Level as Shown
from teams.models import Team, User

FEWEST: Final = 5
"""An aggregate of fewer members would be about persons."""
RECENT: Final = timedelta(days=30)
_MOST_BELIEFS: Final = 5
_MOST_AGENDA: Final = 3


@dataclass(frozen=True)
class Row:
    """One skill: how many members stand at each level."""

    skill: Skill
    counts: tuple[int, ...]
    of: int

    @property
    def strong(self) -> int:
        """How many are proficient or better."""
        return sum(self.counts[Level.PROFICIENT :])

    @property
    def said(self) -> str:
        return f"{self.strong} of {self.of} proficient"

    @property
    def tenths(self) -> int:
        """The share of the proficient in tenths, for the shade of the cell."""
        return round(10 * self.strong / self.of)


@dataclass(frozen=True)
class Chapter:
    place: Spot
    slug: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Belief:
    """A misconception that members chose, with how many did."""

    misconception: Misconception
    section: Spot
    people: int


@dataclass(frozen=True)
class Split:
    """An exercise that divides the team."""

    exercise: Exercise
    share: Share


@dataclass(frozen=True)
class Person:
    """A member who lets editors see levels by chapter."""

    name: str
    levels: tuple[tuple[Spot, str], ...]
    """(chapter, how many of its skills stand at which level, in words)."""


@dataclass(frozen=True)
class Cohort:
    """`members` take part with at least their counts; below `FEWEST` nothing is added up."""

    members: int
    chapters: tuple[Chapter, ...] = ()
    beliefs: tuple[Belief, ...] = ()
    agenda: tuple[Split, ...] = ()
    people: tuple[Person, ...] = ()

    @property
    def enough(self) -> bool:
        return self.members >= FEWEST


def consents(team: Team) -> dict[int, str]:
    """Person to what they show, for those who are members now."""
    chosen = dict(Consent.objects.filter(team=team).values_list("person", "level"))
    members = team.memberships.values_list("user", flat=True)
    return {person: chosen.get(person, Shown.COUNTS) for person in members}


def consent_of(team: Team, user: User) -> str:
    return consents(team).get(user.pk, Shown.NOTHING)


def choose(team: Team, user: User, level: str) -> None:
    """A member's choice; it holds from the next page on."""
    values = {"level": level, "changed": timezone.now()}
    Consent.objects.update_or_create(team=team, person=user, defaults=values)


def cohort(team: Team, known: Catalogue, names: bool) -> Cohort:
    """What the team's pages may show; with `names` also those who opted in to it."""
    shown = consents(team)
    counted = [person for person, level in shown.items() if level != Shown.NOTHING]
    named = [p for p, level in shown.items() if level == Shown.LEVELS] if names else []
    enough = len(counted) >= FEWEST
    if not enough and not named:
        return Cohort(len(counted))
    states = standings.of_users(counted if enough else named, known)
    people = tuple(_people(team, {p: states[p] for p in named}, known))
    if not enough:
        return Cohort(len(counted), people=people)
    attempts = _first_tries(counted)
    return Cohort(
        members=len(counted),
        chapters=tuple(_chapters(known, list(states.values()))),
        beliefs=tuple(_beliefs(known, attempts)),
        agenda=tuple(_agenda(known, attempts)),
        people=people,
    )


def _chapters(known: Catalogue, states: Sequence[Standing]) -> list[Chapter]:
    """Skills that at least one member has begun, by chapter of the guide."""
    found: dict[str, list[Row]] = defaultdict(list)
    for skill in sorted(known.skills.values(), key=lambda s: (places.order(s.section), s.id)):
        levels = [state.skill(skill.id).level for state in states]
        if any(level > Level.NEW for level in levels):
            counts = tuple(sum(level == one for level in levels) for one in Level)
            found[skill.section.partition("/")[0]].append(Row(skill, counts, len(states)))
    return [Chapter(places.chapter(slug), slug, tuple(rows)) for slug, rows in found.items()]


def _people(team: Team, states: Mapping[int, Standing], known: Catalogue) -> list[Person]:
    chapters: dict[str, list[str]] = defaultdict(list)
    for skill in sorted(known.skills.values(), key=lambda s: places.order(s.section)):
        chapters[skill.section.partition("/")[0]].append(skill.id)
    found = []
    for member in team.memberships.with_people():
        if member.user_id not in states:
            continue
        state = states[member.user_id]
        levels = tuple(
            (places.chapter(slug), words)
            for slug, skills in chapters.items()
            if (words := _words([state.skill(id).level for id in skills]))
        )
        found.append(Person(str(member.user), levels))
    return found


def _words(levels: Sequence[Level]) -> str:
    """2 proficient, 1 started; empty where nothing is begun."""
    counts = distribution(levels).items()
    return ", ".join(f"{n} {level.word.lower()}" for level, n in counts if n and level > Level.NEW)


# What was answered


def _first_tries(people: Sequence[int]) -> list[Attempt]:
    """First tries of the members within the last month, gave up or not."""
    since = timezone.now() - RECENT
    rows = Attempt.objects.filter(user__in=people, tries=1, gave_up=False, created__gte=since)
    return list(rows.only("exercise", "user_id", "score", "grade", "created"))


def _beliefs(known: Catalogue, attempts: Sequence[Attempt]) -> list[Belief]:
    """The misconceptions that most members chose; one person alone is never told of."""
    people: dict[str, set[int]] = defaultdict(set)
    for attempt in attempts:
        for id in Grade.from_dict(attempt.grade).misconceptions:
            people[id].add(attempt.user_id)
    ranked = sorted(people.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        Belief(known.misconceptions[id], places.section(known.misconceptions[id].section), len(who))
        for id, who in ranked
        if id in known.misconceptions and len(who) >= 2
    ][:_MOST_BELIEFS]


def _agenda(known: Catalogue, attempts: Sequence[Attempt]) -> list[Split]:
    """Exercises that at least five members tried and about half of them solved."""
    scores: dict[str, dict[int, float]] = defaultdict(dict)
    for attempt in attempts:
        scores[attempt.exercise].setdefault(attempt.user_id, attempt.score)
    splits = []
    for id, by_person in scores.items():
        exercise = known.exercises.get(id)
        if exercise is None or exercise.type in SELF_RATED or len(by_person) < FEWEST:
            continue
        share = Share(sum(score >= PASS for score in by_person.values()), len(by_person))
        if 0 < share.right < share.count:
            splits.append(Split(exercise, share))
    splits.sort(key=lambda s: (abs(s.share.share - 0.5), -s.share.count, s.exercise.id))
    return splits[:_MOST_AGENDA]


# The way from a finding to an exercise and back


@lru_cache(maxsize=1)
def _provider(path: str) -> Any:
    return import_string(path)


def at_work(team: Team, known: Catalogue) -> dict[str, list[dict[str, Any]]]:
    """Rules that the team's designs fail and no longer fail, each with its exercises. A finding
    that is gone counts as used in real work: it is shown and not scored."""
    found: dict[str, list[dict[str, Any]]] = {"open": [], "closed": []}
    practised: dict[str, int] = defaultdict(int)
    for exercise in known.live():
        for rule in pages.practised(exercise):
            practised[rule] += 1
    for one in _provider(settings.RULES_AT_WORK)(team):
        rule = RULES.get(one.rule)
        row = {"at": one, "rule": rule, "exercises": practised[one.rule]}
        if rule:
            found["open" if one.open else "closed"].append(row)
    found["open"].sort(key=lambda row: (row["rule"].severity.rank, row["rule"].id))
    return found


def findings_on(user: object, rule: str) -> list[Any]:
    """Where the designs of a person's teams fail a rule, or once did."""
    teams = Team.objects.of(user)
    return [
        one for team in teams for one in _provider(settings.RULES_AT_WORK)(team) if one.rule == rule
    ]


# Sets


def progress_of(
    exercises: Sequence[str], user: User, team: Team, known: Catalogue
) -> dict[str, Any]:
    """The set for one member: the own first tries, and counts of at least five."""
    shown = consents(team)
    counted = [person for person, level in shown.items() if level != Shown.NOTHING]
    rows = Attempt.objects.filter(exercise__in=exercises, user__in={*counted, user.pk})
    best: dict[tuple[int, str], float] = {}
    for person, id, score in rows.values_list("user", "exercise", "score"):
        best[person, id] = max(score, best.get((person, id), 0.0))
    enough = len(counted) >= FEWEST
    lines = [
        {
            "exercise": known.exercises.get(id),
            "id": id,
            "mine": best.get((user.pk, id)),
            "tried": sum((person, id) in best for person in counted) if enough else None,
        }
        for id in exercises
    ]
    return {
        "lines": lines,
        "members": len(counted),
        "enough": enough,
        "done": sum(line["mine"] is not None for line in lines),
        "score": sum(line["mine"] or 0.0 for line in lines),
    }
