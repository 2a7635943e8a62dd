"""The team view: where members answered differently, and what that is worth. Pure.

Answers on which all who answered agree count; disputed ones are unknown until they are settled,
so the range of the result shows what the dispute is worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fit import engine
from fit.engine import Answers, Model, Result

ZERO = Decimal(0)
OUT = Decimal(-6)  # what a knock-out counts as when questions are compared, as in the engine


@dataclass(frozen=True)
class Said:
    """One of the answers to a disputed question: who gave it, by place in the list of ballots,
    and the result if the question were settled on it."""

    answer: str
    by: tuple[int, ...]
    then: Result


@dataclass(frozen=True)
class Dispute:
    """`effect`: weight times the spread of the members' answers in what they give the first
    option over the second; a knock-out counts as -6 there. `silent`: who did not know."""

    question: str
    effect: Decimal
    said: tuple[Said, ...]
    silent: tuple[int, ...]
    settled: str | None


@dataclass(frozen=True)
class Comparison:
    """`agreed` and the settled answers gave `result`. Disputes come with the largest first."""

    agreed: Mapping[str, str]
    disputes: tuple[Dispute, ...]
    result: Result


def compare(
    model: Model, ballots: Sequence[Answers], settled: Mapping[str, str] | None = None
) -> Comparison:
    """Lays ballots beside one another. A settled answer outside the disputes is ignored."""
    given = {q.id: _given(q.id, ballots) for q in model.questions}
    agreed = {id: next(iter(by)) for id, by in given.items() if len(by) == 1}
    disputed = {id: by for id, by in given.items() if len(by) > 1}
    decided = {
        id: key
        for id, key in (settled or {}).items()
        if id in disputed and key in model.by_id[id].by_key
    }
    before = engine.evaluate(model, agreed)
    counted = {**agreed, **decided}
    disputes = [
        Dispute(
            question=id,
            effect=_effect(model, before, id, list(by)),
            said=tuple(
                Said(key, who, engine.evaluate(model, {**counted, id: key}))
                for key, who in _in_order(model, id, by)
            ),
            silent=tuple(n for n, ballot in enumerate(ballots) if id not in ballot),
            settled=decided.get(id),
        )
        for id, by in disputed.items()
    ]
    disputes.sort(key=lambda d: -d.effect)
    in_order = {q.id: counted[q.id] for q in model.questions if q.id in counted}
    return Comparison(agreed, tuple(disputes), engine.evaluate(model, in_order))


def _given(question: str, ballots: Sequence[Answers]) -> dict[str, tuple[int, ...]]:
    """Answer to the places of the ballots that gave it."""
    found: dict[str, tuple[int, ...]] = {}
    for place, ballot in enumerate(ballots):
        if question in ballot:
            found[ballot[question]] = (*found.get(ballot[question], ()), place)
    return found


def _in_order(
    model: Model, question: str, by: Mapping[str, tuple[int, ...]]
) -> list[tuple[str, tuple[int, ...]]]:
    return [(key, by[key]) for key in model.by_id[question].by_key if key in by]


def _effect(model: Model, result: Result, question: str, keys: Sequence[str]) -> Decimal:
    """How far apart the answers put the first and the second. With nobody to compare with it is
    the spread of what they give the first; with nobody left, 0."""
    if result.top is None:
        return ZERO
    of = model.by_id[question]
    second = result.second.option if result.second else None

    def counted(key: str, option: str) -> Decimal:
        effect = of.by_key[key].effects[option]
        return OUT if effect is None else effect

    moves = [
        counted(key, result.top.option) - (counted(key, second) if second else ZERO) for key in keys
    ]
    return of.weight * (max(moves) - min(moves))
