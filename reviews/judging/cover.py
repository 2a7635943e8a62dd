"""What a page answers in place of findings and scores that are covered."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from reviews.judging.beside import Covered, covering


class ToTheRevision:
    """Leads to the revision that is to be judged first, whose page says why and where to mark."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Covered):
            return None
        revision = covering(error.design, request.user)
        return redirect(revision) if revision else None
