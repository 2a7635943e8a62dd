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

KINDS: Final[dict[str, str]] = {
    "member.joined": "joined the team",
    "member.left": "left the team",
    "member.role": "changed a role",
    "design.created": "created a design",
    "design.revised": "submitted a revision",
    "design.archived": "archived a design",
    "design.restored": "restored a design",
    "organisation.joined": "took the team into an organisation",
    "organisation.left": "took the team out of an organisation",
    "report.frozen": "froze a report",
    "report.revoked": "revoked a link to a report",
    "report.shared": "made a link to a report",
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
    sentence = (text or f"{by or 'Warmstart'} {said}: {subject}")[:300]
    people = {person.pk: person for person in tell if by is None or person.pk != by.pk}
    Notice.objects.bulk_create(
        [Notice(user=person, event=event, text=sentence) for person in people.values()]
    )
    return event
