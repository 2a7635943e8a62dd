"""What an exam came to: shares with their intervals, by domain and by Bloom's levels. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scenarios.engine import BLOOM
from scenarios.exams.blueprint import Blueprint
from scenarios.progress import PASS, SURE, Share

EMPTY = "empty"
INCOMPLETE = "incomplete"
ANSWERED = "answered"


@dataclass(frozen=True)
class Result:
    """One question of a finished exam. What was not answered in full has the score 0."""

    number: int
    exercise: str
    domain: str
    bloom: str
    pilot: bool
    state: str
    score: float = 0.0
    confidence: int = 0
    seconds: int = 0

    @property
    def sure(self) -> bool:
        return self.confidence >= SURE


@dataclass(frozen=True)
class Part:
    """A line of the report."""

    title: str
    share: Share
    seconds: int


@dataclass(frozen=True)
class Report:
    total: Share
    credit: float
    """The mean score of all scored questions, partial credit included."""
    domains: tuple[Part, ...]
    blooms: tuple[Part, ...]
    pilots: tuple[Result, ...]
    missed: tuple[Result, ...]
    """What was wrong: first the errors somebody was sure of, then the other answers, then what
    was left open."""
    seconds: int


def is_right(result: Result, strict: bool) -> bool:
    """From 0.85 on; in strict mode there is no partial credit."""
    return result.score >= (1.0 if strict else PASS)


def report(blueprint: Blueprint | None, results: Sequence[Result], strict: bool) -> Report:
    scored = [r for r in results if not r.pilot]

    def share(found: Iterable[Result]) -> Share:
        rows = list(found)
        return Share(sum(is_right(r, strict) for r in rows), len(rows))

    def parts(names: Sequence[tuple[str, str]], of: Callable[[Result], str]) -> tuple[Part, ...]:
        rows = [(title, [r for r in scored if of(r) == id]) for id, title in names]
        return tuple(
            Part(title, share(found), sum(r.seconds for r in found))
            for title, found in rows
            if found
        )

    known = {d.id: d.title for d in blueprint.domains} if blueprint else {}
    names = [(id, known.get(id, id)) for id in dict.fromkeys([*known, *(r.domain for r in scored)])]
    order = {ANSWERED: 1, INCOMPLETE: 2, EMPTY: 3}
    missed = [r for r in scored if not is_right(r, strict)]
    missed.sort(key=lambda r: (0 if r.sure and r.state == ANSWERED else order[r.state], r.number))
    return Report(
        total=share(scored),
        credit=sum(r.score for r in scored) / len(scored) if scored else 0.0,
        domains=parts(names, lambda r: r.domain),
        blooms=parts([(b, b.capitalize()) for b in BLOOM], lambda r: r.bloom),
        pilots=tuple(r for r in results if r.pilot),
        missed=tuple(missed),
        seconds=sum(r.seconds for r in results),
    )
