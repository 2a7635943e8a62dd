"""The commands of the command line, one module each.

A command's module holds `HELP`, one line; `arguments`, which declares what it
takes; and `run`, which returns an exit code. `NAMES` is the order in which the
help lists them. Only the module that is asked for is loaded, so that a check
does not wait for what draws.
"""

from __future__ import annotations

from typing import Final

NAMES: Final = (
    "check",
    "questions",
    "fix",
    "compare",
    "draw",
    "fmt",
    "dump",
    "explain",
    "rules",
    "kinds",
    "schema",
)
