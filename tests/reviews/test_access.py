"""Every page of a team's design, crossed with every kind of person."""

from __future__ import annotations

import pytest

from reviews import workflow
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db(transaction=True)

READ = ("", "small/", "small/1/", "small/1/progress/", "small/1/design.yaml", "small/1/report.md",
        "small/1/report.json", "small/1/drawing.svg", "small/1/drawing.txt",
        "small/compare/1/1/", "small/compare/1/1/drawing.svg")  # fmt: skip
EDIT = ("new/", "small/revise/")


@pytest.fixture
def people() -> Cast:
    people = cast()
    workflow.submit(people.team, people["editor"], SMALL)
    return people


@pytest.mark.parametrize("path", READ)
def test_members_read_strangers_get_404_guests_sign_in(people: Cast, path: str) -> None:
    url = f"/reviews/{people.team.slug}/{path}"
    for name in ("owner", "editor", "reviewer", "viewer"):
        assert people.client(name).get(url).status_code == 200, name
    assert people.client("stranger").get(url).status_code == 404
    guest = people.client().get(url)
    assert guest.status_code == 302 and "/accounts/login/" in guest["Location"]


@pytest.mark.parametrize("path", EDIT)
def test_editors_write_others_do_not(people: Cast, path: str) -> None:
    url = f"/reviews/{people.team.slug}/{path}"
    expected = {"owner": 200, "editor": 200, "reviewer": 404, "viewer": 404, "stranger": 404}
    assert {name: people.client(name).get(url).status_code for name in expected} == expected
    refused = {
        name: people.client(name).post(url, {"text": SMALL}).status_code for name in expected
    }
    assert {n: c for n, c in refused.items() if expected[n] == 404} == {
        "reviewer": 404, "viewer": 404, "stranger": 404,
    }  # fmt: skip


def test_a_public_team_is_read_by_anybody_and_written_by_nobody_else(people: Cast) -> None:
    people.team.public = True
    people.team.save()
    for name in ("", "stranger"):
        client = people.client(name)
        assert client.get(f"/reviews/{people.team.slug}/small/").status_code == 200
        assert client.get(f"/reviews/{people.team.slug}/new/").status_code in (302, 404)


def test_pages_ask_the_database_a_fixed_number_of_times(
    people: Cast, django_assert_max_num_queries
) -> None:
    for n in range(5):
        text = SMALL.replace("A small design", f"Design {n}").replace("id: small", f"id: d{n}")
        workflow.submit(people.team, people["editor"], text)
    client = people.client("viewer")
    with django_assert_max_num_queries(12):
        client.get(f"/reviews/{people.team.slug}/")
    with django_assert_max_num_queries(12):
        client.get(f"/reviews/{people.team.slug}/d1/")
