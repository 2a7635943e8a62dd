"""A panel from its opening to its outcome, and who may do what in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from reviews import workflow
from reviews.judging import panels
from reviews.judging.panels import Refused
from reviews.judging.rubric import rubric
from reviews.models import Decision, Mark, Note, Panel, PanelState, Revision, Seat, TeamRules
from teams.fixed import Immutable
from teams.models import Event, Membership, Notice, Role, User
from tests.cast import Cast, cast
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db

IDS = [criterion.id for criterion in rubric().criteria]
PAGE = "/reviews/team-prints-test/small/1/panel/"
DESIGN = "/reviews/team-prints-test/small/"


def sheet(marks: str | int = 3, **other: int | str) -> dict[str, str]:
    """A complete sheet: the same mark everywhere, and another for these criteria."""
    said = {f"mark-{id}": str(other.get(id, marks)) for id in IDS}
    return said | {f"reason-{id}": f"because of {id} as such" for id in IDS} | {"do": "send"}


@pytest.fixture
def people() -> Cast:
    """The editor's revision; a second reviewer sits beside the first and the owner."""
    people = cast()
    people.people["second"] = User.objects.create_user("second", "second@example.org")
    Membership.objects.create(team=people.team, user=people["second"], role=Role.REVIEWER)
    submit(people, SMALL)
    return people


def submit(people: Cast, text: str, **more: Any) -> Revision:
    """A revision that is checked, without waiting for the end of the test's transaction."""
    run = workflow.submit(people.team, people["editor"], text, **more)
    workflow.score(run.pk)
    return run.revision


def open_panel(people: Cast, *names: str, by: str = "editor", **more: object) -> Any:
    chosen = [people[name].pk for name in names or ("reviewer", "second")]
    return people.client(by).post(PAGE + "open/", {"people": chosen, **more})


def send(people: Cast, name: str, marks: str | int = 3, **other: int | str) -> Any:
    return people.client(name).post(PAGE + "marks/", sheet(marks, **other))


def body(client: Client, path: str = PAGE) -> str:
    return client.get(path).content.decode()


def decide(people: Cast, name: str, verdict: str, text: str = "") -> Any:
    return people.client(name).post(PAGE + "decision/", {"verdict": verdict, "text": text})


class TestOpening:
    def test_an_editor_invites_by_name_and_the_invited_are_told(self, people: Cast) -> None:
        assert open_panel(people)["Location"] == PAGE
        assert [str(seat) for seat in Seat.objects.all()] == ["reviewer", "second"]
        told = Notice.objects.filter(event__kind="panel.invited")
        assert {notice.user.username for notice in told} == {"reviewer", "second"}
        assert Event.objects.filter(kind="panel.opened").count() == 1

    def test_who_submitted_it_is_no_choice(self, people: Cast) -> None:
        assert open_panel(people, "reviewer", "editor").status_code == 422
        assert open_panel(people, "reviewer", "viewer").status_code == 422
        assert open_panel(people, "reviewer", "stranger").status_code == 422
        assert not Panel.objects.exists()

    def test_too_few_are_refused_with_the_number_that_is_needed(self, people: Cast) -> None:
        response = open_panel(people, "reviewer")
        assert response.status_code == 422
        assert "needs 2 reviewers; 1 is chosen" in response.content.decode()

    def test_a_critical_design_needs_three(self, people: Cast) -> None:
        text = SMALL.replace("criticality: low", "criticality: critical")
        design = Revision.objects.get().design
        submit(people, text, design=design)
        chosen = [people[name].pk for name in ("reviewer", "second")]
        url = f"{DESIGN}2/panel/open/"
        assert people.client("editor").post(url, {"people": chosen}).status_code == 422
        everybody = [*chosen, people["owner"].pk]
        assert people.client("editor").post(url, {"people": everybody}).status_code == 302

    def test_a_day_in_the_past_is_refused(self, people: Cast) -> None:
        assert open_panel(people, due="2020-01-01").status_code == 422

    def test_there_is_one_panel_a_revision(self, people: Cast) -> None:
        open_panel(people)
        assert open_panel(people, "owner", "second")["Location"] == PAGE
        assert Panel.objects.count() == 1


