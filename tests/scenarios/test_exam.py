"""Exams: drawing, answering, the clock, the report; and that nothing is lost or told too early."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from scenarios import workflow as practice
from scenarios.catalogue import catalogue
from scenarios.engine import ONE_PAGE, present
from scenarios.exams import blueprint, workflow
from scenarios.exams.blueprint import blueprints
from scenarios.exams.models import Exam, ExamItem
from scenarios.exams.paper import Candidate, draw, shares
from scenarios.exams.report import Result, report
from scenarios.models import Attempt, Learner
from tests.scenarios.answers import HERE, of_each_type, right, singles, wrong

GOOD = (blueprint.FOLDER / "2-short.yaml").read_text(encoding="utf-8")


class TestBlueprints:
    def test_all_load_without_a_problem(self) -> None:
        found, problems = blueprint.load()
        assert problems == []
        assert {(b.items, b.minutes) for b in found.values()} >= {(65, 130), (20, 40)}
        assert {"aws", "azure", "gcp"} <= set(found)
        sections = {s for b in found.values() for d in b.domains for s in d.sources}
        chapters = {e.chapter for e in catalogue().live()}
        assert chapters <= {s.partition("/")[0] for s in sections}

    @pytest.mark.parametrize(
        ("old", "new", "line", "what"),
        [
            ("items: 20", "items: 3", 6, "whole number"),
            ("pilot: 0.1", "pilot: 0.5", 8, "share"),
            ("id: short", "id: other", 1, "the file is"),
            ("  - id: run", "  - id: fit", 10, "stands twice"),
            ("weight: 22", "weight: 0", 13, "above 0"),
            ("pilot: 0.1", "pilot: 0.1\nown: 0.2", 9, "with a platform"),
            ("scopes: [neutral]", "scopes: [mars]", 9, "not a scope"),
            ("minutes: 40", "minuts: 40", 7, "not a field"),
        ],
    )
    def test_a_mistake_is_told_with_its_line(
        self, old: str, new: str, line: int, what: str
    ) -> None:
        assert old in GOOD
        made, problems = blueprint.read(GOOD.replace(old, new), "short")
        assert made is None
        assert any(p.line == line and what in p.message for p in problems), problems

    @given(st.text(max_size=200))
    def test_no_text_makes_it_crash(self, text: str) -> None:
        made, problems = blueprint.read(text, "x")
        assert made is None and problems


def pool(count: int, pilots: int = 0) -> list[Candidate]:
    sections = ["reliability-and-resilience/x", "serverless-fundamentals/x", "data-and-state-patterns/x", "core-serverless-patterns/x"]  # fmt: skip
    return [
        Candidate(
            f"e{n}",
            sections[n % 4],
            (f"s{n % 12}",),
            ("apply", "analyse", "evaluate")[n % 3],
            n % 3 + 1,
            n >= count,
        )
        for n in range(count + pilots)
    ]


class TestDrawing:
    def test_the_same_seed_gives_the_same_paper(self) -> None:
        short = blueprints()["short"]
        assert draw(short, pool(100), 7) == draw(short, list(reversed(pool(100))), 7)
        assert draw(short, pool(100), 7) != draw(short, pool(100), 8)

    def test_domains_have_their_shares_and_skills_are_even(self) -> None:
        short = blueprints()["short"]
        paper = draw(short, pool(200), 3)
        counts = {d.id: sum(q.domain == d.id for q in paper) for d in short.domains}
        assert counts == {"fit": 4, "shape": 6, "dependable": 6, "run": 4}
        by_id = {c.id: c for c in pool(200)}
        skills = [by_id[q.id].skills[0] for q in paper]
        assert max(skills.count(s) for s in skills) == 2

    def test_what_was_seen_comes_last(self) -> None:
        recent = {c.id for c in pool(80)[:40]}
        paper = draw(blueprints()["short"], pool(80), 3, recent)
        assert not {q.id for q in paper} & recent

    def test_pilots_are_a_fifth_at_most_and_marked(self) -> None:
        full = blueprints()["architect"]
        paper = draw(full, pool(100, 40), 3)
        assert len(paper) == 65 and sum(q.pilot for q in paper) == 13
        assert sum(q.pilot for q in draw(full, pool(100, 4), 3)) == 4

    def test_the_platform_of_an_exam_has_its_share_until_it_has_been_seen(self) -> None:
        aws = blueprints()["aws"]
        own = [replace(c, id=f"own-{c.id}", own=True) for c in pool(200)]
        counts = [
            sum(q.id.startswith("own-") for q in draw(aws, [*pool(200), *own], 5, recent))
            for recent in ((), {c.id for c in own})
        ]
        assert counts[0] >= 16 and counts[1] == 0

    @pytest.mark.parametrize("vendor", ["aws", "azure", "gcp"])
    def test_the_bank_fills_the_exam_of_each_vendor(self, vendor: str) -> None:
        known = catalogue()
        blueprint = blueprints()[vendor]
        found = workflow.pool(blueprint, known)
        assert sum(c.own for c in found) >= 20
        paper = draw(blueprint, found, 11)
        assert len(paper) == blueprint.items
        assert sum(q.pilot for q in paper) >= 10
        scopes = [known.exercises[q.id].scope for q in paper]
        assert set(scopes) == {"neutral", vendor}
        assert scopes.count(vendor) >= 0.2 * blueprint.items
        for id in {d.id for d in blueprint.domains}:
            assert any(q.domain == id for q in paper)

    def test_facts_of_a_vendor_have_their_source_and_day(self) -> None:
        of_vendors = [e for e in catalogue().live() if e.scope != "neutral"]
        assert {e.type for e in of_vendors} == {"single", "multi", "match", "order", "categorise"}
        for exercise in of_vendors:
            outside = [s for s in exercise.sources if not s.startswith("guide:")]
            assert exercise.checked and outside, exercise.id
            assert all(re.search(r"read \d{4}-\d\d-\d\d$", s) for s in outside), exercise.id

    def test_a_small_pool_gives_a_smaller_paper(self) -> None:
        assert len(draw(blueprints()["architect"], pool(10), 3)) == 10
        assert draw(blueprints()["architect"], [], 3) == []

    @given(
        st.dictionaries(
            st.sampled_from("abcde"),
            st.tuples(st.floats(0.5, 50), st.integers(0, 30)),
            min_size=1,
        ),
        st.integers(0, 80),
    )
    def test_shares_fill_what_there_is_room_for(
        self, parts: dict[str, tuple[float, int]], total: int
    ) -> None:
        room = {id: r for id, (_, r) in parts.items()}
        given_ = shares({id: w for id, (w, _) in parts.items()}, room, total)
        assert all(0 <= given_[id] <= room[id] for id in parts)
        assert sum(given_.values()) == min(total, sum(room.values()))


class TestReports:
    def test_confident_errors_are_first_and_pilots_do_not_count(self) -> None:
        results = [
            Result(1, "a", "fit", "apply", False, "answered", 1.0),
            Result(2, "b", "fit", "apply", False, "empty"),
            Result(3, "c", "fit", "apply", False, "answered", 0.0, 1),
            Result(4, "d", "run", "analyse", False, "answered", 0.9, 3),
            Result(5, "e", "run", "analyse", False, "answered", 0.2, 3),
            Result(6, "f", "run", "analyse", True, "answered", 0.0, 3),
        ]
        found = report(blueprints()["short"], results, strict=False)
        assert (found.total.right, found.total.count) == (2, 5)
        assert [r.number for r in found.missed] == [5, 3, 2]
        assert [p.number for p in found.pilots] == [6]
        assert [p.title for p in found.domains] == ["Fit and decisions", "Data, cost and operation"]
        assert "too few" in found.domains[0].share.said
        assert report(None, results, strict=True).total.right == 1


@pytest.fixture
def guest(db: None) -> Learner:
    return Learner(guest="e" * 64)


def start(client: Client, **more: str) -> Exam:
    data = {"blueprint": "short", "timed": "yes", "multiplier": "1.0", **more}
    response = client.post("/practice/exam/", data, **HERE)
    assert response.status_code == 302
    return Exam.objects.latest("created")


def put(client: Client, exam: Exam, item: ExamItem, answer: dict[str, Any], **more: str) -> Any:
    url = f"/practice/exam/{exam.pk}/{item.number}/"
    return client.post(url, {**answer, "act": "next", **more}, **HERE)


@pytest.mark.django_db
class TestTaking:
    def test_answers_flags_and_the_way_back_are_kept(self, client: Client) -> None:
        exam = start(client)
        one, two = exam.items.all()[:2]
        exercise = catalogue().exercises[one.exercise]
        answer = right(exercise, one.seed)
        response = put(client, exam, one, answer, flag="1", confidence="2")
        assert response.headers["Location"].endswith("/2/")
        one.refresh_from_db()
        assert one.draft == answer and one.flagged and one.confidence == 2
        assert put(client, exam, two, {}, act="go-9").headers["Location"].endswith("/9/")
        body = client.get(f"/practice/exam/{exam.pk}/1/").content.decode()
        assert "checked" in body or "selected" in body or "value=" in body
        assert ", answered, flagged" in body

    def test_saving_the_same_twice_is_the_same_and_emptying_empties(self, client: Client) -> None:
        exam = start(client)
        exam.items.filter(number=1).update(exercise=singles(1)[0].id)
        item = exam.items.get(number=1)
        answer = right(catalogue().exercises[item.exercise], item.seed)
        rows = []
        for _ in range(2):
            put(client, exam, item, answer)
            rows.append(ExamItem.objects.filter(pk=item.pk).values("draft", "flagged").get())
        assert rows[0] == rows[1]
        put(client, exam, item, {})
        item.refresh_from_db()
        assert item.draft is None

    def test_every_type_is_answered_in_an_exam(self, client: Client, guest: Learner) -> None:
        types = of_each_type()
        assert {e.type for e in types} == ONE_PAGE
        exam = Exam.objects.create(blueprint="short", title="All", seed=1, **guest.owner)
        items = [
            ExamItem.objects.create(
                exam=exam, number=n, exercise=e.id, rev=e.rev, seed=4, domain="fit"
            )
            for n, e in enumerate(types, 1)
        ]
        for item, exercise in zip(items, types, strict=True):
            assert workflow.save(exam, item, exercise, right(exercise, 4))
        workflow.finish(exam)
        scores = Attempt.objects.values_list("score", "mode")
        assert list(scores) == [(1.0, "exam")] * len(types)

    def test_an_order_is_an_answer_once_it_was_moved(self, guest: Learner) -> None:
        exercise = next(e for e in of_each_type() if e.type == "order")
        exam = Exam.objects.create(blueprint="short", title="x", seed=1, **guest.owner)
        item = ExamItem.objects.create(
            exam=exam, number=1, exercise=exercise.id, rev=1, seed=4, domain="fit"
        )
        order = [c.id for c in present(exercise, 4).choices]
        assert workflow.draft(exercise, item, {"answer": order}) is None
        assert workflow.draft(exercise, item, {"answer": order[::-1]}) is not None
        item.draft = {"answer": order[::-1]}
        assert workflow.draft(exercise, item, {"answer": order}) == {"answer": order}

    def test_a_half_filled_form_is_kept_and_called_not_complete(self, client: Client) -> None:
        exam = start(client)
        exercise = next(e for e in of_each_type() if e.type == "match")
        exam.items.filter(number=1).update(exercise=exercise.id)
        item = exam.items.get(number=1)
        row = present(exercise, item.seed).rows[0]
        put(client, exam, item, {row.field: row.choices[1].id})
        body = client.get(f"/practice/exam/{exam.pk}/summary/").content.decode()
        assert "not complete" in body

    def test_autosave_answers_in_json(self, client: Client) -> None:
        exam = start(client)
        item = exam.items.get(number=1)
        exercise = catalogue().exercises[item.exercise]
        url = f"/practice/exam/{exam.pk}/1/"
        data = {**right(exercise, item.seed), "act": "save"}
        body = client.post(url, data, HTTP_ACCEPT="application/json", **HERE).json()
        assert body["state"] == "answered" and body["left"] <= 40 * 60
        Exam.objects.update(finished=timezone.now())
        late = client.post(url, data, HTTP_ACCEPT="application/json", **HERE)
        assert late.status_code == 409 and late.json()["over"].endswith(f"{exam.pk}/")

    def test_a_forged_answer_is_kept_small_and_graded_as_nothing(self, client: Client) -> None:
        exam = start(client)
        item = exam.items.get(number=1)
        put(client, exam, item, {"answer": ["x" * 5000] * 300, "evil": "1"}, confidence="9")
        item.refresh_from_db()
        assert item.confidence == 0
        assert set(item.draft or {}) <= {"answer"}
        assert len((item.draft or {"answer": []})["answer"]) <= 60
        client.post(f"/practice/exam/{exam.pk}/summary/", **HERE)
        assert not Attempt.objects.filter(score__gt=0).exists()

    def test_it_belongs_to_one_learner(self, client: Client) -> None:
        exam = start(client)
        for path in ("", "1/", "summary/"):
            assert Client().get(f"/practice/exam/{exam.pk}/{path}").status_code == 404
        assert Client().post(f"/practice/exam/{exam.pk}/1/", {}, **HERE).status_code == 404
        assert client.post(f"/practice/exam/{exam.pk}/1/", {}).status_code == 403
        assert client.get(f"/practice/exam/{exam.pk}/99/").status_code == 404

    def test_one_exam_at_a_time_and_the_form_says_what_is_wrong(self, client: Client) -> None:
        bad = {"blueprint": "nope", "timed": "yes", "multiplier": "1.0", "paper": "-1"}
        assert client.post("/practice/exam/", bad, **HERE).status_code == 422
        exam = start(client)
        assert start(client) == exam
        assert "Go on with it" in client.get("/practice/exam/").content.decode()

    def test_a_number_gives_everybody_the_same_paper(self, client: Client) -> None:
        mine = start(client, paper="42")
        theirs = start(Client(), paper="42")
        assert [i.exercise for i in mine.items.all()] == [i.exercise for i in theirs.items.all()]

    def test_it_goes_along_into_an_account(self, client: Client) -> None:
        exam = start(client)
        user = get_user_model().objects.create_user("kim", "kim@example.org")
        practice.adopt(Learner(user=user), exam.guest)
        exam.refresh_from_db()
        assert (exam.user, exam.guest, exam.finished) == (user, "", None)


@pytest.mark.django_db
class TestTheClock:
    def test_more_time_is_in_the_deadline(self, client: Client) -> None:
        exam = start(client, multiplier="1.5")
        assert exam.deadline is not None
        assert exam.deadline - exam.created == timedelta(minutes=60)
        assert start(Client(), timed="no").deadline is None

    def test_twenty_seconds_after_the_end_an_answer_still_counts(self, guest: Learner) -> None:
        exam = workflow.start(guest, blueprints()["short"])
        item = exam.items.get(number=1)
        exercise = catalogue().exercises[item.exercise]
        exam.deadline = timezone.now() - timedelta(seconds=10)
        assert workflow.save(exam, item, exercise, right(exercise, item.seed))
        exam.deadline = timezone.now() - timedelta(seconds=30)
        assert not workflow.save(exam, item, exercise, {"answer": ["zzz"]})
        item.refresh_from_db()
        assert item.draft == right(exercise, item.seed)

    def test_what_comes_in_the_grace_counts_and_ends_it(self, client: Client) -> None:
        exam = start(client)
        Exam.objects.update(deadline=timezone.now() - timedelta(seconds=1))
        item = exam.items.get(number=1)
        assert client.get(f"/practice/exam/{exam.pk}/1/").status_code == 200
        answer = right(catalogue().exercises[item.exercise], item.seed)
        to = put(client, exam, item, answer).headers["Location"]
        assert to == f"/practice/exam/{exam.pk}/"
        exam.refresh_from_db()
        assert exam.finished == exam.deadline and Attempt.objects.get().score == 1

    def test_when_the_time_is_over_the_next_request_ends_it(self, client: Client) -> None:
        exam = start(client)
        item = exam.items.get(number=1)
        put(client, exam, item, right(catalogue().exercises[item.exercise], item.seed))
        past = timezone.now() - timedelta(hours=1)
        Exam.objects.update(deadline=past)
        response = client.get(f"/practice/exam/{exam.pk}/2/")
        assert response.status_code == 200
        exam.refresh_from_db()
        assert exam.finished == past
        assert Attempt.objects.get().created == past

    def test_seconds_add_up_once(self, guest: Learner) -> None:
        exam = workflow.start(guest, blueprints()["short"])
        item = exam.items.get(number=1)
        item.seconds = 30
        shown = workflow.shown_now(item)
        assert workflow._seconds(item, shown) in range(30, 60)
        assert workflow._seconds(item, "forged") == 30


@pytest.mark.django_db
class TestTheEnd:
    def sit(self, client: Client) -> Exam:
        exam = start(client)
        for item in exam.items.all():
            exercise = catalogue().exercises[item.exercise]
            if exercise.type == "single" and item.number % 2:
                put(client, exam, item, wrong(exercise), confidence="3")
            elif item.number % 3:
                put(client, exam, item, right(exercise, item.seed))
        client.post(f"/practice/exam/{exam.pk}/summary/", **HERE)
        exam.refresh_from_db()
        return exam

    def test_the_report_says_how_far_to_trust_it(self, client: Client) -> None:
        exam = self.sit(client)
        body = client.get(f"/practice/exam/{exam.pk}/").content.decode()
        assert "likely between" in body and "By domain" in body
        tried = exam.items.filter(pilot=True)
        assert tried.count() == 2 and "Tried out, not counted" in body
        for item in exam.items.all():
            page = client.get(f"/practice/exam/{exam.pk}/{item.number}/")
            assert "Read on:" in page.content.decode()
        assert str(exam.seed) in client.get("/practice/exam/").content.decode()

    def test_handing_in_twice_grades_once(self, client: Client) -> None:
        exam = self.sit(client)
        count = Attempt.objects.count()
        workflow.finish(Exam.objects.get(pk=exam.pk))
        client.post(f"/practice/exam/{exam.pk}/summary/", **HERE)
        assert Attempt.objects.count() == count > 0

    def test_the_missed_skills_come_into_review(self, client: Client) -> None:
        exam = self.sit(client)
        body = client.get(f"/practice/exam/{exam.pk}/").content.decode()
        skills = re.findall(r'name="skill" value="([^"]+)"', body)
        assert skills
        client.post("/practice/review/skill/", {"skill": skills}, **HERE)
        assert "you asked for it" in client.get("/practice/review/").content.decode()

    def test_a_question_that_left_the_bank_is_left_out(self, client: Client) -> None:
        exam = start(client)
        exam.items.filter(number=1).update(exercise="q-0000-gone", pilot=False)
        left = exam.items.filter(pilot=False).count() - 1
        assert client.get(f"/practice/exam/{exam.pk}/1/").status_code == 404
        assert client.get(f"/practice/exam/{exam.pk}/summary/").status_code == 200
        client.post(f"/practice/exam/{exam.pk}/summary/", **HERE)
        body = client.get(f"/practice/exam/{exam.pk}/").content.decode()
        assert "1 left out" in body and f"0 of {left}" in body


@pytest.mark.django_db
class TestNothingIsToldEarly:
    """What grading needs never reaches the browser before: pages, fragments and headers."""

    def secrets(self, exercise: Any) -> list[str]:
        body = exercise.body
        texts = [exercise.explain, *exercise.misconceptions]
        for name in ("options", "steps", "extras", "items", "pairs", "cells"):
            texts += [getattr(part, "why", "") for part in getattr(body, name, ())]
        texts += [target.why for target in getattr(body, "targets", {}).values()]
        return [" ".join(t.split())[:48] for t in texts if t and len(t) > 12]

    def told(self, response: Any, exercise: Any) -> list[str]:
        text = " ".join((response.content.decode() + str(response.headers)).split())
        return [s for s in self.secrets(exercise) if s in text]

    def test_in_an_exam(self, client: Client) -> None:
        exam = start(client)
        for item in exam.items.all():
            exercise = catalogue().exercises[item.exercise]
            url = f"/practice/exam/{exam.pk}/{item.number}/"
            assert self.secrets(exercise)
            first = client.get(url)
            assert self.told(first, exercise) == [], exercise.id
            saved = client.post(
                url, right(exercise, item.seed), HTTP_ACCEPT="application/json", **HERE
            )
            assert self.told(saved, exercise) == [], exercise.id
            again = client.get(url)
            assert self.told(again, exercise) == [], exercise.id
            # The tasks themselves use the word; a saved answer adds none.
            said = [page.content.decode().lower().count("correct") for page in (first, again)]
            assert said[1] <= said[0], exercise.id
        summary = client.get(f"/practice/exam/{exam.pk}/summary/").content.decode()
        assert "score" not in summary.lower()

    def test_in_what_practice_sends_back_for_an_empty_form(self, client: Client) -> None:
        """Twelve of each type: the part is made by the type, not by the exercise."""
        seen: Counter[str] = Counter()
        for exercise in catalogue().live():
            seen[exercise.type] += 1
            if exercise.type in ONE_PAGE and exercise.type != "order" and seen[exercise.type] < 13:
                part = client.post(
                    f"/practice/{exercise.id}/",
                    {"act": "check", "seed": "0", "way": "review"},
                    HTTP_HX_REQUEST="true",
                    **HERE,
                )
                assert part.status_code == 422, exercise.id
                assert self.told(part, exercise) == [], exercise.id


SERVER = """
import os, signal
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.db import connection
settings.DEBUG = False
from scenarios import catalogue as bank
from scenarios.catalogue import BANK, catalogue
from scenarios.exams import workflow
from scenarios.exams.blueprint import blueprints
from scenarios.exams.models import Exam, ExamItem
from scenarios.models import Attempt, Learner
from tests.scenarios.answers import right

