"""Exercises as pure values: text to exercise, exercise to form, answer to grade.

No database, no clock, no global random: the same text, seed and answer give the
same grade. `read_exercise` refuses what cannot be proved fair; a new type is a
module beside `single`, entered in `_contract.TYPES`.
"""

from . import incident, numeric
from ._codes import CODES
from ._contract import ONE_PAGE, TYPES
from ._expr import fill, show
from ._grading import baseline, grade, normalised, parse, present, solution, variants
from ._header import BLOOM, PLATFORMS, STATUS, Place, read_exercise
from ._reader import Problem, Reader, tree
from ._values import (
    LEFT,
    MISSED,
    RIGHT,
    WRONG,
    Answer,
    Choice,
    Exercise,
    Form,
    Grade,
    Mark,
    Option,
    Row,
    Unanswered,
)
from .essay import name as ESSAY
from .incident import name as INCIDENT
from .order import moved
from .repair import name as REPAIR
from .repair import stored

SELF_RATED = frozenset({ESSAY})
"""Types whose score is reported by the learner: never in an exam, and weak evidence."""

__all__ = [
    "BLOOM",
    "CODES",
    "ESSAY",
    "INCIDENT",
    "LEFT",
    "MISSED",
    "ONE_PAGE",
    "PLATFORMS",
    "REPAIR",
    "RIGHT",
    "SELF_RATED",
    "STATUS",
    "TYPES",
    "WRONG",
    "Answer",
    "Choice",
    "Exercise",
    "Form",
    "Grade",
    "Mark",
    "Option",
    "Place",
    "Problem",
    "Reader",
    "Row",
    "Unanswered",
    "baseline",
    "fill",
    "grade",
    "incident",
    "moved",
    "normalised",
    "numeric",
    "parse",
    "present",
    "read_exercise",
    "show",
    "solution",
    "stored",
    "tree",
    "variants",
]
