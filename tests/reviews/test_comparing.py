"""Two revisions side by side: picture, findings, score, text; on the page and as Markdown."""

from __future__ import annotations

import pytest

from reviews import workflow
from reviews.models import Run
from reviews.textdiff import MAX_LINES, hunks
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db(transaction=True)

BASE = "/reviews/team-prints-test/small/"
SAFER = SMALL.replace("auth: none", "auth: jwt")
GROWN = SAFER.replace("edges:", "  - {id: work, kind: queue, visibility_s: 60}\nedges:").replace(
    "  - {id: web, kind: client}\n", ""
).replace("  - {from: web, to: api, kind: call}\n", "")  # fmt: skip


@pytest.fixture
def people() -> Cast:
    people = cast()
    design = workflow.submit(people.team, people["editor"], SMALL).revision.design
    for text in (SAFER, GROWN):
        workflow.submit(people.team, people["editor"], text, design=design)
    return people


def page(people: Cast, path: str) -> str:
    answer = people.client("viewer").get(BASE + path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_what_was_fixed_and_why_the_score_moved(people: Cast) -> None:
    body = page(people, "compare/1/2/")
    assert "Fixed, 1" in body and "Introduced, 0" in body and "/rules/API01/" in body
    assert "Score by cause" in body and "scoreline" in body
    assert "<del>none</del> to <ins>jwt</ins>" in body
    assert "0 added, 0 removed, 1 changed" in body and "same rule pack" in body


def test_the_picture_marks_what_was_added_removed_and_changed(people: Cast) -> None:
    body = page(people, "compare/2/3/")
    assert "mark-added" in body and "mark-removed" in body
    assert "mark-changed" in page(people, "compare/1/2/")


def test_backwards_it_tells_what_was_introduced(people: Cast) -> None:
    assert "Introduced, 1" in page(people, "compare/2/1/")


def test_with_itself_nothing_moved(people: Cast) -> None:
    body = page(people, "compare/2/2/")
    assert "The score did not move." in body and "No line differs." in body


def test_a_form_chooses_the_two_without_a_script(people: Cast) -> None:
    client = people.client("viewer")
    answer = client.get(BASE + "compare/", {"before": "1", "after": "3"})
    assert answer["Location"] == BASE + "compare/1/3/"
    for bad in ({}, {"before": "x", "after": "2"}, {"before": "1" * 30, "after": "2"}):
        assert client.get(BASE + "compare/", bad)["Location"] == BASE


def test_as_markdown_for_a_pull_request(people: Cast) -> None:
    answer = people.client("viewer").get(BASE + "compare/1/2/changes.md")
    assert answer["Content-Type"].startswith("text/markdown")
    assert "attachment" in answer["Content-Disposition"] and b"API01" in answer.content


@pytest.mark.parametrize("path", ["compare/1/2/", "compare/1/2/changes.md"])
def test_a_stranger_gets_404_and_a_guest_signs_in(people: Cast, path: str) -> None:
    assert people.client("stranger").get(BASE + path).status_code == 404
    assert people.client().get(BASE + path).status_code == 302


@pytest.mark.parametrize("path", ["compare/1/9/", f"compare/1/{10**30}/", f"{10**30}/"])
def test_what_is_not_there_is_404(people: Cast, path: str) -> None:
    assert people.client("viewer").get(BASE + path).status_code == 404


def test_what_is_not_checked_yet_says_so(people: Cast) -> None:
    Run.objects.filter(revision__number=2).delete()
    assert "Not checked yet" in page(people, "compare/1/2/")
    client = people.client("viewer")
    assert client.get(BASE + "compare/1/2/changes.md").status_code == 404


def test_results_of_different_rules_are_never_compared_in_silence(people: Cast) -> None:
    run = Run.objects.get(revision__number=1)
    kept = [f for f in run.result["findings"] if f["rule"] != "API01"]
    run.result = {**run.result, "pack_version": "2020.1", "findings": kept}
    run.pack_version = "2020.1"
    run.save()
    body = page(people, "compare/1/2/")
    assert "Changed by the rules, not by the design, 1" in body
    assert "both by rule pack" in body and "Fixed, 1" in body


def test_many_revisions_ask_the_database_no_more_often(
    people: Cast, django_assert_max_num_queries
) -> None:
    design = people.team.designs.get()
    for n in range(8):
        text = GROWN.replace("visibility_s: 60", f"visibility_s: {70 + n}")
        workflow.submit(people.team, people["editor"], text, design=design)
    client = people.client("viewer")
    for path in ("compare/1/9/", "9/"):
        with django_assert_max_num_queries(14):
            client.get(BASE + path)


class TestText:
    def test_a_hunk_has_its_lines_with_numbers_and_two_around(self) -> None:
        before = "\n".join("abcdefgh")
        (hunk,) = hunks(before, before.replace("e", "E")) or []
        said = [(line.sign, line.number, line.text) for line in hunk]
        assert said == [
            ("", 3, "c"), ("", 4, "d"), ("−", 5, "e"), ("+", 5, "E"), ("", 6, "f"), ("", 7, "g"),
        ]  # fmt: skip

    def test_long_texts_are_left_alone(self) -> None:
        assert hunks("a\n" * (MAX_LINES + 1), "") is None


def test_a_finding_is_known_again_after_its_component_was_renamed() -> None:
    people = cast()
    design = workflow.submit(people.team, people["editor"], SMALL).revision.design
    renamed = (
        SMALL.replace("id: api, kind: api", "id: door, was: api, kind: api")
        .replace("to: api,", "to: door,")
        .replace("from: api,", "from: door,")
    )
    workflow.submit(people.team, people["editor"], renamed, design=design)
    assert "open since revision 1" in page(people, "")