def answer():
    call_command("migrate", "scenarios", verbosity=0)
    exam = workflow.start(Learner(guest="k" * 64), blueprints()["short"], paper=7)
    for item in exam.items.all():
        exercise = catalogue().exercises[item.exercise]
        assert workflow.save(exam, item, exercise, right(exercise, item.seed))
    os.kill(os.getpid(), signal.SIGKILL)

def grade():
    # Dies after half of the attempts, within the transaction.
    real, seen = Attempt.save, []
    def save(self, *args, **kwargs):
        real(self, *args, **kwargs)
        seen.append(self)
        if len(seen) == 10:
            os.kill(os.getpid(), signal.SIGKILL)
    Attempt.save = save
    workflow.finish(Exam.objects.get())

bank.sources = lambda: sorted(BANK.glob("*/q-0[178]*.yaml")) + sorted(BANK.glob("*/q-10*.yaml"))
for work in (answer, grade):
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(1)
    print(os.WTERMSIG(os.waitpid(child, 0)[1]))
    exam = Exam.objects.get()
    print(ExamItem.objects.filter(draft__isnull=False).count(), Attempt.objects.count(), exam.finished)
    connection.close()
workflow.finish(Exam.objects.get())
print(Attempt.objects.filter(score=1).count())
"""


def test_a_server_that_is_killed_loses_no_answer(tmp_path: Path) -> None:
    """Killed with SIGKILL right after the last save, and again in the middle of grading."""
    script = tmp_path / "server.py"
    script.write_text(SERVER, encoding="utf-8")
    root = Path(__file__).resolve().parents[2]
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "WARMSTART_VAR": str(tmp_path),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "PYTHONPATH": str(root),
    }
    command = [sys.executable, str(script)]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["9", "20", "0", "None", "9", "20", "0", "None", "20"], (
        done.stderr
    )
