"""The checker on the command line.

Each command says what it takes: “COMMAND --help”. FILE may be - for standard
input. A baseline and the two sides of a comparison may be designs or results
written with --format json.

Exit codes: 0 passed; 1 the gate is not met (without --gate: a critical or high
finding is open); 2 the text is not a design; 3 a rule broke; 4 wrong usage;
5 the site did not give a result (check --submit).
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
from importlib import import_module
from typing import NoReturn

from .commands import NAMES
from .commands._frame import PASSED, USAGE, Parser, Stop


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        options = _parser(words[0] if words else "").parse_args(words)
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code
    except ModuleNotFoundError as error:
        if (error.name or "").partition("_")[0] != "graphviz":
            raise
        sys.stderr.write("Drawing needs Graphviz: pip install 'warmstart[draw]'.\n")
        return USAGE
    except BrokenPipeError:
        sys.stderr.close()
        return PASSED


def _parser(asked: str) -> argparse.ArgumentParser:
    """A parser of the command that is asked for, or of all for the help."""
    parser = Parser(
        prog="python -m design" if sys.argv[0].endswith("__main__.py") else None,
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    for name in [asked] if asked in NAMES else NAMES:
        module = import_module(f"{__package__}.commands.{name}")
        command = commands.add_parser(name, help=module.HELP, description=module.__doc__)
        module.arguments(command)
        command.set_defaults(run=module.run)
    return parser


def start() -> NoReturn:
    """The command as a process of its own: it ends soon and leaves nothing in
    cycles, so that looking for those would only cost a quarter of its time."""
    gc.disable()
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody reads it any more
            stream.flush()
    os._exit(code)  # half a million objects need not be taken apart one by one


if __name__ == "__main__":
    start()
