"""draw: a design as a picture."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from . import _frame

HELP: Final = "draw a design as SVG"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file")
    parser.add_argument("-o", "--output", help="where to write; standard output if absent")
    parser.add_argument("--dot", action="store_true", help="write the DOT source instead")


def run(options: argparse.Namespace) -> int:
    from .. import diagram

    design = _frame.design(options.file)
    try:
        drawn = diagram.dot(design) if options.dot else diagram.draw(design).standalone
    except (diagram.TooLarge, diagram.LayoutFailed) as error:
        raise _frame.Stop(f"{options.file}: {error}", _frame.NOT_MET) from None
    if options.output:
        try:
            Path(options.output).write_text(drawn, encoding="utf-8")
        except OSError as error:
            message = f"{options.output}: {error.strerror or error}"
            raise _frame.Stop(message, _frame.USAGE) from None
    else:
        sys.stdout.write(drawn)
    return _frame.PASSED
