"""A design arrives: as text, as a file, malformed, hostile, twice."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reviews import workflow
from reviews.models import Design, Revision, Run, State
from teams.fixed import Immutable
from tests.cast import Cast, cast

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = """\
model: sdm/1
design: {id: small, title: A small design, owner: t, revision: 1, criticality: low, stage: idea, profile: generic}
components:
  - {id: web, kind: client}
  - {id: api, kind: api, public: true, auth: none}
  - {id: run, kind: function, timeout_s: 5, memory_mb: 256}
edges:
  - {from: web, to: api, kind: call}
  - {from: api, to: run, kind: call}
"""


@pytest.fixture
def people() -> Cast:
    return cast()


def new(people: Cast, who: str = "editor", **data: object):
    return people.client(who).post(f"/reviews/{people.team.slug}/new/", data)


class TestAccepted:
    def test_a_text_becomes_a_checked_revision(self, people: Cast) -> None:
        response = new(people, text=SMALL)
        revision = Revision.objects.get()
        assert response.status_code == 302 and response["Location"] == revision.get_absolute_url()
        assert revision.text == SMALL and revision.by == people["editor"]
        run = revision.run()
        assert run and run.is_done and run.findings.filter(rule="API01", verdict="fail").exists()

    def test_a_file_counts_before_the_text(self, people: Cast) -> None:
        file = SimpleUploadedFile("d.yaml", SMALL.replace("small", "filed").encode())
        new(people, text=SMALL, file=file)
        assert Design.objects.get().slug == "filed"

    def test_the_page_shows_picture_findings_and_score(self, people: Cast) -> None:
        body = people.client("editor").get(new(people, text=SMALL)["Location"]).content.decode()
        assert "<svg class=" in body and "pin-critical" in body
        assert "API01" in body and "/rules/API01/" in body
        assert "Automatic score" in body and "Coverage" in body

    def test_a_second_design_of_one_name_gets_its_own_address(self, people: Cast) -> None:
        new(people, text=SMALL)
        new(people, text=SMALL)
        assert {d.slug for d in Design.objects.all()} == {"small", "small-2"}

    def test_reports_are_files(self, people: Cast) -> None:
        url = new(people, text=SMALL)["Location"]
        client = people.client("viewer")
        report = client.get(url + "report.md")
        assert report["Content-Type"].startswith("text/markdown") and b"API01" in report.content
        assert client.get(url + "report.json").json()["score"]
        assert client.get(url + "design.yaml").content.decode() == SMALL
        assert client.get(url + "drawing.svg").content.startswith(b"<?xml")
        assert client.get(url + "report.exe").status_code == 404


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "Paste the text of a design"),
            ("model: sdm/1\ncomponents: [{id: a, kind: fnction}]\n", "function"),
            ("a: &a [1]\nb: *a\n", "alias"),
            ("[" * 5000, "deep"),
            ("\x00\x01", "Null characters"),
            ("model: sdm/1\nmodel: sdm/1\n", "twice"),
        ],
    )
    def test_every_problem_stands_beside_the_field_and_nothing_is_lost(
        self, people: Cast, text: str, said: str
    ) -> None:
        response = new(people, text=text)
        body = response.content.decode()
        assert response.status_code == 422
        assert said in body
        assert not Revision.objects.exists()

    def test_the_text_is_still_there(self, people: Cast) -> None:
        body = new(people, text=SMALL.replace("kind: api", "kind: apy")).content.decode()
        assert "A small design" in body and "Line 5" in body

    def test_a_file_that_is_too_large_or_no_text_says_so(self, people: Cast) -> None:
        large = SimpleUploadedFile("d.yaml", b"#" * (1024 * 1024 + 1))
        assert "limit" in new(people, file=large).content.decode()
        binary = SimpleUploadedFile("d.yaml", b"\xff\xfe\x00")
        assert "not UTF-8" in new(people, file=binary).content.decode()

    def test_names_from_users_are_text(self, people: Cast) -> None:
        hostile = SMALL.replace("A small design", "'<script>alert(1)</script>'")
        body = people.client("viewer").get(new(people, text=hostile)["Location"]).content.decode()
        assert "<script>alert" not in body and "&lt;script&gt;" in body


class TestRevisions:
    def test_a_second_revision_is_compared_with_the_first(self, people: Cast) -> None:
        url = new(people, text=SMALL)["Location"]
        client = people.client("editor")
        text = SMALL.replace("auth: none", "auth: jwt")
        answer = client.post(
            "/reviews/team-prints-test/small/revise/", {"text": text, "note": "auth"}
        )
        assert answer.status_code == 302
        assert [r.number for r in Revision.objects.all()] == [1, 2]
        body = client.get("/reviews/team-prints-test/small/compare/1/2/").content.decode()
        assert "Fixed, 1" in body and "mark-changed" in body and "API01" in body
        assert "<ins>" in body and "<del>" in body
        assert client.get(url).status_code == 200

    def test_the_same_text_again_is_no_revision(self, people: Cast) -> None:
        new(people, text=SMALL)
        client = people.client("editor")
        answer = client.post("/reviews/team-prints-test/small/revise/", {"text": SMALL})
        assert answer.status_code == 422 and Revision.objects.count() == 1

    def test_what_was_submitted_never_changes(self, people: Cast) -> None:
        new(people, text=SMALL)
        revision = Revision.objects.get()
        revision.text = "x"
        with pytest.raises(Immutable):
            revision.save()
        with pytest.raises(Immutable):
            revision.delete()
        with pytest.raises(Immutable):
            Revision.objects.update(text="x")

    def test_a_comparison_with_what_is_not_there_is_404(self, people: Cast) -> None:
        new(people, text=SMALL)
        client = people.client("viewer")
        assert client.get("/reviews/team-prints-test/small/compare/1/9/").status_code == 404


class TestTry:
    def test_anybody_may_check_a_design_and_nothing_is_stored(self, people: Cast) -> None:
        client = people.client()
        answer = client.post("/reviews/try/", {"text": SMALL}, HTTP_SEC_FETCH_SITE="same-origin")
        body = answer.content.decode()
        assert answer.status_code == 200 and "API01" in body and not answer.cookies
        assert not Run.objects.exists()

    def test_problems_are_told_there_too(self, people: Cast) -> None:
        answer = people.client().post(
            "/reviews/try/", {"text": "model: x"}, HTTP_SEC_FETCH_SITE="same-origin"
        )
        assert answer.status_code == 422

    def test_a_large_design_is_drawn_or_says_why_not(self, people: Cast) -> None:
        parts = "".join(f"  - {{id: f{n}, kind: function}}\n" for n in range(1900))
        text = SMALL.split("components:")[0] + "components:\n" + parts
        answer = people.client().post(
            "/reviews/try/", {"text": text}, HTTP_SEC_FETCH_SITE="same-origin"
        )
        body = answer.content.decode()
        assert answer.status_code == 200
        assert "<svg class=" in body or "no picture" in body


def test_the_demonstration_is_loaded_once(people: Cast) -> None:
    from reviews import demonstration

    assert demonstration.load() is True
    assert demonstration.load() is False
    assert Run.objects.exclude(state=State.DONE).count() == 0
    assert Design.objects.filter(team__slug=demonstration.SLUG).count() == 2
    clean = Revision.objects.get(design__slug="photo-orders", number=3)
    assert clean.run().findings.fails().count() == 0
    assert workflow.rescue() == 0
