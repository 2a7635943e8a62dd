"""Health, readiness, the style guide and the error pages."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from guide.book import book
from guide.drawings import drawing
from guide.templatetags.warmstart import ICONS
from teams.programs.problems import Problem


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; asks nothing else, so that a slow database restarts nobody."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when this process can serve: database reached, broker reached if there is one; else 503."""
    checks = {"database": _database()}
    if settings.REDIS_URL:
        checks["broker"] = _broker()
    ready = all(word == "ok" for word in checks.values())
    return JsonResponse(
        {"status": "ok" if ready else "unavailable", **checks}, status=200 if ready else 503
    )


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return "ok"


def _broker() -> str:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=2) as redis:
            redis.ping()
    except RedisError as error:
        return type(error).__name__
    return "ok"


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    context = {
        "nav": "",
        "tokens": [
            "paper",
            "plate",
            "sunk",
            "ink",
            "ink-2",
            "ink-3",
            "rule",
            "rule-2",
            "lichen",
            "oxide",
            "ochre",
            "slate",
            "moss",
            "plum",
        ],
        "severities": ("critical", "high", "medium", "low", "unknown"),
        "verdicts": ("pass", "fail", "unknown", "not_applicable", "error"),
        "icons": ICONS,
    }
    shape = book().plates["P02"]
    context["drawings"] = {
        theme: drawing(replace(shape, number=f"S-{theme}")) for theme in ("light", "dark")
    }
    return render(request, "styleguide.html", context)


_ERRORS = {
    400: ("That request cannot be read", "Something in the address or the form is malformed."),
    403: (
        "Not from here",
        "The form came from another site or is too old. Reload the page, then send it again.",
    ),
    413: (
        "That form is too large",
        "A design may have 1 MiB, the whole form 2 MiB. Go back: what you wrote is still there.",
    ),
    404: ("Nothing grows here", "There is no page at this address, or it is not yours to see."),
    500: (
        "Something broke on our side",
        "The fault has been logged with the number below. Nothing you had stored is lost.",
    ),
}


def _error(request: HttpRequest, status: int) -> HttpResponse:
    heading, text = _ERRORS[status]
    if request.path_info.startswith("/api/"):
        return Problem(status, f"{heading}. {text}").response()
    context = {"nav": "", "status": status, "heading": heading, "text": text}
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, 500)
