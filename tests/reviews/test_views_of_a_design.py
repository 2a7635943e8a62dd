"""The picture of a review: views, focus, boundaries shut, downloads; links that need no script."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.http import QueryDict

from design import document
from reviews import viewing, workflow
from tests.cast import Cast, cast
from tests.design.examples import GOOD

pytestmark = pytest.mark.django_db(transaction=True)

BASE = "/reviews/team-prints-test/photo-orders/"


@pytest.fixture
def people() -> Cast:
    people = cast()
    workflow.submit(people.team, people["editor"], GOOD)
    return people


def page(people: Cast, query: str = "") -> str:
    answer = people.client("viewer").get(BASE + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def links(body: str, start: str) -> list[str]:
    found = map(unescape, re.findall(r'href="([^"]*)"', body))
    return [address for address in found if address.startswith(start)]


def test_each_view_is_a_link_and_the_shown_one_is_named(people: Cast) -> None:
    body = page(people)
    assert re.search(r'aria-current="true">Structure</a>', body)
    assert len(links(body, "?view=")) == 3
    for address in links(body, "?view="):
        answer = page(people, address)
        assert "There is no picture" not in answer
        current = re.findall(rf'href="{re.escape(address)}" aria-current="true"', answer)
        assert len(current) == 1
    assert "step of the hottest path" in page(people, "?view=load")
    assert "public entry point" in page(people, "?view=trust")


def test_a_component_is_a_link_to_what_is_around_it(people: Cast) -> None:
    body = page(people, "?view=events")
    around = next(a for a in links(body, "?view=events&focus=bus"))
    assert around == "?view=events&focus=bus#plate-R1"
    body = page(people, around.split("#")[0])
    assert "before, not shown" in body and 'data-subject="api"' not in body
    assert "?view=events&focus=bus&hops=2#plate-R1" in links(body, "?view=events&focus=bus")
    assert "?view=events#plate-R1" in links(body, "?view=events")


def test_boundaries_are_shut_and_opened(people: Cast) -> None:
    assert "?shut=priv#plate-R1" in links(page(people), "?")
    body = page(people, "?shut=priv")
    assert 'data-subject="priv"' in body and 'data-subject="bill"' not in body
    assert "?shut=#plate-R1" in links(body, "?shut")
    assert 'data-subject="bill"' in page(people, "?shut=")


def test_the_order_of_the_findings_survives(people: Cast) -> None:
    assert "?view=load&by=component#plate-R1" in links(page(people, "?by=component"), "?view=load")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?view=nothing", "There is no view “nothing”"),
        ("?focus=nobody", "There is no component “nobody”"),
        ("?shut=nowhere", "There is no boundary “nowhere”"),
        ("?focus=%3Csvg%20onload%3D1%3E", "There is no component “&lt;svg onload=1&gt;”"),
    ],
)
def test_what_does_not_exist_is_told_and_the_rest_of_the_page_stands(
    people: Cast, query: str, said: str
) -> None:
    body = page(people, query)
    assert f"There is no picture: {said}" in body and "Findings" in body
    form = people.client("viewer").get(f"{BASE}1/drawing.svg{query}")
    assert form.status_code == 404


@pytest.mark.parametrize(
    ("query", "hops"),
    [("hops=2", 2), ("hops=x", 1), ("hops=-1", 1), ("hops=٣", 1), ("hops=99999", 1), ("", 1)],
)
def test_hops_are_numbers(query: str, hops: int) -> None:
    assert viewing.chosen(QueryDict(query)).view.hops == hops


def test_a_comparison_is_no_view_of_one_design() -> None:
    assert viewing.chosen(QueryDict("view=compare")).view.name == "structure"


def test_an_address_leads_back_to_its_choice() -> None:
    design = document.load(GOOD)
    for query in ("?view=trust&focus=bill&hops=3&shut=net", "?shut=cloud&shut=net", "?shut="):
        choice = viewing.chosen(QueryDict(query[1:]))
        assert choice.query() == query
        assert viewing.chosen(QueryDict(choice.query()[1:])).view == choice.view
        choice.view.check(design)


@pytest.mark.parametrize(
    ("form", "kind", "start"),
    [
        ("svg", "image/svg+xml", b"<?xml"),
        ("png", "image/png", b"\x89PNG"),
        ("pdf", "application/pdf", b"%PDF"),
        ("dot", "text/vnd.graphviz; charset=utf-8", b"digraph"),
        ("txt", "text/plain; charset=utf-8", b"Photo print orders: trust"),
    ],
)
def test_the_shown_picture_is_downloaded(people: Cast, form: str, kind: str, start: bytes) -> None:
    address = f"/reviews/team-prints-test/photo-orders/1/drawing.{form}?view=trust&focus=bill"
    assert address in links(page(people, "?view=trust&focus=bill"), "/reviews/")
    answer = people.client("viewer").get(address)
    assert answer["Content-Type"] == kind and answer.content.startswith(start)
    assert f'filename="photo-orders-1-trust.{form}"' in answer["Content-Disposition"]


def test_there_is_no_other_format(people: Cast) -> None:
    assert people.client("viewer").get(f"{BASE}1/drawing.exe").status_code == 404


def test_a_comparison_is_downloaded(people: Cast) -> None:
    design = people.team.designs.get()
    changed = GOOD.replace("memory_mb: 256", "memory_mb: 512")
    workflow.submit(people.team, people["editor"], changed, design=design)
    body = page(people, "compare/1/2/")
    assert "memory_mb 256 → 512" in body and "in the background" in body
    for form, start in (
        ("svg", b"<?xml"),
        ("pdf", b"%PDF"),
        ("txt", b"Photo print orders: before"),
    ):
        address = f"{BASE}compare/1/2/drawing.{form}"
        assert address in links(body, "/reviews/")
        assert people.client("viewer").get(address).content.startswith(start)
    assert people.client("viewer").get(f"{BASE}compare/1/2/drawing.exe").status_code == 404


def test_the_text_tells_the_findings_by_number(people: Cast) -> None:
    design = people.team.designs.get()
    changed = GOOD.replace("auth: jwt", "auth: none")
    workflow.submit(people.team, people["editor"], changed, design=design)
    assert re.search(r"<li>Finding 1, \w+: API01 ", page(people, "2/"))
