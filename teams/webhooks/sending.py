"""Events as they leave for other systems: signed, tried again, written down.

Headers and signature follow Standard Webhooks 1.0, so that its libraries verify them: HMAC-SHA256
over id, time and body. A receiver that is told twice sees the same `webhook-id`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from teams.models import Delivery, Event, Outcome, Webhook
from teams.models.webhooks import PREFIX, RETRIES
from teams.webhooks import outbound

log = logging.getLogger(__name__)

KEPT: Final = timedelta(days=60)
"""How long a delivery stays in the log."""

_ROUND: Final = 50
_GONE: Final = 410

Post = Callable[[str, bytes, dict[str, str]], outbound.Answer]


def plan(event: Event) -> None:
    """Writes down whom an event is for, in the transaction that made it."""
    hooks = Webhook.objects.filter(team=event.team_id, active=True)
    wanted = [hook for hook in hooks if hook.wants(event.kind)]
    if wanted:
        Delivery.objects.bulk_create([Delivery(webhook=hook, event=event) for hook in wanted])


def payload(event: Event) -> dict[str, Any]:
    """What a receiver is told. Addresses are whole, so that it needs to know nothing else."""
    base = settings.BASE_URL.rstrip("/")
    return {
        "type": event.kind,
        "timestamp": event.created.isoformat(),
        "data": {
            "event": event.pk,
            "team": event.team.slug,
            "by": event.who or None,
            "subject": event.subject,
            "url": f"{base}{event.url}" if event.url.startswith("/") else None,
            "detail": event.detail,
        },
    }


def sign(secret: str, id: str, seconds: int, body: bytes) -> str:
    """The signature of a body, sent at this second since the epoch under this id."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    said = b".".join((id.encode(), str(seconds).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, said, hashlib.sha256)).decode()


def send_due(now: datetime | None = None, post: Post = outbound.post) -> int:
    """Sends what is due and returns how many deliveries arrived. Safe to run twice at once."""
    moment = now or timezone.now()
    due = Delivery.objects.due(moment).order_by("next_try", "pk")
    arrived = 0
    for pk in list(due.values_list("pk", flat=True)[:_ROUND]):
        # The clock of a round stands still only in tests: sending takes time.
        arrived += _attempt(pk, now or timezone.now(), post)
    Delivery.objects.filter(created__lt=moment - KEPT).exclude(outcome=Outcome.WAITING).delete()
    return arrived


def _attempt(pk: int, now: datetime, post: Post) -> bool:
    taken = Delivery.objects.due(now).filter(pk=pk).update(claimed=now)
    if not taken:
        return False
    delivery = Delivery.objects.select_related("webhook", "event__team").get(pk=pk)
    status, answer, final = _send(delivery, now, post)
    _note(delivery, now, status, answer, final=final)
    return status is not None and 200 <= status < 300


def _send(delivery: Delivery, now: datetime, post: Post) -> tuple[int | None, str, bool]:
    """The status, what is said of it in the log, and whether trying again is of no use."""
    body = json.dumps(payload(delivery.event), ensure_ascii=False).encode()
    id, seconds = f"evt_{delivery.event_id}_{delivery.webhook_id}", int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Warmstart-Webhook/1",
        "webhook-id": id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": sign(delivery.webhook.secret, id, seconds, body),
    }
    try:
        answer = post(delivery.webhook.url, body, headers)
    except outbound.Refused as refused:
        return None, str(refused), False
    except (OSError, HTTPException) as error:
        return None, f"No answer: {error or type(error).__name__}", False
    return answer.status, _printable(answer.text), answer.status == _GONE


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c == " ")


@transaction.atomic
def _note(
    delivery: Delivery, now: datetime, status: int | None, answer: str, *, final: bool
) -> None:
    """The end of an attempt. Who answers “gone” is told nothing any more."""
    attempts = delivery.attempts + 1
    outcome, next_try = Outcome.WAITING, delivery.next_try
    if status is not None and 200 <= status < 300:
        outcome = Outcome.DONE
    elif final or attempts > len(RETRIES):
        outcome = Outcome.GIVEN_UP
    else:
        next_try = now + RETRIES[attempts - 1]
    Delivery.objects.filter(pk=delivery.pk, claimed=now).update(
        outcome=outcome,
        attempts=attempts,
        next_try=next_try,
        claimed=None,
        tried=now,
        status=status,
        answer=answer[:300],
    )
    if status == _GONE:
        Webhook.objects.filter(pk=delivery.webhook_id).update(active=False)


def again(delivery: Delivery) -> None:
    """Sends a delivery once more, from the start."""
    Delivery.objects.filter(pk=delivery.pk).exclude(outcome=Outcome.WAITING).update(
        outcome=Outcome.WAITING, attempts=0, next_try=timezone.now(), claimed=None
    )
