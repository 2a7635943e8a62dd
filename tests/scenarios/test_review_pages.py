"""Progress, review, placement and settings as a learner meets them."""

from __future__ import annotations

import json
import random
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from scenarios import tasks, workflow
from scenarios.catalogue import catalogue
from scenarios.engine import ONE_PAGE, Exercise, incident, repair
from scenarios.models import Attempt, Exam, Hint, Learner, Preferences, Wish
from scenarios.progress import Level
from scenarios.review import pages, standings, way
from tests.scenarios.answers import HERE, right, singles, wrong

pytestmark = pytest.mark.django_db


def send(client: Client, exercise: Exercise, answer: dict[str, Any], **more: str) -> Any:
    data = {"attempt": str(uuid.uuid4()), "act": "check", "seed": "0", **answer, **more}
    return client.post(f"/practice/{exercise.id}/", data, **HERE)


def earlier(days: int, **which: Any) -> None:
    """Lets attempts have happened days ago."""
    rows = Attempt.objects.filter(**which)
    rows.update(created=timezone.now() - timedelta(days=days))


def log_in(client: Client, name: str = "mia") -> Any:
    user = get_user_model().objects.create_user(name, f"{name}@example.org", "a-long-password-1")
    session = dict(client.session)
    client.force_login(user)
    now = client.session
    now.update({k: v for k, v in session.items() if k == workflow.GUEST})
    now.save()
    return user


class TestTheMap:
    def test_it_is_flat_and_sets_no_cookie_before_the_first_answer(self, client: Client) -> None:
        for page in ("progress/", "review/", "settings/", "exam/"):
            response = client.get(f"/practice/{page}")
            assert response.status_code == 200
            assert "sessionid" not in response.cookies
        body = client.get("/practice/progress/").content.decode()
        assert "Flat country" in body and 'class="profile"' in body

    def test_an_answer_raises_its_skill_and_says_what_is_next(self, client: Client) -> None:
        exercise = singles(1)[0]
        result = send(client, exercise, right(exercise)).content.decode()
        assert "level-familiar" in result
        body = client.get("/practice/progress/").content.decode()
        assert catalogue().skills[exercise.skills[0]].name in body
        assert "Right at the first try on 1 question." in body

    def test_a_skill_that_is_due_has_a_flag_and_keeps_its_level(self, client: Client) -> None:
        exercise = singles(1)[0]
        send(client, exercise, right(exercise))
        earlier(12)
        body = client.get("/practice/progress/").content.decode()
        assert 'class="flag" d="M0' in body and "level-familiar" in body


class TestReview:
    def test_what_is_due_is_offered_with_another_exercise_of_its_skill(
        self, client: Client
    ) -> None:
        exercise = singles(1)[0]
        send(client, exercise, right(exercise))
        earlier(3)
        assert "Review now" in client.get("/practice/").content.decode()
        to = client.get("/practice/next/?way=review").headers["Location"]
        found = catalogue().exercises[to.split("/")[2]]
        assert set(found.skills) & set(exercise.skills) and found != exercise
        assert 'name="way" value="review"' in client.get(to).content.decode()

    def test_only_the_server_says_that_it_was_a_review(self, client: Client) -> None:
        first, other = singles(2)
        send(client, first, right(first), way="review")
        assert Attempt.objects.get().mode == "practice"
        earlier(3)
        send(client, first, right(first), way="review")
        assert Attempt.objects.filter(mode="review").count() == 1
        send(client, first, right(first), way="review")
        assert Attempt.objects.filter(mode="review").count() == 1
        assert other.id != first.id

    def test_the_cap_of_the_day_holds(self, client: Client) -> None:
        for exercise in singles(40):
            send(client, exercise, right(exercise))
        earlier(5)
        client.post("/practice/settings/", self.prefer(cap="3"), **HERE)
        for _ in range(3):
            to = client.get("/practice/next/?way=review").headers["Location"]
            exercise = catalogue().exercises[to.split("/")[2]]
            if exercise.type not in ONE_PAGE:
                pytest.fail(f"a review of {exercise.type}")
            send(client, exercise, right(exercise), way="review")
        assert Attempt.objects.filter(mode="review").count() == 3
        assert "/practice/review/" in client.get("/practice/next/?way=review").headers["Location"]

    def prefer(self, **more: str) -> dict[str, str]:
        return {"retention": "0.9", "cap": "10", "multiplier": "1.0", **more}

    @pytest.mark.parametrize("name", ["five", "mixed"])
    def test_five_minutes_and_mixed_come_to_an_end(self, client: Client, name: str) -> None:
        to = client.get(f"/practice/next/?way={name}&left=2").headers["Location"]
        assert "left=2" in to
        body = client.get(to).content.decode()
        assert f'name="way" value="{name}"' in body
        over = client.get(f"/practice/next/?way={name}&left=0").headers["Location"]
        assert over == f"/practice/review/?way={name}"

    @pytest.mark.parametrize("query", ["way=<x>&left=9", "way=five&left=99999", "way=", ""])
    def test_a_forged_way_is_harmless(self, client: Client, query: str) -> None:
        exercise = singles(1)[0]
        assert client.get(f"/practice/{exercise.id}/?{query}").status_code == 200
        assert client.get(f"/practice/next/?{query}").status_code == 302

    def test_a_skills_own_page_says_where_it_stands(self, client: Client) -> None:
        exercise = singles(1)[0]
        send(client, exercise, right(exercise))
        body = client.get(f"/practice/?skill={exercise.skills[0]}").content.decode()
        assert "level-familiar" in body and "Review it today" in body

    def test_a_wish_makes_a_skill_due_and_a_forged_one_is_ignored(self, client: Client) -> None:
        skill = singles(1)[0].skills[0]
        response = client.post("/practice/review/skill/", {"skill": [skill, "no.such"]}, **HERE)
        assert response.status_code == 302
        assert [w.skill for w in Wish.objects.all()] == [skill]
        assert "you asked for it" in client.get("/practice/review/").content.decode()
        assert client.post("/practice/review/skill/", {"skill": skill}).status_code == 403


