"""Accounts: signing up, signing in, resetting a password, pages of one's own."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from teams.models import User

pytestmark = pytest.mark.django_db

NEW = {
    "email": "mia@example.org",
    "username": "mia",
    "password1": "seven-owls-at-noon",
    "password2": "seven-owls-at-noon",
}


def test_a_newcomer_signs_up_and_is_signed_in(client: Client) -> None:
    response = client.post("/accounts/signup/", NEW)
    assert response.status_code == 302
    assert User.objects.get().email == "mia@example.org"
    assert "Signed in as" in client.get("/reviews/").content.decode()


def test_a_weak_password_is_refused_and_nothing_is_lost(client: Client) -> None:
    response = client.post("/accounts/signup/", {**NEW, "password1": "12345", "password2": "12345"})
    body = response.content.decode()
    assert not User.objects.exists()
    assert "too short" in body and 'value="mia@example.org"' in body


def test_signing_in_with_either_name_or_address(client: Client) -> None:
    User.objects.create_user("mia", "mia@example.org", "seven-owls-at-noon")
    for login in ("mia", "mia@example.org"):
        fresh = Client()
        sent = fresh.post("/accounts/login/", {"login": login, "password": "seven-owls-at-noon"})
        assert sent.status_code == 302, login


def test_a_wrong_password_says_so_without_telling_who_exists(client: Client) -> None:
    User.objects.create_user("mia", "mia@example.org", "seven-owls-at-noon")
    said = []
    for login in ("mia", "nobody"):
        body = client.post(
            "/accounts/login/", {"login": login, "password": "wrong"}
        ).content.decode()
        said.append(re.findall(r"(?i)the [^<]*(?:password|not correct)[^<]*", body))
    assert said[0] == said[1] and said[0]


def test_a_forgotten_password_is_reset_by_mail(client: Client) -> None:
    User.objects.create_user("mia", "mia@example.org", "seven-owls-at-noon")
    client.post("/accounts/password/reset/", {"email": "mia@example.org"})
    (sent,) = mail.outbox
    link = re.search(r"/accounts/password/reset/key/\S+", sent.body)
    assert link
    form = client.get(link[0], follow=True)
    new = {"password1": "eight-owls-at-noon", "password2": "eight-owls-at-noon"}
    client.post(form.request["PATH_INFO"], new)
    assert User.objects.get().check_password("eight-owls-at-noon")


@pytest.mark.parametrize(
    "path", ["/accounts/email/", "/accounts/2fa/", "/accounts/password/change/"]
)
def test_pages_of_ones_own_ask_a_guest_to_sign_in(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302 and "/accounts/login/" in response["Location"]


def test_an_authenticator_and_a_passkey_are_offered(client: Client) -> None:
    client.post("/accounts/signup/", NEW)
    body = client.get("/accounts/2fa/", follow=True).content.decode()
    assert "Authenticator" in body and ("Passkey" in body or "Security" in body)
