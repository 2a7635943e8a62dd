"""People and teams, and what is recorded of them; a module for each subject."""

from teams.models.events import Event, Notice
from teams.models.people import (
    INVITATION_DAYS,
    Invitation,
    Membership,
    MembershipQuerySet,
    Role,
    Team,
    TeamQuerySet,
    User,
    digest,
)

__all__ = [
    "INVITATION_DAYS",
    "Event",
    "Invitation",
    "Membership",
    "MembershipQuerySet",
    "Notice",
    "Role",
    "Team",
    "TeamQuerySet",
    "User",
    "digest",
]
