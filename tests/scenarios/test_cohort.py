"""What a team's practice adds up to: counts of five and more, consent, sets, and rules at work."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviews.models import Design, Finding, Revision, Run
from scenarios import engine
from scenarios.catalogue import catalogue
from scenarios.engine import TYPES, Exercise
from scenarios.models import Attempt, ExerciseSet, Learner
from scenarios.progress import Level
from scenarios.review import standings
from scenarios.teamwork import cohort
from teams.models import Membership, Role, User
from tests.cast import Cast, cast

pytestmark = pytest.mark.django_db

CHOICE = "q-0101-three-bills"


@pytest.fixture
def people() -> Cast:
    """Owner, editor, reviewer, viewer, and two more members."""
    found = cast()
    for name in ("ann", "bo"):
        found.people[name] = User.objects.create_user(name, f"{name}@example.org")
        Membership.objects.create(team=found.team, user=found.people[name], role=Role.VIEWER)
    return found


MEMBERS = ("owner", "editor", "reviewer", "viewer", "ann", "bo")


def exercise(id: str = CHOICE) -> Exercise:
    return catalogue().exercises[id]


def attempt(person: User, found: Exercise, wrong: str = "", days: int = 0) -> None:
    """A first try: right, or with one wrong option."""
    answer = {"chosen": [wrong]} if wrong else TYPES[found.type].key(found, 0)
    grade = engine.grade(found, 0, answer)
    Attempt.objects.create(
        exercise=found.id,
        rev=found.rev,
        user=person,
        response=dict(answer),
        grade=grade.to_dict(),
        score=grade.score,
        points=0,
        tries=1,
        created=timezone.now() - timedelta(days=days),
    )


def page(people: Cast, name: str) -> str:
    found = people.client(name).get(f"/practice/teams/{people.team.slug}/")
    assert found.status_code == 200
    return str(found.content.decode())


class TestCounts:
    def test_five_members_are_added_up_and_four_are_not(self, people: Cast) -> None:
        for name in MEMBERS:
            attempt(people[name], exercise(), wrong="b")
        assert "6 of 6, this month" in page(people, "editor")
        for name in ("ann", "bo"):
            cohort.choose(people.team, people[name], "nothing")
        body = page(people, "editor")
        assert "Nothing is added up below 5 members" in body and "this month" not in body

    def test_the_team_is_asked_to_discuss_what_divides_it(self, people: Cast) -> None:
        for name in MEMBERS:
            attempt(people[name], exercise(), wrong="b" if name in MEMBERS[:3] else "")
            attempt(people[name], exercise("q-0101-first-request"))
        body = page(people, "editor")
        assert "3 of 6 right at first" in body
        assert f"together/?exercise={CHOICE}" in body
        found = cohort.cohort(people.team, catalogue(), names=False)
        assert [s.exercise.id for s in found.agenda] == [CHOICE]
        assert f"together/?exercise={CHOICE}" not in page(people, "viewer")

    def test_what_one_person_believes_or_is_long_ago_is_not_told(self, people: Cast) -> None:
        attempt(people["ann"], exercise(), wrong="b")
        attempt(people["bo"], exercise(), wrong="b", days=40)
        found = cohort.cohort(people.team, catalogue(), names=True)
        assert found.enough and found.beliefs == () and found.agenda == ()

    def test_who_leaves_is_not_counted_any_more(self, people: Cast) -> None:
        assert cohort.cohort(people.team, catalogue(), names=False).members == 6
        Membership.objects.get(user=people["bo"]).delete()
        assert cohort.cohort(people.team, catalogue(), names=False).members == 5

    def test_a_stranger_finds_nothing(self, people: Cast) -> None:
        client = people.client("stranger")
        for what in ("", "sets/", "consent/"):
            assert client.get(f"/practice/teams/{people.team.slug}/{what}").status_code in (
                404,
                405,
            )
        assert client.post(f"/practice/teams/{people.team.slug}/consent/").status_code == 404


class TestOneStatusForBoth:
    """A member's own page and the team's counts ask one function, so they cannot disagree."""

    @settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(MEMBERS), st.integers(0, 7), st.booleans(), st.integers(0, 60)
            ),
            max_size=25,
        )
    )
    def test_in_every_history(
        self, people: Cast, history: list[tuple[str, int, bool, int]]
    ) -> None:
        Attempt.objects.all().delete()
        known = catalogue()
        pool = [e for e in known.live() if e.type == "single" and e.skills][:8]
        for name, number, right, days in history:
            found = pool[number]
            wrong = next(o.id for o in found.body.options if not o.correct)
            attempt(people[name], found, wrong="" if right else wrong, days=days)
        own = {name: standings.of(Learner(user=people[name]), known) for name in MEMBERS}
        shown = cohort.cohort(people.team, known, names=False)
        for chapter in shown.chapters:
            for row in chapter.rows:
                levels = [own[name].skill(row.skill.id).level for name in MEMBERS]
                assert row.counts == tuple(levels.count(level) for level in Level)


class TestConsent:
    def test_a_name_is_shown_to_leads_alone_and_gone_at_once(self, people: Cast) -> None:
        attempt(people["ann"], exercise())
        client = people.client("ann")
        address = f"/practice/teams/{people.team.slug}/consent/"
        assert "Members who show their levels" not in page(people, "editor")
        assert client.post(address, {"level": "levels"}).status_code == 302
        assert '<th scope="row">ann</th>' in page(people, "editor")
        assert '<th scope="row">ann</th>' not in page(people, "viewer")
        client.post(address, {"level": "counts"})
        assert '<th scope="row">ann</th>' not in page(people, "editor")

    def test_no_single_answer_is_ever_shown(self, people: Cast) -> None:
        for name in MEMBERS:
            attempt(people[name], exercise(), wrong="b")
            cohort.choose(people.team, people[name], "levels")
        texts = [o.text for o in exercise().body.options]
        body = page(people, "owner")
        assert not any(text in body for text in texts)

    def test_a_choice_that_is_none_is_asked_again(self, people: Cast) -> None:
        address = f"/practice/teams/{people.team.slug}/consent/"
        assert people.client("ann").post(address, {"level": "all"}).status_code == 422


class TestSets:
    def made(self, people: Cast, **change: str) -> ExerciseSet | None:
        data = {"name": "Before the audit", "place": exercise().section, "starts_on": "2026-12-01"}
        address = f"/practice/teams/{people.team.slug}/sets/"
        people.client("editor").post(address, {**data, "due_on": "2026-12-08", **change})
        return ExerciseSet.objects.first()

    def test_a_set_has_its_dates_and_the_own_results(self, people: Cast) -> None:
        found = self.made(people)
        assert found and CHOICE in found.exercises
        attempt(people["ann"], exercise())
        body = people.client("ann").get(found.get_absolute_url()).content.decode()
        assert "8 December 2026" in body and "100 %" in body and "1 of 6" in body
        other = people.client("bo").get(found.get_absolute_url()).content.decode()
        assert "100 %" not in other and "1 of 6" in other

    def test_a_rule_makes_a_set(self, people: Cast) -> None:
        found = self.made(people, place="", rule="rel04")
        assert found and "r-0100-sale" in found.exercises

    @pytest.mark.parametrize(
        "change",
        [{"place": "", "rule": ""}, {"rule": "XXX99"}, {"due_on": "2026-11-01"}, {"name": ""}],
    )
    def test_what_makes_no_set_is_asked_again(self, people: Cast, change: dict[str, str]) -> None:
        assert self.made(people, **change) is None

    def test_counts_of_few_are_left_out(self, people: Cast) -> None:
        found = self.made(people)
        assert found
        for name in ("ann", "bo"):
            cohort.choose(people.team, people[name], "nothing")
        body = people.client("editor").get(found.get_absolute_url()).content.decode()
        assert " of 4" not in body and "Nothing is added up" in body

    def test_only_a_lead_makes_and_removes(self, people: Cast) -> None:
        found = self.made(people)
        assert found
        address = found.get_absolute_url()
        assert people.client("viewer").post(address + "remove/").status_code == 404
        assert people.client("viewer").get(address).status_code == 200
        assert people.client("editor").post(address + "remove/").status_code == 302
        assert not ExerciseSet.objects.exists()


class TestAtWork:
    def test_a_finding_leads_to_exercises_and_counts_once_it_is_gone(self, people: Cast) -> None:
        design = Design.objects.create(team=people.team, slug="sale", title="Sale")
        for number, rules in enumerate((("REL04", "REL05"), ("REL05",)), 1):
            revision = Revision.objects.create(design=design, number=number, text="x", sha256="0")
            run = Run.objects.create(revision=revision, pack_version="1", state="done")
            for rule in rules:
                Finding.objects.create(
                    run=run, rule=rule, fingerprint=f"{rule}{uuid.uuid4()}", verdict="fail",
                    severity="high", title=rule, subject="x", message="x",
                )  # fmt: skip
        body = page(people, "viewer")
        assert "used in real work" in body and "?rule=REL05" in body
        found = cohort.at_work(people.team, catalogue())
        assert [r["at"].rule for r in found["open"]] == ["REL05"]
        assert [r["at"].rule for r in found["closed"]] == ["REL04"]
        listed = people.client("viewer").get("/practice/?rule=REL05").content.decode()
        assert "/reviews/team-prints-test/sale/2/" in listed
        assert (
            "sale/2/" not in people.client("stranger").get("/practice/?rule=REL05").content.decode()
        )
