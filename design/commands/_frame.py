"""What every command needs: how it ends, and how it reads its files."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from ..document import Limits, Problem
    from ..model import Design
    from ..packs import Pack
    from ..result import Result

PASSED: Final = 0
NOT_MET: Final = 1
INVALID: Final = 2
BROKEN: Final = 3
USAGE: Final = 4
AWAY: Final = 5


class Stop(Exception):
    """The end of a command: what to say on standard error, and the exit code;
    the problems of a text that is not a design."""

    def __init__(self, said: str, code: int, problems: Sequence[Problem] = ()) -> None:
        super().__init__(said)
        self.code = code
        self.problems = problems


class Parser(argparse.ArgumentParser):
    """A parser that ends with the code for wrong usage."""

    def error(self, message: str) -> NoReturn:
        raise Stop(f"{self.format_usage()}{self.prog}: {message}", USAGE)


def day(text: str) -> str:
    """An argument that is a date; raises ValueError, which the parser explains."""
    return datetime.date.fromisoformat(text).isoformat()


def today() -> str:
    """The day on this machine."""
    return datetime.datetime.now(tz=datetime.UTC).astimezone().date().isoformat()


def limits(options: argparse.Namespace) -> Limits:
    """What a command reads at most: its owner's machine, its owner's patience."""
    from .. import document

    return document.WEB if getattr(options, "web_limits", False) else document.LOCAL


def read(name: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``; ends the command when
    there are none to be had."""
    from .. import document

    most = document.LOCAL.bytes + 1
    try:
        if name == "-":
            return sys.stdin.buffer.read(most)
        with Path(name).open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise Stop(f"{name}: {error.strerror or error}", USAGE) from None


def shown(name: str) -> str:
    """What a message calls a file."""
    return "standard input" if name == "-" else name


def design(name: str, data: bytes | None = None, limits: Limits | None = None) -> Design:
    """The design in a file; ends the command with every problem and its line."""
    from .. import document
    from ..rules import RULES

    try:
        return document.load(read(name) if data is None else data, limits or document.LOCAL)
    except document.Invalid as invalid:
        lines = [f"{shown(name)}:{p.line}: {problem(p)}" for p in invalid.problems]
        count = len(invalid.problems)
        lines.append(
            f"0 rules ran, 0 failed, 0 unknown, {len(RULES)} skipped: this is not a design"
            f" ({count} {'problem' if count == 1 else 'problems'})."
        )
        raise Stop("\n".join(lines), INVALID, invalid.problems) from None


def problem(found: Problem) -> str:
    """A problem without its line: where, what, and what may have been meant."""
    where = f"{found.path}: " if found.path else ""
    return f"{where}{found.message}" + (f" {found.hint}" if found.hint else "")


def packs(names: list[str]) -> list[Pack]:
    """Rule packs by the names of those that come along, or by file; ends the
    command with what is wrong with one."""
    from .. import packs

    found: dict[str, Pack] = {}
    for name in names:
        try:
            pack = packs.named(name) if name in packs.NAMES else packs.read(_pack_file(name))
        except packs.BadPack as bad:
            lines = [f"{name}:{p.line}: {problem(p)}" for p in bad.problems]
            raise Stop("\n".join((*lines, f"{name}: the pack is refused.")), USAGE) from None
        if found.setdefault(pack.name, pack) is not pack:
            raise Stop(f"{name}: there is a pack {pack.name} already.", USAGE)
    return list(found.values())


def _pack_file(name: str) -> bytes:
    from .. import packs

    if not Path(name).exists():
        known = ", ".join(packs.NAMES)
        raise Stop(f"{name}: no such file, and no pack of this name. There is {known}.", USAGE)
    return read(name)


def result(name: str, check: Callable[[Design], Result]) -> Result:
    """The result of a design, or the one that a JSON file holds."""
    import json

    from ..result import from_dict

    data = read(name)
    if data.lstrip()[:1] == b"{" and b"warmstart-result/" in data:
        try:
            return from_dict(json.loads(data))
        except (ValueError, RecursionError) as error:
            raise Stop(f"{name}: {error}", USAGE) from None
    return check(design(name, data))
