"""A design sent to a Warmstart site, and the result that the site gives of it.

Only the standard library: a pipeline installs the checker and nothing else. The token comes from
the environment, never from the command line, where every process of the machine could read it. It
is sent over HTTPS, or to this machine, and follows no redirection.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from collections.abc import Mapping
from email.message import Message
from http.client import HTTPException
from typing import IO, Any, Final, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from ..document import Problem
from ..result import Result, from_dict
from . import _frame

VARIABLE: Final = "WARMSTART_TOKEN"
_HERE: Final = ("localhost", "127.0.0.1", "::1")
_AGAIN: Final = (429, 502, 503, 504)
_ANSWER: Final = 64 * 1024 * 1024  # bytes, of one answer
_SLOWEST: Final = 15.0  # seconds between two requests
_TIMEOUT: Final = 30.0  # seconds for one request

sleep = time.sleep
now = time.monotonic


class _Stay(HTTPRedirectHandler):
    """Leads nowhere else: the header with the token would go along."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


def opener() -> OpenerDirector:
    return build_opener(_Stay())


class Site:
    """The address of a team on a site, and the patience with which it is asked."""

    def __init__(self, url: str, wait: float) -> None:
        """`wait` is how many seconds one design may take in all. Ends the command when the
        address or the token is of no use."""
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.hostname:
            _usage(f"{url}: the address of a team begins with https://")
        if parts.scheme == "http" and parts.hostname not in _HERE:
            _usage(f"{url}: a token is sent over https:// only, or to this machine.")
        words = parts.path.strip("/").split("/")
        if len(words) < 3 or words[-3:-1] != ["api", "teams"]:
            _usage(f"{url}: expected an address such as https://SITE/api/teams/TEAM/")
        self.token = os.environ.get(VARIABLE, "").strip()
        if not self.token or not self.token.isascii() or not self.token.isprintable():
            _usage(f"--submit needs a token of the team in the variable {VARIABLE}.")
        self.root = f"{parts.scheme}://{parts.netloc}"
        self.team = f"{self.root}{parts.path.rstrip('/')}/"
        self.wait = wait
        self.opener = opener()

    def check(self, name: str, text: str, note: str = "") -> Result:
        """The site's result of a text; `name` is what messages call it. Ends the command with
        every problem of a text that is no design, and when no result is to be had."""
        until = now() + self.wait
        key = uuid.uuid4().hex
        sent = self._ask(
            f"{self.team}submissions/", until, name, {"text": text, "note": note}, key=key
        )
        revision = sent["revision"]
        address = f"{self.root}{revision['address']}"
        said = "is" if sent["made"] else "was already"
        sys.stderr.write(
            f"{name} {said} revision {revision['number']}: {self.root}{revision['page']}\n"
        )
        sys.stderr.flush()
        run = revision["run"]
        while run["state"] not in ("done", "failed"):
            self._pause(1.0, until, f"the site has not checked {name} yet")
            run = self._ask(f"{address}run/", until, name)
        if run["state"] == "failed":
            raise _frame.Stop(f"{name}: the site could not check it. {run['error']}", _frame.BROKEN)
        try:
            return from_dict(self._ask(f"{address}result/", until, name))
        except (ValueError, KeyError, TypeError) as error:
            _away(f"The result cannot be read here ({error}); is the checker older than the site?")

    def _ask(
        self,
        url: str,
        until: float,
        name: str,
        body: Mapping[str, Any] | None = None,
        key: str = "",
    ) -> Any:
        """One answer as JSON; asks again while the site is busy or away and time is left. The
        key makes it safe to send twice what may have arrived."""
        pause = 1.0
        while True:
            try:
                return self._once(url, body, key)
            except HTTPError as error:
                if error.code not in _AGAIN:
                    _refused(name, error)
                given = error.headers.get("Retry-After", "")
                pause = float(given) if given.isdecimal() else pause
                why = f"the site answered {error.code}"
            except (URLError, OSError, HTTPException) as error:
                why = str(getattr(error, "reason", "") or error or type(error).__name__)
            self._pause(pause, until, why)
            pause = min(2 * pause, _SLOWEST)

    def _once(self, url: str, body: Mapping[str, Any] | None, key: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        data = None
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        asked = Request(url, data=data, headers=headers)  # noqa: S310 - http and https only
        with self.opener.open(asked, timeout=_TIMEOUT) as answer:
            raw = answer.read(_ANSWER + 1)
        try:
            if len(raw) > _ANSWER:
                raise ValueError("more than 64 MiB")
            return json.loads(raw)
        except (ValueError, RecursionError):
            _away(f"{url}: the answer is not what a Warmstart site says.")

    def _pause(self, seconds: float, until: float, why: str) -> None:
        if now() + seconds > until:
            _away(f"{self.root}: {why}; gave up after {self.wait:g} s (--wait).")
        sleep(seconds)


def _refused(name: str, error: HTTPError) -> NoReturn:
    """Ends the command with what the site says is wrong."""
    if 300 <= error.code < 400:
        where = error.headers.get("Location", "elsewhere")
        _away(f"The site sends on to {where}; give that address if you trust it.")
    try:
        said = json.loads(error.read(_ANSWER))
        detail, faults = str(said["detail"]), list(said["errors"])
        problems = [
            Problem(int(f["line"]), str(f["at"]), str(f["message"]), str(f["hint"]))
            for f in faults
            if f.get("line") is not None
        ]
    except (ValueError, KeyError, TypeError, AttributeError, OSError, HTTPException):
        _away(f"The site answered {error.code} {error.reason}.")
    if problems:
        lines = [f"{name}:{p.line}: {_frame.problem(p)}" for p in problems]
        raise _frame.Stop("\n".join((*lines, detail)), _frame.INVALID, problems)
    more = [f"{f.get('at')}: {f.get('message')}" for f in faults if isinstance(f, dict)]
    _away("\n".join((f"The site answered {error.code}. {detail}", *more)))


def _usage(said: str) -> NoReturn:
    raise _frame.Stop(said, _frame.USAGE)


def _away(said: str) -> NoReturn:
    raise _frame.Stop(said, _frame.AWAY)
