"""Which exercise next: for a review, a placement, and among everything with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ._evidence import FRESH_DAYS, Evidence, Item
from ._mastery import Level
from ._standing import Standing

MOST_PLACED: Final = 12
PER_SKILL: Final = 2
_ENOUGH_MISSES: Final = 3


def for_review(
    skill: str, items: Iterable[Item], standing: Standing, today: date, longest: int = 99
) -> Item | None:
    """The exercise to review a skill with: one seen a month ago or more, else one never seen, else
    one whose numbers change, else the one seen longest ago; another kind than the last time.
    Short ones of at most `longest` minutes are preferred; incidents, repairs and short texts
    are work of their own and stay out unless there is nothing else."""
    log = standing.skill(skill).log
    last = next((i.kind for i in items if log and i.id == log[-1].exercise), "")
    fits = [i for i in items if i.live and skill in i.skills]
    if not fits:
        return None

    def rank(item: Item) -> tuple[object, ...]:
        seen = standing.seen.get(item.id)
        days = (today - seen).days if seen else -1
        order = 0 if days >= FRESH_DAYS else 1 if seen is None else 2 if item.varies else 3
        if days == 0:
            order = 4  # Answered today: no evidence any more.
        return (
            order == 4,
            _long(item),
            item.minutes > longest,
            order,
            item.kind == last,
            -days,
            item.level,
            item.id,
        )

    return min(fits, key=rank)


@dataclass(frozen=True, slots=True)
class Placed:
    """A placement of one chapter so far."""

    taken: tuple[str, ...]
    """Exercises answered in it."""
    next: Item | None
    asked: Mapping[str, tuple[bool, ...]]
    """By skill, whether each answer was right."""


def placement(
    skills: Sequence[str],
    items: Iterable[Item],
    answered: Sequence[tuple[Item, bool]],
    standing: Standing,
    today: date,
) -> Placed:
    """The next question of a placement: two for a skill and twelve at most, each skill once before
    any skill twice. A skill that was missed is not asked again, one that is proficient not at all,
    and three misses in a row end it."""
    asked: dict[str, list[bool]] = {skill: [] for skill in skills}
    for item, right in answered:
        for skill in item.skills:
            if skill in asked:
                asked[skill].append(right)
    taken = tuple(item.id for item, _ in answered)
    tail = [right for _, right in answered[-_ENOUGH_MISSES:]]
    over = len(taken) >= MOST_PLACED or (len(tail) == _ENOUGH_MISSES and not any(tail))
    found = None if over else _next_placed(skills, list(items), taken, asked, standing, today)
    return Placed(taken, found, {skill: tuple(right) for skill, right in asked.items()})


def _next_placed(
    skills: Sequence[str],
    items: Sequence[Item],
    taken: Sequence[str],
    asked: Mapping[str, Sequence[bool]],
    standing: Standing,
    today: date,
) -> Item | None:
    for round in range(PER_SKILL):
        for skill in skills:
            done = asked[skill]
            known = not done and standing.level(skill) >= Level.PROFICIENT
            if len(done) != round or not all(done) or known:
                continue
            fits = [i for i in items if i.live and not i.mixed and skill in i.skills]
            fits = [i for i in fits if i.id not in taken and standing.seen.get(i.id) != today]
            if fits:
                return min(fits, key=lambda i: _placing(i, standing, today))
    return None


def _placing(item: Item, standing: Standing, today: date) -> tuple[object, ...]:
    seen = standing.seen.get(item.id)
    fresh = seen is None or (today - seen).days >= FRESH_DAYS
    return not fresh, not item.applied, item.minutes > 3, abs(item.level - 2), item.id


@dataclass(frozen=True, slots=True)
class Advice:
    """An exercise that is worth doing next, and why, in a sentence."""

    item: Item
    skill: str
    why: str


def advise(
    items: Sequence[Item],
    standing: Standing,
    names: Mapping[str, str],
    today: date,
    most: int = 3,
) -> list[Advice]:
    """The next best exercises, each for another skill: errors that somebody was sure of, then
    levels that fell, then skills one step from the next level, then the next unseen question in
    the order of the book after the last one answered."""
    found: list[Advice] = []
    order = {item.id: place for place, item in enumerate(items)}

    def offer(skill: str, why: str) -> None:
        if len(found) >= most or any(a.skill == skill for a in found):
            return
        taken = {a.item.id for a in found}
        fits = [i for i in items if i.live and skill in i.skills and i.id not in taken]
        fits = [i for i in fits if not _recent(i, standing, today)]
        if fits:
            best = min(fits, key=lambda i: (_long(i), i.id in standing.seen, order[i.id]))
            found.append(Advice(best, skill, why))

    known = sorted(standing.skills.items(), key=lambda pair: (_latest(pair[1].log), pair[0]))
    known.reverse()
    for skill, state in known:
        if state.sure_and_wrong:
            offer(skill, f"You were sure, and it was not so: {names.get(skill, skill)}.")
    for skill, state in known:
        if state.level in (Level.STARTED, Level.FAMILIAR) and state.log[-1].failed:
            offer(skill, f"{names.get(skill, skill)}, last time missed. {state.mastery.next}")
    for skill, state in known:
        if state.level in (Level.STARTED, Level.FAMILIAR):
            offer(skill, f"{names.get(skill, skill)}, to {_up(state.level)}: {state.mastery.next}")
    for item in _onward(items, standing):
        if item.skills and item.live:
            new = "the next in the book" if standing.seen else "where the book begins"
            skill = next((s for s in item.skills if s not in standing.skills), item.skills[0])
            offer(skill, f"{names.get(skill, skill)}, new to you: {new}.")
    return found


def _long(item: Item) -> bool:
    return item.mixed or item.self_rated


def _recent(item: Item, standing: Standing, today: date) -> bool:
    seen = standing.seen.get(item.id)
    return seen is not None and (today - seen).days < FRESH_DAYS


def _latest(log: Sequence[Evidence]) -> str:
    return log[-1].at.isoformat() if log else ""


def _up(level: Level) -> str:
    return Level(level + 1).word.lower()


def _onward(items: Sequence[Item], standing: Standing) -> list[Item]:
    """Unseen items, those behind the last one answered first."""
    last = max(standing.seen.values(), default=None)
    place = max((n for n, i in enumerate(items) if standing.seen.get(i.id) == last), default=-1)
    turned = [*items[place + 1 :], *items[: place + 1]]
    return [item for item in turned if item.id not in standing.seen]
