"""What a program is told when something is wrong: RFC 9457, application/problem+json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from django.http import JsonResponse
from ninja import Schema

CONTENT_TYPE: Final = "application/problem+json"


class Fault(Schema):
    """One thing that is wrong: where in the request, in which line of a text, and what helps."""

    at: str
    line: int | None = None
    message: str
    hint: str = ""


class ProblemOut(Schema):
    """What went wrong. "title" is the same for every problem of this status; "detail" says what
    it was this time; "errors" lists the places, if there are any."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault]


class Problem(Exception):
    """Ends a call with this answer."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def response(self) -> JsonResponse:
        said = ProblemOut(
            type="about:blank",
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail,
            errors=[Fault(**error) for error in self.errors],
        )
        return JsonResponse(
            said.model_dump(),
            status=self.status,
            headers=self.headers,
            content_type=CONTENT_TYPE,
        )
