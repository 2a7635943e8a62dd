"""Everything stored of a person or a team: taken along whole, without secrets; deleted whole."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client

from reviews.models import Design, Revision, Run
from teams import workflow
from teams.models import AccessToken, Event, Membership, Notice, Role, Scope, Team, User, Webhook
from teams.records import gathering
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL, new

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> Cast:
    """A team with a design, a token, a webhook and a log."""
    made = cast()
    new(made, text=SMALL)
    AccessToken.issue(made.team, made["editor"], "pipeline", Scope.READ, 30)
    Webhook.objects.create(team=made.team, url="https://hooks.example/")
    member = Membership.objects.get(user=made["viewer"])
    workflow.change_role(member, Role.EDITOR, by=made["owner"])
    return made


def archive(client: Client, path: str) -> dict[str, str]:
    answer: Any = client.get(path)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    raw = b"".join(answer.streaming_content)
    answer.close()
    with zipfile.ZipFile(io.BytesIO(raw)) as found:
        return {name: found.read(name).decode() for name in found.namelist()}


class TestTaking:
    def test_a_team_takes_its_texts_and_tables(self, people: Cast) -> None:
        files = archive(people.client("owner"), f"/teams/{people.team.slug}/data.zip")
        assert files["designs/small/1.yaml"] == SMALL
        (revision,) = json.loads(files["tables/reviews.revision.json"])
        assert revision["text"] == SMALL and revision["by"] == "editor"
        (run,) = json.loads(files["tables/reviews.run.json"])
        assert run["result"]["format"].startswith("warmstart-result/")
        findings = json.loads(files["tables/reviews.finding.json"])
        assert len(findings) == Run.objects.get().findings.count() > 1
        assert "member.role" in files["tables/teams.event.json"]

    def test_a_person_takes_what_is_theirs_and_a_list_of_the_rest(self, people: Cast) -> None:
        files = archive(people.client("editor"), "/teams/you/data.zip")
        (account,) = json.loads(files["yours/teams.user.json"])
        assert account["email"] == "editor@example.org"
        assert json.loads(files["yours/teams.membership.json"])[0]["role"] == "editor"
        (named,) = json.loads(files["named/reviews.revision.by.json"])
        assert "revision 1" in named["what"] and "kind: function" not in str(files)
        told = archive(people.client("viewer"), "/teams/you/data.zip")
        assert "You are now editor" in told["yours/teams.notice.json"]

    def test_nothing_that_lets_somebody_in_leaves(self, people: Cast) -> None:
        people["editor"].set_password("correct horse")
        people["editor"].save()
        secrets = [
            people["editor"].password,
            *AccessToken.objects.values_list("token_hash", flat=True),
            *Webhook.objects.values_list("secret", flat=True),
        ]
        for who, path in (
            ("owner", f"/teams/{people.team.slug}/data.zip"),
            ("editor", "/teams/you/data.zip"),
        ):
            said = str(archive(people.client(who), path))
            assert not [secret for secret in secrets if secret in said]

    def test_no_table_of_a_team_or_a_person_is_forgotten(self) -> None:
        """The relations of the database say what belongs; a field named like a secret is one."""
        team = gathering.belonging(Team)
        for label in ("reviews.Finding", "teams.Event", "teams.Delivery", "fit.Version"):
            assert apps.get_model(label) in team, label
        person = gathering.belonging(User)
        for label in ("scenarios.Attempt", "teams.Notice", "teams.MailWish", "fit.Assessment"):
            assert apps.get_model(label) in person, label
        assert not [m for m in person if m._meta.app_label in ("mfa", "sessions")]
        for model in {*team, *person, User}:
            names = {field.name for field in model._meta.concrete_fields}
            hashes = {n for n in names if "hash" in n or "secret" in n or "password" in n}
            assert hashes <= gathering._SECRET | {"text_hash", "basis_hash"}, model

    @pytest.mark.parametrize("who", ["editor", "viewer", "stranger"])
    def test_only_owners_take_a_team(self, people: Cast, who: str) -> None:
        client = people.client(who)
        for path in ("data.zip", "data/"):
            assert client.get(f"/teams/{people.team.slug}/{path}").status_code == 404
        end = client.post(f"/teams/{people.team.slug}/data/", {"proof": people.team.slug})
        assert end.status_code == 404 and Team.objects.filter(pk=people.team.pk).exists()


class TestDeleting:
    def test_a_team_goes_with_everything_and_its_people_are_told(self, people: Cast) -> None:
        client, path = people.client("owner"), f"/teams/{people.team.slug}/data/"
        wrong = client.post(path, {"proof": "prints"})
        assert wrong.status_code == 422 and Design.objects.exists()
        assert client.post(path, {"proof": people.team.slug}).status_code == 302
        for model in (Team, Design, Revision, Run, Event, Notice, AccessToken, Webhook):
            assert not model._base_manager.exists(), model
        assert User.objects.count() == 5
        told = {address for message in mail.outbox for address in message.to}
        assert told == {f"{n}@example.org" for n in ("editor", "reviewer", "viewer")}

    def test_an_account_goes_and_its_work_stays(self, people: Cast) -> None:
        client = people.client("editor")
        assert client.post("/teams/you/", {"proof": "other"}).status_code == 422
        assert client.post("/teams/you/", {"proof": "editor"}).status_code == 302
        assert not User.objects.filter(username="editor").exists()
        revision = Revision.objects.get()
        assert (revision.text, revision.by) == (SMALL, None)
        assert not AccessToken.objects.exists()
        left = Event.objects.get(kind="member.left")
        assert (left.who, left.by) == ("editor", None)
        assert client.get("/teams/you/").status_code == 302, "signed out"
        owner = people.client("owner")
        assert owner.get(revision.get_absolute_url()).status_code == 200

    def test_a_password_proves_who_asks(self, people: Cast) -> None:
        user = people["stranger"]
        user.set_password("correct horse")
        user.save()
        client = people.client("stranger")
        assert client.post("/teams/you/", {"proof": "stranger"}).status_code == 422
        assert client.post("/teams/you/", {"proof": "correct horse"}).status_code == 302
        assert not User.objects.filter(pk=user.pk).exists()

    def test_the_last_owner_hands_over_first(self, people: Cast) -> None:
        client = people.client("owner")
        answer = client.post("/teams/you/", {"proof": "owner"})
        assert answer.status_code == 422 and "only owner of" in answer.content.decode()
        assert User.objects.filter(username="owner").exists()
        member = Membership.objects.get(user=people["editor"])
        workflow.change_role(member, Role.OWNER)
        assert client.post("/teams/you/", {"proof": "owner"}).status_code == 302
        assert people.team.memberships.owners().count() == 1

    def test_a_team_of_one_goes_along(self, people: Cast) -> None:
        alone = workflow.found("Alone", people["stranger"])
        client = people.client("stranger")
        assert "Alone" in client.get("/teams/you/").content.decode()
        client.post("/teams/you/", {"proof": "stranger"})
        assert not Team.objects.filter(pk=alone.pk).exists()
        assert Team.objects.filter(pk=people.team.pk).exists()
