"""Practice as a guest and as a member does it: answering, hints, giving up, coming back."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils.html import escape

from scenarios.catalogue import catalogue
from scenarios.engine import Exercise
from scenarios.models import Attempt
from scenarios.review import standings

pytestmark = pytest.mark.django_db

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def of_type(kind: str) -> Exercise:
    return next(e for e in catalogue().live() if e.type == kind)


def url(exercise: Exercise) -> str:
    return f"/practice/{exercise.id}/"


def send(client: Client, exercise: Exercise, **data: Any) -> Any:
    data = {"attempt": str(uuid.uuid4()), "act": "check", **data}
    return client.post(url(exercise), data, **HERE)


def right(exercise: Exercise) -> list[str]:
    return [o.id for o in exercise.body.options if o.correct]


def wrong(exercise: Exercise) -> str:
    return next(o.id for o in exercise.body.options if not o.correct)


class TestBeforeAnAnswer:
    def test_every_exercise_is_shown_without_its_reasons_and_without_a_cookie(
        self, client: Client
    ) -> None:
        for exercise in catalogue().live():
            response = client.get(url(exercise))
            assert response.status_code == 200
            assert not response.cookies
            body = response.content.decode()
            for option in getattr(exercise.body, "options", ()):
                assert option.why[:40] not in body, (exercise.id, option.id)
            assert not exercise.explain or exercise.explain[:40] not in body

    def test_a_hot_spot_shows_its_design_with_what_can_be_pointed_at(self, client: Client) -> None:
        exercise = of_type("hotspot")
        body = client.get(url(exercise)).content.decode()
        assert "spot-plate" in body and "<svg" in body
        assert escape(exercise.body.text) in body
        offered = set(re.findall(r'name="answer" value="([^"]+)"', body))
        assert offered
        assert offered <= set(re.findall(r'data-subject="([^"]+)"', body))

    def test_what_does_not_exist_is_404(self, client: Client) -> None:
        assert client.get("/practice/q-9999-nothing/").status_code == 404


class TestAnswering:
    def test_the_right_answer_is_right_and_noted_once(self, client: Client) -> None:
        exercise = of_type("single")
        response = send(client, exercise, answer=right(exercise))
        assert "Right." in response.content.decode()
        attempt = Attempt.objects.get()
        assert (attempt.score, attempt.points, attempt.tries) == (1, 1, 1)

    def test_a_wrong_answer_tells_its_own_reason_only(self, client: Client) -> None:
        exercise = of_type("single")
        chosen = wrong(exercise)
        body = send(client, exercise, answer=[chosen]).content.decode()
        assert "Not yet." in body
        assert body.count('class="why"') == 1

    def test_the_same_form_twice_is_one_attempt(self, client: Client) -> None:
        exercise, id = of_type("single"), str(uuid.uuid4())
        send(client, exercise, attempt=id, answer=[wrong(exercise)])
        send(client, exercise, attempt=id, answer=right(exercise))
        assert Attempt.objects.get().score == 0

    def test_a_second_try_is_worth_less_and_is_no_evidence(self, client: Client) -> None:
        exercise = of_type("single")
        send(client, exercise, answer=[wrong(exercise)])
        send(client, exercise, answer=right(exercise))
        points = [a.points for a in Attempt.objects.order_by("tries")]
        assert points == [0, pytest.approx(0.6)]

    @pytest.mark.parametrize("answer", [[], ["forged"], ["<b>"], ["x" * 5000]])
    def test_what_cannot_be_graded_is_asked_again_and_costs_nothing(
        self, client: Client, answer: list[str]
    ) -> None:
        response = send(client, of_type("single"), answer=answer)
        assert response.status_code == 422
        assert "does not count as a try" in response.content.decode()
        assert not Attempt.objects.exists()

    @pytest.mark.parametrize("typed", ["", "twelve", "1e999", "nan", "1,2,3", "９" * 60])
    def test_what_is_no_number_is_asked_again(self, client: Client, typed: str) -> None:
        response = send(client, of_type("numeric"), answer=[typed])
        assert response.status_code in (200, 422)
        assert response.status_code == 422 or Attempt.objects.get().score < 1

    def test_a_form_from_another_site_is_refused(self, client: Client) -> None:
        exercise = of_type("single")
        data = {"attempt": str(uuid.uuid4()), "act": "check", "answer": right(exercise)}
        assert client.post(url(exercise), data).status_code == 403
        for site in ("cross-site", "same-site", "none"):
            response = client.post(url(exercise), data, HTTP_SEC_FETCH_SITE=site)
            assert response.status_code == 403
        assert not Attempt.objects.exists()

    def test_a_fragment_is_part_of_the_page(self, client: Client) -> None:
        exercise = of_type("single")
        data = {"attempt": str(uuid.uuid4()), "act": "check", "answer": [wrong(exercise)]}
        part = client.post(url(exercise), data, HTTP_HX_REQUEST="true", **HERE)
        assert part.content.decode().lstrip().startswith("<section")


class TestHintsAndSolution:
    def test_a_hint_makes_the_first_try_cheaper(self, client: Client) -> None:
        exercise = next(e for e in catalogue().live() if e.hints and e.type == "single")
        body = send(client, exercise, act="hint-1").content.decode()
        assert "Hint 1." in body
        send(client, exercise, answer=right(exercise))
        assert Attempt.objects.get().points == pytest.approx(0.8)

    def test_the_solution_ends_what_can_be_earned(self, client: Client) -> None:
        exercise = of_type("single")
        body = send(client, exercise, act="solution").content.decode()
        assert "The solution." in body
        send(client, exercise, answer=right(exercise))
        assert sum(a.points for a in Attempt.objects.all()) == 0


class TestOnesOwnLog:
    def member(self) -> Any:
        return get_user_model().objects.create_user("mia", "mia@example.org", "a-long-password-1")

    def test_a_guest_who_signs_in_loses_nothing(self, client: Client) -> None:
        exercise, mia = of_type("single"), self.member()
        send(client, exercise, answer=right(exercise))
        session = dict(client.session)
        client.force_login(mia)
        session_now = client.session
        session_now.update({k: v for k, v in session.items() if k.startswith("practice")})
        session_now.save()
        assert exercise.section in client.get("/practice/progress/").content.decode()
        assert Attempt.objects.get().user == mia

    def test_nobody_sees_the_log_of_another(self, client: Client) -> None:
        exercise = of_type("single")
        send(client, exercise, answer=right(exercise))
        stranger = Client()
        assert stranger.get("/practice/progress/export.json").json()["attempts"] == []

    def test_the_log_can_be_taken_along_and_deleted(self, client: Client) -> None:
        exercise = of_type("single")
        send(client, exercise, answer=right(exercise))
        (row,) = client.get("/practice/progress/export.json").json()["attempts"]
        assert row["exercise"] == exercise.id
        assert client.post("/practice/progress/", {}).status_code == 422
        assert Attempt.objects.exists()
        client.post("/practice/progress/", {"sure": "yes"})
        assert not Attempt.objects.exists()

    def test_attempts_do_not_change(self, client: Client) -> None:
        send(client, of_type("single"), answer=right(of_type("single")))
        attempt = Attempt.objects.get()
        attempt.score = 0.5
        with pytest.raises(TypeError):
            attempt.save()


class TestTheList:
    def test_it_can_be_narrowed_to_a_rule(self, client: Client) -> None:
        body = client.get("/practice/?rule=EVT05").content.decode()
        assert "EVT05" in body
        assert client.get("/practice/?rule=%3Cscript%3E").status_code == 200

    def test_what_is_about_a_platform_is_marked_and_can_be_asked_for(self, client: Client) -> None:
        body = client.get("/practice/", {"scope": "azure"}).content.decode()
        assert "q-0701-azure-lock" in body and "q-0701-aws-visibility" not in body
        page = client.get("/practice/q-0701-azure-lock/").content.decode()
        assert "About Azure" in page and "lock duration: 1 minute" not in page
        exercise = catalogue().exercises["q-0701-azure-lock"]
        done = send(client, exercise, answer=right(exercise))
        assert "lock duration: 1 minute" in done.content.decode()

    def test_nothing_is_chosen_about_a_platform_unasked(self, client: Client) -> None:
        known = catalogue()
        offered = {i.id for i in standings.items(known).values() if i.live}
        assert all(known.exercises[id].scope == "neutral" for id in offered)
        neutral = next(e for e in known.live() if e.id == "q-0701-settings")
        assert all(e.scope == "neutral" for e in known.siblings(neutral))

    def test_nothing_fits_says_so(self, client: Client) -> None:
        assert "No question fits" in client.get("/practice/?chapter=nowhere").content.decode()


class TestRowsAndOrder:
    def test_moving_a_step_is_no_try_and_keeps_the_rest(self, client: Client) -> None:
        exercise = of_type("order")
        body = client.get(url(exercise)).content.decode()
        order = re.findall(r'type="hidden" name="answer" value="([^"]+)"', body)
        response = send(client, exercise, act=f"down-{order[0]}", answer=order)
        after = re.findall(r'name="answer" value="([^"]+)"', response.content.decode())
        assert after == [order[1], order[0], *order[2:]]
        assert not Attempt.objects.exists()

    def test_a_step_left_out_can_be_taken_back(self, client: Client) -> None:
        exercise = of_type("order")
        order = [c.id for c in (*exercise.body.steps, *exercise.body.extras)]
        out = send(client, exercise, act=f"out-{order[1]}", answer=order)
        assert f"in-{order[1]}".encode() in out.content

    def test_a_right_order_is_an_attempt(self, client: Client) -> None:
        exercise = of_type("order")
        send(client, exercise, answer=[s.id for s in exercise.body.steps])
        assert Attempt.objects.get().score == 1

    @pytest.mark.parametrize("kind", ["match", "categorise"])
    def test_an_open_row_is_422_with_what_was_filled_in(self, client: Client, kind: str) -> None:
        exercise = of_type(kind)
        from scenarios import engine

        row = engine.present(exercise, 0).rows[0]
        response = send(client, exercise, **{row.field: row.choices[1].id})
        assert response.status_code == 422
        body = response.content.decode()
        chosen = row.choices[1].id
        assert f'value="{chosen}" selected' in body or f'value="{chosen}" checked' in body
        assert not Attempt.objects.exists()

    def test_before_the_solution_a_wrong_row_does_not_tell_what_belongs_there(
        self, client: Client
    ) -> None:
        exercise = of_type("categorise")
        items = exercise.body.items
        bins = [b.id for b in exercise.body.bins]
        answers = {f"answer-{i.id}": next(b for b in bins if b != i.bin) for i in items}
        body = send(client, exercise, **answers).content.decode()
        assert "Not yet" in body
        assert all(item.why[:40] not in body for item in items)
        assert exercise.explain[:40] not in body
