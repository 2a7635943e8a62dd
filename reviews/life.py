"""What is done with revisions and designs after they were submitted: named, withdrawn, put away,
and brought back. Each leaves an event in the log of the team."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from reviews.followup import waiving
from reviews.models import Design, Milestone, Revision, Withdrawal
from teams.events import happened
from teams.models import User

MOST_MILESTONES = 100


class Refused(ValueError):
    """What cannot be done, in words for the person who tried."""


def name_milestone(revision: Revision, by: User, name: str) -> Milestone:
    """Raises Refused for a name that the design has already."""
    design = revision.design
    taken = Refused(f"“{name}” names another revision of this design already.")
    if design.milestones.count() >= MOST_MILESTONES:
        raise Refused(f"A design has at most {MOST_MILESTONES} milestones.")
    if design.milestones.filter(name__iexact=name).exists():
        raise taken
    try:
        with transaction.atomic():
            made = Milestone.objects.create(design=design, revision=revision, name=name, by=by)
            _tell(design, "design.milestone", f"{revision}: {name}", by, revision)
    except IntegrityError:
        raise taken from None
    return made


@transaction.atomic
def remove_milestone(milestone: Milestone, by: User) -> None:
    revision = milestone.revision
    milestone.delete()
    _tell(
        revision.design, "design.milestone_removed", f"{revision}: {milestone.name}", by, revision
    )


@transaction.atomic
def withdraw(revision: Revision, by: User, reason: str) -> None:
    """The revision stays readable, and no longer stands for its design: findings, waivers and plan
    follow the one before it. Twice is once."""
    _, made = Withdrawal.objects.get_or_create(
        revision=revision, defaults={"reason": reason, "by": by}
    )
    if made:
        _tell(revision.design, "design.withdrawn", str(revision), by, revision, reason)
        waiving.rescore(revision.design)


@transaction.atomic
def reinstate(revision: Revision, by: User) -> None:
    gone, _ = Withdrawal.objects.filter(revision=revision).delete()
    if gone:
        _tell(revision.design, "design.reinstated", str(revision), by, revision)
        waiving.rescore(revision.design)


@transaction.atomic
def archive(design: Design, by: User) -> None:
    """Out of the lists, readable, and closed to new revisions until it is restored."""
    now = timezone.now()
    if Design.objects.filter(pk=design.pk, archived__isnull=True).update(archived=now):
        _tell(design, "design.archived", design.title, by)


@transaction.atomic
def restore(design: Design, by: User) -> None:
    if Design.objects.filter(pk=design.pk, archived__isnull=False).update(archived=None):
        _tell(design, "design.restored", design.title, by)


def _tell(
    design: Design,
    kind: str,
    subject: str,
    by: User,
    revision: Revision | None = None,
    reason: str = "",
) -> None:
    detail: dict[str, object] = {"design": design.slug}
    if revision:
        detail["revision"] = revision.number
    if reason:
        detail["reason"] = reason
    people = User.objects.filter(memberships__team=design.team, is_active=True)
    url = (revision or design).get_absolute_url()
    happened(design.team, kind, subject, by=by, url=url, tell=people, detail=detail)