class TestConfidence:
    def test_it_is_asked_only_when_wanted_and_only_before_grading(self, client: Client) -> None:
        exercise = singles(1)[0]
        page = f"/practice/{exercise.id}/"
        assert "How sure are you" not in client.get(page).content.decode()
        client.post("/practice/settings/", TestReview().prefer(confidence="on"), **HERE)
        assert "How sure are you" in client.get(page).content.decode()
        body = send(client, exercise, wrong(exercise), confidence="3").content.decode()
        assert "How sure are you" not in body and "You had said: I would bet on it." in body
        assert Attempt.objects.get().confidence == 3
        assert "Calibration" in client.get("/practice/progress/").content.decode()

    @pytest.mark.parametrize("said", ["", "4", "-1", "x", "3 "])
    def test_nonsense_is_nothing_said(self, client: Client, said: str) -> None:
        exercise = singles(1)[0]
        send(client, exercise, right(exercise), confidence=said)
        assert Attempt.objects.get().confidence == 0

    def test_seconds_come_from_the_server_and_not_from_the_form(self, client: Client) -> None:
        one, two = singles(2)
        send(client, one, right(one), shown="1")
        assert Attempt.objects.get().seconds is None
        send(client, two, right(two), shown=way.shown_now())
        assert Attempt.objects.get(exercise=two.id).seconds in range(0, 60)

    def test_quick_needs_twenty_others(self) -> None:
        exercise = singles(1)[0]
        assert not workflow.is_quick(exercise, 1)
        for n in range(20):
            Attempt.objects.create(
                exercise=exercise.id,
                rev=1,
                guest=str(n),
                score=1,
                points=1,
                tries=1,
                seconds=n + 10,
            )
        assert workflow.is_quick(exercise, 17) and not workflow.is_quick(exercise, 18)


class TestPlacement:
    CHAPTER = "reliability-and-resilience"

    def play(self, client: Client, good: bool) -> int:
        url = f"/practice/placement/{self.CHAPTER}/"
        learner = Learner()
        for count in range(20):
            if guest := client.session.get(workflow.GUEST):
                learner = Learner(guest=workflow.hashlib.sha256(guest.encode()).hexdigest())
            found = pages.placed(learner, catalogue(), self.CHAPTER)
            if found.next is None:
                return count
            exercise = catalogue().exercises[found.next.id]
            body = client.get(f"{url}?start=1").content.decode()
            assert exercise.id in body
            data = {"exercise": exercise.id, "attempt": str(uuid.uuid4()), "seed": "0"}
            answer = right(exercise) if good else {}
            act = "answer" if good else "pass"
            assert client.post(url, {**data, **answer, "act": act}, **HERE).status_code == 302
        pytest.fail("it does not end")

    def test_it_makes_proficient_and_tells_nothing_before_the_end(self, client: Client) -> None:
        count = self.play(client, good=True)
        assert 8 <= count <= 12
        body = client.get(f"/practice/placement/{self.CHAPTER}/").content.decode()
        assert "level-proficient" in body
        assert set(Attempt.objects.values_list("mode", flat=True)) == {"placement"}

    def test_three_misses_end_it(self, client: Client) -> None:
        assert self.play(client, good=False) == 3

    def test_an_old_page_and_an_empty_form_cost_nothing(self, client: Client) -> None:
        url = f"/practice/placement/{self.CHAPTER}/"
        old = {"exercise": "q-0000-gone", "act": "answer", "answer": "a"}
        assert client.post(url, old, **HERE).status_code == 302
        found = pages.placed(Learner(), catalogue(), self.CHAPTER).next
        assert found is not None
        data = {"exercise": found.id, "act": "answer"}
        assert client.post(url, data, **HERE).status_code == 422
        assert not Attempt.objects.exists()
        assert client.get("/practice/placement/nowhere/").status_code == 404


