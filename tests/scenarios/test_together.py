"""A team takes an exercise: alone first, then side by side, then one answer for all."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from design.edit import Set
from scenarios import engine
from scenarios.catalogue import catalogue
from scenarios.engine import TYPES
from scenarios.essays.workflow import PLACES
from scenarios.models import Attempt
from scenarios.teamwork import texts, workflow
from scenarios.teamwork.models import FirstAnswer, Sitting
from scenarios.teamwork.parts import parts, side_by_side
from tests.cast import Cast, cast
from tests.scenarios.test_essay import ID as ESSAY
from tests.scenarios.test_essay import OWN

pytestmark = pytest.mark.django_db

REPAIR = "r-0100-sale"
INCIDENT = "i-0100-campaign-mail"
GOOD = [engine.stored(Set("components", "orders-db", "http_api", True))]
POOR = [engine.stored(Set("components", "orders-db", "max_connections", 300))]


OTHER = OWN.replace("Ten tries in ten seconds", "So many retries at once")


@pytest.fixture
def people() -> Cast:
    return cast()


def sitting(people: Cast, id: str = REPAIR) -> Sitting:
    return workflow.open_sitting(people.team, catalogue().exercises[id], people["editor"])


def url(found: Sitting, what: str = "") -> str:
    return found.get_absolute_url() + (f"{what}/" if what else "")


def hand_in(client: Client, found: Sitting, edits: list[Any], what: str = "answer") -> Any:
    data = {"act": "check", "edits": json.dumps(edits)}
    return client.post(url(found, what), data)


class TestOpening:
    def test_an_editor_opens_one_for_a_meeting(self, people: Cast) -> None:
        client = people.client("editor")
        address = f"/practice/teams/{people.team.slug}/together/"
        assert REPAIR in client.get(address + f"?exercise={REPAIR}").content.decode()
        data = {"exercise": REPAIR, "agenda": "What do we do at a sale?", "meets_on": "2026-12-01"}
        assert client.post(address, data).status_code == 302
        page = client.get(f"/practice/teams/{people.team.slug}/").content.decode()
        assert "What do we do at a sale?" in page and "1 December 2026" in page

    @pytest.mark.parametrize(
        "data", [{}, {"exercise": "q-9999"}, {"exercise": REPAIR, "meets_on": "soon"}]
    )
    def test_what_cannot_be_opened_is_asked_again(self, people: Cast, data: dict[str, str]) -> None:
        address = f"/practice/teams/{people.team.slug}/together/"
        assert people.client("editor").post(address, data).status_code == 422
        assert not Sitting.objects.exists()

    def test_who_may_not_lead_or_is_a_stranger_finds_nothing(self, people: Cast) -> None:
        found = sitting(people)
        for name in ("reviewer", "stranger"):
            client = people.client(name)
            address = f"/practice/teams/{people.team.slug}/together/"
            assert client.post(address, {"exercise": REPAIR}).status_code == 404
            assert client.post(url(found, "close")).status_code == 404
            assert client.post(url(found, "submit")).status_code == 404
        for what in ("", "answer", "agree"):
            assert people.client("stranger").get(url(found, what)).status_code == 404
        assert people.client("viewer").get(url(found, "agree")).status_code == 404
        assert people.client().get(url(found)).status_code == 302


class TestAlone:
    def test_the_others_are_covered_until_one_has_answered(self, people: Cast) -> None:
        found = sitting(people)
        hand_in(people.client("owner"), found, POOR)
        covered = people.client("viewer").get(url(found)).content.decode()
        assert "The answers are covered" in covered and "max_connections" not in covered
        hand_in(people.client("viewer"), found, GOOD)
        page = people.client("viewer").get(url(found)).content.decode()
        assert "max_connections" in page and "You differ in 2 of 2 points" in page

    def test_no_grade_and_no_solution_is_shown_before_the_team_has_submitted(
        self, people: Cast
    ) -> None:
        found = sitting(people)
        hand_in(people.client("owner"), found, GOOD)
        workflow.close(found)
        page = people.client("owner").get(url(found)).content.decode()
        exercise = catalogue().exercises[REPAIR]
        assert "100 %" not in page and exercise.explain[:40] not in page
        assert not Attempt.objects.exists()

    def test_the_first_answer_stands(self, people: Cast) -> None:
        found = sitting(people)
        client = people.client("owner")
        hand_in(client, found, POOR)
        hand_in(client, found, GOOD)
        first = FirstAnswer.objects.get()
        assert first.response == {"edits": POOR}
        first.response = {}
        with pytest.raises(TypeError):
            first.save()

    def test_the_workbench_edits_without_answering(self, people: Cast) -> None:
        found = sitting(people)
        client = people.client("owner")
        data = {"act": "save:orders-db", "v-http_api": "true", "edits": "[]"}
        body = client.post(url(found, "answer"), data).content.decode()
        edits = re.search(r'name="edits" value="([^"]*)"', body)
        assert edits and len(json.loads(html.unescape(edits[1]))) >= 1
        assert f'action="{url(found, "answer")}#result"' in body
        assert "Show a solution" not in body and not FirstAnswer.objects.exists()
        assert (
            client.post(url(found, "answer"), {"act": "solution", "edits": "[]"}).status_code == 200
        )
        assert not Attempt.objects.exists() and not FirstAnswer.objects.exists()

    def test_the_workbench_is_left_and_not_filled_with_another_page(self, people: Cast) -> None:
        found = sitting(people)
        data = {"act": "check", "edits": json.dumps(GOOD)}
        client = people.client("owner")
        response = client.post(url(found, "answer"), data, HTTP_HX_REQUEST="true")
        assert response["HX-Redirect"] == url(found) and FirstAnswer.objects.get().done

    def test_who_comes_too_late_is_told(self, people: Cast) -> None:
        found = sitting(people)
        workflow.close(found)
        response = hand_in(people.client("owner"), found, GOOD)
        assert response.status_code == 302 and not FirstAnswer.objects.exists()
        with pytest.raises(workflow.Late):
            exercise = catalogue().exercises[REPAIR]
            workflow.answer(found, exercise, people["owner"], {"edits": GOOD})

    def test_an_incident_is_played_step_by_step_and_not_taken_back(self, people: Cast) -> None:
        found = sitting(people, INCIDENT)
        client = people.client("owner")
        page = client.post(url(found, "answer"), {"act": "do", "step": "0", "answer": "more"})
        assert "Half of all requests fail now" in page.content.decode()
        client.post(url(found, "answer"), {"act": "do", "step": "0", "answer": "cap"})
        assert FirstAnswer.objects.get().response == {"path": ["more"]}
        assert client.post(url(found, "answer"), {"step": "1", "answer": "zap"}).status_code == 422
        client.post(url(found, "answer"), {"act": "do", "step": "1", "answer": "cap-late"})
        data = {"act": "do", "step": "2", "answer": "page-cache"}
        assert client.post(url(found, "answer"), data).status_code == 302
        assert FirstAnswer.objects.get().done

    @pytest.mark.parametrize("type", sorted(set(TYPES) - engine.SELF_RATED))
    def test_every_type_can_be_taken(self, people: Cast, type: str) -> None:
        exercise = next(e for e in catalogue().live() if e.type == type)
        found = workflow.open_sitting(people.team, exercise, people["editor"])
        page = people.client("viewer").get(url(found, "answer"))
        assert page.status_code == 200
        body = page.content.decode()
        assert not exercise.explain or exercise.explain[:40] not in body
        for option in getattr(exercise.body, "options", ()):
            assert option.why[:40] not in body
        key = dict(TYPES[type].key(exercise, found.seed))
        assert parts(exercise, found.seed, key)


class TestTogether:
    def closed(self, people: Cast) -> Sitting:
        found = sitting(people)
        hand_in(people.client("owner"), found, POOR)
        hand_in(people.client("viewer"), found, GOOD)
        people.client("editor").post(url(found, "close"))
        found.refresh_from_db()
        return found

    def draft(self, client: Client, found: Sitting, edits: list[Any], version: int) -> Any:
        data = {"act": "check", "edits": json.dumps(edits), "version": version}
        return client.post(url(found, "agree"), data)

    def say(self, client: Client, found: Sitting, version: int, reason: str = "So.") -> Any:
        return client.post(url(found, "reason"), {"version": version, "reason": reason})

    def test_one_answer_with_a_reason_is_scored_like_any_other(self, people: Cast) -> None:
        found = self.closed(people)
        assert self.draft(people.client("reviewer"), found, GOOD, 0).status_code == 302
        assert self.say(people.client("reviewer"), found, 1).status_code == 302
        assert people.client("editor").post(url(found, "submit"), {"version": 2}).status_code == 302
        found.refresh_from_db()
        assert found.score == 1
        page = people.client("viewer").get(url(found)).content.decode()
        assert "So." in page and page.count(" %</td>") == 3
        scores = {a.user.username: a.score for a in Attempt.objects.select_related("user")}
        assert scores == {"owner": 0, "viewer": 1}
        assert all(a.tries == 1 for a in Attempt.objects.all())

    def test_a_draft_begins_with_a_members_answer(self, people: Cast) -> None:
        found = self.closed(people)
        first = FirstAnswer.objects.get(by=people["viewer"])
        page = people.client("reviewer").get(url(found, "agree") + f"?from={first.pk}")
        assert "http_api" in page.content.decode()
        assert people.client("reviewer").get(url(found, "agree") + "?from=x").status_code == 200

    def test_two_people_who_save_at_once_lose_nothing(self, people: Cast) -> None:
        found = self.closed(people)
        self.draft(people.client("reviewer"), found, GOOD, 0)
        response = self.draft(people.client("editor"), found, POOR, 0)
        assert response.status_code == 422
        body = response.content.decode()
        assert "saved another draft meanwhile" in body
        assert "max_connections" in body and "http_api" in body
        found.refresh_from_db()
        assert found.draft == {"edits": GOOD} and found.version == 1
        version = re.search(r'name="version" value="(\d+)"', body)
        assert version
        again = self.draft(people.client("editor"), found, POOR, int(version[1]))
        assert again.status_code == 302

    def test_two_reasons_at_once_lose_nothing(self, people: Cast) -> None:
        found = self.closed(people)
        assert self.say(people.client("editor"), found, 0).status_code == 422
        self.draft(people.client("reviewer"), found, GOOD, 0)
        self.say(people.client("reviewer"), found, 1, "first")
        assert self.say(people.client("reviewer"), found, 1, "first").status_code == 302
        response = self.say(people.client("editor"), found, 1, "second")
        body = response.content.decode()
        assert response.status_code == 422 and "first" in body and "second" in body
        found.refresh_from_db()
        assert (found.reason, found.version) == ("first", 2)
        assert self.say(people.client("viewer"), found, 2, "x").status_code == 404

    def test_nothing_is_submitted_that_was_not_read(self, people: Cast) -> None:
        found = self.closed(people)
        client = people.client("editor")
        assert client.post(url(found, "submit"), {"version": 0}).status_code == 422
        self.draft(client, found, GOOD, 0)
        assert client.post(url(found, "submit"), {"version": 1}).status_code == 422
        self.say(client, found, 1)
        assert client.post(url(found, "submit"), {"version": 1}).status_code == 422
        assert client.post(url(found, "submit"), {"version": 2}).status_code == 302
        client.post(url(found, "submit"), {"version": 2})
        assert self.draft(client, found, POOR, 2).status_code == 302
        assert self.say(client, found, 2, "later").status_code == 422
        found.refresh_from_db()
        assert found.score == 1 and Attempt.objects.count() == 2

    def test_there_is_nothing_to_agree_on_while_members_answer(self, people: Cast) -> None:
        found = sitting(people)
        assert people.client("reviewer").get(url(found, "agree")).status_code == 302

    def test_an_incident_is_agreed_on_along_a_path(self, people: Cast) -> None:
        found = sitting(people, INCIDENT)
        workflow.close(found)
        client = people.client("reviewer")
        page = client.post(url(found, "agree"), {"act": "do", "path": "[]", "answer": "cap"})
        assert "[&quot;cap&quot;]" in page.content.decode()
        data = {"act": "check", "path": '["cap","page-cache"]', "version": 0}
        assert client.post(url(found, "agree"), data).status_code == 302
        forged = {"act": "do", "path": '["nowhere"]', "answer": "zap"}
        assert client.post(url(found, "agree"), forged).status_code == 200

    def test_markup_in_a_reason_is_text(self, people: Cast) -> None:
        found = self.closed(people)
        self.draft(people.client("editor"), found, GOOD, 0)
        self.say(people.client("editor"), found, 1, "<script>alert(1)</script>")
        page = people.client("viewer").get(url(found)).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;" in page

    def test_an_exercise_that_was_revised_keeps_its_history(
        self, people: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = self.closed(people)
        Sitting.objects.update(rev=77)
        assert people.client("owner").get(url(found)).status_code == 200
        assert people.client("reviewer").get(url(found, "agree")).status_code == 404


def test_answers_stand_side_by_side_with_differences_first() -> None:
    lines = side_by_side([{"a": "✓", "b": "✓"}, {"a": "✓", "c": "✓"}])
    assert [(x.text, x.differs) for x in lines] == [("b", True), ("c", True), ("a", False)]


class TestText:
    """A short text: written alone, seen by all, agreed on, rated together."""

    def write(self, people: Cast, who: str, found: Sitting, text: str) -> Any:
        data = {"act": "check", "text": text}
        return people.client(who).post(url(found, "answer"), data)

    def sheet(self, found: Sitting, text: str, **changes: str) -> dict[str, str]:
        """The team's form, rated as the author rates and highest, each level with its words."""
        body = catalogue().exercises[ESSAY].body
        said = {"act": "check", "text": text, "version": str(found.version)}
        for place, before in zip(texts._order(found), PLACES, strict=True):
            for criterion, level in zip(body.rubric, body.examples[place].score, strict=True):
                said[f"{before}{criterion.id}"] = str(level)
        for criterion in body.rubric:
            said[f"level-{criterion.id}"] = "2"
            said[f"quote-{criterion.id}"] = " ".join(text.split()[:5])
        return said | changes

    @pytest.fixture
    def found(self, people: Cast) -> Sitting:
        return sitting(people, ESSAY)

    def test_it_is_offered(self, people: Cast) -> None:
        address = f"/practice/teams/{people.team.slug}/together/"
        page = people.client("editor").get(address).content.decode()
        assert f'value="{ESSAY}"' in page

    def test_each_writes_alone_and_then_sees_the_others(self, people: Cast, found: Sitting) -> None:
        alone = people.client("viewer").get(url(found, "answer")).content.decode()
        assert 'name="text"' in alone and "The two examples" not in alone
        assert self.write(people, "owner", found, OWN).status_code == 302
        assert "Ten tries in ten" not in people.client("viewer").get(url(found)).content.decode()
        self.write(people, "viewer", found, OTHER)
        page = people.client("viewer").get(url(found)).content.decode()
        assert "Ten tries in ten" in page and '<h3 id="w2">viewer</h3>' in page
        assert all(a.grade is None and a.score is None for a in FirstAnswer.objects.all())

    def test_what_is_no_text_is_refused_and_kept(self, people: Cast, found: Sitting) -> None:
        answer = self.write(people, "owner", found, "Ten attempts are too few.")
        assert answer.status_code == 422 and "Ten attempts are too few." in answer.content.decode()
        assert "5 words" in answer.content.decode() and not FirstAnswer.objects.exists()

    def test_one_text_is_agreed_on_and_scored_by_the_rubric(
        self, people: Cast, found: Sitting
    ) -> None:
        self.write(people, "owner", found, OWN)
        workflow.close(found)
        first = FirstAnswer.objects.get()
        page = people.client("reviewer").get(url(found, "agree") + f"?from={first.pk}")
        assert "Ten tries in ten" in page.content.decode()
        sent = people.client("reviewer").post(url(found, "agree"), self.sheet(found, OWN))
        assert sent.status_code == 302
        found.refresh_from_db()
        assert found.draft["text"] == OWN and found.score is None
        workflow.explain(found, people["editor"], found.version, "It says when to stop.")
        people.client("editor").post(url(found, "submit"), {"version": found.version})
        found.refresh_from_db()
        assert found.score == 1 and found.submitted
        page = people.client("viewer").get(url(found)).content.decode()
        assert "A model answer" in page and "by your own rating" in page
        assert not Attempt.objects.exists()

    def test_a_team_that_does_not_rate_as_the_author_does_has_no_score(
        self, people: Cast, found: Sitting
    ) -> None:
        workflow.close(found)
        wrong = {key: "1" for key in self.sheet(found, OWN) if key.startswith(PLACES)}
        people.client("owner").post(url(found, "agree"), self.sheet(found, OWN, **wrong))
        found.refresh_from_db()
        workflow.explain(found, people["editor"], found.version, "Because.")
        grade = workflow.submit(found, catalogue().exercises[ESSAY], people["editor"], 2)
        assert grade.score == 0 and "does not count" in grade.said

    def test_a_missing_level_or_a_false_quote_is_named_and_nothing_is_lost(
        self, people: Cast, found: Sitting
    ) -> None:
        workflow.close(found)
        id = catalogue().exercises[ESSAY].body.rubric[0].id
        for change in ({f"level-{id}": ""}, {f"quote-{id}": "words nobody wrote here"}):
            answer = people.client("owner").post(
                url(found, "agree"), self.sheet(found, OWN, **change)
            )
            page = answer.content.decode()
            assert answer.status_code == 422 and "Ten tries in ten" in page
            assert page.count(" checked") >= 3 * len(texts.PLACES)
        found.refresh_from_db()
        assert found.draft is None

    def test_two_who_save_at_once_lose_nothing(self, people: Cast, found: Sitting) -> None:
        workflow.close(found)
        mine, theirs = self.sheet(found, OWN), self.sheet(found, OTHER)
        people.client("owner").post(url(found, "agree"), theirs)
        answer = people.client("reviewer").post(url(found, "agree"), mine)
        page = answer.content.decode()
        assert answer.status_code == 422 and "Ten tries in ten" in page and OTHER[:20] in page
