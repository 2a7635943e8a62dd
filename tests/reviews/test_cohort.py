"""Calibration against reference marks, and agreement over a team's designs."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from reviews.judging import calibrating, panels
from reviews.judging import cohort as judged
from reviews.judging.rubric import rubric
from reviews.models import Calibration, Panel
from tests.cast import Cast, cast
from tests.reviews.test_panels import IDS, sheet, submit
from tests.reviews.test_submitting import SMALL

COHORT = "/reviews/team-prints-test/judgement/"
SAMPLES = rubric().samples


def judge(people: Cast, id: str, *marks: int, failure: int | None = None) -> Panel:
    """A panel of reviewer and owner on a new design, who give these marks everywhere."""
    text = SMALL.replace("id: small", f"id: {id}").replace("A small design", f"Design {id}")
    revision = submit(people, text)
    people_ = [people["reviewer"], people["owner"]]
    panel = panels.open_panel(revision, people["editor"], people_)
    for seat, mark in zip(panel.seats.all(), marks, strict=True):
        seat.panel = panel
        given = {c: (mark, "because") for c in IDS}
        if failure is not None:
            given["failure"] = (failure + (seat.user == people["owner"]), "because")
        panels.mark(seat, given)
    panel.refresh_from_db()
    return panel


@pytest.fixture
def people() -> Cast:
    cache.clear()
    return cast()


@pytest.mark.django_db
class TestCohort:
    def page(self, people: Cast, name: str = "viewer") -> str:
        return people.client(name).get(COHORT).content.decode()

    def test_a_single_design_never_has_an_alpha(self, people: Cast) -> None:
        judge(people, "one", 3, 2)
        assert "says nothing about agreement" in self.page(people)
        design = people.team.designs.get()
        text = SMALL.replace("id: small", "id: one").replace("auth: none", "auth: jwt")
        revision = submit(people, text, design=design)
        panel = panels.open_panel(revision, people["editor"], [people["reviewer"], people["owner"]])
        for seat in panel.seats.all():
            panels.mark(seat, {c: (1, "because") for c in IDS})
        page = self.page(people)
        assert "2 panels" in page and "says nothing about agreement" in page

    def test_two_designs_have_one_with_its_interval_and_band(self, people: Cast) -> None:
        judge(people, "one", 3, 3)
        judge(people, "two", 0, 0, failure=1)
        page = self.page(people)
        assert "Krippendorff" in page and "95 % interval" in page and "2 designs are few" in page
        assert "the same two people each time" in page

    def test_disagreement_names_the_worst_criterion(self, people: Cast) -> None:
        for n in range(5):
            judge(people, f"d{n}", n % 5, n % 5, failure=(3 * n) % 4)
        found = judged.cohort(people.team)
        assert not found["few"] and found["worst"].id == "failure"
        known = {one.criterion.id: one.alpha for one in found["criteria"]}
        assert known["goals"] == pytest.approx(1) and known["failure"] < 1

    def test_equal_marks_are_told_by_ac2(self, people: Cast) -> None:
        judge(people, "one", 3, 3)
        judge(people, "two", 3, 3)
        page = self.page(people)
        assert "All marks are on one level" in page and "look at this one" in page

    def test_only_owners_see_how_leniently_others_mark(self, people: Cast) -> None:
        judge(people, "one", 4, 2)
        assert "+1.0 ±" in self.page(people, "owner") and "−1.0 ±" in self.page(people, "owner")
        mine = self.page(people, "reviewer")
        assert "+1.0 ±" in mine and "−1.0 ±" not in mine
        assert "±" not in self.page(people)

    def test_marks_of_an_open_first_round_do_not_count(self, people: Cast) -> None:
        revision = submit(people, SMALL)
        panel = panels.open_panel(revision, people["editor"], [people["reviewer"], people["owner"]])
        panels.mark(panel.seats.first(), {c: (0, "because") for c in IDS})
        assert "No marks yet" in self.page(people)

    def test_people_and_rules_far_apart_are_a_list(self, people: Cast) -> None:
        panel = judge(people, "one", 4, 4)
        apart = {one.criterion for _, _, one in judged.cohort(people.team)["apart"]}
        pillars = panel.summary["automatic"]["pillars"]
        assert apart and all(
            100 - pillars[c.pillar] >= 30 for c in rubric().criteria if c.id in apart
        )

    def test_strangers_get_404_and_a_public_team_is_open(self, people: Cast) -> None:
        assert people.client("stranger").get(COHORT).status_code == 404
        assert people.client().get(COHORT).status_code == 302
        people.team.public = True
        people.team.save()
        judge(people, "one", 4, 2)
        page = people.client().get(COHORT)
        assert page.status_code == 200 and "±" not in page.content.decode()


@pytest.mark.django_db
class TestCalibration:
    def url(self, n: int = 0) -> str:
        return f"/reviews/calibration/{SAMPLES[n].design}/"

    def test_the_marks_are_held_against_the_reference(self, people: Cast) -> None:
        client = people.client("viewer")
        reference = {id: said.mark for id, said in SAMPLES[0].marks.items()}
        assert "Reference, " not in client.get(self.url()).content.decode()
        other = reference | {"goals": 0}
        assert client.post(self.url(), sheet(0, **other)).status_code == 302
        page = client.get(self.url()).content.decode()
        assert "7 of 8 the same" in page and f"{reference['goals']} levels stricter" in page
        assert SAMPLES[0].marks["fit"].reason in page
        assert "again=1" in page and client.get(self.url() + "?again=1").status_code == 200

    def test_kappa_is_there_once_both_are_marked(self, people: Cast) -> None:
        client = people.client("reviewer")
        for n, sample in enumerate(SAMPLES):
            assert "Weighted kappa" not in client.get("/reviews/calibration/").content.decode()
            client.post(self.url(n), sheet(0, **{id: s.mark for id, s in sample.marks.items()}))
        page = client.get("/reviews/calibration/").content.decode()
        assert "Weighted kappa of you and the reference over both: <b>1.00</b>" in page
        assert calibrating.missing(people["reviewer"]) == []

    def test_what_could_not_be_judged_is_not_counted(self, people: Cast) -> None:
        client = people.client("reviewer")
        client.post(self.url(), sheet("none"))
        page = client.get(self.url()).content.decode()
        assert "0 of 0 the same" in page and "You could not judge it." in page

    def test_an_incomplete_sheet_is_not_kept(self, people: Cast) -> None:
        response = people.client("reviewer").post(self.url(), sheet() | {"mark-fit": ""})
        assert response.status_code == 422 and not Calibration.objects.exists()

    def test_it_is_ones_own_and_marks_of_an_older_rubric_do_not_count(self, people: Cast) -> None:
        people.client("reviewer").post(self.url(), sheet())
        assert (
            "Compare with the reference" in people.client("owner").get(self.url()).content.decode()
        )
        Calibration.objects.update(rubric=rubric().version + 1)
        assert len(calibrating.missing(people["reviewer"])) == 2

    def test_guests_sign_in_and_unknown_samples_are_404(self, people: Cast) -> None:
        assert people.client().get(self.url()).status_code == 302
        assert people.client("viewer").get("/reviews/calibration/none/").status_code == 404

    def test_the_rubric_is_open_to_everybody(self, people: Cast) -> None:
        page: Any = people.client().get("/reviews/rubric/")
        assert page.status_code == 200
        for criterion in rubric().criteria:
            assert f'id="{criterion.id}"' in page.content.decode()
