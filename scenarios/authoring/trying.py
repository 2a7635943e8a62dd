"""An exercise in a terminal: what is shown, and what a typed line means as a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from scenarios.engine import Exercise, Unanswered, hotspot, incident, present, repair, tree

HELP: Final = (
    "ids separated by spaces, in order; a number; row=value for tables and matching; the choices "
    "of an incident; edits of a repair, as YAML"
)


def lines(exercise: Exercise, seed: int) -> Iterator[str]:
    """What a learner sees before the answer."""
    form = present(exercise, seed)
    yield f"{exercise.title} ({exercise.type}, seed {seed})\n\n{form.prompt}\n"
    if exercise.type == incident.name:
        yield f"{incident.scene(exercise, seed, ()).text}\n"
    if exercise.type in (hotspot.name, repair.name):
        yield exercise.body.text
    for choice in form.choices:
        detail = f" ({choice.detail})" if choice.detail else ""
        yield f"  {choice.id:14} {choice.text}{detail}"
    for row in form.rows:
        yield f"  {row.id:14} {row.text} {row.unit}".rstrip()
        yield from (f"    = {choice.id:11} {choice.text}" for choice in row.choices)
    for criterion in getattr(exercise.body, "rubric", ()):
        yield f"  {criterion.text}: {' / '.join(criterion.levels)}"
    yield f"{form.note} {form.unit}".strip()


def posted(exercise: Exercise, seed: int, typed: str) -> Mapping[str, Sequence[Any]]:
    """The form that a typed line stands for. Raises Unanswered for one that cannot be read."""
    form = present(exercise, seed)
    if exercise.type == incident.name:
        return {"path": typed.split()}
    if exercise.type == repair.name:
        node, problems = tree(typed)
        if problems:
            raise Unanswered(f"Line {problems[0].line}: {problems[0].message}")
        try:
            return {"edits": [repair.stored(edit) for edit in repair.edits_of(node)]}
        except repair.NoEdit as error:
            raise Unanswered(str(error)) from None
    if form.rows:
        pairs = (word.partition("=") for word in typed.split())
        return {f"answer-{row}": [value] for row, _, value in pairs}
    return {"answer": [typed] if form.kind == "number" else typed.split()}