class TestBlind:
    def test_nobody_sees_anothers_marks_or_notes_before_all_are_sent(self, people: Cast) -> None:
        open_panel(people)
        send(people, "reviewer", 1)
        note = {"kind": "risk", "text": "a secret worry", "subjects": ""}
        people.client("reviewer").post(PAGE + "notes/", note)
        for name in ("second", "editor", "owner", "viewer"):
            for path in (PAGE, DESIGN, "/reviews/team-prints-test/judgement/"):
                text = body(people.client(name), path)
                assert "because of goals" not in text and "secret worry" not in text, (name, path)
        assert "secret worry" in body(people.client("reviewer"))
        assert Panel.objects.get().summary.keys() == {"seats", "marked", "waiting"}
        send(people, "second", 2)
        text = body(people.client("viewer"))
        assert "because of goals" in text and "secret worry" in text

    def test_the_last_one_opens_the_marks_and_all_are_told_once(self, people: Cast) -> None:
        open_panel(people)
        send(people, "reviewer")
        assert Panel.objects.get().is_blind
        send(people, "second")
        assert Panel.objects.get().is_talk
        assert Event.objects.filter(kind="panel.open_marks").count() == 1

    def test_sent_marks_stand(self, people: Cast) -> None:
        open_panel(people)
        send(people, "reviewer", 1)
        send(people, "reviewer", 4)
        assert set(Mark.objects.values_list("value", flat=True)) == {1}

    def test_a_draft_keeps_what_is_there_and_is_no_mark(self, people: Cast) -> None:
        open_panel(people)
        client = people.client("reviewer")
        said = {"mark-goals": "none", "reason-fit": "half a tho", "do": "draft"}
        assert client.post(PAGE + "marks/", said).status_code == 302
        assert not Mark.objects.exists() and not Seat.objects.filter(marked__isnull=False)
        text = body(client, PAGE + "marks/")
        assert "half a tho" in text
        assert 'name="mark-goals" value="none" checked' in text
        away = client.post(PAGE + "marks/", said | {"do": "note", "mark-fit": "2"})
        assert away["Location"] == PAGE + "notes/"
        assert 'name="mark-fit" value="2" checked' in body(client, PAGE + "marks/")

    def test_the_teams_page_names_what_waits_for_ones_marks(self, people: Cast) -> None:
        open_panel(people)
        team = "/reviews/team-prints-test/"
        assert "Your marks are waited for" in body(people.client("reviewer"), team)
        assert "Your marks are waited for" not in body(people.client("owner"), team)
        send(people, "reviewer")
        assert "Your marks are waited for" not in body(people.client("reviewer"), team)

    def test_an_incomplete_sheet_says_where_and_loses_nothing(self, people: Cast) -> None:
        open_panel(people)
        said = sheet() | {"mark-failure": "", "reason-goals": "short", "reason-fit": "Kept words."}
        response = people.client("reviewer").post(PAGE + "marks/", said)
        text = response.content.decode()
        assert response.status_code == 422 and not Mark.objects.exists()
        assert "Choose a level" in text and "10 characters or more" in text
        assert "Kept words." in text

    @pytest.mark.parametrize("mark", ["5", "-1", "three", "3.5"])
    def test_a_mark_off_the_scale_is_refused(self, people: Cast, mark: str) -> None:
        open_panel(people)
        assert send(people, "reviewer", mark).status_code == 422

    def test_who_cannot_judge_leaves_the_median_to_the_others(self, people: Cast) -> None:
        open_panel(people)
        send(people, "reviewer", 3, security="none")
        send(people, "second", 2, security=1)
        summary = Panel.objects.get().summary
        assert summary["final"]["security"] == [1] and summary["final"]["goals"] == [2, 3]

    def test_a_silent_reviewer_is_excused_and_the_round_ends(self, people: Cast) -> None:
        open_panel(people, "reviewer", "second", "owner")
        send(people, "reviewer")
        send(people, "second")
        silent = Seat.objects.get(user=people["owner"])
        people.client("editor").post(f"{PAGE}seats/{silent.pk}/excuse/")
        assert Panel.objects.get().is_talk and Seat.objects.count() == 2

    def test_the_round_is_not_closed_below_the_quorum(self, people: Cast) -> None:
        open_panel(people, "reviewer", "second", "owner")
        send(people, "reviewer")
        people.client("editor").post(PAGE + "marks/open/")
        assert Panel.objects.get().is_blind
        send(people, "second")
        people.client("editor").post(PAGE + "marks/open/")
        assert Panel.objects.get().is_talk
        assert send(people, "owner")["Location"] == PAGE
        assert not Mark.objects.filter(seat__user=people["owner"]).exists()

    def test_a_panel_without_marks_is_called_off_and_one_with_marks_is_not(
        self, people: Cast
    ) -> None:
        open_panel(people)
        people.client("editor").post(PAGE + "call-off/")
        assert not Panel.objects.exists()
        open_panel(people)
        send(people, "reviewer")
        people.client("editor").post(PAGE + "call-off/")
        assert Panel.objects.exists()


