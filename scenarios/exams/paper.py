"""Drawing a paper: stratified by domain, then skill, then level. Pure: the same blueprint, pool,
seed and history give the same paper."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from scenarios.exams.blueprint import Blueprint


@dataclass(frozen=True)
class Candidate:
    """An exercise that a paper may hold."""

    id: str
    section: str
    skills: tuple[str, ...]
    bloom: str
    level: int
    pilot: bool = False
    own: bool = False
    """About the platform of the exam."""


@dataclass(frozen=True)
class Drawn:
    """One question of a paper."""

    id: str
    seed: int
    domain: str
    pilot: bool


def draw(
    blueprint: Blueprint, pool: Collection[Candidate], seed: int, recent: Collection[str] = ()
) -> list[Drawn]:
    """The questions of one paper in their order; fewer than asked where the pool is smaller.

    `recent` are exercises that the learner has seen lately: they come last. A domain that cannot
    fill its share leaves the rest to the others. Within a domain the questions about the exam's own
    platform come first, up to their share, as far as they have not been seen.
    """
    by_domain: dict[str, list[Candidate]] = {d.id: [] for d in blueprint.domains}
    pilots = []
    for candidate in pool:
        domain = blueprint.domain_of(candidate.section)
        if domain and candidate.pilot:
            pilots.append(candidate)
        elif domain:
            by_domain[domain.id].append(candidate)
    tried = min(len(pilots), int(blueprint.items * blueprint.pilot))
    room = {id: len(found) for id, found in by_domain.items()}
    weights = {d.id: d.weight for d in blueprint.domains}
    quota = shares(weights, room, blueprint.items - tried)
    made: list[Drawn] = []
    blooms: Counter[str] = Counter()
    for domain in blueprint.domains:
        picked = _pick(by_domain[domain.id], quota[domain.id], blueprint, blooms, seed, recent)
        made += [Drawn(c.id, _number(seed, c.id), domain.id, False) for c in picked]
    pilots.sort(key=lambda c: (c.id in recent, _digest(seed, c.id)))
    for pilot in pilots[:tried]:
        home = blueprint.domain_of(pilot.section)
        assert home is not None
        made.append(Drawn(pilot.id, _number(seed, pilot.id), home.id, True))
    return sorted(made, key=lambda d: _digest(seed, f"order:{d.id}"))


def shares(weights: Mapping[str, float], room: Mapping[str, int], total: int) -> dict[str, int]:
    """Whole numbers in proportion to weights by largest remainder, none above its room."""
    given = dict.fromkeys(weights, 0)
    while (left := total - sum(given.values())) > 0:
        open_ = {id: w for id, w in weights.items() if given[id] < room[id]}
        if not open_:
            break
        whole = sum(open_.values())
        exact = {id: left * weight / whole for id, weight in open_.items()}
        floor = {id: int(share) for id, share in exact.items()}
        over = left - sum(floor.values())
        for id in sorted(exact, key=lambda id: (floor[id] - exact[id], id))[:over]:
            floor[id] += 1
        for id, count in floor.items():
            given[id] = min(room[id], given[id] + count)
    return given


def _pick(
    pool: Sequence[Candidate],
    count: int,
    blueprint: Blueprint,
    blooms: Counter[str],
    seed: int,
    recent: Collection[str],
) -> list[Candidate]:
    """`count` of a pool such that skills, then Bloom levels, then levels are even."""
    rest = sorted(pool, key=lambda c: _digest(seed, c.id))
    skills: Counter[str] = Counter()
    levels: Counter[int] = Counter()
    picked: list[Candidate] = []
    own = round(count * blueprint.own)

    def rank(one: Candidate) -> tuple[bool, int, float, int]:
        wanted = blueprint.bloom.get(one.bloom, 0.0) * (sum(blooms.values()) + 1)
        crowd = max((skills[s] for s in one.skills), default=0)
        return one.id in recent, crowd, blooms[one.bloom] - wanted, levels[one.level]

    for _ in range(count):
        fresh = [c for c in rest if c.own and c.id not in recent] if len(picked) < own else []
        best = min(fresh or rest, key=rank)
        rest.remove(best)
        picked.append(best)
        skills.update(best.skills)
        levels[best.level] += 1
        blooms[best.bloom] += 1
    return picked


def _digest(seed: int, id: str) -> str:
    return hashlib.sha256(f"{seed}:{id}".encode()).hexdigest()


def _number(seed: int, id: str) -> int:
    return int(_digest(seed, f"seed:{id}")[:8], 16) % 100_000
