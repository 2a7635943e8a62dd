"""Threads: opened, answered, edited, resolved; who is mentioned is told."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from reviews.followup import prose
from reviews.followup.tracking import Stale
from reviews.models import Comment, Design, Thread, TrackedFinding
from teams.events import happened
from teams.models import User


@transaction.atomic
def begin(
    design: Design,
    by: User,
    text: str,
    *,
    finding: TrackedFinding | None = None,
    component: str = "",
) -> Thread:
    """A thread with its first comment, on a finding, a component, or the whole design."""
    latest = design.revisions.order_by("number").values_list("number", flat=True).last()
    thread = Thread.objects.create(
        design=design, finding=finding, component=component, revision=latest or 0, opened_by=by
    )
    comment = Comment.objects.create(thread=thread, by=by, text=text)
    asked = [finding.assignee] if finding and finding.assignee else []
    author = design.created_by
    _said(thread, comment, by, [*asked, *([author] if author else [])])
    return thread


@transaction.atomic
def reply(thread: Thread, by: User, text: str) -> Comment:
    """A further comment. A resolved thread stays resolved until somebody reopens it; a form that
    was sent twice is one comment."""
    last = thread.comments.order_by("pk").last()
    if last and last.by_id == by.pk and last.text == text:
        return last
    comment = Comment.objects.create(thread=thread, by=by, text=text)
    spoke = User.objects.filter(pk__in=thread.comments.values("by"))
    _said(thread, comment, by, list(spoke))
    return comment


def _said(thread: Thread, comment: Comment, by: User, tell: list[User]) -> None:
    """Two events at most: those who are mentioned hear that they are, the others that something
    was said."""
    url = f"{thread.get_absolute_url()}#c{comment.pk}"
    subject = f"{thread.about} in {thread.design}"
    mentioned = _mentioned(thread.design, comment.text)
    others = {person.pk: person for person in tell if person not in mentioned}
    members = set(_members(thread.design).values_list("pk", flat=True))
    told = [person for pk, person in others.items() if pk in members]
    happened(thread.design.team, "talk.commented", subject, by=by, url=url, tell=told)
    _mention(thread, comment, by, mentioned)


def _mention(thread: Thread, comment: Comment, by: User, people: list[User]) -> None:
    if people:
        happened(
            thread.design.team,
            "talk.mentioned",
            f"{thread.about} in {thread.design}",
            by=by,
            url=f"{thread.get_absolute_url()}#c{comment.pk}",
            tell=people,
            text=f"{by} mentioned you on {thread.about} in {thread.design}",
            detail={"people": [person.username for person in people]},
        )


def _members(design: Design) -> QuerySet[User]:
    return User.objects.filter(memberships__team=design.team)


def _mentioned(design: Design, text: str) -> list[User]:
    """The members of the team whom a text names; nobody else can be called in."""
    names = prose.names(text)
    if not names:
        return []
    return [person for person in _members(design) if person.username.lower() in names]


@transaction.atomic
def edit(comment: Comment, text: str, version: int) -> None:
    """Keeps what was said at first. Raises Stale when it was edited since it was read."""
    first = comment.first_text or comment.text
    before = comment.text
    done = Comment.objects.filter(pk=comment.pk, version=version).update(
        text=text, first_text=first, edited=timezone.now(), version=version + 1
    )
    if not done:
        raise Stale("This comment was edited elsewhere since you opened it.")
    thread, by = comment.thread, comment.by
    happened(
        thread.design.team,
        "talk.edited",
        f"{thread.about} in {thread.design}",
        by=by,
        url=f"{thread.get_absolute_url()}#c{comment.pk}",
    )
    new = prose.names(text) - prose.names(before)
    people = [one for one in _mentioned(thread.design, text) if one.username.lower() in new]
    if by is not None:
        _mention(thread, comment, by, people)


@transaction.atomic
def settle(thread: Thread, by: User, *, resolved: bool) -> bool:
    """Resolves a thread or reopens it; whether that changed anything."""
    row = Thread.objects.filter(pk=thread.pk, resolved__isnull=resolved)
    now = timezone.now() if resolved else None
    if not row.update(resolved=now, resolved_by=by if resolved else None):
        return False
    happened(
        thread.design.team,
        "talk.resolved" if resolved else "talk.reopened",
        f"{thread.about} in {thread.design}",
        by=by,
        url=thread.get_absolute_url(),
        tell=[thread.opened_by] if thread.opened_by else (),
    )
    return True