class TestCovered:
    def test_the_score_is_kept_from_who_has_yet_to_mark(self, people: Cast) -> None:
        open_panel(people, hide_score="on")
        reviewer = people.client("reviewer")
        for path in ("", "1/", "compare/1/1/"):
            text = body(reviewer, DESIGN + path)
            assert "The score is covered" in text and "API01" not in text, path
        assert "covered until you" in body(reviewer, "/reviews/team-prints-test/")
        for name in ("report.md", "report.json", "drawing.svg"):
            assert reviewer.get(f"{DESIGN}1/{name}").status_code == 404
        assert reviewer.get(f"{DESIGN}1/design.yaml").status_code == 200
        assert "API01" in body(people.client("viewer"), DESIGN)
        send(people, "reviewer")
        assert "API01" in body(reviewer, DESIGN)

    def test_it_is_shown_unless_the_panel_covers_it(self, people: Cast) -> None:
        open_panel(people)
        assert "API01" in body(people.client("reviewer"), DESIGN)


class TestReconciling:
    @pytest.fixture
    def apart(self, people: Cast) -> Cast:
        open_panel(people)
        send(people, "reviewer", 3, failure=1)
        send(people, "second", 3, failure=3, goals=2)
        return people

    def again(self, people: Cast, name: str, mark: int, criterion: str = "failure") -> Any:
        said = {f"mark-{criterion}": str(mark), f"reason-{criterion}": "on second thoughts"}
        return people.client(name).post(PAGE + "marks/second/", said)

    def test_only_marks_two_levels_apart_are_asked_again(self, apart: Cast) -> None:
        assert panels.disputed(Panel.objects.get()) == ["failure"]
        self.again(apart, "reviewer", 3, "goals")
        assert not Mark.objects.filter(round=Mark.SECOND, criterion="goals").exists()

    def test_both_rounds_are_kept_and_the_second_stands(self, apart: Cast) -> None:
        self.again(apart, "reviewer", 2)
        rounds = Mark.objects.filter(seat__user=apart["reviewer"], criterion="failure")
        assert [(m.round, m.value) for m in rounds] == [(1, 1), (2, 2)]
        summary = Panel.objects.get().summary
        assert summary["first"]["failure"] == [1, 3] and summary["final"]["failure"] == [2, 3]

    def test_a_second_mark_needs_a_reason(self, apart: Cast) -> None:
        response = apart.client("reviewer").post(
            PAGE + "marks/second/", {"mark-failure": "2", "reason-failure": ""}
        )
        assert response.status_code == 422

    def test_a_decision_waits_for_the_second_mark(self, apart: Cast) -> None:
        decide(apart, "reviewer", "approve")
        assert not Decision.objects.exists()
        assert "after your second mark on failure thinking" in body(apart.client("reviewer"))
        self.again(apart, "reviewer", 1)
        decide(apart, "reviewer", "approve")
        assert Decision.objects.count() == 1


