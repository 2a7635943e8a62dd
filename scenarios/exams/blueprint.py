"""Blueprints of exams: what a paper is made of, read from `scenarios/blueprints/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from design.document import Mapping as TreeMapping
from scenarios.catalogue import ROOT, Located, relative
from scenarios.engine import BLOOM, Problem, Reader, tree

FOLDER: Final = ROOT / "scenarios" / "blueprints"
MOST_PILOT: Final = 0.2
"""At most a fifth of a paper may be questions that are only being tried out."""
_SCOPES: Final = ("neutral", "aws", "azure", "gcp")


@dataclass(frozen=True)
class Domain:
    """A part of the exam. `sources` are chapters, or sections as chapter/section."""

    id: str
    title: str
    weight: float
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Blueprint:
    """`minutes` is 0 for a form without a clock. `bloom` are shares that are aimed at; `own` is the
    share of questions about the platform of the exam, as far as the bank has them."""

    id: str
    title: str
    about: str
    items: int
    minutes: int
    pilot: float
    own: float
    strict: bool
    scopes: tuple[str, ...]
    domains: tuple[Domain, ...]
    bloom: Mapping[str, float]
    checked: str
    sources: tuple[str, ...]

    def domain_of(self, section: str) -> Domain | None:
        """The domain of a section: one that names it, else one that names its chapter."""
        chapter = section.partition("/")[0]
        for name in (section, chapter):
            for domain in self.domains:
                if name in domain.sources:
                    return domain
        return None

    def domain(self, id: str) -> Domain | None:
        return next((d for d in self.domains if d.id == id), None)


def read(text: str | bytes, name: str) -> tuple[Blueprint | None, list[Problem]]:
    """A blueprint, or None, and every problem with its line. `name` is the file's, its id."""
    node, found = tree(text)
    if not isinstance(node, TreeMapping):
        return None, found or [Problem(1, "E001", "This is not a blueprint.")]
    reader = Reader(node, found)
    made = Blueprint(
        id=reader.id(),
        title=reader.text("title"),
        about=reader.text("about"),
        items=reader.whole("items", 20, 5, 200),
        minutes=reader.whole("minutes", 0, 0, 600),
        pilot=reader.number("pilot", 0.0),
        own=reader.number("own", 0.0),
        strict=reader.flag("strict"),
        scopes=reader.texts("scopes") or ("neutral",),
        domains=tuple(_domain(child) for child in reader.children("domains")),
        bloom=_bloom(reader),
        checked=reader.text("checked"),
        sources=reader.texts("sources"),
    )
    reader.close()
    _check(reader, made, name)
    return (None if any(p.is_error for p in found) else made), sorted(found)


def _domain(reader: Reader) -> Domain:
    made = Domain(reader.id(), reader.text("title"), reader.number("weight"), reader.texts("from"))
    reader.close()
    if made.weight <= 0:
        reader.problem("E001", "“weight” has to be above 0.", "weight")
    if not made.sources:
        reader.problem("E001", "A domain names chapters or sections.", "from")
    return made


def _bloom(reader: Reader) -> dict[str, float]:
    child = reader.child("bloom")
    if child is None:
        return {}
    shares = {level: child.number(level, 0.0) for level in BLOOM if child.has(level)}
    child.close()
    total = sum(shares.values())
    if total <= 0:
        reader.problem("E001", "The shares of “bloom” add up to nothing.", "bloom")
        return {}
    return {level: share / total for level, share in shares.items()}


def _check(reader: Reader, made: Blueprint, name: str) -> None:
    if made.id and made.id != name:
        reader.problem("E004", f"The id is “{made.id}”, the file is “{name}”.", "id")
    if not 0 <= made.pilot <= MOST_PILOT:
        reader.problem("E001", f"“pilot” is a share from 0 to {MOST_PILOT}.", "pilot")
    if not 0 <= made.own <= 1 or (made.own and set(made.scopes) <= {"neutral"}):
        reader.problem("E001", "“own” is a share from 0 to 1, with a platform in “scopes”.", "own")
    if not made.domains:
        reader.problem("E001", "A blueprint needs at least one domain.", "domains")
    for scope in made.scopes:
        if scope not in _SCOPES:
            reader.problem("E001", f"“{scope[:30]}” is not a scope.", "scopes")
    for what, names in (
        ("domain", [d.id for d in made.domains]),
        ("chapter or section", [source for d in made.domains for source in d.sources]),
    ):
        for twice in sorted({one for one in names if names.count(one) > 1}):
            reader.problem("E002", f"The {what} “{twice}” stands twice.", "domains")


def load(folder: Path = FOLDER) -> tuple[dict[str, Blueprint], list[Located]]:
    """All blueprints by id, in the order of their files, and every problem with its file."""
    found: dict[str, Blueprint] = {}
    problems: list[Located] = []
    for path in sorted(folder.glob("*.yaml")):
        stem = path.stem.partition("-")[2] or path.stem
        made, errors = read(path.read_bytes(), stem)
        problems += [Located(relative(path), problem) for problem in errors]
        if made:
            found[made.id] = made
    return found, problems


@lru_cache(maxsize=1)
def blueprints() -> Mapping[str, Blueprint]:
    return load()[0]
