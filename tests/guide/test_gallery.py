"""The gallery narrows truthfully; the concept maps show every relation once, and are links."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.test import Client

from guide import concepts
from guide.book import book
from guide.gallery import failing
from guide.glossary import Term

LINE = re.compile(r'data-a="([^"]+)" data-b="([^"]+)"')


def term(id: str, *related: str) -> Term:
    return Term(id, id.capitalize(), "d", "w", "t", "s", "data", related=related)


def test_the_whole_map_has_a_line_for_each_relation_and_a_link_for_each_term() -> None:
    terms = book().glossary.terms
    drawn = concepts.whole(terms)
    pairs = {frozenset((t.id, other)) for t in terms for other in t.related}
    assert sorted(map(sorted, LINE.findall(drawn.svg))) == sorted(map(sorted, pairs))
    links = [a.get("href") for a in ElementTree.fromstring(drawn.svg).iter("a")]
    assert sorted(links) == sorted(t.url for t in terms)


def test_around_a_term_stand_its_relations_in_both_directions_and_theirs() -> None:
    terms = (term("a", "b"), term("b", "d"), term("c", "a"), term("d"), term("e"))
    drawn = concepts.around(terms, terms[0])
    assert drawn is not None
    assert re.findall(r'class="ct-one"[^>]*>(\w+)', drawn.svg) == ["B", "C"]
    assert re.findall(r'class="ct-two"[^>]*>(\w+)', drawn.svg) == ["D"]
    assert concepts.around(terms, terms[-1]) is None


@pytest.mark.parametrize("id", ["cold-start", "idempotency", "saga"])
def test_no_two_words_of_a_column_overlap(id: str) -> None:
    terms = book().glossary.terms
    drawn = concepts.around(terms, next(t for t in terms if t.id == id))
    assert drawn is not None
    columns: dict[tuple[str, str], list[float]] = {}
    for kind, x, y in re.findall(r'class="(ct-\w+)" x="([\d.-]+)" y="([\d.]+)"', drawn.svg):
        columns.setdefault((kind, x), []).append(float(y))
    for heights in columns.values():
        assert all(below - above >= 15 for above, below in pairwise(heights))


def test_the_map_is_also_a_file_whose_links_leave_it(client: Client) -> None:
    response = client.get("/glossary/map.svg")
    assert response["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(response.content)
    hrefs = [a.get("href", "") for a in root.iter("{http://www.w3.org/2000/svg}a")]
    assert hrefs and all(href.startswith("http") for href in hrefs)


def test_the_gallery_shows_every_plate_once_and_narrows(client: Client) -> None:
    plates = book().plates
    numbers = re.findall(r'src="/plates/([^"]+)\.svg"', client.get("/plates/").content.decode())
    assert sorted(numbers) == sorted(plates)
    found = client.get("/plates/?rule=REL01&chapter=10").content.decode()
    shown = re.findall(r'src="/plates/([^"]+)\.svg"', found)
    expected = [n for n, p in plates.items() if n.startswith("10.") and "REL01" in failing(p)]
    assert shown == expected
    assert expected
    flows = client.get("/plates/?picture=workflow").content.decode()
    assert 0 < flows.count("<img") < len(plates)


@pytest.mark.parametrize("query", ["rule=NO99", "chapter=%F0", "picture=<b>", "chapter=99"])
def test_nonsense_narrows_nothing_or_finds_nothing(client: Client, query: str) -> None:
    response = client.get(f"/plates/?{query}")
    assert response.status_code == 200
    assert b"<b>" not in response.content
