"""Every address of what is kept, crossed with every kind of person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from fit.asking import Asked
from fit.assessments import workflow
from fit.assessments.urls import urlpatterns
from fit.models import Assessment, Link, Record, Round
from teams.models import Membership, Role, User
from tests.cast import Cast
from tests.fit.keeping import QUERY, SAID, kept_by

MEMBERS = ("viewer", "reviewer", "editor", "owner")
PEOPLE = ("", "stranger", "former", *MEMBERS)


@dataclass(frozen=True)
class Address:
    """`least`: the role that may; "" for everybody, "self" for whoever is signed in."""

    name: str
    path: str
    least: str
    post: bool = False


TABLE = (
    Address("save", f"/fit/save/?{QUERY}", ""),
    Address("saved", "/fit/saved/", "self"),
    Address("due", "/fit/decisions/", "self"),
    Address("calendar", "/fit/decisions.ics", "self"),
    Address("team", "/fit/teams/{team}/", "viewer"),
    Address("team_due", "/fit/teams/{team}/decisions/", "viewer"),
    Address("team_calendar", "/fit/teams/{team}/decisions.ics", "viewer"),
    Address("assessment", "/fit/saved/{id}/", "viewer"),
    Address("version", "/fit/saved/{id}/versions/1/", "viewer"),
    Address("round", "/fit/saved/{id}/rounds/1/", "viewer"),
    Address("record", "/fit/saved/{id}/decisions/1/", "viewer"),
    Address("record_file", "/fit/saved/{id}/decisions/1/decision.md", "viewer"),
    Address("record_file", "/fit/saved/{id}/decisions/1/decision.json", "viewer"),
    Address("record_file", "/fit/saved/{id}/decisions/1/decision.pdf", "viewer"),
    Address("ballot", "/fit/saved/{id}/rounds/2/answer/", "reviewer"),
    Address("ballot", "/fit/saved/{id}/rounds/2/answer/", "reviewer", post=True),
    Address("remark", "/fit/saved/{id}/rounds/1/traffic/remark/", "reviewer", post=True),
    Address("settle", "/fit/saved/{id}/rounds/1/traffic/settle/", "editor", post=True),
    Address("start_round", "/fit/saved/{id}/rounds/", "editor", post=True),
    Address("close_round", "/fit/saved/{id}/rounds/2/close/", "editor", post=True),
    Address("agree", "/fit/saved/{id}/rounds/1/agree/", "editor", post=True),
    Address("rescore", "/fit/saved/{id}/rescore/", "editor", post=True),
    Address("make_link", "/fit/saved/{id}/links/", "editor", post=True),
    Address("revoke_link", "/fit/saved/{id}/links/{link}/revoke/", "editor", post=True),
    Address("new_record", "/fit/saved/{id}/decisions/new/", "editor"),
    Address("new_record", "/fit/saved/{id}/decisions/new/", "editor", post=True),
    Address("edit_record", "/fit/saved/{id}/decisions/1/edit/", "editor"),
    Address("edit_record", "/fit/saved/{id}/decisions/1/edit/", "editor", post=True),
    Address("accept", "/fit/saved/{id}/decisions/1/accept/", "editor", post=True),
    Address("discard", "/fit/saved/{id}/decisions/1/discard/", "editor", post=True),
    Address("rename", "/fit/saved/{id}/rename/", "owner", post=True),
    Address("archive", "/fit/saved/{id}/archive/", "owner", post=True),
    Address("delete", "/fit/saved/{id}/delete/", "owner", post=True),
    Address("shared", "/fit/shared/{token}/", ""),
)


@pytest.fixture
def kept(people: Cast) -> dict[str, object]:
    """An assessment with a closed round, an open one, a proposal and a link; and a former
    member, who saved it and answered."""
    former = User.objects.create_user("former", "former@example.org")
    people.people["former"] = former
    member = Membership.objects.create(team=people.team, user=former, role=Role.OWNER)
    found = kept_by(people, "former")
    closed = workflow.open_round(found, former)
    workflow.cast(closed, former, SAID)
    workflow.cast(closed, people["reviewer"], {**SAID, "traffic": "heavy"})
    workflow.close(closed)
    workflow.open_round(found, former)
    draft = Record(title="Functions", choice="functions", decision="d")
    draft.review_on = timezone.localdate() + timedelta(days=9)
    workflow.propose(draft, found, found.latest(), former)
    link, token = Link.issue(found, former, 30)
    member.delete()
    return {"id": found.pk, "team": people.team.slug, "link": link.pk, "token": token}


def asked(people: Cast, name: str, address: Address, kept: dict[str, object]) -> str:
    """What came of it, in a word; whatever it changed is undone."""
    client = people.client(name)
    url = address.path.format(**kept)
    with transaction.atomic():
        response = client.post(url) if address.post else client.get(url)
        transaction.set_rollback(True)
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
        return "sign in"
    return {200: "yes", 302: "yes", 422: "yes", 404: "no"}.get(
        response.status_code, str(response.status_code)
    )


def expected(address: Address, name: str) -> str:
    if not address.least:
        return "yes"
    if not name:
        return "sign in"
    if address.least == "self":
        return "yes"
    return "yes" if name in MEMBERS[MEMBERS.index(address.least) :] else "no"


@pytest.mark.parametrize("address", TABLE, ids=lambda a: f"{'post' if a.post else 'get'} {a.path}")
def test_each_may_what_their_role_says(
    people: Cast, kept: dict[str, object], address: Address
) -> None:
    found = {name: asked(people, name, address, kept) for name in PEOPLE}
    assert found == {name: expected(address, name) for name in PEOPLE}


def test_the_table_leaves_no_address_out() -> None:
    assert {a.name for a in TABLE} == {pattern.name for pattern in urlpatterns}


@pytest.mark.parametrize("address", TABLE, ids=lambda a: f"{'post' if a.post else 'get'} {a.path}")
def test_a_link_opens_its_own_page_and_no_other(
    people: Cast, kept: dict[str, object], address: Address
) -> None:
    holder = people.client()
    url = address.path.format(**kept)
    assert holder.get(f"/fit/shared/{kept['token']}/").status_code == 200
    assert not holder.cookies, "a link is no way to become somebody"
    link = Link.objects.get()
    for change in ({"revoked": timezone.now()}, {"revoked": None, "expires": timezone.now()}):
        Link.objects.filter(pk=link.pk).update(**change)
        assert holder.get(f"/fit/shared/{kept['token']}/").status_code == 410
    response = holder.post(url) if address.post else holder.get(url)
    if address.name not in ("shared", "save"):
        assert response.status_code == 302 and "/accounts/login/" in response["Location"]


def test_a_persons_own_is_nobody_elses(people: Cast) -> None:
    mine = workflow.save("mine", people["editor"], Asked(said=SAID))
    for name in ("stranger", "viewer", "owner"):
        for path in ("", "versions/1/", "decisions/new/"):
            url = f"{mine.get_absolute_url()}{path}"
            assert people.client(name).get(url).status_code == 404, (name, path)
        assert people.client(name).post(f"{mine.get_absolute_url()}delete/").status_code == 404
        listed = people.client(name).get("/fit/saved/").content.decode()
        assert mine.get_absolute_url() not in listed
    for path in ("", "versions/1/", "decisions/new/"):
        url = f"{mine.get_absolute_url()}{path}"
        assert people.client("editor").get(url).status_code == 200


def test_of_a_public_team_anybody_reads_results_and_decisions_but_no_rounds(
    people: Cast, kept: dict[str, object]
) -> None:
    people.team.public = True
    people.team.save()
    url = f"/fit/saved/{kept['id']}/"
    for client in (people.client(), people.client("stranger")):
        for path in (url, f"{url}versions/1/", f"{url}decisions/1/", f"/fit/teams/{kept['team']}/"):
            assert client.get(path).status_code == 200, path
        assert client.get(f"{url}rounds/1/").status_code in (302, 404)
        body = client.get(url).content.decode()
        assert "Links to share" not in body and "<form method=" not in body.partition("<main")[2]


def test_rows_of_one_assessment_are_not_reached_through_another(
    people: Cast, kept: dict[str, object]
) -> None:
    other = kept_by(people)
    client = people.client("owner")
    for path in ("rounds/1/", "decisions/1/", "versions/2/"):
        assert client.get(f"{other.get_absolute_url()}{path}").status_code == 404
    url = f"{other.get_absolute_url()}links/{kept['link']}/revoke/"
    assert client.post(url).status_code == 404
    assert Link.objects.get().is_open and Round.objects.count() == 2


def test_a_form_from_elsewhere_is_refused(people: Cast, kept: dict[str, object]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["owner"])
    assert client.post(f"/fit/saved/{kept['id']}/delete/").status_code == 403
    assert Assessment.objects.exists()
