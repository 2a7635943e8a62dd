"""What somebody writes to do harm: refused with its line, or shown as the text that it is."""

from __future__ import annotations

import re
from xml.etree import ElementTree as XML

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.models import Design, Revision
from tests.cast import Cast, cast
from tests.design.large import large
from tests.reviews.test_submitting import SMALL, new

pytestmark = pytest.mark.django_db(transaction=True)

EVIL = "</title><svg onload=alert(1)>{{7*7}}'\"&"


@pytest.fixture
def people() -> Cast:
    return cast()


def hostile() -> str:
    said = EVIL.replace('"', '\\"')
    return SMALL.replace("A small design", f'"{said}"').replace("owner: t", f'owner: "{said}"')


def test_names_are_text_on_every_page(people: Cast) -> None:
    url = new(people, text=hostile())["Location"]
    client = people.client("editor")
    design = Design.objects.get()
    changed = hostile().replace("timeout_s: 5", "timeout_s: 6")
    client.post(design.get_absolute_url() + "revise/", {"text": changed, "note": EVIL})
    base = design.get_absolute_url()
    for path in (url, base, base + "compare/1/2/", base + "revise/", "/reviews/team-prints-test/"):
        body = client.get(path).content.decode()
        assert "<svg onload" not in body and "</title><svg" not in body, path
        assert "&lt;svg onload" in body, path


def test_names_are_text_in_every_report(people: Cast) -> None:
    url = new(people, text=hostile())["Location"]
    client = people.client("viewer")
    assert "<svg onload" not in client.get(url + "report.md").content.decode()
    assert client.get(url + "report.json").json()["format"]
    XML.fromstring(client.get(url + "drawing.svg").content)
    for name in ("report.md", "report.json", "report.sarif", "drawing.svg", "design.yaml"):
        answer = client.get(url + name)
        assert answer["Content-Disposition"].startswith("attachment"), name
        assert answer["X-Content-Type-Options"] == "nosniff", name


def test_no_page_carries_a_style_or_a_script_of_its_own(people: Cast) -> None:
    url = new(people, text=SMALL)["Location"]
    client = people.client("editor")
    for path in (
        url,
        "/reviews/team-prints-test/new/",
        "/reviews/try/",
        "/teams/team-prints-test/",
    ):
        body = client.get(path).content.decode()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", body), path
        assert len(re.findall(r"<script(?![^>]*\bsrc=)", body)) == 1, path


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('model: sdm/1\ndesign: {id: x, title: "a\\0b"}\ncomponents: [{id: a, kind: queue}]', 2),
        ("model: sdm/1\ndesign: !!python/object:os.system {id: x}\n", 2),
        ("model: sdm/1\n" + "a: " + "{b: " * 100, 2),
        ("model: sdm/1\na: &a [x]\nb: [*a, *a]\n", 2),
        ("model: sdm/1\n---\nmodel: sdm/1\n", 2),
        ("model: sdm/1\n\tdesign: 1\n", 2),
    ],
)
def test_each_problem_has_its_line_and_the_text_is_kept(people: Cast, text: str, line: int) -> None:
    for data in ({"text": text}, {"file": SimpleUploadedFile("d.yaml", text.encode())}):
        answer = new(people, **data)
        body = answer.content.decode()
        assert answer.status_code == 422 and f"Line {line}." in body
        assert "model: sdm/1" in body.partition("<textarea")[2]
    assert not Revision.objects.exists()


def test_a_design_with_thousands_of_mistakes_lists_some_and_counts_the_rest(people: Cast) -> None:
    parts = "".join(f"  - {{id: a{n}, kind: nothing}}\n" for n in range(900))
    answer = new(people, text=f"model: sdm/1\ndesign: {{id: x}}\ncomponents:\n{parts}")
    body = answer.content.decode()
    assert answer.status_code == 422 and "more problems are not listed" in body
    assert body.count("Did you mean") < 100


def test_a_text_of_more_than_a_mebibyte_says_so_and_is_kept(people: Cast) -> None:
    text = SMALL + "#" * (1024 * 1024)
    answer = new(people, text=text)
    assert answer.status_code == 422
    assert "1,048,576" in answer.content.decode() and "A small design" in answer.content.decode()


def test_a_form_that_is_too_large_to_be_read_says_so(people: Cast) -> None:
    answer = new(people, text="#" * (2 * 1024 * 1024 + 10))
    assert answer.status_code == 413 and "too large" in answer.content.decode()


def test_more_components_than_are_read_are_refused(people: Cast) -> None:
    answer = new(people, text=large(2500))
    assert answer.status_code == 422 and "2,000" in answer.content.decode()
    assert not Revision.objects.exists()


def test_a_form_from_another_site_is_refused(people: Cast) -> None:
    client = people.client()
    sent = {"text": SMALL}
    for headers in (
        {},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_ORIGIN": "https://evil.example"},
    ):
        assert client.post("/reviews/try/", sent, **headers).status_code == 403
