"""What guards accounts: limits on attempts, the end of sessions, second factors, log lines."""

from __future__ import annotations

import logging
import re
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from teams.models import User
from teams.security import BEGAN, SEEN
from tests.cast import Cast, cast

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough phrase"


@pytest.fixture
def people() -> Cast:
    cache.clear()
    made = cast()
    made["owner"].set_password(PASSWORD)
    made["owner"].save()
    return made


def sign_in(client: Client, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": "owner", "password": password})


class TestAttempts:
    def test_after_some_wrong_passwords_even_the_right_one_waits(self, people: Cast) -> None:
        codes = [sign_in(Client(), "wrong").status_code for _ in range(6)]
        last = sign_in(Client())
        assert last.status_code in (200, 429) and "_auth_user_id" not in last.client.session, codes

    def test_the_others_are_not_locked_out(self, people: Cast) -> None:
        for _ in range(6):
            sign_in(Client(), "wrong")
        people["editor"].set_password(PASSWORD)
        people["editor"].save()
        found = Client(REMOTE_ADDR="203.0.113.9").post(
            "/accounts/login/", {"login": "editor", "password": PASSWORD}
        )
        assert found.status_code == 302


class TestSessions:
    def test_a_new_one_begins_with_each_sign_in(self, people: Cast) -> None:
        client = Client()
        client.get("/accounts/login/")
        sign_in(client)
        first = client.session.session_key
        client.post("/accounts/logout/")
        sign_in(client)
        assert client.session.session_key != first

    @pytest.mark.parametrize(("key", "hours"), [(SEEN, 72), (BEGAN, 336)])
    def test_it_ends_when_unused_or_old(self, people: Cast, key: str, hours: int) -> None:
        client = people.client("viewer")
        assert client.get("/teams/").status_code == 200
        session = client.session
        session[key] = int(time.time()) - hours * 3600 + 60
        session.save()
        assert client.get("/teams/").status_code == 200
        session = client.session
        session[key] = int(time.time()) - hours * 3600 - 60
        session.save()
        assert client.get("/teams/").status_code == 302
        assert "_auth_user_id" not in client.session

    def test_a_signed_out_session_is_gone_and_the_browser_is_told(self, people: Cast) -> None:
        client = people.client("viewer")
        client.get("/teams/")
        cookie = client.cookies["sessionid"].value
        assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"cache"'
        again = Client()
        again.cookies["sessionid"] = cookie
        assert again.get("/teams/").status_code == 302

    def test_pages_of_a_member_are_kept_by_nobody(self, people: Cast) -> None:
        for path in ("/teams/", f"/reviews/{people.team.slug}/", "/fit/saved/"):
            said = people.client("viewer").get(path)["Cache-Control"]
            assert "no-store" in said and "private" in said, path

    def test_a_person_sees_their_sessions_and_ends_the_others(self, people: Cast) -> None:
        one, two = Client(), Client()
        for client in (one, two):
            assert sign_in(client).status_code == 302
            client.get("/teams/")
        page = one.get("/accounts/sessions/")
        assert page.status_code == 200 and "127.0.0.1" in page.content.decode()
        assert one.post("/accounts/sessions/").status_code == 302
        assert one.get("/teams/").status_code == 200
        assert two.get("/teams/").status_code == 302


class TestSecondFactor:
    def test_where_it_is_required_nobody_goes_on_without(self, people: Cast, settings: Any) -> None:
        settings.REQUIRE_MFA = True
        client = people.client("viewer")
        found = client.get("/teams/")
        assert (found.status_code, found["Location"]) == (302, "/accounts/2fa/")
        assert client.get("/").status_code == 200 or client.get("/").status_code == 302
        TOTP.activate(people["viewer"], generate_totp_secret())
        assert client.get("/teams/").status_code == 200

    def test_elsewhere_it_is_a_choice(self, people: Cast) -> None:
        assert people.client("viewer").get("/teams/").status_code == 200


class TestPasswords:
    @pytest.mark.parametrize(
        "password",
        ["Warmstart1!", "serverless123", "passwordpassword", "short", "1234567890", "qwertyuiop"],
    )
    def test_easy_ones_are_refused(self, password: str) -> None:
        with pytest.raises(ValidationError):
            validate_password(password, User(username="x", email="x@example.org"))

    @pytest.mark.parametrize(
        "password", ["a rather long phrase", "x" * 8 + "yz" * 60, "warmstart and six eels"]
    )
    def test_any_other_is_taken_whatever_it_is_made_of(self, password: str) -> None:
        validate_password(password, User(username="m", email="m@example.org"))


class TestLog:
    def test_sign_ins_and_refusals_leave_a_line_without_what_was_typed(
        self, people: Cast, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "warmstart.security")
        client = Client()
        sign_in(client, "my secret mistake")
        sign_in(client)
        client.post("/accounts/logout/")
        lines = [r for r in caplog.records if r.name == "warmstart.security"]
        assert {r.getMessage() for r in lines} >= {"sign-in refused", "signed in", "signed out"}
        assert all(r.ip == "127.0.0.1" for r in lines)
        assert not re.search("secret|mistake", caplog.text)
