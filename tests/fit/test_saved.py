"""Saving, versions that never change, renaming, archiving, deleting, and a model that changes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from fit import model, report
from fit.asking import Asked
from fit.assessments import kept, workflow
from fit.model import fit
from fit.models import Assessment, Link, Record, Version
from teams.fixed import Immutable
from teams.models import User
from tests.cast import Cast
from tests.fit.keeping import QUERY, SAID, kept_by

pytestmark = pytest.mark.django_db


def test_a_guest_is_told_to_sign_in_and_the_answers_survive_it(client: Client) -> None:
    User.objects.create_user("mia", "mia@example.org", "seven-owls-at-noon")
    body = client.get(f"/fit/result/?{QUERY}").content.decode()
    link = re.search(r'href="(/fit/save/[^"]*)"', body)
    assert link
    address = link[1].replace("&amp;", "&")
    body = client.get(address).content.decode()
    assert "Sign in to save it" in body and not Assessment.objects.exists()
    login = re.search(r'href="(/accounts/login/\?next=[^"]*)"', body)
    assert login and quote(address, safe="") in login[1]
    sent = client.post(login[1], {"login": "mia", "password": "seven-owls-at-noon"})
    assert sent.status_code == 302 and sent["Location"] == address
    assert client.post(address, {"into": "new", "name": "x", "where": "me"}).status_code == 302
    assert Assessment.objects.get().latest().answers == SAID


def test_a_guest_who_posts_saves_nothing(client: Client) -> None:
    assert client.post(f"/fit/save/?{QUERY}", {"into": "new", "name": "x"}).status_code == 403
    assert not Assessment.objects.exists()


def test_without_answers_there_is_nothing_to_save(people: Cast) -> None:
    assert people.client("editor").get("/fit/save/").status_code == 302


def test_a_result_is_saved_for_oneself_or_for_a_team(people: Cast) -> None:
    client = people.client("editor")
    for where in ("me", people.team.slug):
        sent = client.post(
            f"/fit/save/?{QUERY}&lock=none", {"into": "new", "name": f"of {where}", "where": where}
        )
        assert sent.status_code == 302
    mine, teams = Assessment.objects.order_by("pk")
    assert (mine.person, mine.team) == (people["editor"], None)
    assert (teams.person, teams.team) == (None, people.team)
    assert mine.latest().locked == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"into": "new", "name": "  ", "where": "me"}, "Give the assessment a name."),
        ({"into": "new", "name": "x" * 121, "where": "me"}, "at most 120"),
        ({"into": "999999", "name": "x", "where": "me"}, "Select a valid choice"),
        ({"into": "new", "name": "x", "where": "a-team-of-others"}, "Select a valid choice"),
    ],
)
def test_a_wrong_form_says_so_beside_the_field(
    people: Cast, data: dict[str, str], said: str
) -> None:
    kept_by(people)
    response = people.client("editor").post(f"/fit/save/?{QUERY}", data)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert Assessment.objects.count() == 1


def test_a_viewer_saves_for_themself_only(people: Cast) -> None:
    data = {"into": "new", "name": "x", "where": people.team.slug}
    assert people.client("viewer").post(f"/fit/save/?{QUERY}", data).status_code == 302
    saved = Assessment.objects.get()
    assert (saved.person, saved.team) == (people["viewer"], None)


def test_a_second_save_is_the_next_version_and_the_same_is_refused(people: Cast) -> None:
    found = kept_by(people)
    client = people.client("owner")
    again = client.post(f"/fit/save/?{QUERY}", {"into": str(found.pk), "where": "me"})
    assert again.status_code == 422
    assert "These are the answers of version 1." in again.content.decode()
    data = {"into": str(found.pk), "where": "me", "note": "sockets after all"}
    client.post(f"/fit/save/?{QUERY}&connections=own_sockets", data)
    assert [v.number for v in found.versions.all()] == [1, 2]
    body = client.get(found.get_absolute_url()).content.decode()
    assert "sockets after all" in body and "What version 2 changed" in body
    assert "Clearly functions" in client.get(f"/fit/saved/{found.pk}/versions/1/").content.decode()


def test_the_way_through_the_key_leads_back_to_the_assessment(people: Cast) -> None:
    found, client = kept_by(people), people.client("editor")
    body = client.get(found.get_absolute_url()).content.decode()
    link = re.search(r'href="(/fit/result/[^"]*)">Open in the key', body)
    assert link
    body = client.get(link[1].replace("&amp;", "&")).content.decode()
    step = re.search(r'class="btn btn-main" href="(/fit/[^"]*)"', body)
    assert step
    body = client.get(step[1].replace("&amp;", "&")).content.decode()
    assert f'name="into" value="{found.pk}"' in body
    sheet = client.get(f"/fit/sheet/?{QUERY}&into={found.pk}").content.decode()
    assert f'name="into" value="{found.pk}"' in sheet
    form = client.get(f"/fit/save/?{QUERY}&into={found.pk}").content.decode()
    assert f'<option value="{found.pk}" selected>' in form


@pytest.mark.parametrize("into", ["999", "-1", "x", "²", "1" * 40, "%00"])
def test_an_origin_that_is_not_theirs_is_a_new_assessment(people: Cast, into: str) -> None:
    kept_by(people)
    body = people.client("editor").get(f"/fit/save/?{QUERY}&into={into}").content.decode()
    assert '<option value="new" selected>' in body


def test_a_version_holds_the_result_of_the_page_and_of_programs(people: Cast) -> None:
    version = kept_by(people).latest()
    public = people.client().get(f"/fit/result.json?{QUERY}").json()
    public.pop("url")
    assert version.result == public
    shown = people.client("viewer").get(version.get_absolute_url()).content.decode()
    for entry in public["ranking"]:
        assert f'<td class="n">{entry["score"]:.1f}</td>' in shown


def test_versions_are_never_changed_or_deleted(people: Cast) -> None:
    version = kept_by(people).latest()
    version.note = "changed"
    for attempt in (
        version.save,
        version.delete,
        lambda: Version.objects.update(note="changed"),
        lambda: Version.objects.bulk_update([version], ["note"]),
        lambda: Version.objects.all().delete(),
    ):
        with pytest.raises(Immutable):
            attempt()


def test_what_a_person_wrote_for_a_team_outlives_their_account(people: Cast) -> None:
    found = kept_by(people)
    people["editor"].delete()
    assert found.latest().by is None
    body = people.client("viewer").get(found.get_absolute_url()).content.decode()
    assert "a former member" in body


def test_the_owner_renames_puts_away_and_deletes(people: Cast) -> None:
    found = kept_by(people)
    url, client = found.get_absolute_url(), people.client("owner")
    assert client.post(f"{url}rename/", {"name": ""}).status_code == 422
    client.post(f"{url}rename/", {"name": "Orders"})
    assert "<h1>Orders</h1>" in client.get(url).content.decode()
    client.post(f"{url}archive/")
    listed = client.get(f"/fit/teams/{people.team.slug}/").content.decode()
    assert listed.index("Put away") < listed.index(url)
    client.post(f"{url}archive/")
    assert "Put away</h2>" not in client.get(f"/fit/teams/{people.team.slug}/").content.decode()
    client.post(f"{url}delete/")
    assert not Assessment.objects.exists() and not Version.objects.exists()


def test_the_list_has_ones_own_and_those_of_ones_teams(people: Cast) -> None:
    found = kept_by(people)
    mine = workflow.save("mine", people["viewer"], Asked(said=SAID))
    body = people.client("viewer").get("/fit/saved/").content.decode()
    assert found.get_absolute_url() in body and mine.get_absolute_url() in body
    body = people.client("stranger").get("/fit/saved/").content.decode()
    assert found.get_absolute_url() not in body and mine.get_absolute_url() not in body


def test_lists_ask_the_database_a_fixed_number_of_times(
    people: Cast, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        kept_by(people)
    client = people.client("viewer")
    with django_assert_max_num_queries(10):
        client.get(f"/fit/teams/{people.team.slug}/")


def test_a_page_with_a_long_history_asks_a_fixed_number_of_times(
    people: Cast, django_assert_max_num_queries: Any
) -> None:
    found = kept_by(people)
    for n, question in enumerate(fit().questions[6:12]):
        answers = Asked(said={**SAID, question.id: question.answers[0].key})
        workflow.add(found, people["owner"], answers)
        Link.issue(found, people["owner"], 7, f"link {n}")
        draft = Record(title=f"{n}", choice="functions", decision="d")
        draft.review_on = timezone.localdate()
        workflow.propose(draft, found, found.latest(), people["owner"])
    client = people.client("owner")
    with django_assert_max_num_queries(16):
        client.get(found.get_absolute_url())


# A model that changes


@pytest.fixture
def second_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call it, and model 2 is the current one: events count double against functions, one
    question has lost an answer, and another is gone."""
    text = model.PATH.read_text(encoding="utf-8")

    def change() -> None:
        (tmp_path / "1.yaml").write_text(text, encoding="utf-8")
        new = text.replace("version: 1\n", "version: 2\n", 1)
        new = new.replace("an event, effects: [3, 1, 0,", "an event, effects: [-3, 1, 0,", 1)
        new = re.sub(r"\n      - \{key: spiky,[^\n]*", "", new, count=1)
        assert new.count("version: 2") == 1 and "key: spiky" not in new
        (tmp_path / "model.yaml").write_text(new, encoding="utf-8")
        monkeypatch.setattr(model, "PATH", tmp_path / "model.yaml")
        monkeypatch.setattr(model, "EARLIER", tmp_path)
        model.fit.cache_clear()

    yield change
    monkeypatch.undo()
    model.fit.cache_clear()


