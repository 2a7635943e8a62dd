"""The rubric as data: eight criteria with written levels, and two designs with reference marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from design import authored

FILE: Final = Path(__file__).resolve().parent.parent / "rubric.yaml"
LEVELS: Final = range(5)
"""The marks, 0 to 4."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question to people. `levels` are the written anchors of 0 to 4; `pillar` is the part of
    the automatic score that looks at the same thing, or empty."""

    id: str
    number: int
    short: str
    title: str
    asks: str
    levels: tuple[str, ...]
    example: str
    pillar: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    mark: int
    reason: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A design of the guide with the editors' marks, by criterion id."""

    design: str
    title: str
    about: str
    marks: Mapping[str, Reference]


@dataclass(frozen=True, slots=True)
class Rubric:
    version: int
    criteria: tuple[Criterion, ...]
    samples: tuple[Sample, ...]

    @property
    def by_id(self) -> dict[str, Criterion]:
        return {criterion.id: criterion for criterion in self.criteria}

    def sample(self, design: str) -> Sample | None:
        return next((s for s in self.samples if s.design == design), None)


@cache
def rubric() -> Rubric:
    """The rubric of the site, read once."""
    return parse(authored.values(FILE.read_text(encoding="utf-8")))


def parse(data: Any) -> Rubric:
    """Raises ValueError that names the first criterion or sample that is incomplete."""
    criteria = tuple(_criterion(n, entry) for n, entry in enumerate(data["criteria"], 1))
    ids = [criterion.id for criterion in criteria]
    if len(set(ids)) != len(ids):
        raise ValueError(f"two criteria share an id: {ids}")
    samples = tuple(_sample(entry, ids) for entry in data["calibration"])
    return Rubric(int(data["version"]), criteria, samples)


def _criterion(number: int, entry: Mapping[str, Any]) -> Criterion:
    made = Criterion(
        id=entry["id"],
        number=number,
        short=entry["short"],
        title=entry["title"],
        asks=entry["asks"],
        levels=tuple(entry["levels"]),
        example=entry["example"],
        pillar=entry.get("pillar", ""),
    )
    if len(made.levels) != len(LEVELS):
        raise ValueError(f"criterion {made.id} has {len(made.levels)} levels, not {len(LEVELS)}")
    return made


def _sample(entry: Mapping[str, Any], ids: list[str]) -> Sample:
    marks = {id: Reference(said["mark"], said["reason"]) for id, said in entry["marks"].items()}
    if list(marks) != ids:
        raise ValueError(f"reference marks of {entry['design']} are for {list(marks)}, not {ids}")
    if bad := [id for id, said in marks.items() if said.mark not in LEVELS]:
        raise ValueError(f"reference marks of {entry['design']} outside 0 to 4: {bad}")
    return Sample(entry["design"], entry["title"], entry["about"], marks)
