"""What every rule says about itself."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter

import pytest

import design.rules
from design.profiles import profile
from design.rules import AREAS, PILLARS, RULES, Rule

from .cases import FIRST_RULES

AREA_MODULES = [
    module
    for name, module in vars(design.rules).items()
    if inspect.ismodule(module) and not name.startswith("_")
]
PLAIN = {-1, 0, 1, 2, 3, 5, 6, 20, 100, 1000}
"""Numbers of grammar, units and lists; any other belongs into a profile."""


def test_the_catalogue_is_complete():
    assert len(FIRST_RULES) == 93 and set(RULES) > FIRST_RULES
    severities = Counter(RULES[id].severity.value for id in FIRST_RULES)
    assert severities == {"critical": 12, "high": 43, "medium": 33, "low": 5}
    assert {rule.area for rule in RULES.values()} == set(AREAS)
    assert {rule.pillar for rule in RULES.values()} == set(PILLARS)


def test_rules_stand_in_order_of_their_ids_without_gaps():
    assert list(RULES) == sorted(RULES)
    for area in AREAS:
        numbers = [int(id[3:]) for id in RULES if id.startswith(area)]
        assert numbers == list(range(1, len(numbers) + 1)), area


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_explains_itself(rule: Rule):
    assert rule.area == rule.id[:3]
    for text in (rule.why, rule.detects, rule.false_alarm, rule.fix):
        assert text == text.strip() and text.endswith(".") and "  " not in text
    assert 1 <= len(re.findall(r"[.!?](?:\s|$)", rule.why)) <= 4
    assert not rule.title.endswith(".")
    assert re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", rule.section)
    assert all(rule.references)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_takes_its_numbers_from_the_profile(rule: Rule):
    for name in rule.params:
        assert name in profile("generic").limits


def test_every_limit_is_used_by_a_rule():
    used = {name for rule in RULES.values() for name in rule.params}
    assert used == set(profile("generic").limits)


@pytest.mark.parametrize("module", AREA_MODULES, ids=lambda m: m.__name__)
def test_no_rule_holds_a_number_of_its_own(module):
    tree = ast.parse(inspect.getsource(module))
    numbers = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    ]
    assert set(numbers) <= PLAIN


WORN = (
    r"\b(simply|easily|obviously|best practices?|leverage|utili[sz]e|seamless|robust|crucial|"
    r"powerful|ensure|at scale|under the hood|production-grade)\b"
)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_avoids_worn_words(rule: Rule):
    text = " ".join((rule.title, rule.why, rule.detects, rule.false_alarm, rule.fix))
    assert not re.search(WORN, text, re.IGNORECASE)
    assert not re.search(r"\b(lambda|sqs|dynamo|kinesis|azure|aws|gcp)\b", text, re.IGNORECASE)
