"""compare: what changed between two designs, or two results: in words, or as one picture of both.

The format follows from the ending of the output: txt, md and json say what changed, svg, png,
pdf and dot draw it.
"""

from __future__ import annotations

import argparse
from typing import Any, Final

from .. import export
from ..compare import compare
from ..model import Design
from ..profiles import NAMES as PROFILES
from ..result import Result, evaluate
from . import _frame, _picture

HELP: Final = "say or draw what changed between two designs"
_WORDS: Final = {"txt": "text", "md": "markdown", "json": "json"}
_PICTURES: Final = ("svg", "png", "pdf", "dot")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--format", choices=(*_WORDS.values(), *_PICTURES))
    _picture.arguments(parser)
    parser.add_argument("--profile", choices=PROFILES, help="take limits from this platform")
    parser.add_argument("--pack", action="append", default=[], help="a rule pack, by name or file")
    parser.add_argument("--today", type=_frame.day, help="the day on which waivers have to hold")


def run(options: argparse.Namespace) -> int:
    form = _picture.form(options, (*_WORDS, *_PICTURES), "text")
    form = _WORDS.get(form, form)
    renderers: dict[str, Any] = {
        "text": export.text.render_comparison,
        "json": export.json.render_comparison,
        "markdown": export.markdown.render_comparison,
    }
    packs, today = _frame.packs(options.pack), options.today or _frame.today()

    def check(design: Design) -> Result:
        return evaluate(design, today, packs=packs, profile_name=options.profile)

    before, after = (_frame.result(name, check) for name in (options.before, options.after))
    comparison = compare(before, after)
    if form in renderers:
        _picture.write(options.output, renderers[form](comparison).encode(), form)
        return _frame.PASSED

    from ..diagram import Notes, merge

    both = merge(comparison.before.design, comparison.after.design)
    notes = Notes(changes=comparison.marks, said=comparison.said)
    _picture.draw(options, both, "compare", form, notes)
    return _frame.PASSED
