"""Multiple choice: any number of four to six options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ._options import chosen, marks, net, read_options, shuffled
from ._reader import Reader
from ._values import Answer, Exercise, Form, Option, Raw, Unanswered

name = "multi"
title = "Multiple choice"
fields = ("options", "choose")


@dataclass(frozen=True)
class Body:
    options: tuple[Option, ...]
    choose: int
    """How many are right, where the page says so; else 0."""

    @property
    def misconceptions(self) -> list[str]:
        return [o.misconception for o in self.options if o.misconception]


def validate(reader: Reader, prompt: str) -> Body | None:
    options = read_options(reader, 4, 6)
    count = len(options)
    right = sum(o.correct for o in options)
    if options and not 1 <= right <= count - 2:
        message = (
            f"{right} of {count} options are right; at least one is, and at least two are not."
        )
        reader.problem("E001", message, "options")
        return None
    stated = reader.text("choose", required=False) or "unknown"
    if stated not in ("unknown", str(right)):
        message = f"“choose” says {stated[:20]}, but {right} are right."
        reader.problem("E001", message, "choose")
    if any(o.credit for o in options):
        reader.problem("E001", "“credit” has no meaning with several answers.", "options")
    return Body(options, 0 if stated == "unknown" else right) if options else None


def present(exercise: Exercise, seed: int) -> Form:
    body: Body = exercise.body
    note = f"Choose {body.choose}." if body.choose else "Choose all that apply."
    choices = shuffled(body.options, exercise.id, seed)
    return Form(exercise.prompt, "checkbox", choices, note=note)


def parse(exercise: Exercise, seed: int, data: Mapping[str, Sequence[str]]) -> Answer:
    ids = chosen(data, {o.id for o in exercise.body.options})
    if not ids:
        raise Unanswered("Choose at least one of the answers.")
    return {"chosen": sorted(ids)}


def grade(exercise: Exercise, seed: int, answer: Answer) -> Raw:
    options: tuple[Option, ...] = exercise.body.options
    given = set(answer["chosen"])
    right = {o.id for o in options if o.correct}
    score = net(len(given & right), len(given - right), len(right), len(options) - len(right))
    return Raw(score, marks(options, answer))


def trivial(exercise: Exercise, seed: int) -> dict[str, Answer]:
    every = [o.id for o in exercise.body.options]
    return {"nothing chosen": {"chosen": []}, "everything chosen": {"chosen": every}}


def key(exercise: Exercise, seed: int) -> Answer:
    return {"chosen": [o.id for o in exercise.body.options if o.correct]}


def spoiled(exercise: Exercise, seed: int) -> list[Answer]:
    full = set(key(exercise, seed)["chosen"])
    return [{"chosen": sorted(full ^ {o.id})} for o in exercise.body.options]


def seeds(exercise: Exercise) -> int:
    return 1
