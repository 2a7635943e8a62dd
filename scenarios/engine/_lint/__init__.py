"""Warnings about one exercise: what makes it guessable, vague, hard to read or unfair.

Each module yields (code, message); what they mean and what to do is in `_codes`.
"""

from __future__ import annotations

from .._reader import Problem
from .._values import Exercise
from . import choice, numbers, repairs, text


def lint(exercise: Exercise) -> list[Problem]:
    """The warnings, the last of each code."""
    found = [
        *text.lint(exercise),
        *choice.lint(exercise),
        *numbers.lint(exercise),
        *repairs.lint(exercise),
    ]
    return [Problem(exercise.line, code, message) for code, message in dict(found).items()]
