"""Options: what gives the right one away, and reasons that give none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from .._options import plain
from .._values import Exercise, Option

_ALL_OR_NONE: Final = re.compile(
    r"\b(all|none|both|neither) of (the|these|them)\b|\bboth [a-e] and"
)
_ABSOLUTE: Final = re.compile(r"\b(always|never|only|every time|impossible|completely)\b")
_HEDGE: Final = re.compile(r"\b(usually|may|might|often|generally|can sometimes)\b")
_POSITION: Final = re.compile(
    r"\b(first|second|third|last|previous) option\b|\b(above|below) option"
)
_ARTICLE: Final = re.compile(r"\b(a|an)$")
_MOST_OPTIONS: Final = 5
_CLASSES: Final = (
    (
        "an -ing form",
        re.compile(r"(?!(no|some|any|every)thing|during|bring|string)[a-z]{2,}ing\b", re.I),
    ),
    ("yes or no", re.compile(r"(yes|no)\b", re.IGNORECASE)),
)
_SHORTEST_WHY: Final = 6


def lint(exercise: Exercise) -> Iterator[tuple[str, str]]:
    options: tuple[Option, ...] = getattr(exercise.body, "options", ())
    if options:
        yield from _question(exercise.prompt)
        yield from _giveaways(options)
        yield from _wording(options)
        yield from _reasons(options)


def _question(prompt: str) -> Iterator[tuple[str, str]]:
    if _ARTICLE.search(prompt.rstrip(" :.?…_").lower()):
        yield "W110", "The question ends with an article, which fits some options only."


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
    if len(options) > _MOST_OPTIONS and sum(o.correct for o in options) < 3:
        yield "W114", f"{len(options)} options; {_MOST_OPTIONS} are enough."
    keys = {_begins(o.text) for o in options if o.correct}
    rest = {_begins(o.text) for o in options if not o.correct}
    if len(keys) == len(rest) == 1 and keys != rest and sum(o.correct for o in options) == 1:
        kind, odd = (keys.pop(), "begins") if any(keys) else (rest.pop(), "does not begin")
        yield "W107", f"The right option alone {odd} with {kind}."
    for i, one in enumerate(texts):
        for other in texts[i + 1 :]:
            if SequenceMatcher(None, one, other).ratio() > 0.92:
                yield "W108", f"Two options are nearly the same: “{one[:40]}”."


def _begins(text: str) -> str:
    """How an option begins, as far as one can tell without knowing the language."""
    start = text.lstrip('*_`“"(')
    return next((name for name, pattern in _CLASSES if pattern.match(start)), "")


def _reasons(options: tuple[Option, ...]) -> Iterator[tuple[str, str]]:
    for option in options:
        if option.why.lower().startswith(("wrong", "incorrect", "correct")):
            yield "W112", f"The “why” of “{option.id}” says that, not why."
        if plain(option.why) == plain(option.text):
            yield "W112", f"The “why” of “{option.id}” repeats the option."
        if len(option.why.split()) < _SHORTEST_WHY:
            yield "W113", f"The “why” of “{option.id}” is shorter than {_SHORTEST_WHY} words."
