"""The review mail: asked for, weekly at most, switched off without signing in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from scenarios import tasks
from scenarios.models import Preferences
from scenarios.review import digest
from tests.scenarios.answers import HERE, right, singles
from tests.scenarios.test_review_pages import earlier, log_in, send

pytestmark = pytest.mark.django_db


def member(client: Client, verified: bool = True) -> Any:
    """Somebody with one skill due for review and a confirmed address."""
    user = log_in(client)
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    exercise = next(e for e in singles(400) if e.scope == "neutral")
    send(client, exercise, right(exercise))
    earlier(12)
    return user


def ask(client: Client, **more: str) -> Any:
    data = {"retention": "0.9", "cap": "10", "multiplier": "1.0", "digest": "on", **more}
    return client.post("/practice/settings/", data, **HERE)


def test_nobody_gets_one_who_did_not_ask(client: Client) -> None:
    member(client)
    assert tasks.send_digests() == 0 and mail.outbox == []
    assert "Mail me what is due" not in Client().get("/practice/settings/").content.decode()


def test_it_says_what_is_due_in_text_and_html_and_comes_weekly(client: Client) -> None:
    user = member(client)
    assert ask(client).status_code == 302
    assert tasks.send_digests() == 1
    assert tasks.send_digests() == 0
    message = mail.outbox[0]
    assert message.to == [user.email] and "1 skill to review" in message.subject
    html = message.alternatives[0][0]
    for text in (message.body, html):
        assert "/practice/review/" in text and "/practice/review/mail/" in text
        assert "due since" in text or "due today" in text
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    Preferences.objects.update(digested=timezone.now() - timedelta(days=7, minutes=1))
    assert tasks.send_digests() == 1


def test_with_nothing_due_there_is_no_mail(client: Client) -> None:
    member(client)
    ask(client)
    earlier(0)
    assert tasks.send_digests() == 0
    assert Preferences.objects.get().digested is None


def test_an_address_has_to_be_confirmed(client: Client) -> None:
    member(client, verified=False)
    response = ask(client)
    assert response.status_code == 422
    assert "Confirm your e-mail address first" in response.content.decode()
    Preferences.objects.create(user_id=client.session["_auth_user_id"], digest=True)
    assert tasks.send_digests() == 0


def test_the_link_switches_it_off_without_a_session(client: Client) -> None:
    member(client)
    ask(client)
    tasks.send_digests()
    link = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    path = urlsplit(link).path
    stranger = Client(enforce_csrf_checks=True)
    assert "Switch it off" in stranger.get(path).content.decode()
    assert Preferences.objects.get().digest, "opening the link changes nothing"
    for _ in range(2):
        assert "Switched off" in stranger.post(path).content.decode()
    assert not Preferences.objects.get().digest


def test_a_mail_that_cannot_be_sent_is_tried_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    member(client)
    ask(client)

    def fail(self: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
        assert tasks.send_digests() == 0
    assert tasks.send_digests() == 1


@given(st.text(max_size=250))
def test_no_other_token_does_anything(given_: str) -> None:
    assert not digest.switch_off(given_)


def test_a_wrong_link_is_told(client: Client) -> None:
    response = client.post("/practice/review/mail/nonsense/")
    assert response.status_code == 404 and "not complete" in response.content.decode()
