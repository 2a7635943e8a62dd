"""What people do to a plan: actions added, edited, put in order, done, taken out, brought back."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from reviews import workflow
from reviews.followup import planning
from reviews.models import Action, Plan, Run, TrackedFinding
from teams.models import Event, Notice
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db(transaction=True)

PLAN = "/reviews/team-prints-test/small/plan/"
MENDED = SMALL.replace("auth: none", "auth: jwt")


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def run(people: Cast) -> Run:
    return workflow.submit(people.team, people["editor"], SMALL)


@pytest.fixture
def plan(people: Cast, run: Run) -> Plan:
    people.client("editor").post(PLAN + "begin/")
    return Plan.objects.get()


def add(people: Cast, **said: Any) -> Action:
    given = {"title": "Rehearse a restore", "effort": 4, "owner": "", "due": "", "note": ""} | said
    response = people.client("editor").post(PLAN + "new/", given)
    assert response.status_code == 302, response.content.decode()
    made = Action.objects.filter(rule="").last()
    assert made is not None and response["Location"] == f"{PLAN}#a{made.pk}"
    return made


def act(people: Cast, action: Action, what: str, by: str = "editor") -> Any:
    return people.client(by).post(f"{PLAN}{action.pk}/act/", {"act": what})


def body(people: Cast, path: str = PLAN, by: str = "editor") -> str:
    return people.client(by).get(path).content.decode()


def order() -> list[int]:
    return [a.pk for a in planning.ordered(Plan.objects.get()) if a.outcome == "open"]


class TestAdded:
    def test_it_stands_in_the_plan_and_its_owner_is_told(self, people: Cast, plan: Plan) -> None:
        made = add(people, owner=people["reviewer"].pk, due="2031-05-06", note="By *June*.")
        assert (made.by, made.owner) == (people["editor"], people["reviewer"])
        assert "Rehearse a restore" in body(people) and "6 May 2031" in body(people)
        told = Notice.objects.get(event__kind="plan.added")
        assert told.user == people["reviewer"] and "gave you Rehearse a restore" in told.text

    def test_its_gain_is_that_of_its_findings(self, people: Cast, plan: Plan) -> None:
        row = TrackedFinding.objects.get(rule="API01")
        made = add(people, findings=[row.pk])
        assert made.gain and made.gain == Action.objects.get(rule="API01").gain
        bare = add(people, title="A talk with the supplier")
        bare.refresh_from_db()
        assert bare.gain is None and bare.worst == ""

    def test_without_a_title_it_is_refused_and_nothing_typed_is_lost(
        self, people: Cast, plan: Plan
    ) -> None:
        said = {"title": " ", "effort": 4, "note": "Kept words."}
        response = people.client("editor").post(PLAN + "new/", said)
        assert response.status_code == 422 and "Kept words." in response.content.decode()

    def test_findings_of_another_design_are_no_choice(self, people: Cast, plan: Plan) -> None:
        text = SMALL.replace("id: small", "id: other")
        other = workflow.submit(people.team, people["editor"], text).revision.design
        said = {"title": "T", "effort": 4, "findings": [other.tracked.first().pk]}
        assert people.client("editor").post(PLAN + "new/", said).status_code == 422

    def test_it_is_for_editors(self, people: Cast, plan: Plan) -> None:
        made = add(people)
        for name in ("viewer", "reviewer", "stranger"):
            assert people.client(name).get(PLAN + "new/").status_code == 404
            assert act(people, made, "remove", name).status_code == 404
            assert people.client(name).post(PLAN + "order/").status_code == 404
        assert "Add an action" not in body(people, by="viewer")

    def test_many_stand_beside_one_another_and_a_check_leaves_them(
        self, people: Cast, run: Run, plan: Plan
    ) -> None:
        made, other = add(people), add(people, title="Measure it")
        workflow.submit(people.team, people["editor"], MENDED, design=run.revision.design)
        for one in (made, other):
            one.refresh_from_db()
            assert one.outcome == "open" and one.done is None


class TestEdited:
    def test_title_and_findings_change(self, people: Cast, plan: Plan) -> None:
        made = add(people)
        row = TrackedFinding.objects.get(rule="API01")
        said = {"title": "Rehearse it twice", "effort": 1, "findings": [row.pk], "version": 1}
        assert people.client("editor").post(f"{PLAN}{made.pk}/change/", said).status_code == 302
        made.refresh_from_db()
        assert made.title == "Rehearse it twice" and list(made.findings.all()) == [row]
        assert made.gain

    def test_the_second_of_two_sees_both_and_loses_nothing(self, people: Cast, plan: Plan) -> None:
        made = add(people)
        said = {"title": "Mine", "effort": 4, "version": 1}
        people.client("owner").post(f"{PLAN}{made.pk}/change/", said | {"title": "Theirs"})
        response = people.client("editor").post(f"{PLAN}{made.pk}/change/", said)
        text = response.content.decode()
        assert response.status_code == 409 and "<del>Theirs</del>" in text
        assert 'value="Mine"' in text

    def test_the_title_of_a_rules_action_stays(self, people: Cast, plan: Plan) -> None:
        one = Action.objects.exclude(rule="").first()
        assert one is not None
        said = {"title": "Nonsense", "effort": 4, "version": one.version}
        people.client("editor").post(f"{PLAN}{one.pk}/change/", said)
        assert Action.objects.get(pk=one.pk).title == one.title


class TestDone:
    def test_somebody_says_so_and_may_take_it_back(self, people: Cast, plan: Plan) -> None:
        made = add(people)
        act(people, made, "done")
        made.refresh_from_db()
        assert made.outcome == "done" and "is done" in body(people)
        act(people, made, "done")
        assert Event.objects.filter(kind="plan.done").count() == 1
        act(people, made, "reopen")
        made.refresh_from_db()
        assert made.outcome == "open"

    def test_a_rules_action_is_closed_by_a_check_only(self, people: Cast, plan: Plan) -> None:
        one = Action.objects.exclude(rule="").first()
        assert one is not None
        for what in ("done", "remove", "restore"):
            client = people.client("editor")
            answer = client.post(f"{PLAN}{one.pk}/act/", {"act": what}, follow=True)
            assert "A rule asks for it" in answer.content.decode()
        one.refresh_from_db()
        assert one.outcome == "open" and one.removed is None

    def test_no_other_button_is_known(self, people: Cast, plan: Plan) -> None:
        made = add(people)
        events = Event.objects.count()
        assert act(people, made, "explode")["Location"] == f"{PLAN}#a{made.pk}"
        assert Event.objects.count() == events


class TestRemoved:
    def test_it_goes_and_comes_back_as_it_was(self, people: Cast, plan: Plan) -> None:
        row = TrackedFinding.objects.get(rule="API01")
        made = add(people, note="Kept.", findings=[row.pk])
        act(people, made, "remove")
        page = body(people)
        assert "Bring it back" in page and made.pk not in order()
        assert "Rehearse" not in body(people, by="viewer")
        for form in ("csv", "md"):
            assert "Rehearse" not in body(people, f"{PLAN}plan.{form}")
        assert "Rehearse" not in body(people, row.get_absolute_url())
        act(people, made, "restore")
        made.refresh_from_db()
        assert made.pk in order() and made.note == "Kept." and made.findings.get() == row

    def test_what_is_out_is_not_changed(self, people: Cast, plan: Plan) -> None:
        made = add(people)
        act(people, made, "remove")
        said = {"title": "Changed", "effort": 4, "version": 1}
        assert people.client("editor").post(f"{PLAN}{made.pk}/change/", said).status_code == 409
        assert "Bring it back" in body(people, f"{PLAN}{made.pk}/")


class TestOrder:
    def test_up_and_down_one_place_each(self, people: Cast, plan: Plan) -> None:
        made = add(people)
        before = order()
        assert before[-1] == made.pk
        act(people, made, "up")
        moved = [*before[:-2], before[-1], before[-2]]
        assert order() == moved
        act(people, made, "down")
        act(people, made, "down")  # at the end already
        assert order() == before

    def test_what_comes_new_stands_at_the_end_and_the_order_by_risk_comes_back(
        self, people: Cast, plan: Plan
    ) -> None:
        before = order()
        act(people, Action.objects.get(pk=before[1]), "up")
        made = add(people)
        assert order() == [before[1], before[0], *before[2:], made.pk]
        assert "the team’s own" in body(people)
        people.client("editor").post(PLAN + "order/")
        assert order() == [*before, made.pk]
        assert Event.objects.filter(kind="plan.ordered").count() == 2


def test_the_files_have_them_too(people: Cast, plan: Plan) -> None:
    add(people, title="=cmd|' /C calc'!A0", due="2031-05-06", note="Why\nnot")
    made = add(people, title="Call *them*")
    act(people, made, "done")
    rows = list(csv.DictReader(io.StringIO(body(people, PLAN + "plan.csv"))))
    mine = [row for row in rows if not row["rule"]]
    assert [row["state"] for row in mine] == ["open", "done"]
    assert mine[0]["action"].startswith("'=") and mine[0]["gain"] == mine[0]["proved"] == ""
    text = body(people, PLAN + "plan.md")
    assert "- [x] **Call \\*them\\*** (half a day, done)" in text
    assert "due 2031-05-06" in text and "Note: Why not" in text
