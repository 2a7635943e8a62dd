"""Matching: every row of the left takes one entry of the right; some entries stay unused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ._reader import Reader
from ._rows import mark, posted, shuffled_choices
from ._values import Answer, Choice, Exercise, Form, Raw, Row

name = "match"
title = "Matching"
fields = ("left", "right")


@dataclass(frozen=True)
class Left:
    id: str
    text: str
    answer: str
    why: str


@dataclass(frozen=True)
class Right:
    """`fits` says what would fit this entry: the feedback for choosing it wrongly."""

    id: str
    text: str
    fits: str
    misconception: str


@dataclass(frozen=True)
class Body:
    left: tuple[Left, ...]
    right: tuple[Right, ...]

    @property
    def misconceptions(self) -> list[str]:
        return [r.misconception for r in self.right if r.misconception]

    def entry(self, id: str) -> Right | None:
        return next((r for r in self.right if r.id == id), None)


def validate(reader: Reader, prompt: str) -> Body | None:
    before = len(reader.found)
    right = tuple(_read_right(item) for item in reader.children("right"))
    left = tuple(_read_left(item) for item in reader.children("left"))
    for key, entries, fewest, most in (("left", left, 4, 7), ("right", right, 3, 9)):
        if not fewest <= len(entries) <= most:
            message = f"{len(entries)} of “{key}”; there have to be {fewest} to {most}."
            reader.problem("E001", message, key)
        for id, count in Counter(e.id for e in entries).items():
            if count > 1:
                reader.problem("E002", f"“{id}” stands twice.", key)
    known = {r.id for r in right}
    used = Counter(entry.answer for entry in left)
    for entry in left:
        if entry.answer not in known:
            reader.problem("E003", f"“{entry.answer}” is not on the right.", "left")
    if known and not known - set(used):
        hint = "Add an entry that fits no row, or the last row answers itself."
        reader.problem("E001", "Every entry of the right is used.", "right", hint)
    if used and used.most_common(1)[0][1] * 2 > len(left):
        reader.problem("E001", f"“{used.most_common(1)[0][0]}” answers over half the rows.", "left")
    return Body(left, right) if len(reader.found) == before else None


def _read_left(item: Reader) -> Left:
    found = Left(item.id(), item.text("text"), item.text("answer"), item.text("why", False))
    item.close()
    if not found.why:
        item.problem("E010", f"Row “{found.id}” has no “why”.")
    return found


def _read_right(item: Reader) -> Right:
    found = Right(
        item.id(),
        item.text("text"),
        item.text("fits", required=False),
        item.text("misconception", required=False),
    )
    item.close()
    return found


def _rows(exercise: Exercise, seed: int) -> tuple[Row, ...]:
    body: Body = exercise.body
    choices = shuffled_choices([Choice(r.id, r.text) for r in body.right], f"{exercise.id}:{seed}")
    return tuple(Row(entry.id, entry.text, "select", choices) for entry in body.left)


def present(exercise: Exercise, seed: int) -> Form:
    note = "An entry may serve several rows, or none."
    return Form(exercise.prompt, "rows", rows=_rows(exercise, seed), note=note)


def parse(exercise: Exercise, seed: int, data: Mapping[str, Sequence[str]]) -> Answer:
    return {"rows": posted(_rows(exercise, seed), data)}


def grade(exercise: Exercise, seed: int, answer: Answer) -> Raw:
    body: Body = exercise.body
    given: Mapping[str, str] = answer["rows"]
    marks = []
    for row, entry in zip(_rows(exercise, seed), body.left, strict=True):
        chosen = body.entry(given.get(entry.id, ""))
        told = f"What you chose would fit: {chosen.fits}" if chosen and chosen.fits else ""
        belief = chosen.misconception if chosen else ""
        marks.append(mark(row, given.get(entry.id, ""), entry.answer, entry.why, belief, told))
    right = sum(given.get(entry.id) == entry.answer for entry in body.left)
    return Raw(right / len(body.left), tuple(marks))


def trivial(exercise: Exercise, seed: int) -> dict[str, Answer]:
    body: Body = exercise.body
    return {
        f"“{entry.text[:30]}” in every row": {"rows": {row.id: entry.id for row in body.left}}
        for entry in body.right
    }


def key(exercise: Exercise, seed: int) -> Answer:
    return {"rows": {entry.id: entry.answer for entry in exercise.body.left}}


def spoiled(exercise: Exercise, seed: int) -> list[Answer]:
    full: dict[str, str] = key(exercise, seed)["rows"]
    return [
        {"rows": {**full, row: entry.id}}
        for row, right in full.items()
        for entry in exercise.body.right
        if entry.id != right
    ]


def seeds(exercise: Exercise) -> int:
    return 1
