"""What the method knows: questions, effects, knock-outs, how a pair is derived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise, product

Answers = Mapping[str, str]  # question id -> answer key; unknown questions are left out

ZERO, ENDLESS = Decimal(0), Decimal("Infinity")


@dataclass(frozen=True)
class Answer:
    """One answer; `effects` by option, -3 to +3, or None where it rules the option out."""

    key: str
    effects: Mapping[str, Decimal | None]

    def difference(self, option: str, rival: str) -> Decimal | None:
        """Effect on one minus effect on the other; None when it rules either out."""
        ours, theirs = self.effects[option], self.effects[rival]
        return None if ours is None or theirs is None else ours - theirs


@dataclass(frozen=True)
class Question:
    """`ordered`: the answers form a scale on which one step means something."""

    id: str
    weight: Decimal
    ordered: bool
    answers: tuple[Answer, ...]

    @cached_property
    def by_key(self) -> dict[str, Answer]:
        return {answer.key: answer for answer in self.answers}

    def rules_out(self, option: str) -> bool:
        """Whether some answer knocks the option out."""
        return option in self._out

    @cached_property
    def _out(self) -> frozenset[str]:
        return frozenset(o for a in self.answers for o, e in a.effects.items() if e is None)

    @cached_property
    def reach(self) -> dict[str, tuple[Decimal, Decimal]]:
        """By option the least and the most that its answers give, weighted, without those that
        rule the option out."""
        found = {}
        for option in self.answers[0].effects:
            effects = [e for a in self.answers if (e := a.effects[option]) is not None]
            low, high = min(effects, default=ZERO), max(effects, default=ZERO)
            found[option] = (self.weight * low, self.weight * high)
        return found

    @cached_property
    def most_over(self) -> dict[tuple[str, str], Decimal]:
        """By (option, rival) the most that an answer gives the one over the other, weighted,
        without answers that rule either out."""
        found = {}
        for one, other in product(self.answers[0].effects, repeat=2):
            moves = [d for a in self.answers if (d := a.difference(one, other)) is not None]
            found[one, other] = self.weight * max(moves, default=ZERO)
        return found


@dataclass(frozen=True)
class KnockOut:
    """Why an answer rules an option out. `checked`: the oldest check of its sources, if any."""

    option: str
    question: str
    answer: str
    checked: dt.date | None = None


@dataclass(frozen=True)
class Pairing:
    """How the hybrid is derived. A bonus of None: no pair is offered for that answer."""

    elastic: tuple[str, ...]
    steady: tuple[str, ...]
    bonus: Mapping[str, Decimal | None]  # by answer to `parts`
    penalty: Mapping[str, Mapping[str, Decimal]]  # by question, by answer


@dataclass(frozen=True)
class Model:
    """Everything that the method needs. Options are in the order that breaks ties."""

    version: int
    base: Decimal
    options: tuple[str, ...]
    questions: tuple[Question, ...]
    pairing: Pairing
    knock_outs: tuple[KnockOut, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def scored(self) -> tuple[Question, ...]:
        """The questions that move points; the others only steer."""
        return tuple(question for question in self.questions if question.weight)

    def effect(self, question: str, answer: str, option: str) -> Decimal | None:
        return self.by_id[question].by_key[answer].effects[option]


def monotonic_breaches(model: Model, option: str = "functions") -> tuple[str, ...]:
    """Ordered questions on which the option's effect rises along the scale."""
    found = []
    for question in model.questions:
        effects = [answer.effects[option] for answer in question.answers]
        steps = [-ENDLESS if effect is None else effect for effect in effects]
        if question.ordered and any(b > a for a, b in pairwise(steps)):
            found.append(question.id)
    return tuple(found)
