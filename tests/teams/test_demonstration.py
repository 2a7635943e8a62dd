"""The demonstration team's settings are filled, once, and let nobody in or out."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from reviews.models import Run
from teams import demonstration
from teams.models import AccessToken, Delivery, Event, Notice, Webhook
from teams.notices import mailing
from teams.webhooks import sending

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_there_once_in_the_order_of_time(settings: Any) -> None:
    # Whole at once, also where no worker is there yet to check its designs.
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    for _ in range(2):
        call_command("demo", verbosity=0)
    assert settings.CELERY_BROKER_URL and not Run.objects.unfinished().exists()
    assert AccessToken.objects.count() == Webhook.objects.count() == 1
    assert Delivery.objects.count() == 2 and Notice.objects.filter(read=None).count() >= 1
    mine = Event.objects.filter(kind__regex="^(member|token|webhook)")
    moments = list(mine.order_by("pk").values_list("created", flat=True))
    assert moments == sorted(moments)


def test_nothing_of_it_leaves_the_site() -> None:
    call_command("demo", verbosity=0)

    def post(*sent: object) -> None:
        raise AssertionError(sent)

    assert sending.send_due(post=post) == 0  # type: ignore[arg-type]
    mailing.send_due()
    assert not [m for m in mail.outbox if "joined" in m.body]


def test_without_its_team_there_is_nothing_to_fill() -> None:
    demonstration.load()
    assert not Webhook.objects.exists()
