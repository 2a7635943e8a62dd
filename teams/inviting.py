"""An invitation by mail: the link goes to an address that is used for this and not kept."""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException
from typing import Final

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from teams.models import Invitation, User

log = logging.getLogger(__name__)

MOST_A_DAY: Final = 30
"""Invitations of one person in a day that are mailed: no way to many strangers leads over here."""


class NotSent(Exception):
    """The mail did not leave; the sentence says why."""


def mail(invitation: Invitation, link: str, address: str, by: User) -> None:
    """Sends the link to one address. Raises NotSent."""
    day_ago = timezone.now() - timedelta(days=1)
    made = Invitation.objects.filter(created_by=by, created__gt=day_ago).count()
    if made > MOST_A_DAY:
        raise NotSent(f"More than {MOST_A_DAY} invitations a day are not mailed.")
    context = {"invitation": invitation, "team": invitation.team, "link": link, "by": by}
    message = EmailMessage(
        subject=" ".join(f"{by} invites you to {invitation.team}".split())[:180],
        body=render_to_string("teams/mail/invitation.txt", context),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (SMTPException, OSError) as error:
        log.warning("invitation %s was not mailed: %s", invitation.pk, error)
        raise NotSent("The mail could not be sent.") from None
