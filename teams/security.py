"""What guards accounts: how long a session lasts, who must have a second factor, what a password
may not be, and a log line for each thing that happens to an account."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, Final

from allauth.account.signals import email_changed, password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

log = logging.getLogger("warmstart.security")
View = Callable[[HttpRequest], HttpResponse]

BEGAN, SEEN, SECOND = "began", "seen", "second_factor"
_STEP_S: Final = 600
"""How exactly a session remembers when it was last used: not each page writes a row."""


def SessionLimits(get_response: View) -> View:
    """Ends a session that was not used, or has lasted, too long; asks for a second factor where
    the installation requires one. A request without a session's cookie is left alone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return get_response(request)
        session, now = request.session, int(time.time())
        if SEEN not in session:
            session[BEGAN] = session[SEEN] = now
        idle = now - session[SEEN] > settings.SESSION_IDLE_HOURS * 3600
        if idle or now - session[BEGAN] > settings.SESSION_MAX_HOURS * 3600:
            log.info("session ended", extra={"user": request.user.pk, "idle": idle})
            logout(request)
            return get_response(request)
        if now - session[SEEN] > _STEP_S:
            session[SEEN] = now
        if settings.REQUIRE_MFA and _lacks_second_factor(request):
            messages.info(request, "This installation asks for a second factor. Add one first.")
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def _lacks_second_factor(request: HttpRequest) -> bool:
    if request.path.startswith("/accounts/") or request.session.get(SECOND):
        return False
    if not is_mfa_enabled(request.user):
        return True
    request.session[SECOND] = True
    return False


class NotOurWords:
    """Refuses passwords that are made of the words that stand on every page."""

    WORDS: Final = ("warmstart", "serverless", "architecture", "password", "passwort")

    def validate(self, password: str, user: object = None) -> None:
        rest = password.lower()
        for word in self.WORDS:
            rest = rest.replace(word, "")
        if len(rest) < 5 and len(rest) < len(password):
            raise ValidationError("This password is made of words of this site.", code="words")

    def get_help_text(self) -> str:
        return "It may not be made of words of this site, such as its name."


def _who(request: HttpRequest | None) -> dict[str, Any]:
    return {"ip": request.META.get("REMOTE_ADDR", "") if request else ""}


@receiver(user_logged_in)
def _signed_in(sender: object, request: HttpRequest, user: Any, **more: object) -> None:
    request.session.pop(SECOND, None)
    request.session[BEGAN] = request.session[SEEN] = int(time.time())
    log.info("signed in", extra={"user": user.pk, **_who(request)})


@receiver(user_logged_out)
def _signed_out(sender: object, request: HttpRequest, user: Any, **more: object) -> None:
    log.info("signed out", extra={"user": getattr(user, "pk", 0) or 0, **_who(request)})


@receiver(user_login_failed)
def _refused(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **more: object
) -> None:
    # What was typed is not logged: people type passwords into the wrong field.
    log.warning("sign-in refused", extra=_who(request))


@receiver(password_changed)
@receiver(password_reset)
@receiver(email_changed)
@receiver(authenticator_added)
@receiver(authenticator_removed)
def _account_changed(sender: object, request: HttpRequest, user: Any, **more: Any) -> None:
    request.session.pop(SECOND, None)
    words = {
        id(password_changed): "password changed",
        id(password_reset): "password reset",
        id(email_changed): "address changed",
        id(authenticator_added): "second factor added",
        id(authenticator_removed): "second factor removed",
    }
    what = words.get(id(more.get("signal")), "account changed")
    log.info(what, extra={"user": user.pk, **_who(request)})
