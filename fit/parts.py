"""A workload in parts: each fitted on its own, the pair named, and what a split is worth."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.urls import reverse

from fit import pages, several
from fit.asking import Asked
from fit.engine import Model, Result
from fit.model import Fit
from fit.several import Sets

LEAST, MOST = 2, 5
_ZERO: Final = Decimal(0)


def url(sets: Sets) -> str:
    return f"{reverse('fit:parts')}?{sets.query()}"


def start_url(asked: Asked) -> str:
    """A result as the first of two parts."""
    return url(Sets((asked, Asked()), ("Part 1", "Part 2")))


def page(model: Fit, sets: Sets) -> dict[str, Any]:
    found = several.results(model, [asked.answers for asked in sets.asked])
    columns = [
        {
            "number": number,
            "name": name,
            "url": pages.result_url(asked),
            "key_url": pages.key_url(asked),
            "answered": len(asked.answers),
            **several.verdict(model, result),
        }
        for number, (name, asked, result) in enumerate(
            zip(sets.names, sets.asked, found, strict=True), 1
        )
    ]
    return {
        "nav": "fit",
        "fit": model,
        "columns": columns,
        "rows": several.grid(model, [asked.said for asked in sets.asked]),
        "options": _options(model, found),
        "notices": sets.notices,
        "may_add": len(sets.asked) < MOST,
        "may_remove": len(sets.asked) > LEAST,
        "split": split(model, sets.names, found),
        "longest_name": several.LONGEST_NAME,
    }


def _options(model: Fit, found: list[Result]) -> list[dict[str, Any]]:
    """Each option with its standing in every part."""
    by_part = [{s.option: s for s in result.ranking} for result in found]
    return [
        {
            "option": option,
            "cells": [
                {
                    "standing": standings[id],
                    "top": bool(result.answers and result.top and result.top.option == id),
                }
                for result, standings in zip(found, by_part, strict=True)
            ],
        }
        for id, option in model.options.items()
    ]


def split(model: Fit, names: tuple[str, ...], found: list[Result]) -> dict[str, Any]:
    """The verdict over all parts. `gain` is what each part's best option scores on average over
    the best single option for all of them; `penalty` what two ways of running things cost here."""
    fitted = [(name, r) for name, r in zip(names, found, strict=True) if r.answers and r.top]
    if len(fitted) < LEAST:
        return {"kind": "few"}
    by_option: dict[str, list[str]] = {}
    for name, result in fitted:
        assert result.top
        by_option.setdefault(result.top.option, []).append(name)
    results = [result for _, result in fitted]
    groups = [
        {"option": model.options[id], "parts": pages.words(parts)}
        for id, parts in by_option.items()
    ]
    if len(by_option) == 1:
        return {"kind": "one", "groups": groups}
    single, gain = _single(model.numbers, results)
    penalty = _penalty(model.numbers, results)
    pairing = model.numbers.pairing
    elastic = [id for id in by_option if id in pairing.elastic]
    steady = [id for id in by_option if id in pairing.steady]
    hybrid = bool(elastic and steady)
    return {
        "kind": "split",
        "groups": groups,
        "hybrid": hybrid,
        "name": pages.words([model.options[id].phrase for id in (*elastic, *steady)], "beside")
        if hybrid and len(by_option) == 2
        else pages.words([model.options[id].phrase for id in by_option]),
        "single": model.options[single] if single else None,
        "gain": gain,
        "penalty": penalty,
        "close": pages.words([name for name, r in fitted if r.band == "too close"]),
        "pays": single is None or gain > penalty,
    }


def _single(model: Model, results: list[Result]) -> tuple[str, Decimal]:
    """The best option that is ruled out nowhere, and what the best of each part is ahead of it
    on average; "" when every option is ruled out somewhere."""
    tops = sum((r.top.score for r in results if r.top), _ZERO)
    best, most = "", _ZERO
    for option in model.options:
        standings = [s for r in results for s in r.ranking if s.option == option]
        total = sum((s.score for s in standings), _ZERO)
        if not any(s.out for s in standings) and (not best or total > most):
            best, most = option, total
    return best, (tops - most) / len(results) if best else _ZERO


def _penalty(model: Model, results: list[Result]) -> Decimal:
    """As for the pair: a tiny team and little sight into production make two ways dear. The
    answer of any part counts, for one team runs them all."""
    total = _ZERO
    for question, by_answer in model.pairing.penalty.items():
        said = {r.answers.get(question, "") for r in results}
        total += max((by_answer.get(key, _ZERO) for key in said), default=_ZERO)
    return total
