"""fix: changes of a design's text that clear findings, shown as a diff.

Without RULE and --all, lists the findings that a change of the text clears.
Nothing is written unless --write asks for it; each fix is proved first: its
finding is gone, and nothing fails that did not fail before.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ..fixes import NOT_PROVED, Mended, fix_for, mend
from ..model import Design
from ..result import evaluate
from ..rules import RULES, Finding, open_findings
from . import _frame, _text
from ._text import clean, say, wrapped

HELP: Final = "show, as a diff, what would clear findings"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file")
    parser.add_argument("what", nargs="*", metavar="RULE[:SUBJECT]")
    parser.add_argument("--all", action="store_true", help="fix whatever can be fixed")
    parser.add_argument("--write", action="store_true", help="write the file instead of a diff")
    parser.add_argument("--today", type=_frame.day, help="the day on which waivers have to hold")


def run(options: argparse.Namespace) -> int:
    if options.all and options.what:
        raise _frame.Stop("Name findings or say --all, not both.", _frame.USAGE)
    text, design = _text.read(options.file)
    result = evaluate(design, options.today)
    open_ = [f for f in open_findings(result.findings) if result.is_open(f)]
    if not options.all and not options.what:
        return _list(design, open_)
    chosen = open_ if options.all else _chosen(options.what, open_)
    _bounded(design, chosen)
    keys = {(f.rule, f.subject) for f in chosen}
    mended = mend(text, lambda finding: (finding.rule, finding.subject) in keys)
    if options.write and mended.applied:
        _text.write(options.file, mended.text)
    if not options.write:
        name = "design.yaml" if options.file == "-" else Path(options.file).as_posix()
        sys.stdout.write(mended.diff(name))
    _account(mended, error=not options.write)
    return _frame.NOT_MET if mended.declined else _frame.PASSED


LARGE: Final = 500
"""From so many components on, only `MOST` findings are mended, or listed with a fix, at once."""
MOST: Final = 40


def _bounded(design: Design, chosen: list[Finding]) -> None:
    if len(design.components) >= LARGE and len(chosen) > MOST:
        raise _frame.Stop(
            f"Each fix is proved on the whole design. {len(chosen):,} of them are too many for one "
            f"of {len(design.components):,} components: name up to {MOST} as RULE:SUBJECT.",
            _frame.USAGE,
        )


def _account(mended: Mended, error: bool) -> None:
    """What was done and what was not, in words, away from the diff."""
    for fix in mended.applied:
        say(wrapped(f"{fix.rule} {fix.subject}: {fix.does} {fix.leaves}"), error=error)
    for declined in mended.declined:
        finding = declined.finding
        said = f"Not fixed: {finding.rule} {finding.subject}: {declined.reason}"
        say(wrapped(said), error=error)
    if mended.applied:
        say(wrapped(NOT_PROVED), error=error)


def _chosen(what: Iterable[str], open_: list[Finding]) -> list[Finding]:
    chosen: list[Finding] = []
    for one in what:
        rule, colon, subject = one.partition(":")
        rule = rule.upper()
        if rule not in RULES:
            message = f"There is no rule {clean(rule)}. “rules” lists them."
            raise _frame.Stop(message, _frame.USAGE)
        found = [f for f in open_ if f.rule == rule and (not colon or f.subject == subject)]
        if not found:
            where = f" at {clean(subject)}" if colon else ""
            raise _frame.Stop(f"{rule} has no open finding{where}.", _frame.USAGE)
        chosen += found
    return chosen


def _list(design: Design, open_: list[Finding]) -> int:
    first = open_[: MOST * 5] if len(design.components) >= LARGE else open_
    drafted = [(finding, fix_for(design, finding)) for finding in first]
    known = [(finding, fix) for finding, fix in drafted if fix is not None]
    for finding, fix in known:
        say(clean(f"{finding.rule}:{finding.subject}"), wrapped(fix.does, "    "))
    count = f"{len(known)} of {len(first)} open findings"
    if len(first) < len(open_):
        count = f"{len(known)} of the first {len(first)} of {len(open_):,} open findings"
    say(f"{count} have a fix; name some of them, or say --all.")
    return _frame.PASSED
