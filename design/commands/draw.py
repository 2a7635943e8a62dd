"""draw: a design as a picture, or as the text of one.

The format follows from the ending of the output: svg, png, pdf, dot, or txt for the picture in
words. PNG and PDF need the package typst.
"""

from __future__ import annotations

import argparse
from typing import Final

from . import _frame, _picture

HELP: Final = "draw a design: SVG, PNG, PDF, DOT, or a text that tells the picture"
_VIEWS: Final = ("structure", "events", "trust", "load")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file")
    parser.add_argument("--view", choices=_VIEWS, default="structure")
    _picture.arguments(parser)
    parser.add_argument("--findings", action="store_true", help="pin what the rules find")
    parser.add_argument("--format", choices=_picture.FORMATS, help="whatever the output is called")
    parser.add_argument("--dot", action="store_const", const="dot", dest="format",
                        help="the same as --format dot")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    from ..diagram import Notes

    design = _frame.design(options.file)
    form = _picture.form(options, _picture.FORMATS, "svg")
    notes = Notes()
    if options.findings:
        from ..export import open_in_order
        from ..export.pins import pins
        from ..result import evaluate

        notes = Notes(pins=pins(design, open_in_order(evaluate(design, _frame.today()))))
    _picture.draw(options, design, options.view, form, notes)
    return _frame.PASSED
