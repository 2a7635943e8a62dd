"""Limits of platforms: dated, sourced, and taken from generic where left out."""

from __future__ import annotations

import re

import pytest

from design.profiles import NAMES, profile

EACH = pytest.mark.parametrize("name", NAMES)


@EACH
def test_every_limit_has_a_source_a_date_and_the_day_of_its_check(name: str):
    for limit in profile(name).limits.values():
        assert limit.value > 0 and limit.meaning and limit.title and limit.url
        assert limit.dated == "undated" or re.fullmatch(r"\d{4}-\d\d-\d\d", limit.dated)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", limit.checked)


@EACH
def test_every_profile_answers_for_every_limit(name: str):
    assert set(profile(name).limits) == set(profile("generic").limits)


def test_a_platform_keeps_its_own_numbers_apart_from_generic_ones():
    knative = profile("knative")
    assert knative.limit("max_timeout_s") == 600 and knative.limits["max_timeout_s"].own
    assert knative.limit("max_routes") == 10 and not knative.limits["max_routes"].own


def test_an_unknown_profile_and_an_unknown_limit_are_refused():
    with pytest.raises(KeyError):
        profile("../generic")
    with pytest.raises(KeyError):
        profile("generic").limit("max_hope")
