"""Variants side by side: what changes, and what that does to every score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from fit import pages, several
from fit.asking import UNKNOWN, Asked
from fit.engine import Result
from fit.model import Fit
from fit.several import Sets

LEAST, MOST = 2, 4
LETTERS = "ABCD"


def url(sets: Sets) -> str:
    """The address, where a variant says only what differs from the first."""
    first, *others = sets.asked
    pairs = [(f"1.{id}", key) for id, key in first.said.items()]
    for number, asked in enumerate(others, 2):
        pairs += [(f"{number}.{id}", k) for id, k in asked.said.items() if first.said.get(id) != k]
    # A variant without a change has to be told from none.
    pairs += [("part", "") for _ in sets.asked]
    return f"{reverse('fit:compare')}?{urlencode(pairs)}"


def start_url(asked: Asked, change: Mapping[str, str] | None = None) -> str:
    """A result beside itself with a change, or with one still to be made."""
    variant = replace(asked, said=dict(change or {}))
    return url(Sets((replace(asked, said=asked.said), variant), ("A", "B")))


def with_first(query: QueryDict, model: Fit) -> QueryDict:
    """An address whose answers have no number means the first variant."""
    found = query.copy()
    for question in model.by_id:
        if question in found:
            found.setlistdefault(f"1.{question}", found.pop(question))
    return found


def answers(sets: Sets) -> list[dict[str, str]]:
    """What counts in each variant: the first's answers with the variant's over them."""
    first, *others = (asked.said for asked in sets.asked)
    whole = [first, *({**first, **said} for said in others)]
    return [{q: key for q, key in said.items() if key != UNKNOWN} for said in whole]


def page(model: Fit, sets: Sets) -> dict[str, Any]:
    given = answers(sets)
    found = several.results(model, given)
    columns = [
        {
            "number": number,
            "name": f"Variant {LETTERS[number - 1]}",
            "letter": LETTERS[number - 1],
            "url": pages.result_url(Asked(said=in_order)),
            "answered": len(in_order),
            "changes": _changes(model, given[0], in_order),
            "turned": bool(found[0].top and r.top and found[0].top.option != r.top.option),
            **several.verdict(model, r),
        }
        for number, (r, in_order) in enumerate(
            zip(found, [_ordered(model, g) for g in given], strict=True), 1
        )
    ]
    return {
        "nav": "fit",
        "fit": model,
        "columns": columns,
        "rows": several.grid(model, [asked.said for asked in sets.asked], against=True),
        "options": _options(model, found),
        "notices": sets.notices,
        "may_add": len(sets.asked) < MOST,
        "may_remove": len(sets.asked) > LEAST,
        "same": all(not column["changes"] for column in columns[1:]),
    }


def _ordered(model: Fit, given: Mapping[str, str]) -> dict[str, str]:
    return {q.id: given[q.id] for q in model.questions if q.id in given}


def _changes(
    model: Fit, first: Mapping[str, str], other: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "question": of,
            "before": of.by_key.get(first.get(of.id, "")),
            "after": of.by_key.get(other.get(of.id, "")),
        }
        for of in model.questions
        if first.get(of.id) != other.get(of.id)
    ]


def _options(model: Fit, found: list[Result]) -> list[dict[str, Any]]:
    """Each option, best of the first variant on top, with scores and what they moved by."""
    by_variant = [{s.option: s for s in result.ranking} for result in found]
    rows = []
    for standing in found[0].ranking:
        cells = [
            {
                "standing": standings[standing.option],
                "delta": standings[standing.option].score - standing.score if n else None,
                "top": bool(r.answers and r.top and r.top.option == standing.option),
            }
            for n, (r, standings) in enumerate(zip(found, by_variant, strict=True))
        ]
        rows.append({"option": model.options[standing.option], "cells": cells})
    return rows
