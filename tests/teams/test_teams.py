"""Teams: founding, roles, invitations by link, leaving; strangers see nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from teams import inviting, workflow
from teams.events import happened
from teams.models import Invitation, Role, Team
from tests.cast import Cast, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def link_of(people: Cast, role: str = "editor") -> str:
    client = people.client("owner")
    client.post(f"/teams/{people.team.slug}/invitations/", {"role": role, "note": "Ada"})
    body = client.get(f"/teams/{people.team.slug}/").content.decode()
    found = re.search(r'value="(http[^"]+/teams/join/[^"]+)"', body)
    assert found
    return found[1].partition("testserver")[2]


class TestFounding:
    def test_the_founder_owns_it(self, people: Cast) -> None:
        people.client("stranger").post("/teams/new/", {"name": "Night Owls"})
        assert Team.objects.get(name="Night Owls").role_of(people["stranger"]) is Role.OWNER

    def test_two_teams_of_one_name_get_two_addresses(self, people: Cast) -> None:
        slugs = {workflow.found("Night Owls", people["owner"]).slug for _ in range(3)}
        assert len(slugs) == 3

    @pytest.mark.parametrize("name", ["new", "join", "try", "///", "日本"])
    def test_no_name_takes_the_place_of_a_page(self, people: Cast, name: str) -> None:
        assert workflow.found(name, people["owner"]).slug not in workflow.RESERVED

    def test_an_empty_name_is_refused(self, people: Cast) -> None:
        assert people.client("owner").post("/teams/new/", {"name": " "}).status_code == 422

    def test_a_guest_is_asked_to_sign_in(self, people: Cast) -> None:
        assert people.client().get("/teams/new/").status_code == 302


class TestStrangers:
    @pytest.mark.parametrize("path", ["", "rename/", "leave/", "invitations/"])
    def test_a_stranger_cannot_tell_it_exists(self, people: Cast, path: str) -> None:
        client = people.client("stranger")
        for slug in (people.team.slug, "no-such-team"):
            url = f"/teams/{slug}/{path}"
            answer = client.post(url) if path else client.get(url)
            assert answer.status_code == 404

    def test_a_former_member_is_a_stranger(self, people: Cast) -> None:
        client = people.client("viewer")
        url = f"/teams/{people.team.slug}/"
        assert client.get(url).status_code == 200
        client.post(f"{url}leave/")
        assert client.get(url).status_code == 404

    @pytest.mark.parametrize("name", ["editor", "reviewer", "viewer"])
    def test_only_owners_look_after_people(self, people: Cast, name: str) -> None:
        client, url = people.client(name), f"/teams/{people.team.slug}/"
        member = people.team.memberships.get(user=people["viewer"])
        posts = (
            "rename/",
            "invitations/",
            f"members/{member.pk}/role/",
            f"members/{member.pk}/remove/",
        )
        assert [client.post(url + post).status_code for post in posts] == [404] * 4


class TestRoles:
    def test_an_owner_changes_a_role(self, people: Cast) -> None:
        member = people.team.memberships.get(user=people["viewer"])
        url = f"/teams/{people.team.slug}/members/{member.pk}/role/"
        people.client("owner").post(url, {"role": "editor"})
        assert people.team.role_of(people["viewer"]) is Role.EDITOR
        assert people.client("owner").post(url, {"role": "king"}).status_code == 422

    def test_the_last_owner_stays(self, people: Cast) -> None:
        client, url = people.client("owner"), f"/teams/{people.team.slug}/"
        mine = people.team.memberships.get(user=people["owner"])
        assert client.post(f"{url}leave/").status_code == 422
        assert client.post(f"{url}members/{mine.pk}/role/", {"role": "viewer"}).status_code == 422
        assert people.team.role_of(people["owner"]) is Role.OWNER


class TestInvitations:
    def test_a_link_admits_one_person_once(self, people: Cast) -> None:
        link = link_of(people)
        people.client("stranger").post(link)
        assert people.team.role_of(people["stranger"]) is Role.EDITOR
        people.team.memberships.filter(user=people["stranger"]).delete()
        people.client("stranger").post(link)
        assert people.team.role_of(people["stranger"]) is None

    def test_the_token_is_not_kept(self, people: Cast) -> None:
        token = link_of(people).rstrip("/").rpartition("/")[2]
        kept = Invitation.objects.values().get()
        assert token not in str(kept)

    def test_looking_at_a_link_admits_nobody(self, people: Cast) -> None:
        assert people.client("stranger").get(link_of(people)).status_code == 200
        assert people.team.role_of(people["stranger"]) is None

    def test_a_revoked_or_expired_link_says_so(self, people: Cast) -> None:
        link = link_of(people)
        Invitation.objects.update(expires=timezone.now() - timedelta(minutes=1))
        answer = people.client("stranger").get(link)
        assert answer.status_code == 410
        people.client("stranger").post(link)
        assert people.team.role_of(people["stranger"]) is None

    def test_a_link_takes_nothing_away(self, people: Cast) -> None:
        people.client("editor").post(link_of(people, "viewer"))
        assert people.team.role_of(people["editor"]) is Role.EDITOR

    def test_an_unknown_link_is_404(self, people: Cast) -> None:
        assert people.client("stranger").get("/teams/join/nonsense/").status_code == 404

    def test_a_guest_reads_what_it_is_and_signs_in_to_join(self, people: Cast) -> None:
        link = link_of(people)
        body = people.client().get(link).content.decode()
        assert "Join Prints" in body and f"/accounts/signup/?next={link}" in body
        assert people.client().post(link).status_code == 302
        assert Invitation.objects.get().is_open

    def test_it_goes_to_an_address_that_is_not_kept_as_one(
        self, people: Cast, mailoutbox: list[EmailMessage]
    ) -> None:
        url = f"/teams/{people.team.slug}/invitations/"
        said = {"role": "viewer", "email": "ada@example.org"}
        people.client("owner").post(url, said)
        (sent,) = mailoutbox
        assert sent.to == ["ada@example.org"] and "as viewer" in sent.body
        found = re.search(r"http\S+/teams/join/\S+/", sent.body)
        assert found
        people.client("stranger").post(found[0].partition("testserver")[2])
        assert people.team.role_of(people["stranger"]) is Role.VIEWER
        assert "ada@example.org" not in str(Invitation.objects.values().get())

    def test_nobody_mails_many(
        self, people: Cast, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(inviting, "MOST_A_DAY", 2)
        client, url = people.client("owner"), f"/teams/{people.team.slug}/invitations/"
        for number in range(4):
            client.post(url, {"role": "viewer", "email": f"p{number}@example.org"})
        assert len(mailoutbox) == 2 and Invitation.objects.count() == 4

    def test_a_mail_that_fails_leaves_the_link(
        self, people: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(self: object) -> None:
            raise OSError("no route")

        monkeypatch.setattr(EmailMessage, "send", broken)
        client, url = people.client("owner"), f"/teams/{people.team.slug}/invitations/"
        page = client.post(url, {"role": "viewer", "email": "a@example.org"}, follow=True)
        assert "could not be sent" in page.content.decode()
        assert "/teams/join/" in page.content.decode()

    def test_a_member_does_not_use_up_a_link_for_a_colleague(self, people: Cast) -> None:
        link = link_of(people)
        body = people.client("owner").get(link).content.decode()
        assert "already" in body and "Join the team" not in body
        assert Invitation.objects.get().is_open


def test_whoever_is_out_of_a_team_no_longer_reads_its_notices(people: Cast) -> None:
    happened(people.team, "design.created", "Secret plan", tell=[people["viewer"]])
    assert people["viewer"].notices.count() == 1
    people.client("viewer").post(f"/teams/{people.team.slug}/leave/")
    assert people["viewer"].notices.count() == 0
