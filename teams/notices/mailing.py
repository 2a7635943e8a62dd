"""Notices that leave by mail: at once, or those of a day together.

The rows are the truth. A round takes what is due by a conditional update that names the taker,
sends, and settles; two rounds at once share nothing, and a round that dies in between leaves rows
that a later one takes again, when their claim has run out. The identity of a mail is made from its
notices, so that a mail program can tell the rare second copy.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from teams.models import How, MailWish, Notice, User
from teams.notices.topics import topic_of

log = logging.getLogger(__name__)

DIGEST_HOUR: Final = 6
"""The hour, in UTC, from which the mail of a day is sent."""

MOST: Final = 200
"""Notices in one mail; the page has the rest."""

_SALT: Final = "teams.notices.off"


def send_due(now: datetime | None = None) -> int:
    """Sends what is due and returns how many mails that were. Safe to run twice, at once or one
    after the other."""
    now = now or timezone.now()
    people = Notice.objects.to_mail(now).order_by().values_list("user", flat=True).distinct()
    found = User.objects.filter(pk__in=list(people)).prefetch_related("mail_wishes")
    return sum(_send_to(user, now) for user in found.order_by("pk"))


def last_digest(now: datetime) -> datetime:
    """When the mail of a day was last due: what is newer waits for the next one."""
    due = now.astimezone(timezone.get_default_timezone()).replace(
        hour=DIGEST_HOUR, minute=0, second=0, microsecond=0
    )
    return due if due <= now else due - timedelta(days=1)


def _send_to(user: User, now: datetime) -> bool:
    wishes = {wish.topic: How(wish.how) for wish in user.mail_wishes.all()}
    until = last_digest(now)
    due, unwanted = [], []
    for notice in Notice.objects.to_mail(now).filter(user=user).select_related("event"):
        how = wishes.get(topic_of(notice.event.kind), MailWish.DEFAULT)
        if how is How.OFF or not user.is_active or not user.email:
            unwanted.append(notice.pk)
        elif how is How.NOW or notice.created <= until:
            due.append(notice.pk)
    if unwanted:
        Notice.objects.filter(pk__in=unwanted).update(settled=now)
    if not due:
        return False
    claim = uuid.uuid4().hex
    # Whoever changes the rows first has them: the condition is that they are still free.
    Notice.objects.to_mail(now).filter(pk__in=due).update(claim=claim, claimed=now)
    mine = Notice.objects.filter(claim=claim, settled__isnull=True)
    notices = list(mine.select_related("event__team").order_by("pk"))
    if not notices:
        return False
    try:
        message(user, notices).send()
    except (SMTPException, OSError) as error:
        log.warning("notices of user %s stay unmailed for now: %s", user.pk, error)
        return False
    mine.update(settled=timezone.now())
    return True


def message(user: User, notices: Sequence[Notice]) -> EmailMultiAlternatives:
    """One mail about these notices, plain and HTML."""
    base = settings.BASE_URL.rstrip("/")
    off = f"{base}{off_path(user)}"
    teams = {notice.event.team_id: notice.event.team.name for notice in notices}
    where = next(iter(teams.values())) if len(teams) == 1 else "your teams"
    subject = notices[0].text if len(notices) == 1 else f"{len(notices)} notices from {where}"
    context = {
        "user": user,
        "base": base,
        "notices": notices[:MOST],
        "more": max(0, len(notices) - MOST),
        "several_teams": len(teams) > 1,
        "page": base + reverse("teams:notices"),
        "settings": base + reverse("teams:notice_settings"),
        "off": off,
        "subject": subject,
    }
    host = urlsplit(base).hostname or "localhost"
    made = EmailMultiAlternatives(
        subject=" ".join(subject.split())[:180],
        body=render_to_string("teams/mail/notices.txt", context),
        to=[user.email],
        headers={
            "Message-ID": f"<notices-{notices[0].pk}-{notices[-1].pk}-{len(notices)}@{host}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    made.attach_alternative(render_to_string("teams/mail/notices.html", context), "text/html")
    return made


def off_path(user: User) -> str:
    """The address that ends all mails of this person, signed: no sign-in stands before it."""
    return reverse("teams:notices_off", args=[signing.dumps(user.pk, salt=_SALT)])


def whose(signed: str) -> User | None:
    """The person whose mails a signed address ends."""
    try:
        pk = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk).first()
