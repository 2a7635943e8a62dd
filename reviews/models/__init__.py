"""The rows of reviews; a module for each subject."""

from reviews.models.designs import (
    MAX_ATTEMPTS,
    STALLED_AFTER,
    Design,
    DesignQuerySet,
    Finding,
    FindingQuerySet,
    Revision,
    RevisionQuerySet,
    Run,
    RunQuerySet,
    State,
)
from reviews.models.programs import Submission

__all__ = [
    "MAX_ATTEMPTS",
    "STALLED_AFTER",
    "Design",
    "DesignQuerySet",
    "Finding",
    "FindingQuerySet",
    "Revision",
    "RevisionQuerySet",
    "Run",
    "RunQuerySet",
    "State",
    "Submission",
]
