"""The result page and the result for programs: a verdict that explains itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import floatformat

from fit import after, asking, compare, costs, engine, pages, places, risks, turns
from fit import parts as parting
from fit.asking import Asked
from fit.engine import Contribution, Result, Standing
from fit.model import Fit

_BECAUSE = 3
GATES = {
    "pilot": (
        "Pilot first",
        "Your sight into production is low. Build one workload, alarm on the age of its queue and"
        " on its errors, and move the second only when an alarm has found a fault before a user.",
    ),
    "sight": (
        "Pilot first",
        "You have not said how well you can see production. Until you know, build one workload"
        " and alarm on its age and errors before a second moves.",
    ),
    "owner": (
        "Name an owner",
        "Kubernetes leads, and nobody has said that a team will own the platform. Without one, the"
        " runner-up is the honest choice.",
    ),
    "recheck": (
        "Read the limit again",
        "A limit that rules an option out here was last read more than six months ago. Open its"
        " source before you rely on it.",
    ),
    "assessor": (
        "Ask your assessor",
        "Dedicated machines may be a requirement or a habit. Only the assessor can say which, so"
        " ask before the design does.",
    ),
}


def result(model: Fit, asked: Asked, today: dt.date) -> dict[str, Any]:
    """The page: verdict, ranking, reasons, what would turn it, what to ask next."""
    found = engine.evaluate(model.numbers, asked.answers)
    low, high = pages.axis(found)
    flips = turns.flips(model, asked, found)
    return {
        **pages.standing(model, asked),
        "nav": "fit",
        "fit": model,
        "path": pages.path(model, asked),
        "low": low,
        "high": high,
        "open_word": pages.count(len(found.open)),
        "lead": _lead(model, found),
        "band": _band(model, found),
        "margin": found.margin,
        "rows": [_row(model, asked, found, standing) for standing in found.ranking],
        "difference": _difference(model, found),
        "earned": _earned(model, found),
        "all_points": _all_points(model, found),
        "flips": flips,
        "stepwise": any(flip["one_step"] for flip in flips),
        "ruling_out": turns.ruling_out(model, asked, found),
        "facts": turns.facts(model, asked),
        "next": _next(model, asked, found),
        "settled": pages.settled(model, found),
        "go_on_url": pages.key_url(asked, asking.first_open(model, asked.said)),
        "compare_url": compare.start_url(asked),
        "parts_url": parting.start_url(asked),
        "knocked_out": _knocked_out(model, found),
        "gates": [GATES[gate] for gate in engine.gates(model.numbers, found, today)],
        "pair": _pair(model, found),
        "risks": risks.drawn(found.top.option, found.answers) if found.top else [],
        "cost": costs.on_result(asked),
        "after": after.page(model, asked, found),
        "json_url": pages.json_url(asked),
        "cost_url": costs.start_url(asked),
    }


def _said(model: Fit, question: str, answer: str) -> dict[str, Any]:
    words = model.by_id[question]
    return {
        "question": words,
        "answer": words.by_key[answer],
        "section": places.section(words.section),
    }


def _lead(model: Fit, found: Result) -> str:
    """Two sentences: how much it is, and on what it rests."""
    if found.top is None:
        return "Each option is ruled out by an answer. Below is what would lift each limit."
    if found.second is None:
        return "Your answers rule out all the others, so points decide nothing here."
    pair = engine.hybrid(model.numbers, found)
    if pair and pair.lead > 0:
        first, second = (model.options[s.option].phrase for s in found.left[:2])
        return (
            f"The pair comes to {floatformat(pair.score, 1)} points,"
            f" {floatformat(pair.lead, 1)} more than {first} alone."
            f" On its own, that leads {second} by {found.margin:.1f}."
        )
    parts = engine.differences(model.numbers, found.answers, found.top.option, found.second.option)
    for_it = [_short(model, c) for c in parts if (c.points or 0) > 0][:2]
    against = [_short(model, c) for c in reversed(parts) if (c.points or 0) < 0][:1]
    text = f"The margin is {found.margin:.1f} points."
    if for_it:
        text += f" It rests on {pages.words(for_it)}"
        text += f", against {against[0]}." if against else "."
    return text


def _short(model: Fit, c: Contribution) -> str:
    return model.by_id[c.question].by_key[c.answer].short


def _band(model: Fit, found: Result) -> dict[str, Any] | None:
    """The band with how often it was right; None when nothing is left to compare."""
    for entry in model.accuracy["bands"]:
        if entry["band"] == found.band:
            right = round(entry["share"] * entry["of"])
            return {**entry, "right": right}
    return None


def _row(model: Fit, asked: Asked, found: Result, standing: Standing) -> dict[str, Any]:
    parts = engine.contributions(model.numbers, found.answers, standing.option)
    best = sorted((c for c in parts if (c.points or 0) > 0), key=lambda c: -(c.points or 0))
    return {
        "standing": standing,
        "option": model.options[standing.option],
        "because": pages.words([_short(model, c) for c in best[:_BECAUSE]]),
        "out": [_ask_again(model, asked, q) for q in standing.out],
        "may_be_out": [_ask_again(model, asked, q) for q in standing.may_be_out],
    }


def _ask_again(model: Fit, asked: Asked, question: str) -> dict[str, Any]:
    """A question with its answer, if there is one, and the way back to it."""
    words = model.by_id[question]
    answer = words.by_key.get(asked.answers.get(question, ""))
    return {"question": words, "answer": answer, "url": pages.key_url(asked, question)}


def _points(model: Fit, parts: Sequence[Contribution]) -> list[dict[str, Any]]:
    return [{**_said(model, c.question, c.answer), "points": c.points} for c in parts]


def _difference(model: Fit, found: Result) -> dict[str, Any] | None:
    """The first against the second, answer by answer; the points add up to the margin."""
    if found.top is None or found.second is None:
        return None
    first, second = found.top.option, found.second.option
    parts = engine.differences(model.numbers, found.answers, first, second)
    moving = [c for c in parts if c.points]
    same = [model.by_id[c.question].topic for c in parts if not c.points]
    return {
        "first": model.options[first],
        "second": model.options[second],
        "rows": _points(model, moving),
        "same": pages.words([pages.lower(topic) for topic in same]),
        "largest": _largest(moving),
    }


def _earned(model: Fit, found: Result) -> dict[str, Any] | None:
    """What each answer gave the first option, largest first; with the base it is the score."""
    if found.top is None:
        return None
    parts = engine.contributions(model.numbers, found.answers, found.top.option)
    moving = sorted((c for c in parts if c.points), key=lambda c: -(c.points or 0))
    return {
        "option": model.options[found.top.option],
        "score": found.top.score,
        "base": model.numbers.base,
        "rows": _points(model, moving),
        "nothing": pages.words(
            [pages.lower(model.by_id[c.question].topic) for c in parts if not c.points]
        ),
        "largest": _largest(moving),
    }


def _largest(parts: Sequence[Contribution]) -> Decimal:
    return max((abs(c.points or Decimal(0)) for c in parts), default=Decimal(1))


def _all_points(model: Fit, found: Result) -> dict[str, Any]:
    """Every answer's points for every option, the largest for the first option on top."""
    order = [s.option for s in found.ranking]
    columns = [engine.contributions(model.numbers, found.answers, option) for option in order]
    rows = [
        {**_said(model, parts[0].question, parts[0].answer), "cells": [c.points for c in parts]}
        for parts in zip(*columns, strict=True)
    ]
    rows.sort(key=lambda row: -(row["cells"][0] or 0))
    return {
        "options": [model.options[o] for o in order],
        "rows": rows,
        "scores": [s.score for s in found.ranking],
        "base": model.numbers.base,
    }


