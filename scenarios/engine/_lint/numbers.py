"""Numbers: whether the answer as printed would be accepted, and whether all inputs are told."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from typing import Final

from .. import numeric
from .._expr import Expression, printed, read_number, show
from .._values import Exercise
from .._words import words

_UNITS: Final = (0.5, 7, 12, 24, 30, 52, 60, 100, 168, 365, 720, 730, 1024, 1440, 3600, 43200)
_CONVERSIONS: Final = frozenset((*range(5), 8, 10, 86_400, *_UNITS))
"""Numbers that everybody knows: units, halves, days, hours and minutes of a month."""
_NUMERALS: Final = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PARTS: Final = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_FEWEST: Final = 3


def lint(exercise: Exercise) -> Iterator[tuple[str, str]]:
    if exercise.type != numeric.name:
        return
    body: numeric.Body = exercise.body
    if body.variants < _FEWEST:
        yield "W209", f"Fewer than {_FEWEST} variants: a retry shows the same numbers."
    names = numeric.values(exercise, 0)
    right = body.answer.value(names)
    shown = read_number(show(right))
    if shown is None or abs(shown - right) > body.tolerance(right):
        yield "W206", f"The answer is printed as {show(right)}, which would not be accepted."
    told = _told(exercise)
    for number in _constants(body.answer):
        if not _known(number) and not any(math.isclose(number, one) for one in told):
            yield "W208", f"The formula uses {show(number)}, which the question does not tell."


def _told(exercise: Exercise) -> set[float]:
    """The numbers of the question: as printed, as words, and as shares of 100 percent."""
    text = f"{exercise.prompt} {numeric.present(exercise, 0).prompt}"
    told = set(printed(text))
    told |= {n for n, word in enumerate(_NUMERALS, 2) if word in words(text)}
    shares = {number / 100 for number in told if number <= 100}
    shares |= {1 / n for word, n in _PARTS.items() if word in words(text)}
    return told | shares | {1 - share for share in shares} | {1 + share for share in shares}


def _known(number: float) -> bool:
    """A conversion, or a power of ten."""
    return number in _CONVERSIONS or (number > 0 and f"{number:e}".startswith("1.000000e"))


def _constants(found: Expression) -> list[float]:
    nodes = (n for n in ast.walk(found.tree) if isinstance(n, ast.Constant))
    return [float(n.value) for n in nodes if isinstance(n.value, int | float)]
