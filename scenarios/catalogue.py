"""All exercises: those of `bank/` and those that stand inline in sections of the guide.

Read from files, proved, and kept. What is wrong with a file is a problem with its place, and
the exercise is then not in the catalogue; nobody meets an exercise that could not be proved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from design.document import Mapping as TreeMapping
from design.document import Sequence as TreeSequence
from design.document import did_you_mean
from design.rules import RULES
from scenarios import places, proofs
from scenarios.engine import Exercise, Place, Problem, Reader, read_exercise, tree

Entry = TypeVar("Entry", "Skill", "Misconception")

ROOT = Path(__file__).resolve().parent.parent
BANK = ROOT / "scenarios" / "bank"
PAGES = ROOT / "guide" / "content"

_FENCE = re.compile(r"^(?P<tick>`{3,})exercise[^\n]*\n(?P<text>.*?)^(?P=tick)\s*$", re.M | re.S)
_CHECKED = re.compile(r"^checked:\s*(\d{4}-\d{2}-\d{2})\s*$", re.M)
_NUMBER = re.compile(r"^\d+-")


@dataclass(frozen=True, order=True)
class Located:
    """A problem and the file it is in, relative to the root of the project."""

    path: str
    problem: Problem

    def __str__(self) -> str:
        return f"{self.path}:{self.problem.line}: {self.problem}"


@dataclass(frozen=True)
class Skill:
    id: str
    name: str
    section: str


@dataclass(frozen=True)
class Misconception:
    """What somebody believes who chooses a certain wrong option."""

    id: str
    name: str
    belief: str
    correction: str
    section: str


@dataclass
class Catalogue:
    exercises: dict[str, Exercise] = field(default_factory=dict)
    skills: dict[str, Skill] = field(default_factory=dict)
    misconceptions: dict[str, Misconception] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)
    """Ids of exercises that are gone; answers to them are kept, so nobody else may have them."""
    problems: list[Located] = field(default_factory=list)

    @property
    def errors(self) -> list[Located]:
        return [p for p in self.problems if p.problem.is_error]

    def live(self) -> list[Exercise]:
        """Those that are offered, by chapter order of the guide's section ids."""
        return [e for e in self.exercises.values() if e.status in ("live", "pilot")]

    def siblings(self, exercise: Exercise) -> list[Exercise]:
        """Others that practise the same skill, then others of the same section. None about a
        platform that the exercise itself is not about."""
        scopes = ("neutral", exercise.scope)
        others = [e for e in self.live() if e.id != exercise.id and e.scope in scopes]
        skills = set(exercise.skills)
        near = [e for e in others if skills & set(e.skills)]
        return near + [e for e in others if e.section == exercise.section and e not in near]


# Finding files


def sources() -> list[Path]:
    """Every file that may hold exercises."""
    return [*_bank_files(), *sorted(PAGES.glob("*/*.md"))]


def _bank_files() -> list[Path]:
    return sorted(p for p in BANK.glob("*/*.yaml") if not p.parent.name.endswith(".d"))


def _registry_files(name: str) -> list[Path]:
    return [BANK / f"{name}.yaml", *sorted((BANK / f"{name}.d").glob("*.yaml"))]


def relative(path: Path) -> str:
    path = path.resolve()
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


# Reading one file


