"""Categorise exercises about fit, and the fit key itself: the same workload, the same verdict."""

from __future__ import annotations

import uuid
from collections import Counter
from html import unescape
from urllib.parse import parse_qsl

import pytest
from django.test import Client

from fit import engine as key
from fit.model import fit
from scenarios.catalogue import catalogue
from scenarios.engine import Exercise, Place, read_exercise
from scenarios.engine.categorise import BANDS
from tests.scenarios.answers import HERE, right

OPTION = "functions"
SHARED = [e for e in catalogue().live() if getattr(e.body, "profiles", None)]
FIT, EDGE, POOR = BANDS


def band(result: key.Result) -> str:
    """What a result says of functions. They are the wrong place when an answer rules them out or
    something else is clearly ahead; they fit when they lead; else the two have to be compared."""
    own = next(s for s in result.ranking if s.option == OPTION)
    assert result.top is not None and result.margin is not None
    if own.out or result.top.score - own.score >= key.CLEAR:
        return POOR
    leads = result.top.option == OPTION and result.margin >= key.LEAN
    return FIT if leads else EDGE


def answers(profile: str) -> dict[str, str]:
    return dict(parse_qsl(profile, strict_parsing=True))


def test_there_are_shared_profiles_of_every_band() -> None:
    assert len(SHARED) >= 4
    bands = Counter(item.bin for e in SHARED for item in e.body.items if item.profile)
    assert set(bands) == set(BANDS) and min(bands.values()) >= 6


@pytest.mark.parametrize("exercise", SHARED, ids=lambda e: e.id)
def test_the_key_puts_each_workload_where_the_exercise_does(exercise: Exercise) -> None:
    by_id = fit().by_id
    for item in exercise.body.items:
        assert item.profile, f"{exercise.id}, {item.id} has no profile; the others do"
        said = answers(item.profile)
        assert all(said[question] in by_id[question].by_key for question in said), item.id
        result = key.evaluate(fit().numbers, said)
        assert not result.open, f"{exercise.id}, {item.id} leaves open {result.open}"
        assert band(result) == item.bin, (exercise.id, item.id, result.ranking[:3])


def test_an_answer_that_rules_functions_out_changes_the_band() -> None:
    item = next(i for e in SHARED for i in e.body.items if i.bin == FIT)
    said = answers(item.profile) | {"latency": "10ms"}
    assert band(key.evaluate(fit().numbers, said)) == POOR


TEXT = """\
id: q-9999-sample
rev: 1
type: categorise
title: Sample
section: where-serverless-fits/poor-fits
skills: [fit.poor]
checked: 2026-11-25
prompt: Sort these.
bins: [{id: fit, text: Good}, {id: edge, text: Perhaps}, {id: poor, text: Bad}]
profile: "team=small&geo=one"
items:
  - {id: a, text: One, bin: fit, why: "It is one of the good ones.", profile: "cpu=moderate"}
  - {id: b, text: Two, bin: edge, why: "It is one of the close ones."}
  - {id: c, text: Three, bin: poor, why: "It is one of the bad ones."}
  - {id: d, text: Four, bin: poor, why: "It is one more of the bad ones."}
explain: It is a sample.
"""


def read(text: str) -> tuple[Exercise | None, set[str]]:
    exercise, problems = read_exercise(text, Place("q-9999-sample.yaml"))
    return exercise, {p.code for p in problems if p.is_error}


def test_a_profile_begins_with_what_all_items_share() -> None:
    exercise, errors = read(TEXT)
    assert exercise is not None and not errors
    assert exercise.body.profiles == {"a": "team=small&geo=one&cpu=moderate"}


@pytest.mark.parametrize(
    ("old", "by", "code"),
    [
        ('"cpu=moderate"', '"cpu=moderate&team=large"', "E002"),
        ('"cpu=moderate"', '"cpu"', "E001"),
        ('"cpu=moderate"', '"cpu=<b>"', "E001"),
        ('"team=small&geo=one"', '"team=small;geo=one"', "E001"),
        ("{id: edge, text: Perhaps}", "{id: maybe, text: Perhaps}", "E001"),
    ],
)
def test_a_profile_that_cannot_be_compared_is_an_error(old: str, by: str, code: str) -> None:
    text = TEXT.replace(old, by).replace(
        "bin: edge", "bin: maybe" if "maybe" in by else "bin: edge"
    )
    exercise, errors = read(text)
    assert exercise is None and code in errors


@pytest.mark.django_db
def test_the_key_can_be_opened_on_a_workload_once_it_has_been_sorted(client: Client) -> None:
    exercise = SHARED[0]
    url = f"/practice/{exercise.id}/"
    assert "/fit/result/" not in client.get(url).content.decode()
    data = {"attempt": str(uuid.uuid4()), "act": "check", **right(exercise)}
    body = unescape(client.post(url, data, **HERE).content.decode())  # type: ignore[arg-type]
    for profile in exercise.body.profiles.values():
        assert f"/fit/result/?{profile}" in body
    assert client.get(f"/fit/result/?{profile}").status_code == 200
