"""Single choice: one option of three to five."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ._options import chosen, marks, read_options, shuffled
from ._reader import Reader
from ._values import Answer, Exercise, Form, Option, Raw, Unanswered

name = "single"
title = "Single choice"
fields = ("options",)


@dataclass(frozen=True)
class Body:
    options: tuple[Option, ...]

    @property
    def misconceptions(self) -> list[str]:
        return [o.misconception for o in self.options if o.misconception]


def validate(reader: Reader, prompt: str) -> Body | None:
    options = read_options(reader, 3, 5)
    right = sum(o.correct for o in options)
    if options and right != 1:
        reader.problem("E001", f"{right} options are right; there has to be one.", "options")
        return None
    return Body(options) if options else None


def present(exercise: Exercise, seed: int) -> Form:
    choices = shuffled(exercise.body.options, exercise.id, seed)
    return Form(exercise.prompt, "radio", choices)


def parse(exercise: Exercise, seed: int, data: Mapping[str, Sequence[str]]) -> Answer:
    ids = chosen(data, {o.id for o in exercise.body.options})
    if len(ids) != 1:
        raise Unanswered("Choose one of the answers.")
    return {"chosen": ids}


def grade(exercise: Exercise, seed: int, answer: Answer) -> Raw:
    options: tuple[Option, ...] = exercise.body.options
    (pick,) = (o for o in options if o.id == answer["chosen"][0])
    return Raw(1.0 if pick.correct else pick.credit, marks(options, answer))


def trivial(exercise: Exercise, seed: int) -> dict[str, Answer]:
    """None: the order is shuffled, so a constant position is a guess."""
    return {}


def key(exercise: Exercise, seed: int) -> Answer:
    return {"chosen": [o.id for o in exercise.body.options if o.correct]}


def spoiled(exercise: Exercise, seed: int) -> list[Answer]:
    return [{"chosen": [o.id]} for o in exercise.body.options if not o.correct]


def seeds(exercise: Exercise) -> int:
    return 1
