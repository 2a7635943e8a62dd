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
from reviews.models.drafts import (
    AT_WORK,
    UNTITLED,
    Draft,
    DraftQuerySet,
    DraftState,
)
from reviews.models.findings import (
    STILL,
    Progress,
    TrackedFinding,
    TrackedFindingQuerySet,
)
from reviews.models.judging import (
    Calibrate,
    Calibration,
    Decision,
    Mark,
    Note,
    NoteKind,
    Panel,
    PanelState,
    Seat,
    Settle,
    TeamRules,
    Verdict,
)
from reviews.models.life import (
    Milestone,
    Withdrawal,
)
from reviews.models.organisations import (
    Organisation,
    OrganisationInvitation,
    OrganisationMember,
    OrganisationTeam,
)
from reviews.models.plans import (
    Action,
    Effort,
    Plan,
)
from reviews.models.programs import (
    Submission,
)
from reviews.models.reports import LINK_DAYS, Report, ReportLink
from reviews.models.talk import (
    LONGEST_COMMENT,
    Comment,
    Thread,
    ThreadQuerySet,
)
from reviews.models.waivers import (
    CATEGORIES,
    OBSOLETE_AFTER,
    Agreement,
    Waiver,
    WaiverQuerySet,
)

__all__ = [
    "AT_WORK",
    "CATEGORIES",
    "LINK_DAYS",
    "LONGEST_COMMENT",
    "MAX_ATTEMPTS",
    "OBSOLETE_AFTER",
    "STALLED_AFTER",
    "STILL",
    "UNTITLED",
    "Action",
    "Agreement",
    "Calibrate",
    "Calibration",
    "Comment",
    "Decision",
    "Design",
    "DesignQuerySet",
    "Draft",
    "DraftQuerySet",
    "DraftState",
    "Effort",
    "Finding",
    "FindingQuerySet",
    "Mark",
    "Milestone",
    "Note",
    "NoteKind",
    "Organisation",
    "OrganisationInvitation",
    "OrganisationMember",
    "OrganisationTeam",
    "Panel",
    "PanelState",
    "Plan",
    "Progress",
    "Report",
    "ReportLink",
    "Revision",
    "RevisionQuerySet",
    "Run",
    "RunQuerySet",
    "Seat",
    "Settle",
    "State",
    "Submission",
    "TeamRules",
    "Thread",
    "ThreadQuerySet",
    "TrackedFinding",
    "TrackedFindingQuerySet",
    "Verdict",
    "Waiver",
    "WaiverQuerySet",
    "Withdrawal",
]