class TestSettings:
    @pytest.mark.parametrize(
        "bad", [{"cap": "11"}, {"cap": "0"}, {"retention": "0.5"}, {"multiplier": "9"}]
    )
    def test_what_is_out_of_range_is_422_and_changes_nothing(
        self, client: Client, bad: dict[str, str]
    ) -> None:
        response = client.post("/practice/settings/", TestReview().prefer(**bad), **HERE)
        assert response.status_code == 422
        assert not Preferences.objects.exists()

    def test_they_are_kept_once(self, client: Client) -> None:
        for cap in ("5", "6"):
            client.post("/practice/settings/", TestReview().prefer(cap=cap), **HERE)
        assert Preferences.objects.get().cap == 6
        assert 'value="6"' in client.get("/practice/settings/").content.decode()


class TestGuests:
    def test_signing_in_merges_without_loss_and_twice_changes_nothing(self, client: Client) -> None:
        """The guest's log and the user's, merged, stand where one learner of both would stand."""
        chance = random.Random(5)
        exercises = singles(12)
        both = []
        user = get_user_model().objects.create_user("ada", "ada@example.org", "a-long-password-1")
        one = get_user_model().objects.create_user("one", "one@example.org", "a-long-password-1")
        for number in range(40):
            exercise = chance.choice(exercises)
            row = {
                "exercise": exercise.id,
                "rev": 1,
                "score": float(chance.random() < 0.7),
                "points": 0.0,
                "tries": 1,
                "mode": chance.choice(["practice", "review", "exam"]),
                "confidence": chance.randrange(4),
                "created": timezone.now() - timedelta(hours=7 * number),
            }
            both.append(row)
            owner = {"user": user} if chance.random() < 0.5 else {"guest": "g" * 64}
            Attempt.objects.create(**row, **owner)
        Wish.objects.create(skill=exercises[0].skills[0], guest="g" * 64)
        Preferences.objects.create(guest="g" * 64, cap=4)
        Preferences.objects.create(user=user, cap=7)
        for row in both:
            Attempt.objects.create(**row, user=one)
        for _ in range(2):
            workflow.adopt(Learner(user=user), "g" * 64)
            merged, replayed = (standings.of(Learner(user=u)) for u in (user, one))
            assert {s: k.mastery for s, k in merged.skills.items()} == {
                s: k.mastery for s, k in replayed.skills.items()
            }
            assert {s: k.card.stability for s, k in merged.skills.items() if k.card} == {
                s: k.card.stability for s, k in replayed.skills.items() if k.card
            }
            assert Preferences.objects.get(user=user).cap == 7
        assert not any(m.objects.filter(guest="g" * 64).exists() for m in workflow.held())

    def test_the_banner_is_shown_once(self, client: Client) -> None:
        shown = [
            "Saved in this browser" in send(client, e, right(e)).content.decode()
            for e in singles(5)
        ]
        assert shown == [False, False, True, False, False]

    def test_a_guest_who_does_not_come_back_is_forgotten(self, client: Client) -> None:
        exercise = singles(1)[0]
        send(client, exercise, right(exercise))
        earlier(91)
        other = Client()
        send(other, exercise, right(exercise))
        assert tasks.forget_guests() == 1
        assert Attempt.objects.count() == 1

    def test_the_cookie_lives_ninety_days_from_the_last_answer(self, client: Client) -> None:
        exercise = singles(1)[0]
        cookie = send(client, exercise, right(exercise)).cookies["sessionid"]
        assert int(cookie["max-age"]) in range(89 * 86400, 90 * 86400 + 1)
        assert cookie["httponly"] and cookie["samesite"] == "Lax"


