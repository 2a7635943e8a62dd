"""Two years after somebody was last here, what stays is nobody's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from scenarios import tasks, workflow
from scenarios.catalogue import catalogue
from scenarios.models import Attempt, Essay, Learner, Preferences, Wish
from scenarios.review import standings
from scenarios.staff import records
from tests.scenarios.answers import HERE, right, singles, wrong
from tests.scenarios.test_review_pages import log_in, send

pytestmark = pytest.mark.django_db
LONG = timedelta(days=731)


def age(by: timedelta) -> None:
    for model in workflow.held():
        for row in model.objects.all():
            model.objects.filter(pk=row.pk).update(created=row.created - by)


def test_first_tries_stay_without_their_person_and_the_rest_goes(client: Client) -> None:
    user = log_in(client)
    one, two = singles(2)
    send(client, one, wrong(one), confidence="3")
    send(client, one, right(one))
    send(client, two, right(two))
    standings.wish(Learner(user=user), [one.skills[0]])
    standings.prefer(Learner(user=user), cap=5)
    before = records.one(catalogue(), one)
    age(LONG)
    type(user).objects.update(last_login=timezone.now() - LONG)
    assert tasks.anonymise_idle() == 1
    left = list(Attempt.objects.order_by("exercise"))
    assert {(a.exercise, a.tries) for a in left} == {(one.id, 1), (two.id, 1)}
    assert {a.user_id for a in left} == {None}
    (name,) = {a.guest for a in left}
    assert name.startswith(workflow.NOBODY)
    assert all((a.created.hour, a.created.minute, a.created.second) == (0, 0, 0) for a in left)
    assert not Wish.objects.exists() and not Preferences.objects.exists()
    assert records.one(catalogue(), one).n == before.n == 1
    assert "Flat country" in client.get("/practice/progress/").content.decode()


def test_it_is_kept_from_the_clearing_of_guests_and_done_once(client: Client) -> None:
    user = log_in(client)
    exercise = singles(1)[0]
    send(client, exercise, right(exercise))
    age(LONG)
    type(user).objects.update(last_login=None)
    assert tasks.anonymise_idle() == 1
    assert tasks.anonymise_idle() == 0
    assert tasks.forget_guests() == 0
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("sign", ["answered", "signed in"])
def test_whoever_was_here_within_two_years_stays(client: Client, sign: str) -> None:
    user = log_in(client)
    exercise = singles(1)[0]
    send(client, exercise, right(exercise))
    age(LONG)
    if sign == "answered":
        type(user).objects.update(last_login=timezone.now() - LONG)
        other = singles(2)[1]
        send(client, other, right(other))
    assert tasks.anonymise_idle() == 0
    assert Attempt.objects.filter(user=user).exists()


def test_texts_go_altogether(client: Client) -> None:
    user = log_in(client)
    exercise = next(e for e in catalogue().live() if e.type == "essay")
    Essay.objects.create(user=user, exercise=exercise.id, rev=exercise.rev, text="My words")
    Attempt.objects.create(
        user=user, exercise=exercise.id, rev=1, score=1, points=1, tries=1, response={"text": "x"}
    )
    age(LONG)
    type(user).objects.update(last_login=None)
    assert tasks.anonymise_idle() == 1
    assert not Essay.objects.exists() and not Attempt.objects.exists()


def test_the_page_of_ones_data_says_so(client: Client) -> None:
    log_in(client)
    exercise = singles(1)[0]
    send(client, exercise, right(exercise))
    body = client.get("/practice/progress/", **HERE).content.decode()
    assert "Two years after your last answer" in body