def _next(model: Fit, asked: Asked, found: Result) -> dict[str, Any] | None:
    """The open question that can move the margin most, and what the others can."""
    ordered = engine.questions_by_value(model.numbers, found)
    if not ordered:
        return None
    first, *rest = ordered
    return {
        "question": model.by_id[first.question],
        "span": first.span,
        "out": pages.words([model.options[o].phrase for o in first.rules_out], "or"),
        "others": len(rest),
        "others_word": pages.count(len(rest)),
        "others_span": max((n.span for n in rest), default=Decimal(0)),
        "url": pages.key_url(asked, first.question),
    }


def _knocked_out(model: Fit, found: Result) -> list[dict[str, Any]]:
    """The answers that rule something out, each with what it rules out and why."""
    by_answer: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for k in engine.applied(model.numbers, found):
        reason = model.reason(k.option, k.question, k.answer)
        by_answer.setdefault((k.question, k.answer), []).append(
            {"option": model.options[k.option], "reason": reason}
        )
    return [
        {
            **_said(model, *answer),
            "options": pages.words([each["option"].phrase for each in reasons]),
            "reasons": reasons,
        }
        for answer, reasons in by_answer.items()
    ]


def _pair(model: Fit, found: Result) -> dict[str, Any] | None:
    pair = engine.hybrid(model.numbers, found)
    if pair is None:
        return None
    names = {"elastic": model.options[pair.elastic], "steady": model.options[pair.steady]}
    return {**names, "pair": pair, "ahead": pair.lead > 0}


# For programs


def as_json(model: Fit, asked: Asked, today: dt.date, url: str = "") -> dict[str, Any]:
    """The result as plain values; the page, the link and the command say the same."""
    numbers, found = model.numbers, engine.evaluate(model.numbers, asked.answers)
    pair = engine.hybrid(numbers, found)
    ordered = engine.questions_by_value(numbers, found)
    body: dict[str, Any] = {
        "model": numbers.version,
        "answers": dict(found.answers),
        "ranking": [
            {
                "option": s.option,
                "score": float(s.score),
                "low": float(s.low),
                "high": float(s.high),
                "knocked_out_by": list(s.out),
            }
            for s in found.ranking
        ],
        "band": found.band,
        "margin": None if found.margin is None else float(found.margin),
        "contributions": {
            s.option: [
                {
                    "question": c.question,
                    "answer": c.answer,
                    "points": None if c.points is None else float(c.points),
                }
                for c in engine.contributions(numbers, found.answers, s.option)
            ]
            for s in found.ranking
        },
        "possible_winners": list(found.winners),
        "next_question": ordered[0].question if ordered else None,
        "flips": {
            "one_step": _flip_json(numbers, found, asked, True),
            "any": _flip_json(numbers, found, asked, False),
        },
        "pair": None
        if pair is None
        else {
            "elastic": pair.elastic,
            "steady": pair.steady,
            "score": float(pair.score),
            "lead": float(pair.lead),
        },
        "gates": list(engine.gates(numbers, found, today)),
    }
    return {**body, "url": url} if url else body


def _flip_json(
    numbers: engine.Model, found: Result, asked: Asked, one_step: bool
) -> list[dict[str, Any]]:
    flip = engine.smallest_flip(numbers, found, asked.locked, one_step=one_step)
    if flip is None:
        return []
    return [
        {
            "changes": dict(flip.changes),
            "winner": flip.winner,
            "margin": float(flip.margin),
            "knocks_out": flip.knocks_out,
        }
    ]
