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
from reviews.models.drafts import AT_WORK, UNTITLED, Draft, DraftQuerySet, DraftState
from reviews.models.life import Milestone, Withdrawal

__all__ = [
    "AT_WORK",
    "MAX_ATTEMPTS",
    "STALLED_AFTER",
    "UNTITLED",
    "Design",
    "DesignQuerySet",
    "Draft",
    "DraftQuerySet",
    "DraftState",
    "Finding",
    "FindingQuerySet",
    "Milestone",
    "Revision",
    "RevisionQuerySet",
    "Run",
    "RunQuerySet",
    "State",
    "Withdrawal",
]
