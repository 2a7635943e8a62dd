"""check: what the rules say of a design, and whether a gate lets it pass."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from .. import export
from ..compare import Comparison, compare
from ..gate import STANDARD, BadGate, read_gate, refusals
from ..result import Result, evaluate
from ..rules import Verdict
from . import _frame

HELP: Final = "check a design and score it"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file")
    parser.add_argument("--format", choices=tuple(export.FORMATS), default="text")
    parser.add_argument("--gate", help="a YAML file of demands")
    parser.add_argument("--baseline", help="an earlier design or result")
    parser.add_argument("--today", type=_frame.day, help="the day on which waivers have to hold")
    parser.add_argument("--reviewers", type=int, default=0, help="reviewers who have agreed")


def run(options: argparse.Namespace) -> int:
    gate = STANDARD
    if options.gate:
        try:
            gate = read_gate(_frame.read(options.gate).decode("utf-8", "replace"))
        except BadGate as error:
            raise _frame.Stop(f"{options.gate}: {error}", _frame.USAGE) from None
    result = evaluate(_frame.design(options.file), options.today)
    comparison: Comparison | None = None
    if options.baseline:
        comparison = compare(_frame.result(options.baseline, options.today), result)
    refused = refusals(gate, result, comparison, options.today, options.reviewers)
    _print(options, result, comparison, refused)
    if result.of(Verdict.ERROR) and not gate.allow_rule_errors:
        return _frame.BROKEN
    return _frame.NOT_MET if refused else _frame.PASSED


def _print(
    options: argparse.Namespace,
    result: Result,
    comparison: Comparison | None,
    refused: tuple[str, ...],
) -> None:
    """The report on standard output. The last line said is always the tally of
    rules: in the text itself, or on standard error beside the other formats."""
    verdict = [f"Not met: {sentence}" for sentence in refused]
    if options.format == "text":
        lines = export.text.render(result).splitlines()
        gap = [""] if verdict else []
        sys.stdout.write("\n".join((*lines[:-1], *verdict, *gap, lines[-1])) + "\n")
        return
    if options.format == "sarif":
        uri = "stdin" if options.file == "-" else Path(options.file).as_posix()
        sys.stdout.write(export.sarif.render(result, uri, comparison))
    else:
        sys.stdout.write(export.FORMATS[options.format](result))
    sys.stdout.flush()
    sys.stderr.write("\n".join((*verdict, export.tally_line(result))) + "\n")
