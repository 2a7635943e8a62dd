"""Answers as programs send them: a JSON object of question to answer, or a list of such objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fit.asking import UNKNOWN, Asked
from fit.model import Fit

MOST = 500  # objects in one list
_SHOWN = 60


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: `[2].trigger` is the question of the third object of a list."""

    at: str
    message: str


class Invalid(ValueError):
    """Carries every problem of what was sent."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{p.at}: {p.message}" if p.at else p.message for p in problems))
        self.problems = problems


def read(model: Fit, given: Any) -> list[Asked]:
    """One Asked for each object. Raises Invalid that names all problems."""
    if not isinstance(given, list):
        given, places = [given], [""]
    else:
        places = [f"[{n}]" for n in range(len(given))]
    if len(given) > MOST:
        raise Invalid([Problem("", f"The list has {len(given)} objects; {MOST} is the limit.")])
    problems: list[Problem] = []
    found = [
        _one(model, entry, at, problems) for entry, at in zip(given, places, strict=True)
    ]  # fmt: skip
    if problems:
        raise Invalid(problems)
    return found


def _one(model: Fit, entry: Any, at: str, problems: list[Problem]) -> Asked:
    if not isinstance(entry, dict):
        problems.append(Problem(at, "This is not an object of question to answer."))
        return Asked()
    said: dict[str, str] = {}
    for id, key in entry.items():
        question = model.by_id.get(id)
        place = f"{at}.{_short(id)}" if at else _short(id)
        if question is None:
            known = ", ".join(model.by_id)
            problems.append(
                Problem(place, f"“{_short(id)}” is not a question. There are: {known}.")
            )
        elif key == UNKNOWN or key is None:
            continue
        elif not isinstance(key, str) or key not in question.by_key:
            known = ", ".join([*question.by_key, UNKNOWN])
            problems.append(
                Problem(place, f"“{_short(key)}” does not answer “{id}”. There are: {known}.")
            )
        else:
            said[id] = key
    return Asked(said={q.id: said[q.id] for q in model.questions if q.id in said})


def _short(value: Any) -> str:
    text = "".join(c if c.isprintable() else "�" for c in str(value)[: 2 * _SHOWN])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
