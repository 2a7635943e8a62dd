"""What is due for review, by e-mail: for those who asked, weekly at most, never for nothing."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any
from urllib.parse import urljoin

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from scenarios.catalogue import Catalogue, catalogue
from scenarios.models import Learner
from scenarios.review import pages
from scenarios.review.models import Preferences

EVERY = timedelta(days=7)
_NAMED = 5
_SALT = "review-digest"
log = logging.getLogger(__name__)


def address(user: Any) -> str:
    """Where mail for somebody goes: an address that its owner confirmed, else nowhere."""
    if user is None or not user.is_active:
        return ""
    found = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary").first()
    return found.email if found else ""


def token(user: Any) -> str:
    """What switches the mail of one person off, and can do nothing else."""
    return signing.dumps(user.pk, salt=_SALT)


def is_ours(given: str) -> bool:
    return _user_of(given) is not None


def switch_off(given: str) -> bool:
    """False for a link that is not ours. The same link twice is the same as once."""
    user = _user_of(given)
    if user is None:
        return False
    Preferences.objects.filter(user=user).update(digest=False)
    return True


def _user_of(given: str) -> Any:
    try:
        return signing.loads(given[:200], salt=_SALT)
    except signing.BadSignature:
        return None


def send_due(now: datetime) -> int:
    """Sends the mails that are due; says how many. Each row is claimed before its mail goes out, so
    that two workers send one; what could not be sent is tried again the next day."""
    known = catalogue()
    rows = Preferences.objects.filter(digest=True, user__is_active=True).filter(
        Q(digested=None) | Q(digested__lte=now - EVERY)
    )
    sent = 0
    for row in rows.select_related("user"):
        message = compose(row.user, known)
        mine = Preferences.objects.filter(pk=row.pk, digest=True, digested=row.digested)
        if message is None or not mine.update(digested=now):
            continue
        try:
            message.send()
        except (OSError, SMTPException):
            log.exception("A review digest could not be sent")
            Preferences.objects.filter(pk=row.pk).update(digested=row.digested)
            continue
        sent += 1
    return sent


def compose(user: Any, known: Catalogue) -> EmailMultiAlternatives | None:
    """The mail of one person, in plain text and HTML; None when nothing is due today."""
    to = address(user)
    due = pages.queue(Learner(user=user), known) if to else {}
    if not due.get("rows"):
        return None
    off = _url("scenarios:digest-off", token(user))
    count = len(due["rows"])
    context = {
        "name": user.get_username(),
        "count": count,
        "minutes": due["minutes"],
        "rows": due["rows"][:_NAMED],
        "more": max(0, count - _NAMED),
        "review": _url("scenarios:review"),
        "settings": _url("scenarios:settings"),
        "off": off,
    }
    message = EmailMultiAlternatives(
        subject=f"{count} skill{'s' if count > 1 else ''} to review, {due['minutes']} minutes",
        body=render_to_string("scenarios/mail/digest.txt", context),
        to=[to],
        headers={
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("scenarios/mail/digest.html", context), "text/html")
    return message


def _url(name: str, *args: str) -> str:
    return urljoin(settings.BASE_URL, reverse(name, args=args))
