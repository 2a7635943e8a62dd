"""The exercises and the blueprints of exams as system checks: every problem with its place."""

from __future__ import annotations

import sys
from typing import Any

from django.core import checks

from scenarios.catalogue import prove
from scenarios.exams import blueprint


@checks.register("content")
def exercises(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """All problems, for `manage.py check`; other commands start without proving the bank."""
    if "check" not in sys.argv[1:2]:
        return []
    found: list[checks.CheckMessage] = []
    for located in [*prove().problems, *blueprint.load()[1]]:
        kind = checks.Error if located.problem.is_error else checks.Warning
        place = f"{located.path}:{located.problem.line}"
        message = f"{place}: {located.problem.message}"
        found.append(
            kind(message, hint=located.problem.hint, id=f"scenarios.{located.problem.code}")
        )
    return found
