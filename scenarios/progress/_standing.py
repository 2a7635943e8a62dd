"""Where a learner stands: the one function that both the learner's and a team's pages ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ._evidence import REVIEW, Evidence, Item, day_of, evidence, first_tries
from ._fold import Record
from ._mastery import Level, Mastery, mastery
from ._reviews import CAP, RETENTION, Card, Due, allowance, card, due, is_gentle, retrievability


@dataclass(frozen=True, slots=True)
class Skill:
    """Where a learner stands with one skill."""

    mastery: Mastery = field(default_factory=Mastery)
    card: Card | None = None
    chance: float = 0.0
    is_due: bool = False
    log: tuple[Evidence, ...] = ()

    @property
    def level(self) -> Level:
        return self.mastery.level

    @property
    def sure_and_wrong(self) -> bool:
        return bool(self.log) and self.log[-1].sure_and_wrong


@dataclass(frozen=True)
class Standing:
    """Everything that follows from a log on one day. `left` is what today's cap still admits."""

    skills: Mapping[str, Skill] = field(default_factory=dict)
    queue: tuple[Due, ...] = ()
    left: int = CAP
    reviewed: int = 0
    """Reviews that today has seen already."""
    gentle: bool = False
    seen: Mapping[str, date] = field(default_factory=dict)
    """When each exercise was last tried."""
    firsts: tuple[tuple[Record, bool], ...] = ()

    def skill(self, id: str) -> Skill:
        return self.skills.get(id, Skill())

    def level(self, id: str) -> Level:
        return self.skill(id).level

    @property
    def today(self) -> tuple[Due, ...]:
        """The part of the queue that today's cap admits."""
        return self.queue[: self.left]


def standing(
    records: Iterable[Record],
    items: Mapping[str, Item],
    today: date,
    *,
    who: str = "",
    wishes: Mapping[str, datetime] | None = None,
    retention: float = RETENTION,
    cap: int = CAP,
) -> Standing:
    """Levels, cards and queue from a log in any order; repeated records count once.

    Pure: two logs that hold the same records give the same standing. `who` only spreads due days.
    """
    unique = list({record.id: record for record in records}.values())
    logs = evidence(unique, items)
    cards = {skill: card(log, who, skill, retention) for skill, log in logs.items()}
    queue = tuple(due(cards, logs, wishes or {}, today))
    waiting = {one.skill for one in queue}
    firsts = tuple(first_tries(unique))
    reviewed = sum(r.mode == REVIEW and day_of(r.at) == today for r, _ in firsts)
    active = {day_of(record.at) for record in unique}
    seen: dict[str, date] = {}
    for record in unique:
        day = day_of(record.at)
        seen[record.exercise] = max(day, seen.get(record.exercise, day))
    return Standing(
        skills={
            skill: Skill(
                mastery=mastery(log),
                card=cards[skill],
                chance=retrievability(cards[skill], today),
                is_due=skill in waiting,
                log=log,
            )
            for skill, log in logs.items()
        },
        queue=queue,
        left=allowance(active, reviewed, today, cap),
        reviewed=reviewed,
        gentle=is_gentle(active, today),
        seen=seen,
        firsts=firsts,
    )
