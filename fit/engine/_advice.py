"""What stands beside the ranking and moves no points: the pair, the gates, stale limits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from ._model import ZERO, KnockOut, Model
from ._result import Result

STALE_AFTER = dt.timedelta(days=183)


@dataclass(frozen=True)
class Hybrid:
    """A derived pair; `lead` is its score minus that of the best single option."""

    elastic: str
    steady: str
    score: Decimal
    bonus: Decimal
    penalty: Decimal
    lead: Decimal


def hybrid(model: Model, result: Result) -> Hybrid | None:
    """The best elastic option with the best steady one, if the parts differ."""
    pairing = model.pairing
    bonus = pairing.bonus.get(result.answers.get("parts", ""))
    elastic = next((s for s in result.left if s.option in pairing.elastic), None)
    steady = next((s for s in result.left if s.option in pairing.steady), None)
    if bonus is None or elastic is None or steady is None:
        return None
    penalty = sum(
        (
            by.get(result.answers.get(question, ""), ZERO)
            for question, by in pairing.penalty.items()
        ),
        ZERO,
    )
    score = (elastic.score + steady.score) / 2 + bonus - penalty
    lead = score - max(elastic.score, steady.score)
    return Hybrid(elastic.option, steady.option, score, bonus, penalty, lead)


def gates(model: Model, result: Result, today: dt.date) -> tuple[str, ...]:
    """Rules that move no points: pilot, sight, owner, recheck, assessor."""
    answers, found = result.answers, []
    top = result.top.option if result.top and answers else None
    if top == "functions" and answers.get("ops") == "low":
        found.append("pilot")
    if top == "functions" and "ops" not in answers:
        found.append("sight")
    if top == "kubernetes" and answers.get("team") != "platform":
        found.append("owner")
    if any(is_stale(k, today) for k in applied(model, result)):
        found.append("recheck")
    if answers.get("compliance") == "dedicated":
        found.append("assessor")
    return tuple(found)


def applied(model: Model, result: Result) -> tuple[KnockOut, ...]:
    """The knock-outs that these answers cause."""
    return tuple(k for k in model.knock_outs if result.answers.get(k.question) == k.answer)


def is_stale(knock_out: KnockOut, today: dt.date) -> bool:
    """Whether its sources were last read more than six months ago."""
    return knock_out.checked is not None and today - knock_out.checked > STALE_AFTER
