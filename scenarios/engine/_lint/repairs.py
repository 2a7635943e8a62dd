"""Repairs: what the reference mends beside what it is meant to."""

from __future__ import annotations

from collections.abc import Iterator

from design.rules import check

from .. import repair
from .._repair import Body
from .._values import Exercise


def lint(exercise: Exercise) -> Iterator[tuple[str, str]]:
    if exercise.type != repair.name:
        return
    body: Body = exercise.body
    _, mended = repair.edited(body, body.reference)
    still = {f.rule for f in check(mended) if repair.fails(f)}
    before = {rule for rule, _ in body.failing}
    if more := sorted(before - still - set(body.must_clear)):
        yield "W408", f"The reference also clears {', '.join(more)}."
