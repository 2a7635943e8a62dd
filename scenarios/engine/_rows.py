"""What types with one small question per row share: reading the posted form, and the marks."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from ._reader import Reader
from ._values import RIGHT, WRONG, Choice, Mark, Row, Unanswered


def shuffled_choices(choices: Sequence[Choice], key: str) -> tuple[Choice, ...]:
    """The choices in an order that follows from `key` alone."""
    order = list(choices)
    random.Random(key).shuffle(order)  # noqa: S311 - an order, not a secret
    return tuple(order)


def posted(rows: Sequence[Row], data: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The chosen id of every row. Raises Unanswered where one is empty or forged."""
    given = {}
    empty = []
    for row in rows:
        value = (list(data.get(row.field, ())) or [""])[0].strip()
        if not value:
            empty.append(row.text)
        elif value not in {choice.id for choice in row.choices}:
            raise Unanswered("That choice is not part of this question. Choose again.")
        given[row.id] = value
    if empty:
        many = f"{len(empty)} rows are" if len(empty) > 1 else "One row is"
        raise Unanswered(f"{many} still open, first: “{plain_start(empty[0])}”.")
    return given


def plain_start(text: str) -> str:
    """The beginning of a row's text, for a sentence about it."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57].rstrip() + "..."


def mark(row: Row, given: str, wanted: str, why: str, belief: str = "", told: str = "") -> Mark:
    """Whether a row holds what belongs there; both in the words of its choices."""
    words = {choice.id: choice.text for choice in row.choices}
    right = given == wanted
    return Mark(
        id=row.id,
        text=row.text,
        case=RIGHT if right else WRONG,
        why=why,
        misconception="" if right else belief,
        given=words.get(given, given),
        wanted=words.get(wanted, wanted),
        told="" if right else told,
    )


def read_choices(reader: Reader, key: str, fewest: int, most: int) -> dict[str, Choice]:
    """Choices of which only id and text are known; further fields are left to the caller."""
    found: dict[str, Choice] = {}
    for item in reader.children(key):
        choice = Choice(item.id(), item.text("text"))
        item.close(("id", "text", "misconception", "fits"))
        if choice.id in found:
            item.problem("E002", f"“{choice.id}” stands twice.", "id")
        found[choice.id] = choice
    if not fewest <= len(found) <= most:
        message = f"{len(found)} of “{key}”; there have to be {fewest} to {most}."
        reader.problem("E001", message, key)
    return found