def read_file(
    path: Path, proved: frozenset[str] = frozenset()
) -> list[tuple[Exercise | None, list[Located]]]:
    """The exercises of a bank file or of a section, each with its problems. A text whose digest
    is among `proved` is read and not proved again."""
    where = relative(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return [(None, [Located(where, Problem(0, "E001", f"Cannot be read: {error}."))])]
    if path.suffix == ".md":
        return [
            _located(read_exercise(t, place, proved=proofs.digest(t) in proved), where)
            for t, place in _inline(text, path)
        ]
    again = proofs.digest(text) in proved
    exercise, located = _located(read_exercise(text, Place(where), proved=again), where)
    if exercise and exercise.id != path.stem:
        message = f"The id is “{exercise.id}”, the file is “{path.name}”."
        located.append(Located(where, Problem(exercise.line, "E004", message)))
    return [(exercise, located)]


def _located(
    result: tuple[Exercise | None, list[Problem]], where: str
) -> tuple[Exercise | None, list[Located]]:
    return result[0], [Located(where, problem) for problem in result[1]]


def _inline(text: str, path: Path) -> Iterator[tuple[str, Place]]:
    chapter, section = (_NUMBER.sub("", name) for name in (path.parent.name, path.stem))
    dated = _CHECKED.search(text)
    for fence in _FENCE.finditer(text):
        first = text.count("\n", 0, fence.start("text")) + 1
        place = Place(relative(path), first, f"{chapter}/{section}", dated[1] if dated else "")
        yield fence["text"], place


# Reading everything


def load(proved: frozenset[str] = frozenset()) -> Catalogue:
    """Reads all files. Exercises with an error are left out, and the error is kept."""
    found = Catalogue()
    for entry in _entries("skills", found.problems):
        skill = Skill(entry.id(), entry.text("name"), entry.text("section"))
        _enter(found.skills, skill.id, skill, entry)
    for entry in _entries("misconceptions", found.problems):
        texts = (entry.text(k) for k in ("name", "belief", "correction", "section"))
        belief = Misconception(entry.id(), *texts)
        _enter(found.misconceptions, belief.id, belief, entry)
    for entry in _entries("retired", found.problems):
        found.retired.add(entry.id())
        entry.text("why")
    for path in sources():
        for exercise, problems in read_file(path, proved):
            problems.extend(references(exercise, found) if exercise else ())
            found.problems += problems
            if exercise and not any(p.problem.is_error for p in problems):
                found.exercises[exercise.id] = exercise
    found.problems.sort()
    return found


def _entries(name: str, problems: list[Located]) -> Iterator[Reader]:
    """The entries of all files of a registry; problems are noted as the reader goes on."""
    for path in _registry_files(name):
        if not path.exists():
            continue
        node, found = tree(path.read_text(encoding="utf-8"))
        items = node.items if isinstance(node, TreeSequence) else []
        if node is not None and not isinstance(node, TreeSequence):
            found.append(Problem(1, "E001", "This has to be a list of entries."))
        for item in items:
            if isinstance(item, TreeMapping):
                reader = Reader(item, found)
                yield reader
                reader.close()
            else:
                found.append(Problem(item.line, "E001", "An entry has to hold named fields."))
        problems += [Located(relative(path), problem) for problem in found]


def _enter(registry: dict[str, Entry], id: str, entry: Entry, reader: Reader) -> None:
    if id in registry:
        reader.problem("E002", f"“{id}” is entered twice.", "id")
    registry[id] = entry


def references(exercise: Exercise, known: Catalogue) -> list[Located]:
    """What the exercise names that does not exist, or exists already."""
    found = []
    other = known.exercises.get(exercise.id)
    if other and (other.path, other.line) != (exercise.path, exercise.line):
        found.append(("E002", f"“{exercise.id}” exists already, in {other.path}:{other.line}."))
    if exercise.id in known.retired:
        found.append(("E011", f"“{exercise.id}” was used and retired."))
    for what, names, registry in (
        ("skill", exercise.skills, known.skills),
        ("misconception", sorted(exercise.misconceptions), known.misconceptions),
        ("rule", exercise.rules, RULES),
    ):
        for name in names:
            if name not in registry:
                hint = did_you_mean(name, registry)
                found.append(("E003", f"There is no {what} “{name}”. {hint}".strip()))
    if not places.exists(exercise.section):
        found.append(("E003", f"There is no section “{exercise.section}” in the guide."))
    return [Located(exercise.path, Problem(exercise.line, *problem)) for problem in found]


# Keeping it


def catalogue() -> Catalogue:
    """The catalogue, read once; in development read again when a file has changed."""
    return _kept(_stamp() if settings.DEBUG else ())


def exercises_unproved() -> list[Exercise]:
    """Those that are offered, read without a proof: for lists that show their titles only."""
    return load(frozenset(texts())).live()


def prove() -> Catalogue:
    """Everything read and proved anew, whatever was known; what holds is then remembered."""
    fresh = load()
    if not fresh.errors:
        proofs.remember(texts())
    return fresh


@lru_cache(maxsize=1)
def _kept(stamp: tuple[object, ...]) -> Catalogue:
    """What is served: all of a bank without errors, or the last such bank with the new problems."""
    before = proofs.known()
    fresh = load(before)
    if not fresh.errors and not before.issuperset(now := frozenset(texts())):
        proofs.remember(now)
    served = replace(_good[-1], problems=fresh.problems) if fresh.errors and _good else fresh
    if not fresh.errors:
        _good[:] = [fresh]
    return served


def texts() -> Iterator[str]:
    """Digests of all texts of exercises as they stand in the files."""
    for path in sources():
        text = path.read_text(encoding="utf-8")
        inline = path.suffix == ".md"
        yield from (
            (proofs.digest(t) for t, _ in _inline(text, path)) if inline else (proofs.digest(text),)
        )


_good: list[Catalogue] = []
"""The last bank without an error, if there was one in this process."""


def _stamp() -> tuple[object, ...]:
    names = ("skills", "misconceptions", "retired")
    files = [*sources(), *(f for name in names for f in _registry_files(name))]
    return tuple((p, p.stat().st_mtime_ns) for p in files if p.exists())
