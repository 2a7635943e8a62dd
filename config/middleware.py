"""Request ids, and the security headers that Django does not set itself."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse

from config.logs import request_id
from guide.templatetags.warmstart import THEME_SCRIPT_HASH

View = Callable[[HttpRequest], HttpResponse]

_SAFE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

# Everything comes from this origin; the one inline script is admitted by its hash.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        f"script-src 'self' '{THEME_SCRIPT_HASH}'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}


def RequestId(get_response: View) -> View:
    """Takes a proxy's X-Request-ID if it is harmless, else makes one; logs and answers carry it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        id = given if _SAFE_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(id)
        try:
            response = get_response(request)
        finally:
            request_id.reset(token)
        response.headers["X-Request-ID"] = id
        return response

    return middleware


def SecurityHeaders(get_response: View) -> View:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # Whatever a view does not say otherwise was made for one person.
            response.headers.setdefault("Cache-Control", "private, no-store")
        if request.method == "POST" and request.path == reverse("account_logout"):
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return middleware


_TEXTS = ("text/", "application/json", "image/svg+xml")


class Compressed(GZipMiddleware):
    """Packs the texts that are made per request; public pages are kept packed in front of Django.

    A page of the tools is up to 150 KB. Its length tells nothing of what is secret in it: the CSRF
    token is masked anew each time, cookies do not travel with requests from other sites, and
    Django adds random bytes. Files and streams go as they are, with their length.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        text = response.get("Content-Type", "").startswith(_TEXTS)
        if response.streaming or not text:
            return response
        return super().process_response(request, response)
