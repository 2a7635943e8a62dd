"""What the front page shows: real specimens and real counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from design import authored
from design.profiles import NAMES, profile
from design.rules import RULES
from guide.book import Book, Placed
from guide.contents import Section
from guide.patterns import Pattern
from guide.problems import ROOT

FIGURES = (("api", 1), ("orders", 2), ("work", 3), ("start-fulfil", 4), ("pay", 5))
"""Where the five doors stand in the first plate, if it has these components."""


@dataclass(frozen=True)
class Front:
    section: Section | None
    pattern: Pattern | None
    exercise: Placed | None
    rule: object
    questions: int
    couplet: tuple[tuple[str, str], ...]
    ways: int
    exercises: int
    lines: int
    oldest: str


@lru_cache(maxsize=1)
def front(book: Book) -> Front:
    chosen = book.front
    asked, couplet, ways = _key(chosen["question"])
    return Front(
        section=book.contents.section(chosen["section"]),
        pattern=book.patterns.get(chosen["pattern"]),
        exercise=next((e for e in book.exercises() if e.exercise.id == chosen["exercise"]), None),
        rule=RULES.get(chosen["rule"]),
        questions=asked,
        couplet=couplet,
        ways=ways,
        exercises=len(book.exercises()) + len(list(_bank())),
        lines=len(book.designs[0].text.splitlines()),
        oldest=min(_checked(), default=""),
    )


def _bank() -> Iterator[object]:
    return (p for p in (ROOT / "scenarios" / "bank").glob("*/*.yaml") if ".d" not in p.parent.name)


def _key(wanted: str) -> tuple[int, tuple[tuple[str, str], ...], int]:
    """How many questions the fit key has, two answers to one of them with their marks, and how
    many results there are. The key belongs to another app; only its data file is read."""
    path = ROOT / "fit" / "model.yaml"
    if not path.exists():
        return 0, (), 0
    model = authored.values(path.read_text(encoding="utf-8"))
    questions = model["questions"]
    for number, question in enumerate(questions, 1):
        if question["id"] == wanted:
            marked = [
                (f"{number}{letter}", answer["label"])
                for letter, answer in zip("abcdefgh", question["answers"], strict=False)
            ]
            return len(questions), tuple(marked[:2]), len(model["options"]) + 1
    return len(questions), (), len(model["options"]) + 1


def _checked() -> Iterator[str]:
    for name in NAMES:
        for limit in profile(name).limits.values():
            if len(str(limit.checked)) == 10:
                yield str(limit.checked)
