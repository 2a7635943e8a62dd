"""Goals of practice that are counted in the bank; docs/practice-goals.md lists all of them."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.test import Client

from design.rules import RULES
from scenarios import engine, pages
from scenarios.catalogue import catalogue
from scenarios.engine import BLOOM, TYPES
from tests.scenarios.answers import of_each_type

APPLIED = BLOOM[BLOOM.index("apply") :]
LOADED = re.compile(
    r"<(?:script|img|link|iframe|source|form|use)\b[^>]*?\b(?:src|href|action)=\"([^\"]*)\""
)


def test_every_type_is_there_in_number_and_most_of_it_applies_what_was_read() -> None:
    live = catalogue().live()
    assert len(live) >= 430
    types = Counter(e.type for e in live)
    assert set(types) == set(TYPES)
    assert min(n for kind, n in types.items() if kind != engine.ESSAY) >= 10
    applied = sum(e.bloom in APPLIED for e in live)
    assert applied >= 0.6 * len(live)


def test_every_option_has_its_reason_and_every_wrong_one_its_belief() -> None:
    for exercise in catalogue().live():
        if exercise.type not in ("single", "multi"):
            continue
        for option in exercise.body.options:
            assert option.why, (exercise.id, option.id)
            assert option.correct or option.misconception or option.credit, (exercise.id, option.id)


def test_no_answer_without_thought_is_worth_anything_at_twenty_seeds() -> None:
    for exercise in catalogue().live():
        if exercise.type == engine.REPAIR:
            continue  # Its harness grades them with every load.
        kind = TYPES[exercise.type]
        for seed in range(20 if kind.seeds(exercise) > 1 else 1):
            floor = engine.baseline(exercise, seed)
            for name, answer in kind.trivial(exercise, seed).items():
                raw = kind.grade(exercise, seed, answer).score
                assert engine.normalised(raw, floor) == 0, (exercise.id, name, seed)


def test_every_rule_leads_to_an_exercise() -> None:
    practised = {rule for e in catalogue().live() for rule in pages.practised(e)}
    assert set(RULES) <= practised


def test_every_rule_is_the_key_of_a_hot_spot_or_is_cleared_in_a_repair() -> None:
    """The load has held each of these against what the rule finds in the exercise's design."""
    decisive = {rule for e in catalogue().live() for rule in _decisive(e)}
    assert set(RULES) - decisive == set()


def _decisive(exercise: engine.Exercise) -> tuple[str, ...]:
    field = {engine.REPAIR: "must_clear", "hotspot": "proved_by"}.get(exercise.type)
    return getattr(exercise.body, field) if field else ()


@pytest.mark.django_db
def test_no_page_of_practice_asks_another_site_for_anything(client: Client) -> None:
    shown = [f"/practice/{e.id}/" for e in of_each_type()]
    long_ = [e for e in catalogue().live() if e.type in ("incident", "repair", "essay")]
    shown += [f"/practice/{e.id}/" for e in {e.type: e for e in long_}.values()]
    for url in (*shown, "/practice/", "/practice/progress/", "/practice/exam/"):
        response = client.get(url)
        found = LOADED.findall(response.content.decode())
        assert found, url
        assert {urlsplit(one).netloc for one in found} <= {"", "testserver", "127.0.0.1:8000"}, url
        assert "default-src 'none'" in (policy := response["Content-Security-Policy"]) or (
            "default-src 'self'" in policy
        )
