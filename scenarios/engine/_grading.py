"""From a type's raw score to a grade: the normaliser that makes trivial answers worthless."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from . import essay, incident, repair
from ._contract import TYPES
from ._values import MISSED, RIGHT, WRONG, Answer, Exercise, Form, Grade, Mark, Raw


def present(exercise: Exercise, seed: int) -> Form:
    return TYPES[exercise.type].present(exercise, seed)


def parse(exercise: Exercise, seed: int, data: Mapping[str, Sequence[str]]) -> Answer:
    """The answer in a posted form. Raises Unanswered with a sentence for the learner."""
    return TYPES[exercise.type].parse(exercise, seed, data)


def variants(exercise: Exercise) -> int:
    """How many seeds give different questions; 1 where the question stays the same."""
    return TYPES[exercise.type].seeds(exercise)


def baseline(exercise: Exercise, seed: int) -> float:
    """The best raw score that any trivial answer reaches; of an incident, that any careless
    policy may expect."""
    kind = TYPES[exercise.type]
    if exercise.type == incident.name:
        return incident.floor(exercise, seed)
    trivial = kind.trivial(exercise, seed).values()
    return max((kind.grade(exercise, seed, answer).score for answer in trivial), default=0.0)


def normalised(raw: float, baseline: float) -> float:
    """``(raw - b) / (1 - b)`` held between 0 and 1."""
    if baseline >= 1:
        return 0.0
    return min(1.0, max(0.0, (raw - baseline) / (1 - baseline)))


def grade(exercise: Exercise, seed: int, answer: Answer) -> Grade:
    """Grades one try. Pure: exercise, seed and answer decide everything."""
    raw = TYPES[exercise.type].grade(exercise, seed, answer)
    floor = baseline(exercise, seed)
    score = round(normalised(raw.score, floor), 6)
    return Grade(
        score=score,
        raw=raw.score,
        baseline=floor,
        marks=raw.marks,
        said=_said(exercise.type, score, raw),
        echo=raw.echo,
        worked=raw.worked,
    )


def solution(exercise: Exercise, seed: int) -> Grade:
    """The grade of the key, to be shown to a learner who gives up."""
    return grade(exercise, seed, TYPES[exercise.type].key(exercise, seed))


def _said(type: str, score: float, raw: Raw) -> str:
    marks = raw.marks
    if type == essay.name:
        return _rated(raw, score, marks)
    if score >= 1:
        return "Right."
    parts = []
    if type == incident.name:
        best = sum(m.case == RIGHT for m in marks)
        word = "Partly right" if score > 0 else "Not yet"
        return f"{word}, {score:.0%}. {best} of {len(marks)} steps could not have been better."
    if type == repair.name:
        rules = [m for m in marks if not m.id.startswith(("new-", "gate-", "trap-"))]
        done = sum(m.case == RIGHT for m in rules)
        word = "Partly right" if score > 0 else "Not yet"
        told = f"{word}, {score:.0%}. {done} of {len(rules)} rules are satisfied."
        gates = [m.text for m in marks if m.id.startswith("gate-")]
        return f"{told} Held down by: {gates[0]}" if gates else told
    if any(m.wanted for m in marks):
        rows = f"{sum(m.case == RIGHT for m in marks)} of {len(marks)} rows right."
        return f"Partly right, {score:.0%}. {rows}" if score > 0 else f"Not yet. {rows}"
    right = sum(m.case == RIGHT for m in marks)
    wanted = right + sum(m.case == MISSED for m in marks)
    extra = sum(m.case == WRONG for m in marks)
    if wanted > 1:
        parts.append(f"{right} of {wanted} right{f', {extra} too many' if extra else ''}.")
    if score > 0:
        return " ".join([f"Partly right, {score:.0%}.", *parts])
    return " ".join(["Not yet.", *parts])


def _rated(raw: Raw, score: float, marks: tuple[Mark, ...]) -> str:
    best = sum(m.case == RIGHT for m in marks)
    told = f"{best} of {len(marks)} criteria met in full, by your own rating."
    if raw.echo:
        return f"{told} It does not count: you were {raw.echo}; 1 is allowed."
    return f"{score:.0%}. {told}"
