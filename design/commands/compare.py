"""compare: what changed between two designs, or two results."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

from .. import export
from ..compare import compare
from . import _frame

HELP: Final = "say what changed between two designs"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")


def run(options: argparse.Namespace) -> int:
    formats: dict[str, Any] = {
        "text": export.text.render_comparison,
        "json": export.json.render_comparison,
        "markdown": export.markdown.render_comparison,
    }
    comparison = compare(_frame.result(options.before), _frame.result(options.after))
    sys.stdout.write(formats[options.format](comparison))
    return _frame.PASSED
