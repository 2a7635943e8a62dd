"""A design's own text, read to be changed and written back, and lines for people."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import Final

from ..model import Design
from . import _frame

WIDTH: Final = 88


def read(name: str) -> tuple[str, Design]:
    """The text of a valid design, byte order mark and line ends included, and the
    design; ends the command where it is none."""
    data = _frame.read(name)
    found = _frame.design(name, data)
    return data.decode("utf-8"), found


def write(name: str, text: str) -> None:
    """Writes a file byte for byte. Standard input cannot be written back."""
    if name == "-":
        raise _frame.Stop("Standard input cannot be written back; leave --write out.", _frame.USAGE)
    try:
        Path(name).write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise _frame.Stop(f"{name}: {error.strerror or error}", _frame.USAGE) from None


def clean(text: str) -> str:
    """No control character of the author's reaches the terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)


def wrapped(text: str, first: str = "", rest: str = "    ") -> str:
    """A paragraph for a terminal."""
    return textwrap.fill(clean(text), WIDTH, initial_indent=first, subsequent_indent=rest)


def say(*lines: str, error: bool = False) -> None:
    (sys.stderr if error else sys.stdout).write("".join(f"{line}\n" for line in lines))
