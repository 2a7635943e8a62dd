"""What the method knows: questions, effects, knock-outs, how a pair is derived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

Answers = Mapping[str, str]  # question id -> answer key; unknown questions are left out

ZERO, ENDLESS = Decimal(0), Decimal("Infinity")


@dataclass(frozen=True)
class Answer:
    """One answer; `effects` by option, -3 to +3, or None where it rules the option out."""

    key: str
    effects: Mapping[str, Decimal | None]


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
        return any(answer.effects[option] is None for answer in self.answers)


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
