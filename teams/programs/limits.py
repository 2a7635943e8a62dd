"""How often a token may ask: a count for each minute of the clock, in the shared cache.

With Redis the count is one for all processes; without it each process counts for itself, which
is right for the one process of a machine of one's own.
"""

from __future__ import annotations

import time
from typing import Final

from django.core.cache import cache

from teams.programs.problems import Problem

READS: Final = 300
WRITES: Final = 30
"""Calls of one token in a minute."""

_WINDOW: Final = 60


def count(key: str, most: int, now: float | None = None) -> None:
    """Counts one call. Raises Problem 429 with Retry-After once there were `most` in this
    minute. `now` is in seconds since the epoch."""
    now = time.time() if now is None else now
    window = int(now // _WINDOW)
    name = f"calls:{key}:{window}"
    cache.add(name, 0, timeout=2 * _WINDOW)
    try:
        calls = cache.incr(name)
    except ValueError:  # the cache dropped the entry in between
        cache.set(name, 1, timeout=2 * _WINDOW)
        calls = 1
    if calls > most:
        wait = max(1, int((window + 1) * _WINDOW - now + 0.999))
        raise Problem(
            429,
            f"More than {most} calls of this kind in a minute; ask again in {wait} s.",
            headers={"Retry-After": str(wait)},
        )
