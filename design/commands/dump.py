"""dump: a design in its canonical form."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from .. import document
from . import _frame

HELP: Final = "write a design in its canonical form"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file")


def run(options: argparse.Namespace) -> int:
    sys.stdout.write(document.dump(_frame.design(options.file)))
    return _frame.PASSED
