"""Warnings: what makes a question guessable, vague or hard to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from . import numeric
from ._options import plain
from ._reader import Problem
from ._values import Exercise, Option

_ALL_OR_NONE: Final = re.compile(
    r"\b(all|none|both|neither) of (the|these|them)\b|\bboth [a-e] and"
)
_NEGATED: Final = re.compile(r"\b(not|except|never|least)\b")
_BOLD: Final = re.compile(r"\*\*[^*]*\b(not|except|never|least)\b[^*]*\*\*", re.IGNORECASE)
_ABSOLUTE: Final = re.compile(r"\b(always|never|only|every time|impossible|completely)\b")
_HEDGE: Final = re.compile(r"\b(usually|may|might|often|generally|can sometimes)\b")
_POSITION: Final = re.compile(
    r"\b(first|second|third|last|previous) option\b|\b(above|below) option"
)
_LONGEST_STEM: Final = 120
_SHORTEST_WHY: Final = 6


def lint(exercise: Exercise) -> list[Problem]:
    options: tuple[Option, ...] = getattr(exercise.body, "options", ())
    warnings = [*_prompt(exercise)]
    if options:
        warnings += [*_giveaways(options), *_wording(options), *_reasons(options)]
    if exercise.type == numeric.name and exercise.body.variants < 3:
        warnings.append(("W208", "Fewer than three variants: a retry shows the same numbers."))
    return [Problem(exercise.line, code, message) for code, message in dict(warnings).items()]


def _prompt(exercise: Exercise) -> Iterator[tuple[str, str]]:
    words = exercise.prompt.split()
    if len(words) > _LONGEST_STEM:
        yield "W502", f"The prompt has {len(words)} words; {_LONGEST_STEM} are enough."
    question = exercise.prompt.rstrip().rpartition(".")[2].lower()
    if _NEGATED.search(question) and not _BOLD.search(exercise.prompt):
        yield "W104", "The question is negated; put the negation in bold."


def _giveaways(options: tuple[Option, ...]) -> Iterator[tuple[str, str]]:
    keys = [o for o in options if o.correct]
    rest = [o for o in options if not o.correct]
    if len(keys) == 1:
        mean = sum(len(o.text) for o in rest) / len(rest)
        longest = max(len(o.text) for o in rest)
        if len(keys[0].text) > longest and len(keys[0].text) > 1.25 * mean:
            yield "W101", "The right option is the longest by more than a quarter."
        marked = [bool(re.search(r"\d|`|\(", o.text)) for o in rest]
        if re.search(r"\d|`|\(", keys[0].text) and not any(marked):
            yield "W102", "Only the right option has a number, code or a bracket."
    in_keys = any(_ABSOLUTE.search(o.text.lower()) for o in keys)
    if not in_keys and any(_ABSOLUTE.search(o.text.lower()) for o in rest):
        yield "W105", "Absolutes (always, never, only) stand in wrong options only."
    elif any(_HEDGE.search(o.text.lower()) for o in keys) and not any(
        _HEDGE.search(o.text.lower()) for o in rest
    ):
        yield "W105", "Hedges (usually, may) stand in the right option only."
    if len({o.misconception for o in rest if o.misconception}) < min(2, len(rest)):
        yield "W109", "Fewer than two different misconceptions are named."


def _wording(options: tuple[Option, ...]) -> Iterator[tuple[str, str]]:
    texts = [plain(o.text) for o in options]
    if any(_ALL_OR_NONE.search(text) for text in texts):
        yield "W103", "“All of these” and its like test reading, not judgement."
    if any(_POSITION.search(plain(o.text + " " + o.why)) for o in options):
        yield "W111", "An option is named by its place, and the order is shuffled."
    for i, one in enumerate(texts):
        for other in texts[i + 1 :]:
            if SequenceMatcher(None, one, other).ratio() > 0.92:
                yield "W108", f"Two options are nearly the same: “{one[:40]}”."


def _reasons(options: tuple[Option, ...]) -> Iterator[tuple[str, str]]:
    for option in options:
        if option.why.lower().startswith(("wrong", "incorrect", "correct")):
            yield "W112", f"The “why” of “{option.id}” says that, not why."
        if len(option.why.split()) < _SHORTEST_WHY:
            yield "W113", f"The “why” of “{option.id}” is shorter than {_SHORTEST_WHY} words."
