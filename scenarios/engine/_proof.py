"""What has to be true of every exercise before anyone meets it."""

from __future__ import annotations

from typing import Final

from . import numeric
from ._contract import TYPES
from ._expr import show
from ._grading import baseline, normalised
from ._reader import Problem
from ._values import Answer, Exercise

MOST_BASELINE: Final = 0.5


def prove(exercise: Exercise) -> list[Problem]:
    """The first violation of each kind: the key scores 1, trivial answers score 0, the best of
    them at most half before normalising, and no correct part made wrong raises the score."""
    found: dict[str, str] = {}
    if exercise.type == numeric.name:
        found.update(numeric.prove(exercise))
    if "E202" not in found:
        for seed in range(TYPES[exercise.type].seeds(exercise)):
            for code, message in _prove_seed(exercise, seed):
                found.setdefault(code, message)
    return [Problem(exercise.line, code, message) for code, message in found.items()]


def _prove_seed(exercise: Exercise, seed: int) -> list[tuple[str, str]]:
    kind = TYPES[exercise.type]
    floor = baseline(exercise, seed)
    found = []

    def score(answer: Answer) -> float:
        return normalised(kind.grade(exercise, seed, answer).score, floor)

    best = score(kind.key(exercise, seed))
    if best != 1:
        found.append(("E007", f"The key scores {show(best)}, not 1 (seed {seed})."))
    for name, answer in kind.trivial(exercise, seed).items():
        raw = kind.grade(exercise, seed, answer).score
        if raw > MOST_BASELINE:
            message = f"“{name}” scores {show(raw)} without any thought (seed {seed})."
            found.append(("E009", message))
        elif score(answer) > 0:
            found.append(("E008", f"“{name}” scores above 0 (seed {seed})."))
    if any(score(answer) >= best for answer in kind.spoiled(exercise, seed)):
        found.append(("E007", f"Making a correct part wrong does not cost anything (seed {seed})."))
    return found
