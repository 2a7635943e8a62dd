"""The exercises and the blueprints of exams as system checks: every problem with its place."""

from __future__ import annotations

from typing import Any

from django.core import checks

from scenarios.catalogue import catalogue
from scenarios.exams import blueprint


@checks.register("content")
def exercises(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    for located in [*catalogue().problems, *blueprint.load()[1]]:
        kind = checks.Error if located.problem.is_error else checks.Warning
        place = f"{located.path}:{located.problem.line}"
        message = f"{place}: {located.problem.message}"
        found.append(
            kind(message, hint=located.problem.hint, id=f"scenarios.{located.problem.code}")
        )
    return found
