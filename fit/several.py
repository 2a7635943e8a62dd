"""Several sets of answers in one address: the parts of a workload, or variants of one.

Set n has its answers under ``n.question``; names of parts stand under ``part``, in order. Acts
of the form (another set, one less, the open answers from the first) lead to a clean address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict

from fit import asking, engine, pages
from fit.asking import UNKNOWN, Asked
from fit.engine import Result
from fit.model import Fit, QuestionWords

LONGEST_NAME: Final = 40
ACTS: Final = ("do", "sent", "part")
_KEY = re.compile(r"([1-9])\.(.+)")
_ACT = re.compile(r"(add|remove|fill)(?:-([1-9]))?")


@dataclass(frozen=True)
class Sets:
    """The sets in order; `names` as long as they are, `notices` for what was left out."""

    asked: tuple[Asked, ...]
    names: tuple[str, ...]
    act: str = ""
    which: int = 0
    sent: bool = False
    notices: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    def query(self) -> str:
        pairs = [("part", name) for name in self.names]
        for number, asked in enumerate(self.asked, 1):
            pairs += [(f"{number}.{id}", key) for id, key in asked.said.items()]
        return urlencode(pairs)


def read(query: QueryDict, model: Fit, least: int, most: int) -> Sets:
    """What an address says, at least and at most so many sets."""
    apart: dict[int, QueryDict] = {}
    strange = QueryDict(mutable=True)
    for key in query:
        found = _KEY.fullmatch(key)
        if found and int(found[1]) <= most:
            into = apart.setdefault(int(found[1]), QueryDict(mutable=True))
            into.setlist(found[2], query.getlist(key))
        elif key not in ACTS:
            strange.setlist(key, query.getlist(key))
    names = [" ".join(name.split())[:LONGEST_NAME] for name in query.getlist("part")[:most]]
    count = min(most, max(least, len(names), *apart, 0))
    asked = [asking.read(apart.get(n, QueryDict()), model) for n in range(1, count + 1)]
    names += [""] * (count - len(names))
    act = _ACT.fullmatch(query.get("do", ""))
    notices = [f"Column {n}: {said}" for n, each in enumerate(asked, 1) for said in each.notices]
    notices += asking.read(strange, model).notices
    return Sets(
        asked=tuple(replace(each, notices=(), at="", came_from="", skipped="") for each in asked),
        names=tuple(name or f"Part {n}" for n, name in enumerate(names, 1)),
        act=act[1] if act else "",
        which=int(act[2] or 0) if act else 0,
        sent="sent" in query or "do" in query,
        notices=tuple(dict.fromkeys(notices)),
    )


def acted(sets: Sets, least: int, most: int) -> Sets:
    """The sets after the act that was asked for; what is not possible changes nothing."""
    asked, names, which = list(sets.asked), list(sets.names), sets.which
    if sets.act == "add" and len(asked) < most:
        asked.append(Asked())
        names.append(f"Part {len(asked)}")
    elif sets.act == "remove" and len(asked) > least and 1 <= which <= len(asked):
        del asked[which - 1], names[which - 1]
    elif sets.act == "fill" and 1 < which <= len(asked):
        here = asked[which - 1]
        asked[which - 1] = replace(here, said={**asked[0].said, **here.said})
    return replace(sets, asked=tuple(asked), names=tuple(names), act="", sent=False)


def grid(
    model: Fit, columns: Sequence[Mapping[str, str]], *, against: bool = False
) -> list[dict[str, Any]]:
    """Rows of questions, a cell for each set: which answers there are and which is chosen.
    `against`: the sets after the first say only what differs from it."""
    return [
        {
            "question": of,
            "cells": [
                _cell(of, number, said, columns[0] if against and number > 1 else None)
                for number, said in enumerate(columns, 1)
            ],
        }
        for of in model.questions
        if of.weight
    ]


def _cell(
    of: QuestionWords, number: int, said: Mapping[str, str], first: Mapping[str, str] | None
) -> dict[str, Any]:
    chosen = said.get(of.id, "")
    was = first.get(of.id, "") if first is not None else ""
    same = first is not None and (not chosen or chosen == was)
    return {
        "name": f"{number}.{of.id}",
        "none": "as A" if first is not None else "open",
        "unknown": chosen == UNKNOWN and not same,
        "options": [(a, a.key == chosen and not same) for a in of.answers],
        "changed": first is not None and not same,
        "was": (of.by_key[was].plain if was in of.by_key else "open") if first is not None else "",
    }


def verdict(model: Fit, found: Result) -> dict[str, Any]:
    """One result in a column: what leads, by how much, and how sure that is."""
    return {
        "result": found,
        "headline": pages.headline(model, found),
        "top": model.options[found.top.option] if found.top else None,
        "second": model.options[found.second.option] if found.second else None,
        "margin": found.margin,
        "band": found.band,
        "open": len(found.open),
        "can_win": pages.words([model.options[o].name for o in found.winners]),
        "can_win_count": len(found.winners),
    }


def results(model: Fit, answers: Sequence[Mapping[str, str]]) -> list[Result]:
    return [engine.evaluate(model.numbers, each) for each in answers]