class TestDeciding:
    @pytest.fixture
    def marked(self, people: Cast) -> Cast:
        open_panel(people)
        for name in ("reviewer", "second"):
            send(people, name)
        return people

    def close(self, people: Cast) -> Panel:
        people.client("editor").post(PAGE + "close/")
        return Panel.objects.get()

    def test_the_strictest_stands_and_the_author_is_told(self, marked: Cast) -> None:
        decide(marked, "reviewer", "approve")
        assert not self.close(marked).is_closed
        decide(marked, "second", "conditions", "An authoriser on the API.")
        panel = self.close(marked)
        assert (panel.state, panel.outcome) == (PanelState.CLOSED, "conditions")
        closed = Notice.objects.filter(event__kind="panel.closed")
        assert {n.user.username for n in closed} == {"reviewer", "second"}  # the author closed it
        assert "approve with conditions" in body(marked.client("viewer"))

    def test_all_but_approval_needs_words(self, marked: Cast) -> None:
        for verdict in ("conditions", "changes", "reject"):
            assert decide(marked, "reviewer", verdict).status_code == 422
        assert decide(marked, "reviewer", "perhaps").status_code == 422
        assert not Decision.objects.exists()

    def test_a_changed_mind_is_a_second_row(self, marked: Cast) -> None:
        decide(marked, "reviewer", "reject", "There is no authoriser.")
        decide(marked, "reviewer", "approve")
        decide(marked, "second", "approve")
        assert Decision.objects.count() == 3
        assert self.close(marked).outcome == "approve"

    def test_a_closed_panel_takes_nothing_more(self, marked: Cast) -> None:
        for name in ("reviewer", "second"):
            decide(marked, name, "approve")
        self.close(marked)
        decide(marked, "reviewer", "reject", "It is too late for this.")
        said = {"kind": "risk", "text": "too late", "subjects": ""}
        marked.client("reviewer").post(PAGE + "notes/", said)
        assert Decision.objects.count() == 2 and not Note.objects.exists()
        with pytest.raises(Refused):
            panels.invite(Panel.objects.get(), marked["owner"], [marked["owner"]])

    def test_who_has_left_the_team_decides_no_more(self, marked: Cast) -> None:
        Membership.objects.filter(user=marked["reviewer"]).delete()
        assert decide(marked, "reviewer", "approve").status_code == 404

    def test_a_decision_is_never_changed(self, marked: Cast) -> None:
        decide(marked, "reviewer", "approve")
        with pytest.raises(Immutable):
            Decision.objects.update(verdict="reject")

    def test_a_deleted_account_leaves_name_and_marks(self, marked: Cast) -> None:
        marked["second"].delete()
        assert "second" in body(marked.client("viewer"))
        assert Mark.objects.count() == 16


class TestNotes:
    def write(self, people: Cast, subjects: str) -> Any:
        said = {"kind": "sensitivity", "text": "it hangs here", "subjects": subjects}
        return people.client("reviewer").post(PAGE + "notes/", said)

    def test_a_note_names_parts_that_exist(self, people: Cast) -> None:
        open_panel(people)
        self.write(people, "api, web -> api, api")
        assert Note.objects.get().subjects == ["api", "web->api"]
        response = self.write(people, "apy")
        assert response.status_code == 422
        assert "no “apy”, perhaps api" in response.content.decode()

    def test_only_its_author_withdraws_it_and_it_stays_to_be_seen(self, people: Cast) -> None:
        open_panel(people)
        self.write(people, "api")
        url = f"{PAGE}notes/{Note.objects.get().pk}/withdraw/"
        assert people.client("second").post(url).status_code == 404
        assert people.client("reviewer").post(url).status_code == 302
        assert "withdrawn" in body(people.client("reviewer"))

    def test_what_people_write_is_text(self, people: Cast) -> None:
        open_panel(people)
        said = {"kind": "risk", "text": "<script>alert(1)</script>", "subjects": ""}
        people.client("reviewer").post(PAGE + "notes/", said)
        assert "<script>alert" not in body(people.client("reviewer"))


