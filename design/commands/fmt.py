"""fmt: a design's text in canonical order and spacing, with its comments.

A comment stays with what it stands beside or above. Where that vanishes, as an
empty section does, the text is refused rather than the comment lost.
"""

from __future__ import annotations

import argparse
import sys
from typing import Final

from ..edit import Refused, tidy
from . import _frame, _text
from ._text import say

HELP: Final = "put a design's text in order, comments included"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--write", action="store_true", help="write the file")
    how.add_argument("--check", action="store_true", help="only say whether it is in order")


def run(options: argparse.Namespace) -> int:
    text, _ = _text.read(options.file)
    try:
        new = tidy(text)
    except Refused as refused:
        message = f"{_frame.shown(options.file)}: {refused.reason}"
        raise _frame.Stop(message, _frame.NOT_MET) from None
    if options.check:
        if new != text:
            say(f"{_frame.shown(options.file)} is not in order; “fmt --write” puts it in order.")
        return _frame.PASSED if new == text else _frame.NOT_MET
    if options.write:
        if new != text:
            _text.write(options.file, new)
    else:
        sys.stdout.write(new)
    return _frame.PASSED
