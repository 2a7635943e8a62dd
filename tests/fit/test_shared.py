"""Links: unguessable, kept as a hash, expiring, revocable, and silent about the team."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from fit.models import Link
from teams.models import digest
from tests.cast import Cast
from tests.fit.keeping import kept_by

pytestmark = pytest.mark.django_db


def test_a_link_is_shown_once_and_only_its_hash_is_kept(people: Cast) -> None:
    found = kept_by(people)
    client, url = people.client("editor"), found.get_absolute_url()
    client.post(f"{url}links/", {"days": "7", "note": "Ana"})
    body = client.get(url).content.decode()
    shown = re.search(r'value="http://testserver(/fit/shared/([\w-]+)/)"', body)
    assert shown
    link = Link.objects.get()
    assert link.token_hash == digest(shown[2]) and shown[2] not in str(vars(link))
    assert len(shown[2]) >= 32
    assert shown[1] not in client.get(url).content.decode()
    assert "never" in body
    page = people.client().get(shown[1])
    assert page.status_code == 200
    link.refresh_from_db()
    assert link.used is not None


@pytest.mark.parametrize("days", ["0", "8", "-7", "x", ""])
def test_links_last_as_long_as_offered(people: Cast, days: str) -> None:
    found = kept_by(people)
    sent = people.client("editor").post(f"{found.get_absolute_url()}links/", {"days": days})
    assert sent.status_code == 422 and not Link.objects.exists()


def test_a_shared_page_says_nothing_of_the_team_and_is_not_passed_on(people: Cast) -> None:
    found = kept_by(people)
    _, token = Link.issue(found, people["editor"], 30, note="for Ana")
    page = people.client().get(f"/fit/shared/{token}/")
    body = page.content.decode()
    assert "Clearly functions." in body and "Photo orders" in body
    for secret in (people.team.name, people.team.slug, "editor", "for Ana", "/fit/saved/", "into="):
        assert secret not in body, secret
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"] and 'name="robots"' in body
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies


def test_revoked_and_expired_links_say_so_and_nothing_else(people: Cast) -> None:
    found = kept_by(people)
    revoked, one = Link.issue(found, people["editor"], 30)
    expired, two = Link.issue(found, people["editor"], 7)
    url = f"{found.get_absolute_url()}links/{revoked.pk}/revoke/"
    assert people.client("editor").post(url).status_code == 302
    Link.objects.filter(pk=expired.pk).update(expires=timezone.now() - timedelta(seconds=1))
    for token, said in ((one, "It was revoked."), (two, "It expired on")):
        page = people.client().get(f"/fit/shared/{token}/")
        assert page.status_code == 410
        assert said in page.content.decode() and "Photo orders" not in page.content.decode()
        assert page["Referrer-Policy"] == "no-referrer" and "noindex" in page["X-Robots-Tag"]
    listed = people.client("editor").get(found.get_absolute_url()).content.decode()
    assert "revoked " in listed and "expired " in listed


@pytest.mark.parametrize("token", ["x", "A" * 32, "%00", "a" * 3000])
def test_an_invented_token_finds_nothing(people: Cast, token: str) -> None:
    assert people.client().get(f"/fit/shared/{token}/").status_code == 404
