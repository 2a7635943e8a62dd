"""What every command needs: how it ends, and how it reads its files."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from ..document import Problem
    from ..model import Design
    from ..result import Result

PASSED: Final = 0
NOT_MET: Final = 1
INVALID: Final = 2
BROKEN: Final = 3
USAGE: Final = 4


class Stop(Exception):
    """The end of a command: what to say on standard error, and the exit code."""

    def __init__(self, said: str, code: int) -> None:
        super().__init__(said)
        self.code = code


class Parser(argparse.ArgumentParser):
    """A parser that ends with the code for wrong usage."""

    def error(self, message: str) -> NoReturn:
        raise Stop(f"{self.format_usage()}{self.prog}: {message}", USAGE)


def day(text: str) -> str:
    """An argument that is a date; raises ValueError, which the parser explains."""
    return datetime.date.fromisoformat(text).isoformat()


def read(name: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``; ends the command when
    there are none to be had."""
    from .. import document

    try:
        if name == "-":
            return sys.stdin.buffer.read(document.MAX_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(8 * document.MAX_BYTES)
    except OSError as error:
        raise Stop(f"{name}: {error.strerror or error}", USAGE) from None


def shown(name: str) -> str:
    """What a message calls a file."""
    return "standard input" if name == "-" else name


def design(name: str, data: bytes | None = None) -> Design:
    """The design in a file; ends the command with every problem and its line."""
    from .. import document
    from ..rules import RULES

    try:
        return document.load(read(name) if data is None else data)
    except document.Invalid as invalid:
        lines = [f"{shown(name)}:{p.line}: {problem(p)}" for p in invalid.problems]
        count = len(invalid.problems)
        lines.append(
            f"0 rules ran, 0 failed, 0 unknown, {len(RULES)} skipped: this is not a design"
            f" ({count} {'problem' if count == 1 else 'problems'})."
        )
        raise Stop("\n".join(lines), INVALID) from None


def problem(found: Problem) -> str:
    """A problem without its line: where, what, and what may have been meant."""
    where = f"{found.path}: " if found.path else ""
    return f"{where}{found.message}" + (f" {found.hint}" if found.hint else "")


def result(name: str, today: str | None = None) -> Result:
    """The result of a design, or the one that a JSON file holds."""
    import json

    from ..result import FORMAT, evaluate, from_dict

    data = read(name)
    if data.lstrip()[:1] == b"{" and FORMAT.encode() in data:
        try:
            return from_dict(json.loads(data))
        except (ValueError, RecursionError) as error:
            raise Stop(f"{name}: {error}", USAGE) from None
    return evaluate(design(name, data), today)
