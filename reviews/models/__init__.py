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
from reviews.models.organisations import (
    Organisation,
    OrganisationInvitation,
    OrganisationMember,
    OrganisationTeam,
)
from reviews.models.reports import LINK_DAYS, Report, ReportLink

__all__ = [
    "LINK_DAYS",
    "MAX_ATTEMPTS",
    "STALLED_AFTER",
    "Design",
    "DesignQuerySet",
    "Finding",
    "FindingQuerySet",
    "Immutable",
    "Organisation",
    "OrganisationInvitation",
    "OrganisationMember",
    "OrganisationTeam",
    "Report",
    "ReportLink",
    "Revision",
    "RevisionQuerySet",
    "Run",
    "RunQuerySet",
    "State",
]
