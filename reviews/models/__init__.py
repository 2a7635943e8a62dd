"""The rows of reviews; a module for each subject."""

from reviews.models.designs import (
    MAX_ATTEMPTS,
    STALLED_AFTER,
    Design,
    DesignQuerySet,
    Finding,
    FindingQuerySet,
    Immutable,
    Revision,
    RevisionQuerySet,
    Run,
    RunQuerySet,
    State,
)
from reviews.models.findings import STILL, Progress, TrackedFinding, TrackedFindingQuerySet
from reviews.models.plans import Action, Effort, Plan
from reviews.models.talk import LONGEST_COMMENT, Comment, Thread, ThreadQuerySet
from reviews.models.waivers import (
    CATEGORIES,
    OBSOLETE_AFTER,
    Agreement,
    Waiver,
    WaiverQuerySet,
)

__all__ = [
    "CATEGORIES",
    "LONGEST_COMMENT",
    "MAX_ATTEMPTS",
    "OBSOLETE_AFTER",
    "STALLED_AFTER",
    "STILL",
    "Action",
    "Agreement",
    "Comment",
    "Design",
    "DesignQuerySet",
    "Effort",
    "Finding",
    "FindingQuerySet",
    "Immutable",
    "Plan",
    "Progress",
    "Revision",
    "RevisionQuerySet",
    "Run",
    "RunQuerySet",
    "State",
    "Thread",
    "ThreadQuerySet",
    "TrackedFinding",
    "TrackedFindingQuerySet",
    "Waiver",
    "WaiverQuerySet",
]
