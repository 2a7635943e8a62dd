"""What is wrong with a text, said so that its author can put it right."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, NoReturn

SHOWN: Final = 200
"""Problems that are listed; more are only counted."""

_ENOUGH: Final = 1000
"""Problems after which reading stops: nobody is helped by more."""

_FEW_NAMES: Final = 100
_LONG_SEARCHES: Final = 40
"""Searches for a near name among many, which are slow."""

_QUOTED: Final = 40


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One problem: the line (from 1; 0 for the whole text), where in the design,
    what was found and expected, and what may have been meant."""

    line: int
    path: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        what = f"{self.path}: {self.message}" if self.path else self.message
        return f"{where}{what}" + (f" {self.hint}" if self.hint else "")


class Invalid(ValueError):
    """The text is not a design. `problems` holds at least one, sorted by line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = capped(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def capped(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems without repeats, by line, and at most `SHOWN` with a count of the rest."""
    unique = sorted(set(problems))
    if len(unique) <= SHOWN:
        return tuple(unique)
    more = Problem(unique[-1].line, "", f"{len(unique) - SHOWN} more problems are not listed.")
    return (*unique[:SHOWN], more)


def quote(found: str) -> str:
    """What the author wrote, on one line and cut short, for a message."""
    line = " ".join(found.split())
    line = "".join(c if c.isprintable() else "?" for c in line)
    return f"“{line[:_QUOTED]}…”" if len(line) > _QUOTED else f"“{line}”"


def did_you_mean(found: str, names: Iterable[str]) -> str:
    """``Did you mean “x”?``, or nothing when no name is near."""
    if len(found) > 2 * _QUOTED:
        return ""
    near = difflib.get_close_matches(found.strip().lower(), sorted(names), n=1, cutoff=0.6)
    return f"Did you mean “{near[0]}”?" if near else ""


@dataclass(slots=True)
class Collector:
    """The problems of one text, gathered while reading goes on."""

    found: list[Problem] = field(default_factory=list)
    searches: int = 0
    unread: set[str] = field(default_factory=set)
    """Ids of components with a problem of their own: who names them is not wrong as well."""

    def add(self, line: int, path: str, message: str, hint: str = "") -> None:
        """Notes a problem. Raises Invalid when there are too many to go on."""
        self.found.append(Problem(line, path, message, hint))
        if len(self.found) >= _ENOUGH:
            raise Invalid(self.found)

    def fatal(self, line: int, message: str, hint: str = "") -> NoReturn:
        """Notes a problem after which nothing can be read."""
        raise Invalid([*self.found, Problem(line, "", message, hint)])

    def suggest(self, found: str, names: Collection[str]) -> str:
        """`did_you_mean`, but only so often among many names."""
        if len(names) > _FEW_NAMES:
            self.searches += 1
            if self.searches > _LONG_SEARCHES:
                return ""
        return did_you_mean(found, names)
