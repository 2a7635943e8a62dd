"""The improvement plan: begun, in order, worked out, changed, kept up to date, exported."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from design import document
from design.result import evaluate
from reviews import workflow
from reviews.followup import planning
from reviews.models import Action, Plan, Run
from teams.models import Event, Notice
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db(transaction=True)

MENDED = SMALL.replace("auth: none", "auth: jwt")


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def run(people: Cast) -> Run:
    return workflow.submit(people.team, people["editor"], SMALL)


@pytest.fixture
def plan(people: Cast, run: Run) -> Plan:
    people.client("editor").post(url(run) + "begin/")
    return Plan.objects.get()


def url(run: Run) -> str:
    return f"{run.revision.design.get_absolute_url()}plan/"


def typed(action: Action, **changes: object) -> dict[str, object]:
    said = {"owner": "", "due": "", "effort": action.effort, "note": "", "version": action.version}
    return {**said, **changes}


class TestBegun:
    def test_it_has_one_action_for_each_rule_that_fails(self, run: Run, plan: Plan) -> None:
        rules = set(run.findings.fails().values_list("rule", flat=True))
        assert {action.rule for action in plan.actions.all()} == rules
        assert sum(a.findings.count() for a in plan.actions.all()) == run.findings.fails().count()

    def test_twice_begun_is_once_begun(self, people: Cast, run: Run, plan: Plan) -> None:
        people.client("owner").post(url(run) + "begin/")
        assert Plan.objects.count() == 1 and Event.objects.filter(kind="plan.begun").count() == 1

    def test_it_is_for_editors_to_begin(self, people: Cast, run: Run) -> None:
        for name in ("viewer", "reviewer", "stranger"):
            assert people.client(name).post(url(run) + "begin/").status_code == 404
        body = people.client("viewer").get(url(run)).content.decode()
        assert "No plan yet" in body and "<form" not in body.split('id="main"')[1]


class TestGains:
    def test_a_gain_is_what_the_patched_text_scores_more(self, run: Run) -> None:
        result = evaluate(document.load(SMALL))
        found = planning.gain(SMALL, result, [("API01", "api")])
        assert found.proved and found.steps and found.points > 0
        alone = evaluate(document.load(MENDED)).score.total - result.score.total
        assert found.points >= round(alone, 2) - 0.01

    def test_without_a_patch_it_is_an_estimate(self, run: Run) -> None:
        result = evaluate(document.load(SMALL))
        found = planning.gain(SMALL, result, [("API01", "api")], patch=False)
        assert not found.proved and found.points > 0 and found.steps == ()

    def test_a_cap_does_not_make_every_gain_nothing(self) -> None:
        """Two open critical findings: the score stands at 59 whichever of them is mended."""
        text = SMALL.replace("kind: function", "kind: function, secrets: env_plain", 1)
        result = evaluate(document.load(text))
        assert "caps the total at 59" in " ".join(result.score.caps)
        assert planning.gain(text, result, [("API01", "api")]).points > 0

    def test_nothing_wanted_is_nothing_gained(self, run: Run) -> None:
        assert planning.gain(SMALL, evaluate(document.load(SMALL)), []).points == 0

    def test_every_action_has_one_and_the_plan_its_sum(self, plan: Plan) -> None:
        assert plan.run and all(a.gain is not None for a in plan.actions.all())
        assert plan.total_after > plan.total
        assert any(a.proved for a in plan.actions.all())

    def test_a_newer_check_is_not_overwritten_by_an_older_answer(
        self, people: Cast, run: Run, plan: Plan, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Plan.objects.update(run=None)
        real = planning.gain

        def slow(*args: object, **options: object) -> planning.Gain:
            if not Run.objects.filter(revision__number=2).exists():
                monkeypatch.setattr(planning, "send", lambda plan_id: None)
                workflow.submit(people.team, people["editor"], MENDED, design=run.revision.design)
            return real(*args, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(planning, "gain", slow)
        planning.work_out(plan.pk)
        plan.refresh_from_db()
        assert plan.run is None
        planning.work_out(plan.pk)
        plan.refresh_from_db()
        assert plan.run and plan.run.revision.number == 2

    def test_one_that_nobody_worked_out_is_sent_again(self, plan: Plan) -> None:
        assert planning.rescue() == 0
        Plan.objects.update(run=None, asked=timezone.now() - timedelta(hours=1))
        assert planning.rescue() == 1
        plan.refresh_from_db()
        assert plan.run


class TestOrder:
    def test_the_most_risk_for_an_hour_comes_first(self, plan: Plan) -> None:
        worth = [a.risk / a.effort for a in planning.ordered(plan)]
        assert worth == sorted(worth, reverse=True)

    def test_more_effort_moves_an_action_down(self, people: Cast, plan: Plan) -> None:
        first = planning.ordered(plan)[0]
        post = typed(first, effort=80)
        people.client("editor").post(first.get_absolute_url() + "change/", post)
        assert planning.ordered(plan)[0].rule != first.rule


class TestKeptUp:
    def test_what_is_fixed_is_done_and_what_comes_back_is_not(
        self, people: Cast, run: Run, plan: Plan
    ) -> None:
        design = run.revision.design
        workflow.submit(people.team, people["editor"], MENDED, design=design)
        action = plan.actions.get(rule="API01")
        assert action.done and action.outcome == "done"
        assert planning.ordered(plan)[-1] == action
        workflow.submit(people.team, people["editor"], SMALL + "# back\n", design=design)
        action = plan.actions.get(rule="API01")
        assert action.done is None and action.outcome == "open"

    def test_a_new_rule_gets_an_action_and_people_keep_theirs(
        self, people: Cast, run: Run, plan: Plan
    ) -> None:
        action = plan.actions.get(rule="API01")
        post = typed(action, owner=people["reviewer"].pk, effort=16)
        people.client("editor").post(action.get_absolute_url() + "change/", post)
        before = plan.actions.count()
        text = SMALL + "  - {from: run, to: api, kind: call}\n"
        workflow.submit(people.team, people["editor"], text, design=run.revision.design)
        action.refresh_from_db()
        assert plan.actions.count() > before
        assert action.owner == people["reviewer"] and action.effort == 16


class TestChanged:
    def test_the_owner_is_told(self, people: Cast, plan: Plan) -> None:
        action = plan.actions.get(rule="API01")
        due = timezone.localdate() + timedelta(days=7)
        post = typed(action, owner=people["reviewer"].pk, due=due.isoformat(), note="**soon**")
        client = people.client("editor")
        assert client.post(action.get_absolute_url() + "change/", post).status_code == 302
        action.refresh_from_db()
        assert (action.owner, action.due, action.version) == (people["reviewer"], due, 2)
        assert (
            "gave you API01"
            in Notice.objects.get(user=people["reviewer"], event__kind="plan.action").text
        )
        body = people.client("viewer").get(action.get_absolute_url()).content.decode()
        assert "<strong>soon</strong>" in body

    def test_two_who_change_it_lose_nothing(self, people: Cast, plan: Plan) -> None:
        action = plan.actions.get(rule="API01")
        address = action.get_absolute_url() + "change/"
        people.client("owner").post(address, typed(action, note="the first note"))
        late = people.client("editor").post(address, typed(action, note="the second note"))
        body = late.content.decode()
        assert late.status_code == 409 and "the first note" in body and "the second note" in body
        action.refresh_from_db()
        assert action.note == "the first note"
        form = late.context["form"]
        again = {field.name: field.value() or "" for field in form}
        assert people.client("editor").post(address, again).status_code == 302

    @pytest.mark.parametrize("changes", [{"effort": 3}, {"due": "soon"}, {"owner": 10**6}])
    def test_what_cannot_be_is_refused(
        self, people: Cast, plan: Plan, changes: dict[str, object]
    ) -> None:
        action = plan.actions.get(rule="API01")
        address = action.get_absolute_url() + "change/"
        assert people.client("editor").post(address, typed(action, **changes)).status_code == 422
        for name in ("viewer", "reviewer", "stranger"):
            assert people.client(name).post(address, typed(action)).status_code == 404


class TestFiles:
    def test_csv_has_a_row_for_each_action_and_no_formula(
        self, people: Cast, run: Run, plan: Plan
    ) -> None:
        plan.actions.filter(rule="API01").update(note='=HYPERLINK("x")')
        response = people.client("viewer").get(url(run) + "plan.csv")
        rows = list(csv.DictReader(io.StringIO(response.content.decode())))
        assert [row["rule"] for row in rows] == [a.rule for a in planning.ordered(plan)]
        (row,) = [row for row in rows if row["rule"] == "API01"]
        assert row["note"].startswith("'=") and float(row["gain"]) >= 0 and row["subjects"] == "api"

    def test_markdown_is_a_task_list(self, people: Cast, run: Run, plan: Plan) -> None:
        plan.actions.filter(rule="API01").update(note="<script> @everyone\n# no heading")
        body = people.client("viewer").get(url(run) + "plan.md").content.decode()
        assert body.count("- [ ] ") == plan.actions.count() and "Score " in body
        assert "<script" not in body and "@everyone" not in body and "\n# no" not in body

    def test_there_are_no_other_files(self, people: Cast, run: Run, plan: Plan) -> None:
        assert people.client("viewer").get(url(run) + "plan.exe").status_code == 404
        assert people.client("stranger").get(url(run) + "plan.csv").status_code == 404


def test_a_page_asks_a_fixed_number_of_times(people: Cast, run: Run, plan: Plan) -> None:
    client = people.client("viewer")
    with CaptureQueriesContext(connection) as made:
        body = client.get(url(run)).content.decode()
    assert len(made) <= 12 and "API01" in body
    Plan.objects.update(run=None)
    body = client.get(url(run)).content.decode()
    assert "being worked out" in body and "hx-get" in body
    assert "being worked out" in client.get(url(run) + "rows/").content.decode()