class TestAccess:
    def test_members_read_strangers_get_404_guests_sign_in(self, people: Cast) -> None:
        open_panel(people)
        for name in ("owner", "editor", "reviewer", "viewer"):
            for path in (PAGE, PAGE + "standing/"):
                assert people.client(name).get(path).status_code == 200, name
        assert people.client("stranger").get(PAGE).status_code == 404
        assert people.client().get(PAGE)["Location"].startswith("/accounts/login/")

    @pytest.mark.parametrize("path", ["invite/", "call-off/", "marks/open/", "close/"])
    def test_only_editors_manage(self, people: Cast, path: str) -> None:
        open_panel(people)
        for name in ("reviewer", "viewer", "stranger"):
            assert people.client(name).post(PAGE + path).status_code == 404, name
        assert people.client().post(PAGE + path).status_code == 302

    @pytest.mark.parametrize("path", ["marks/", "marks/second/", "notes/", "decision/"])
    def test_only_who_sits_judges(self, people: Cast, path: str) -> None:
        open_panel(people)
        for name in ("owner", "editor", "viewer", "stranger"):
            assert people.client(name).post(PAGE + path).status_code == 404, name

    def test_a_reviewer_who_became_a_viewer_judges_no_more(self, people: Cast) -> None:
        open_panel(people)
        Membership.objects.filter(user=people["reviewer"]).update(role=Role.VIEWER)
        assert send(people, "reviewer").status_code == 404

    def test_pages_ask_a_fixed_number_of_times(
        self, people: Cast, django_assert_max_num_queries: Any
    ) -> None:
        open_panel(people, "reviewer", "second", "owner")
        clients = {name: people.client(name) for name in ("reviewer", "editor", "owner")}

        def count(*paths: str) -> None:
            for client in clients.values():
                for path in paths:
                    with django_assert_max_num_queries(12):
                        client.get(path)

        count(PAGE, DESIGN, "/reviews/team-prints-test/", PAGE + "marks/", PAGE + "notes/")
        for name, mark in (("reviewer", 1), ("second", 1), ("owner", 3)):
            send(people, name, mark)
        decide(people, "reviewer", "approve")
        count(PAGE, DESIGN, "/reviews/team-prints-test/judgement/", "/reviews/calibration/")


class TestRules:
    URL = "/reviews/team-prints-test/judgement/rules/"
    SAID = {"quorum": 1, "quorum_critical": 2, "voice": "editor", "settle": "majority",
            "calibrate": "off", "blend": 60, "seen": 0}  # fmt: skip

    def test_an_owner_changes_them_and_an_open_panel_keeps_its_own(self, people: Cast) -> None:
        open_panel(people)
        assert people.client("owner").post(self.URL, self.SAID).status_code == 302
        assert TeamRules.objects.get().rules().blend == 60
        assert Panel.objects.get().agreed().blend is None
        assert Event.objects.filter(kind="panel.rules").count() == 1
        for name in ("editor", "reviewer", "stranger"):
            assert people.client(name).post(self.URL, self.SAID).status_code == 404

    def test_two_owners_at_once_lose_nothing(self, people: Cast) -> None:
        owner = people.client("owner")
        owner.post(self.URL, self.SAID)
        response = owner.post(self.URL, self.SAID | {"quorum": 4, "quorum_critical": 5})
        text = response.content.decode()
        assert response.status_code == 409 and TeamRules.objects.get().quorum == 1
        assert 'name="quorum" value="4"' in text and "changed the rules meanwhile" in text
        assert 'name="seen" value="1"' in text
        again = self.SAID | {"quorum": 4, "quorum_critical": 5, "seen": 1}
        assert owner.post(self.URL, again).status_code == 302
        assert TeamRules.objects.get().quorum == 4

    @pytest.mark.parametrize(
        "wrong", [{"quorum": 0}, {"quorum": 3}, {"blend": 100}, {"voice": "viewer"}, {"seen": "x"}]
    )
    def test_rules_that_make_no_sense_are_refused(self, people: Cast, wrong: dict) -> None:
        assert people.client("owner").post(self.URL, self.SAID | wrong).status_code == 422
        assert not TeamRules.objects.exists()

    def test_a_blend_is_printed_with_its_formula_and_only_where_asked_for(
        self, people: Cast
    ) -> None:
        people.client("owner").post(self.URL, self.SAID | {"quorum": 2})
        open_panel(people)
        for name in ("reviewer", "second"):
            send(people, name)
        assert "60 % ×" in body(people.client("viewer"), DESIGN)
        people.client("owner").post(self.URL, self.SAID | {"blend": "", "seen": 1})
        assert "60 % ×" in body(people.client("viewer"), DESIGN)

    def test_a_required_calibration_stands_before_the_first_marks(self, people: Cast) -> None:
        said = self.SAID | {"quorum": 2, "calibrate": "required"}
        people.client("owner").post(self.URL, said)
        open_panel(people)
        client = people.client("reviewer")
        assert client.get(PAGE + "marks/")["Location"] == "/reviews/calibration/"
        for sample in rubric().samples:
            client.post(f"/reviews/calibration/{sample.design}/", sheet())
        assert client.get(PAGE + "marks/").status_code == 200
