"""What single and multiple choice share: options, their shuffling and their marks."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from ._reader import Reader
from ._values import LEFT, MISSED, RIGHT, WRONG, Answer, Choice, Mark, Option, Unanswered


class HasOptions(Protocol):
    @property
    def options(self) -> tuple[Option, ...]: ...


def read_options(reader: Reader, fewest: int, most: int) -> tuple[Option, ...]:
    """The options of an exercise; each has a reason, each wrong one names a misconception."""
    options: list[Option] = []
    for item in reader.children("options"):
        option = Option(
            id=item.id(),
            text=item.text("text"),
            why=item.text("why", required=False),
            correct=item.flag("correct"),
            misconception=item.text("misconception", required=False),
            credit=item.number("credit", 0.0),
        )
        item.close(("id", "text", "why", "correct", "misconception", "credit"))
        _check_option(item, option, options)
        options.append(option)
    if not fewest <= len(options) <= most:
        message = f"{len(options)} options; there have to be {fewest} to {most}."
        reader.problem("E001", message, "options")
    return tuple(options)


def _check_option(item: Reader, option: Option, before: Sequence[Option]) -> None:
    if not option.why:
        item.problem("E010", f"Option “{option.id}” has no “why”.")
    if option.correct and option.misconception:
        item.problem("E001", f"Option “{option.id}” is right and names a misconception.")
    if not option.correct and not option.misconception and not option.credit:
        hint = "Name what the person who chooses it believes."
        item.problem("E001", f"Option “{option.id}” names no misconception.", hint=hint)
    if not 0 <= option.credit <= 0.5 or (option.correct and option.credit):
        item.problem("E001", "“credit” is at most 0.5, on an option that is not right.", "credit")
    if any(o.id == option.id for o in before):
        item.problem("E002", f"Option id “{option.id}” stands twice.", "id")
    if any(plain(o.text) == plain(option.text) for o in before):
        item.problem("E001", f"Option “{option.id}” repeats the text of another.", "text")


def plain(text: str) -> str:
    """A text for comparison: lower case, letters and digits only."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def shuffled(options: Sequence[Option], id: str, seed: int) -> tuple[Choice, ...]:
    """The options without their truth, in an order that follows from id and seed."""
    order = list(options)
    random.Random(f"{id}:{seed}").shuffle(order)  # noqa: S311 - an order, not a secret
    return tuple(Choice(o.id, o.text) for o in order)


def chosen(data: Mapping[str, Sequence[str]], known: Collection[str]) -> list[str]:
    """The ids under ``answer`` in a posted form. Raises Unanswered for an unknown one."""
    ids = list(dict.fromkeys(data.get("answer", ())))
    if any(id not in known for id in ids):
        raise Unanswered("That choice is not part of this question. Choose again.")
    return ids


def marks(options: Sequence[Option], answer: Answer) -> tuple[Mark, ...]:
    """The four cases, option by option."""
    given = set(answer["chosen"])
    cases = {(True, True): RIGHT, (True, False): WRONG, (False, True): MISSED}
    return tuple(
        Mark(o.id, o.text, cases.get((o.id in given, o.correct), LEFT), o.why, o.misconception)
        for o in options
    )


def net(hits: int, false: int, right: int, wrong: int) -> float:
    """``hits/k - false/(n-k)``, not below 0: blank and select-all are both worth nothing."""
    return max(0.0, hits / right - false / wrong)
