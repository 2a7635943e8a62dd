"""Whether an exercise changed so much that old answers mean something else."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Final

from scenarios.engine import TYPES, Exercise, Place, Problem, present, read_exercise

_SEEDS: Final = 5


class NoHistory(Exception):
    """There is no earlier version to compare with; the message says why."""


def fingerprint(exercise: Exercise) -> Any:
    """What decides a grade: the key and what can be chosen. Wording is no part of it."""
    kind = TYPES[exercise.type]
    seeds = range(min(_SEEDS, kind.seeds(exercise)))
    keys = [dict(kind.key(exercise, seed)) for seed in seeds]
    for key in keys:
        key.pop("text", None)  # A model answer may be polished.
        key.pop("quotes", None)
    forms = [present(exercise, seed) for seed in seeds]
    offered = [sorted([c.id for c in f.choices] + [r.id for r in f.rows]) for f in forms]
    credits = [
        (o.id, o.credit) for o in getattr(exercise.body, "options", ()) if hasattr(o, "credit")
    ]
    return exercise.type, keys, offered, sorted(credits)


def unraised(before: Exercise, now: Exercise) -> list[Problem]:
    """E005 where the key, the options or a formula changed and the revision did not rise."""
    if now.rev > before.rev or fingerprint(before) == fingerprint(now):
        return []
    message = f"Its key or its parts changed since rev {before.rev}."
    return [Problem(now.line, "E005", message)]


def earlier(path: Path, ref: str, root: Path) -> Exercise | None:
    """The exercise of a bank file as it was at a commit; None if it was not there, or not valid.
    Raises NoHistory."""
    name = path.resolve().relative_to(root).as_posix()
    command = ["git", "-C", str(root), "show", f"{ref}:{name}"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    except OSError as error:
        raise NoHistory(f"git cannot be run: {error}.") from None
    if done.returncode:
        told = done.stderr.decode(errors="replace")
        if "does not exist" in told or "exists on disk" in told:
            return None
        raise NoHistory(told.strip().splitlines()[-1] if told.strip() else "git show failed.")
    return read_exercise(done.stdout, Place(name))[0]
