"""What the engine hands out: exercises, forms and grades, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

Answer = Mapping[str, Any]
"""What a learner gave, as JSON. By type: ``{"chosen": [ids]}``, ``{"rows": {row: id or number}}``,
``{"typed": text, "value": number}`` or ``{"order": [ids]}``."""

RIGHT: Final = "right"  # chosen, and rightly
WRONG: Final = "wrong"  # chosen, and it should not have been
MISSED: Final = "missed"  # not chosen, though it should have been
LEFT: Final = "left"  # not chosen, and rightly so


class Unanswered(ValueError):
    """The form was not filled in such that it can be graded; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    text: str
    why: str
    correct: bool = False
    misconception: str = ""
    credit: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One option as the learner may see it: without its truth."""

    id: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a form with several questions. Its field is called ``answer-<id>``;
    `kind` is select, radio or number."""

    id: str
    text: str
    kind: str
    choices: tuple[Choice, ...] = ()
    unit: str = ""

    @property
    def field(self) -> str:
        return f"answer-{self.id}"


@dataclass(frozen=True, slots=True)
class Form:
    """What a page shows before grading. `kind` is radio, checkbox, number, rows or order."""

    prompt: str
    kind: str
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    note: str = ""
    rows: tuple[Row, ...] = ()
    columns: tuple[str, str] = ("", "")
    """The headings of a table of rows: what is asked about, and what is asked."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of one option: `case` is right, wrong, missed or left."""

    id: str
    text: str
    case: str
    why: str
    misconception: str = ""
    given: str = ""
    """What the learner put into a row, in words."""
    wanted: str = ""
    """What belongs there; shown only once the solution is revealed."""
    told: str = ""
    """What may be said about a row before the solution is revealed."""

    @property
    def chosen(self) -> bool:
        return self.case in (RIGHT, WRONG)


@dataclass(frozen=True, slots=True)
class Raw:
    """A type's own grading, before the normaliser: `score` from 0 to 1."""

    score: float
    marks: tuple[Mark, ...] = ()
    echo: str = ""
    worked: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """The result of one try. `score` is normalised: 1 for the key, 0 for every trivial answer."""

    score: float
    raw: float
    baseline: float
    marks: tuple[Mark, ...]
    said: str
    echo: str = ""
    worked: str = ""

    @property
    def right(self) -> bool:
        return self.score >= 1

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """Those that the learner's own choices name."""
        return tuple(m.misconception for m in self.marks if m.case == WRONG and m.misconception)

    def shown(self, revealed: bool) -> tuple[Mark, ...]:
        """The marks a page may show: before the solution is revealed, only what was chosen."""
        return tuple(m for m in self.marks if revealed or m.chosen)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Grade:
        marks = tuple(Mark(**mark) for mark in stored["marks"])
        return cls(**{**stored, "marks": marks})


@dataclass(frozen=True)
class Exercise:
    """One exercise. `body` is what its type made of its own fields."""

    id: str
    rev: int
    type: str
    title: str
    section: str
    skills: tuple[str, ...]
    rules: tuple[str, ...]
    bloom: str
    level: int
    minutes: int
    scope: str
    checked: str
    sources: tuple[str, ...]
    status: str
    prompt: str
    hints: tuple[str, ...]
    explain: str
    body: Any
    path: str = ""
    line: int = 0
    accepts: tuple[tuple[str, str], ...] = ()
    """(code, reason) of warnings that the author keeps."""

    @property
    def chapter(self) -> str:
        return self.section.partition("/")[0]

    @property
    def misconceptions(self) -> frozenset[str]:
        return frozenset(self.body.misconceptions)
