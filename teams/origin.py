"""Forms without a token: the browser itself says where a request comes from.

Questions stand in pages that set no cookie, so they cannot carry Django's token. Browsers send
`Sec-Fetch-Site` with every request and `Origin` with every POST, and no page can forge them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

_SAFE = ("GET", "HEAD", "OPTIONS")


def comes_from_here(request: HttpRequest) -> bool:
    """Whether this site's own page sent the request. One with neither header did not."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = urlsplit(request.headers.get("Origin", ""))
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())


def same_origin(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views that take forms from pages without a token, in place of Django's check."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in _SAFE and not comes_from_here(request):
            raise PermissionDenied("This form was sent from another site.")
        return view(request, *args, **kwargs)

    return guarded