class TestOneStatus:
    def test_the_learner_and_the_lead_see_the_same(self, client: Client) -> None:
        """Fifty generated histories, asked for one by one and all together."""
        chance = random.Random(9)
        exercises = [e for e in catalogue().live() if e.skills]
        users = []
        rows = []
        for number in range(50):
            user = get_user_model().objects.create_user(f"u{number}", f"u{number}@example.org")
            users.append(user)
            for _ in range(chance.randrange(30)):
                exercise = chance.choice(exercises)
                rows.append(
                    Attempt(
                        user=user,
                        exercise=exercise.id,
                        rev=exercise.rev,
                        score=chance.choice([0.0, 0.5, 1.0, 1.0]),
                        points=0,
                        tries=1,
                        hints=chance.choice([0, 0, 1]),
                        gave_up=chance.random() < 0.05,
                        mode=chance.choice(["practice", "review", "exam", "placement"]),
                        confidence=chance.randrange(4),
                        created=timezone.now() - timedelta(hours=chance.randrange(2000)),
                    )
                )
            if chance.random() < 0.3:
                Wish.objects.create(user=user, skill=exercises[0].skills[0])
                Preferences.objects.create(user=user, cap=5, retention=0.8)
        Attempt.objects.bulk_create(rows)
        together = standings.of_users([user.pk for user in users])
        levels = set()
        for user in users:
            alone = standings.of(Learner(user=user))
            assert alone == together[user.pk]
            levels |= {skill.level for skill in alone.skills.values()}
        assert levels >= {Level.STARTED, Level.FAMILIAR}


class TestOnesData:
    def test_everything_is_exported_and_everything_is_deleted(self, client: Client) -> None:
        exercise = next(e for e in singles(40) if e.hints)
        send(client, exercise, {}, act="hint-1")
        send(client, exercise, right(exercise), confidence="2")
        client.post("/practice/settings/", TestReview().prefer(cap="5"), **HERE)
        client.post("/practice/review/skill/", {"skill": exercise.skills}, **HERE)
        client.post(
            "/practice/exam/", {"blueprint": "short", "timed": "yes", "multiplier": "1.0"}, **HERE
        )
        body = client.get("/practice/progress/export.json").json()
        assert body["attempts"][0]["confidence"] == 2
        assert len(body["hints"]) == len(body["wishs"]) == len(body["exams"]) == 1
        assert len(body["exams"][0]["items"]) == 20
        assert "guest" not in str(body) and "pilot" not in str(body)
        table = client.get("/practice/progress/attempts.csv").content.decode().splitlines()
        assert len(table) == 2 and table[0].startswith("id,created,exercise")
        client.post("/practice/progress/", {"sure": "yes"})
        assert not any(model.objects.exists() for model in workflow.held())
        assert not Exam.objects.exists() and not Hint.objects.exists()

    def test_nobody_deletes_for_another_and_a_stranger_deletes_nothing(
        self, client: Client
    ) -> None:
        exercise = singles(1)[0]
        send(client, exercise, right(exercise))
        Client().post("/practice/progress/", {"sure": "yes"})
        assert Attempt.objects.count() == 1
        assert workflow.forget(Learner()) == 0


class TestBeingSureOfLongWork:
    """Incidents and repairs ask as questions do, before anything is graded."""

    def test_an_incident_asks_at_its_steps_and_keeps_what_was_said(self, client: Client) -> None:
        standings.prefer(Learner(user=log_in(client)), confidence=True)
        exercise = next(e for e in catalogue().live() if e.type == "incident")
        body = client.get(f"/practice/{exercise.id}/").content.decode()
        assert body.count('name="confidence"') == 3
        path = list(incident.key(exercise, 0)["path"])
        id = str(uuid.uuid4())
        for step, choice in enumerate(path):
            data = {"attempt": id, "act": "do", "step": str(step), "answer": choice}
            response = client.post(f"/practice/{exercise.id}/", {**data, "confidence": "2"}, **HERE)
            if step < len(path) - 1:
                assert 'value="2" checked' in response.content.decode()
        assert Attempt.objects.get().confidence == 2
        assert 'name="confidence"' not in response.content.decode()

    def test_a_repair_asks_beside_its_grade_and_keeps_it_between_edits(
        self, client: Client
    ) -> None:
        standings.prefer(Learner(user=log_in(client)), confidence=True)
        exercise = next(e for e in catalogue().live() if e.type == "repair")
        page = f"/practice/{exercise.id}/"
        assert 'name="confidence"' in client.get(page).content.decode()
        kept = client.post(page, {"act": "text", "edits": "[]", "confidence": "3"}, **HERE)
        assert 'name="confidence" value="3" checked' in kept.content.decode()
        edits = json.dumps([repair.stored(e) for e in exercise.body.reference])
        data = {"act": "check", "attempt": str(uuid.uuid4()), "edits": edits, "confidence": "3"}
        client.post(page, data, **HERE)
        assert Attempt.objects.get().confidence == 3
