"""compare: what changed between two designs, or two results."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

from .. import export
from ..compare import compare
from ..model import Design
from ..profiles import NAMES as PROFILES
from ..result import Result, evaluate
from . import _frame

HELP: Final = "say what changed between two designs"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    parser.add_argument("--profile", choices=PROFILES, help="take limits from this platform")
    parser.add_argument("--pack", action="append", default=[], help="a rule pack, by name or file")
    parser.add_argument("--today", type=_frame.day, help="the day on which waivers have to hold")


def run(options: argparse.Namespace) -> int:
    formats: dict[str, Any] = {
        "text": export.text.render_comparison,
        "json": export.json.render_comparison,
        "markdown": export.markdown.render_comparison,
    }
    packs, today = _frame.packs(options.pack), options.today or _frame.today()

    def check(design: Design) -> Result:
        return evaluate(design, today, packs=packs, profile_name=options.profile)

    before, after = (_frame.result(name, check) for name in (options.before, options.after))
    comparison = compare(before, after)
    sys.stdout.write(formats[options.format](comparison))
    return _frame.PASSED