def test_an_old_result_stays_and_the_new_one_stands_beside_it(
    people: Cast, second_model: Any
) -> None:
    found = kept_by(people)
    before = found.latest().result
    second_model()
    client, url = people.client("editor"), found.get_absolute_url()
    body = client.get(url).content.decode()
    assert "Model 2 has come" in body and "Clearly functions." in body
    assert "No longer asked, or without that answer: Reading a traffic graph" in body
    assert found.versions.count() == 1
    client.post(f"{url}rescore/")
    old, new = found.versions.all()
    assert (old.model, old.result) == (1, before)
    assert (new.model, "traffic" in new.answers) == (2, False)
    asked = Asked(said=new.answers, locked=frozenset(new.locked))
    assert new.result == report.as_json(fit(), asked, timezone.localdate())
    body = client.get(f"{url}versions/1/").content.decode()
    assert "Sudden peaks, at least five times normal" in body, "the old words are still there"
    body = client.get(f"{url}versions/2/").content.decode()
    assert "Version 1 was scored by model 1, this one by model 2." in body
    client.post(f"{url}rescore/")
    assert found.versions.count() == 2


def test_the_difference_of_two_models_is_that_of_their_scores(
    people: Cast, second_model: Any
) -> None:
    found = kept_by(people)
    old = found.latest()
    second_model()
    now, lost = workflow.rescored(old)
    assert lost == ["traffic"]
    moved = {m["option"].id: m["by"] for m in kept.difference(old, now)["moved"]}
    # Events were worth 1.5 x 3 and are 1.5 x -3; the peaks, 1.5 x 3, are gone.
    assert moved["functions"] == pytest.approx(-13.5)
    assert moved["containers"] == pytest.approx(-3)


def test_every_earlier_model_is_kept() -> None:
    for version in range(1, fit().numbers.version):
        assert model.of_version(version).numbers.version == version
    with pytest.raises(LookupError):
        model.of_version(fit().numbers.version + 1)
