"""Categorising: every item goes into one of a few bins, which may stand on a scale.

Where the bins are about how well a workload fits functions, items may carry a profile: the answers
of the fit key that describe it. What holds for all items stands once, beside the bins. That key and
exercise agree is not known here, since the key is another app; a test compares them.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ._reader import Reader
from ._rows import mark, posted, read_choices
from ._values import Answer, Choice, Exercise, Form, Raw, Row

name = "categorise"
title = "Categorise"
fields = ("bins", "items", "ordinal", "near", "profile")

BANDS: Final = ("fit", "edge", "poor")
"""The bins of an exercise with profiles: functions lead, have to be compared, or are the wrong
place."""

_MOST_NEAR: Final = 0.25
_PAIR: Final = re.compile(r"([a-z_]+)=([a-z0-9_]+)")
_TRIES: Final = 20


@dataclass(frozen=True)
class Item:
    id: str
    text: str
    bin: str
    why: str
    misconception: str
    profile: str
    """Answers of the fit key, as a query string, that describe the same workload, with those that
    all items share; may be empty."""


@dataclass(frozen=True)
class Body:
    bins: tuple[Choice, ...]
    items: tuple[Item, ...]
    near: float
    """What the neighbouring bin of a scale is worth."""

    @property
    def misconceptions(self) -> list[str]:
        return [i.misconception for i in self.items if i.misconception]

    @property
    def profiles(self) -> dict[str, str]:
        return {i.id: i.profile for i in self.items if i.profile}

    def worth(self, given: str, wanted: str) -> float:
        if given == wanted:
            return 1.0
        order = [b.id for b in self.bins]
        if given in order and abs(order.index(given) - order.index(wanted)) == 1:
            return self.near
        return 0.0


def validate(reader: Reader, prompt: str) -> Body | None:
    before = len(reader.found)
    bins = read_choices(reader, "bins", 2, 4)
    ordinal = reader.flag("ordinal")
    near = reader.number("near", 0.0)
    shared = _read_profile(reader)
    items = tuple(_read_item(item, bins, shared) for item in reader.children("items"))
    if not 4 <= len(items) <= 9:
        reader.problem("E001", f"{len(items)} items; there have to be 4 to 9.", "items")
    for id, count in Counter(i.id for i in items).items():
        if count > 1:
            reader.problem("E002", f"Item id “{id}” stands twice.", "items")
    used = Counter(item.bin for item in items)
    least = 2 if len(items) >= 6 else 1
    for bin in bins:
        if used[bin] < least:
            reader.problem("E001", f"Bin “{bin}” holds fewer than {least}.", "items")
    if any(i.profile for i in items) and tuple(bins) != BANDS:
        message = f"With profiles the bins are {', '.join(BANDS)}, in this order."
        reader.problem("E001", message, "bins")
    if near and not ordinal:
        reader.problem("E001", "“near” has a meaning only with “ordinal: true”.", "near")
    if not 0 <= near <= _MOST_NEAR:
        reader.problem("E001", f"“near” is at most {_MOST_NEAR:g}.", "near")
    return Body(tuple(bins.values()), items, near) if len(reader.found) == before else None


def _read_profile(reader: Reader, shared: str = "") -> str:
    """The answers under “profile”, as `question=answer&…`, behind the shared ones."""
    own = reader.text("profile", required=False)
    if not own:
        return ""
    pairs = [part for part in f"{shared}&{own}".split("&") if part]
    found = [match for part in pairs if (match := _PAIR.fullmatch(part))]
    twice = [question for question, n in Counter(m[1] for m in found).items() if n > 1]
    if len(found) < len(pairs):
        reader.problem("E001", "A profile reads question=answer&question=answer.", "profile")
    if twice:
        reader.problem("E002", f"The profile answers “{twice[0]}” twice.", "profile")
    return "&".join(pairs)


def _read_item(item: Reader, bins: Mapping[str, Choice], shared: str) -> Item:
    found = Item(
        id=item.id(),
        text=item.text("text"),
        bin=item.word("bin", tuple(bins)),
        why=item.text("why", required=False),
        misconception=item.text("misconception", required=False),
        profile=_read_profile(item, shared),
    )
    item.close()
    if not found.why:
        item.problem("E010", f"Item “{found.id}” has no “why”.")
    return found


def _mixed(exercise: Exercise, seed: int) -> tuple[Item, ...]:
    """The items in an order that follows from the seed and does not tell the bins: authors write
    one bin after the other, and a list in blocks is filled in without being read."""
    body: Body = exercise.body
    chance = random.Random(f"{exercise.id}:{seed}:rows")  # noqa: S311 - an order, not a secret
    items = list(body.items)
    for _ in range(_TRIES):
        chance.shuffle(items)
        blocks = 1 + sum(a.bin != b.bin for a, b in pairwise(items))
        if blocks > len(body.bins):
            break
    return tuple(items)


def _rows(exercise: Exercise, seed: int) -> tuple[Row, ...]:
    bins = exercise.body.bins
    return tuple(Row(item.id, item.text, "radio", bins) for item in _mixed(exercise, seed))


def present(exercise: Exercise, seed: int) -> Form:
    return Form(exercise.prompt, "rows", choices=exercise.body.bins, rows=_rows(exercise, seed))


def parse(exercise: Exercise, seed: int, data: Mapping[str, Sequence[str]]) -> Answer:
    return {"rows": posted(_rows(exercise, seed), data)}


def grade(exercise: Exercise, seed: int, answer: Answer) -> Raw:
    body: Body = exercise.body
    given: Mapping[str, str] = answer["rows"]
    recalls = []
    for bin in body.bins:
        inside = [item for item in body.items if item.bin == bin.id]
        worth = sum(body.worth(given.get(item.id, ""), bin.id) for item in inside)
        recalls.append(worth / len(inside))
    marks = tuple(
        mark(row, given.get(item.id, ""), item.bin, item.why, item.misconception)
        for row, item in zip(_rows(exercise, seed), _mixed(exercise, seed), strict=True)
    )
    return Raw(sum(recalls) / len(recalls), marks)


def trivial(exercise: Exercise, seed: int) -> dict[str, Answer]:
    body: Body = exercise.body
    return {
        f"“{bin.text}” in every row": {"rows": {item.id: bin.id for item in body.items}}
        for bin in body.bins
    }


def key(exercise: Exercise, seed: int) -> Answer:
    return {"rows": {item.id: item.bin for item in exercise.body.items}}


def spoiled(exercise: Exercise, seed: int) -> list[Answer]:
    full: dict[str, str] = key(exercise, seed)["rows"]
    return [
        {"rows": {**full, row: bin.id}}
        for row, right in full.items()
        for bin in exercise.body.bins
        if bin.id != right
    ]


def seeds(exercise: Exercise) -> int:
    return 1
