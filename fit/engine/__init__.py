"""The workload-fit method: knock-outs, then a weighted sum, with exact what-ifs.

A pure function of a model and answers. Points are decimals, so that sums and comparisons are
exact. A question that is not answered adds nothing to a score and opens its range. An effect of
None is a knock-out: the answer rules the option out. `fit.engine.cost` is the other half of a
decision: what the same load costs by use and always on.
"""

from __future__ import annotations

from ._advice import STALE_AFTER, Hybrid, applied, gates, hybrid, is_stale
from ._flips import Flip, ruling_out, smallest_flip
from ._model import Answer, Answers, KnockOut, Model, Pairing, Question, monotonic_breaches
from ._result import (
    CLEAR,
    LEAN,
    Contribution,
    NextQuestion,
    Result,
    Standing,
    contributions,
    differences,
    evaluate,
    questions_by_value,
)

__all__ = [
    "CLEAR",
    "LEAN",
    "STALE_AFTER",
    "Answer",
    "Answers",
    "Contribution",
    "Flip",
    "Hybrid",
    "KnockOut",
    "Model",
    "NextQuestion",
    "Pairing",
    "Question",
    "Result",
    "Standing",
    "applied",
    "contributions",
    "differences",
    "evaluate",
    "gates",
    "hybrid",
    "is_stale",
    "monotonic_breaches",
    "questions_by_value",
    "ruling_out",
    "smallest_flip",
]
