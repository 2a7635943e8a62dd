"""What every page of this package says of its design and its reader."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from reviews.models import Design
from teams.models import Role


def frame(request: HttpRequest, design: Design, here: str) -> dict[str, Any]:
    """`here` is the tab that the page belongs to."""
    role = design.team.role_of(request.user)
    return {
        "nav": "reviews",
        "team": design.team,
        "design": design,
        "here": here,
        "may_edit": role is not None and role.includes(Role.EDITOR),
        "may_discuss": role is not None and role.includes(Role.REVIEWER),
    }
