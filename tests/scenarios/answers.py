"""Answers of a learner who knows: the key of any exercise that fits on a page, as a posted form."""

from __future__ import annotations

from scenarios.catalogue import catalogue
from scenarios.engine import ONE_PAGE, TYPES, Exercise

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def right(exercise: Exercise, seed: int = 0) -> dict[str, list[str]]:
    key = TYPES[exercise.type].key(exercise, seed)
    if "rows" in key:
        return {f"answer-{row}": [str(value)] for row, value in key["rows"].items()}
    if "value" in key:
        return {"answer": [repr(key["value"])]}
    return {"answer": list(key.get("chosen") or key["order"])}


def wrong(exercise: Exercise) -> dict[str, list[str]]:
    """For single choice."""
    return {"answer": [next(o.id for o in exercise.body.options if not o.correct)]}


def of_each_type() -> list[Exercise]:
    """One exercise of each type that fits on a page."""
    found: dict[str, Exercise] = {}
    for exercise in catalogue().live():
        if exercise.type in ONE_PAGE:
            found.setdefault(exercise.type, exercise)
    return list(found.values())


def singles(count: int, skill: str = "") -> list[Exercise]:
    every = [e for e in catalogue().live() if e.type == "single" and e.skills]
    return [e for e in every if not skill or skill in e.skills][:count]
