"""The one door through which the site says that something happened in a team.

`happened` writes the event and the notices in the transaction of what caused them, so that
neither is there without the other. What leaves the site (mail, webhooks) is sent later from these
rows, by a task that may run twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction

from teams.models import Event, Notice, Team, User
from teams.webhooks import sending

KINDS: Final[dict[str, str]] = {
    "design.archived": "archived a design",
    "design.created": "created a design",
    "design.milestone": "named a milestone",
    "design.milestone_removed": "removed a milestone",
    "design.reinstated": "reinstated a revision",
    "design.restored": "restored a design",
    "design.review_due": "saw a design come due for review",
    "design.revised": "submitted a revision",
    "design.withdrawn": "withdrew a revision",
    "finding.assigned": "assigned a finding",
    "finding.fixed": "saw a finding fixed",
    "finding.reopened": "saw a finding come back",
    "member.invited": "made an invitation",
    "member.joined": "joined the team",
    "member.left": "left the team",
    "member.removed": "removed a member",
    "member.revoked": "revoked an invitation",
    "member.role": "changed a role",
    "organisation.joined": "took the team into an organisation",
    "organisation.left": "took the team out of an organisation",
    "panel.called_off": "called off a panel",
    "panel.closed": "closed a panel",
    "panel.decided": "decided",
    "panel.excused": "excused",
    "panel.invited": "invited reviewers",
    "panel.marked": "sent marks",
    "panel.open_marks": "opened the marks",
    "panel.opened": "opened a panel",
    "panel.reminded": "reminded of a panel",
    "panel.rules": "changed",
    "plan.action": "changed an action of a plan",
    "plan.added": "added an action to a plan",
    "plan.begun": "began an improvement plan",
    "plan.done": "finished an action of a plan",
    "plan.ordered": "changed the order of a plan",
    "plan.removed": "took an action out of a plan",
    "plan.reopened": "reopened an action of a plan",
    "plan.restored": "brought an action back into a plan",
    "report.frozen": "froze a report",
    "report.revoked": "revoked a link to a report",
    "report.shared": "made a link to a report",
    "talk.commented": "commented",
    "talk.edited": "edited a comment",
    "talk.mentioned": "mentioned somebody",
    "talk.reopened": "reopened a thread",
    "talk.resolved": "resolved a thread",
    "team.founded": "founded the team",
    "team.renamed": "renamed the team",
    "token.made": "made a token",
    "token.revoked": "revoked a token",
    "waiver.approved": "approved a waiver",
    "waiver.expired": "saw a waiver expire",
    "waiver.expiring": "saw a waiver near its end",
    "waiver.proposed": "proposed a waiver",
    "waiver.rejected": "rejected a waiver",
    "waiver.stale": "saw a waiver lose its ground",
    "waiver.withdrawn": "withdrew a waiver",
    "webhook.made": "added a webhook",
    "webhook.removed": "removed a webhook",
    "webhook.renewed": "renewed the secret of a webhook",
    "webhook.tested": "tested a webhook",
}
"""Every kind of event, with what is said of who did it. A kind that is not here is a mistake."""


@transaction.atomic
def happened(
    team: Team,
    kind: str,
    subject: str,
    *,
    by: User | None = None,
    url: str = "",
    tell: Iterable[User] = (),
    text: str = "",
    detail: dict[str, Any] | None = None,
) -> Event:
    """Records an event and tells people of it, never the one who did it. `text` is the sentence
    of the notices; `detail` is JSON for the log. Raises KeyError for an unknown kind."""
    said = KINDS[kind]
    event = Event.objects.create(
        team=team,
        kind=kind,
        by=by,
        who=str(by) if by else "",
        subject=subject[:300],
        url=url[:300],
        detail=detail or {},
    )
    sending.plan(event)
    sentence = (text or f"{by or 'Warmstart'} {said}: {subject}")[:300]
    people = {person.pk: person for person in tell if by is None or person.pk != by.pk}
    Notice.objects.bulk_create(
        [Notice(user=person, event=event, text=sentence) for person in people.values()]
    )
    return event
