"""The whole interface for programs, called as its own schema allows and forbids: every answer is
one that the schema names, in its shape and type, and none is a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi

from config.api import api
from config.wsgi import application
from teams.models import Scope
from teams.programs import limits
from tests.cast import cast
from tests.reviews.programs import Program
from tests.reviews.test_submitting import SMALL

pytestmark = pytest.mark.django_db(transaction=True)

SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema())
OPERATIONS = {
    f"{o.method.upper()} {o.path}": o for o in (r.ok() for r in SCHEMA.get_all_operations())
}
REAL = {"design": "small", "number": 1, "before": 1, "after": 2}
"""What is there, so that calls get further than to 404."""

CHECKS = [
    checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """An owner's program, with a design of two revisions, that may call without end."""
    cache.clear()
    monkeypatch.setattr(limits, "READS", 10**9)
    monkeypatch.setattr(limits, "WRITES", 10**9)
    made = Program(cast(), "owner", Scope.ADMIN)
    made.submit(SMALL)
    made.submit(SMALL.replace("auth: none", "auth: jwt"))
    yield made


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_answer_is_as_the_schema_says(program: Program, name: str) -> None:
    operation = OPERATIONS[name]
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=16,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, real=st.integers(0, 7), known=st.integers(0, 7))
    def call(case: Any, real: int, known: int) -> None:
        if real and case.path_parameters:
            there = {**REAL, "team": program.token.team.slug}
            case.path_parameters.update(
                {k: v for k, v in there.items() if k in case.path_parameters}
            )
        token = f"Bearer {program.text if known else 'wst_wrong'}"
        headers = {"Authorization": token, "Accept-Encoding": "identity"}
        case.headers = {**(case.headers or {}), **headers}
        answer = case.call(app=application)
        case.validate_response(answer, checks=CHECKS)

    call()
