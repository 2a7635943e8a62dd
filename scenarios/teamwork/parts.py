"""Answers in words, part by part, so that any two of them can stand side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from design.edit import sentence
from scenarios import engine
from scenarios.engine import Exercise, incident, repair

CHOSEN = "✓"


def parts(exercise: Exercise, seed: int, response: Mapping[str, Any]) -> dict[str, str]:
    """What an answer says: part in words, and its value; `CHOSEN` where it is there or not."""
    form = engine.present(exercise, seed)
    texts = {choice.id: choice.text for choice in form.choices}
    if "chosen" in response:
        return {texts.get(id, id): CHOSEN for id in response["chosen"]}
    if "edits" in response:
        return {sentence(edit): CHOSEN for edit in repair.restore_all(response["edits"])}
    if "path" in response:
        _, done = incident.play(exercise, response["path"])
        return {f"Step {n}": option.text for n, (_, option) in enumerate(done, 1)}
    if "order" in response:
        return {f"Place {n}": texts.get(id, id) for n, id in enumerate(response["order"], 1)}
    if "rows" in response:
        found = {}
        for row in form.rows:
            given = response["rows"].get(row.id, "")
            names = {choice.id: choice.text for choice in row.choices}
            shown = engine.show(given) if isinstance(given, int | float) else str(given)
            found[row.text] = names.get(shown, f"{shown} {row.unit}".strip())
        return found
    value = response.get("value")
    shown = engine.show(value) if isinstance(value, int | float) else ""
    return {"Answer": f"{shown} {form.unit}".strip()}


@dataclass(frozen=True, slots=True)
class Line:
    """One part, with what each person has there."""

    text: str
    cells: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


def side_by_side(answers: Sequence[Mapping[str, str]]) -> list[Line]:
    """Every part that somebody has; where they differ first, otherwise in order of appearance."""
    every = dict.fromkeys(part for answer in answers for part in answer)
    lines = [Line(part, tuple(answer.get(part, "") for answer in answers)) for part in every]
    return sorted(lines, key=lambda line: not line.differs)
