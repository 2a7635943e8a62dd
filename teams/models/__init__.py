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
from teams.models.tokens import AccessToken, AccessTokenQuerySet, Scope
from teams.models.webhooks import Delivery, DeliveryQuerySet, Outcome, Webhook
from teams.models.wishes import How, MailWish

__all__ = [
    "INVITATION_DAYS",
    "AccessToken",
    "AccessTokenQuerySet",
    "Delivery",
    "DeliveryQuerySet",
    "Event",
    "How",
    "Invitation",
    "MailWish",
    "Membership",
    "MembershipQuerySet",
    "Notice",
    "Outcome",
    "Role",
    "Scope",
    "Team",
    "TeamQuerySet",
    "User",
    "Webhook",
    "digest",
]
