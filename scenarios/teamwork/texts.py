"""A short text taken by a team: each writes one alone, then all see them, agree on one text, and
rate it by the rubric, after the two examples that everybody rates.

A text alone has no grade: nobody but its author could give one, and here the team does it together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scenarios.engine import Exercise, essay
from scenarios.essays.pages import rows_of
from scenarios.essays.workflow import PLACES
from scenarios.teamwork.models import FirstAnswer, Sitting

Data = Mapping[str, Sequence[Any]]


def alone(exercise: Exercise, data: Data) -> dict[str, Any]:
    """A member's text. Raises Unanswered with what has to change."""
    return {"text": essay.submitted(exercise, _text(data))}


def together(exercise: Exercise, sitting: Sitting, data: Data) -> dict[str, Any]:
    """The team's text with its ratings, as the engine grades it. Raises Unanswered."""
    text = essay.submitted(exercise, _text(data))
    shown = [essay.levels(exercise.body, data, before) for before in PLACES]
    ratings = [shown[place] for place in _order(sitting)]
    given = {**data, "text": [text], "ratings": ratings}
    return dict(essay.parse(exercise, sitting.seed, given))


def _text(data: Data) -> str:
    return str((list(data.get("text", ())) or [""])[0])


def _order(sitting: Sitting) -> tuple[int, int]:
    """Which of the two examples is shown first: it differs from sitting to sitting."""
    return (0, 1) if sitting.pk % 2 else (1, 0)


# What pages show


def form(
    exercise: Exercise, sitting: Sitting, posted: Data, stored: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The fields of both forms, filled with what was posted, else with what is stored."""
    filled = dict(posted) or as_form(exercise, sitting, stored or {})
    both = [exercise.body.examples[place] for place in _order(sitting)]
    return {
        "text": _text(filled),
        "examples": [
            (before, example.text, rows_of(exercise, before, filled))
            for before, example in zip(PLACES, both, strict=True)
        ],
        "own_rows": rows_of(exercise, "level-", filled),
    }


def as_form(
    exercise: Exercise, sitting: Sitting, stored: Mapping[str, Any]
) -> dict[str, list[str]]:
    """A stored text, with or without its ratings, as the form that gave it."""
    found = {"text": [str(stored.get("text", ""))]}
    ids = [criterion.id for criterion in exercise.body.rubric]
    for place, before in zip(_order(sitting), PLACES, strict=True):
        for id, level in zip(ids, (stored.get("ratings") or ((), ()))[place], strict=False):
            found[f"{before}{id}"] = [str(level)]
    for id, level in zip(ids, stored.get("levels", ()), strict=False):
        found[f"level-{id}"] = [str(level)]
    for id, quote in zip(ids, stored.get("quotes", ()), strict=False):
        found[f"quote-{id}"] = [str(quote)]
    return found


def parts(exercise: Exercise, stored: Mapping[str, Any]) -> dict[str, str]:
    """A text and its ratings in words: part, and what stands there."""
    found = {"Text": str(stored.get("text", ""))}
    levels, quotes = stored.get("levels", ()), stored.get("quotes", ())
    for criterion, level, quote in zip(exercise.body.rubric, levels, quotes, strict=False):
        found[criterion.text] = criterion.levels[level] + (f": “{quote}”" if quote else "")
    return found


def side_by_side(answers: Sequence[FirstAnswer]) -> list[tuple[str, str]]:
    """Who wrote what, in the order in which the texts came."""
    return [(str(a.by or "a former member"), str(a.response.get("text", ""))) for a in answers]
