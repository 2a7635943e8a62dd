"""The words of an exercise: the question and everything that is said about the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .._values import Exercise
from .._words import words

_NEGATED: Final = re.compile(r"\b(not|except|never|least)\b")
_BOLD: Final = re.compile(r"\*\*[^*]*\b(not|except|never|least)\b[^*]*\*\*", re.IGNORECASE)
_LONGEST_STEM: Final = 120
_HARDEST: Final = 30
"""Flesch's reading ease; below 30 is the language of dissertations."""
_BLAME: Final = re.compile(
    r"\byou (failed|forgot|should have|neglected|made (a|the) mistake)|\byour (mistake|fault)\b"
    r"|\b(obviously|as everybody knows)\b",
    re.IGNORECASE,
)
_EMPTY_PICTURE: Final = re.compile(r"!\[\s*\]\(")
_SENTENCE: Final = re.compile(r"[.!?:;]+(?=\s|$)")
_VOWELS: Final = re.compile(r"[aeiouy]+")
_CODE: Final = re.compile(r"`[^`]*`|\{\{.*?\}\}")


def prose(exercise: Exercise) -> list[str]:
    """Everything that a learner may come to read, apart from designs."""
    return [exercise.title, exercise.prompt, *exercise.hints, exercise.explain, *_told(exercise)]


def _told(exercise: Exercise) -> Iterator[str]:
    body = exercise.body
    for group in ("options", "items", "left", "right", "steps", "extras", "cells", "near", "traps"):
        parts = getattr(body, group, ())
        for part in parts if isinstance(parts, tuple) else ():
            yield from (getattr(part, key, "") for key in ("text", "why") if hasattr(part, key))
    nodes = getattr(body, "nodes", {})
    for node in nodes.values():
        yield node.text
        yield from (text for option in node.options for text in (option.text, option.why))
    targets = getattr(body, "targets", {})
    yield from (target.why for target in getattr(targets, "values", list)())
    yield getattr(body, "worked", "")


def ease(text: str) -> float:
    """Flesch's reading ease of English: 100 is easy, 60 plain, 30 hard."""
    plain = _CODE.sub("", text)
    found = [w for w in words(plain) if not w[0].isdigit()]
    if not found:
        return 100.0
    sentences = max(1, len(_SENTENCE.findall(plain)))
    syllables = sum(max(1, len(_VOWELS.findall(w)) - w.endswith("e")) for w in found)
    return 206.835 - 1.015 * len(found) / sentences - 84.6 * syllables / len(found)


def lint(exercise: Exercise) -> Iterator[tuple[str, str]]:
    count = len(exercise.prompt.split())
    if count > _LONGEST_STEM:
        yield "W502", f"The prompt has {count} words; {_LONGEST_STEM} are enough."
    question = exercise.prompt.rstrip().rpartition(".")[2].lower()
    if _NEGATED.search(question) and not _BOLD.search(exercise.prompt):
        yield "W104", "The question is negated; put the negation in bold."
    if len(words(exercise.prompt)) >= 20 and (score := ease(exercise.prompt)) < _HARDEST:
        yield "W501", f"The prompt's reading ease is {score:.0f}; {_HARDEST} is the least."
    for text in prose(exercise):
        if blame := _BLAME.search(text):
            yield "W505", f"“{blame.group()}” blames the reader."
        if _EMPTY_PICTURE.search(text):
            yield "W506", "A picture stands without a text in its brackets."
