"""questions: what the text of a design leaves open, the most consequential first."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Final

from .. import questions as asking
from ..questions import Question, as_dict
from ..result import evaluate
from . import _frame
from ._text import say, wrapped

HELP: Final = "ask what the text of a design leaves open"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--most", type=_count, help="show no more than so many")
    parser.add_argument("--today", type=_frame.day, help="the day on which waivers have to hold")


def _count(text: str) -> int:
    if int(text) < 0:
        raise ValueError
    return int(text)


def run(options: argparse.Namespace) -> int:
    result = evaluate(_frame.design(options.file), options.today)
    asked = asking.questions(result.design, result.findings, result.waived, rules=result.rules)
    shown = asked[: options.most]
    if options.format == "json":
        say(json.dumps([as_dict(question) for question in shown], indent=1, ensure_ascii=False))
        return _frame.PASSED
    for number, question in enumerate(shown, 1):
        say(*_lines(number, question), "")
    left = len(asked) - len(shown)
    count = f"{len(asked)} question{'' if len(asked) == 1 else 's'}"
    say(f"{count}, {left} not shown." if left else f"{count}.")
    return _frame.PASSED


def _lines(number: int, question: Question) -> Iterator[str]:
    indent = "     "
    yield wrapped(question.text, f"{number:>3}  ", indent)
    where = f", line {question.line}" if question.line else ""
    yield wrapped(f"{question.subject}: {question.path}{where}", indent, indent)
    answers = ", ".join(question.answers) or question.expects
    yield wrapped(f"Answer: {answers}", indent, indent)
    plural = "" if question.verdicts == 1 else "s"
    said = f"Decides {question.verdicts} verdict{plural} of {', '.join(question.rules)}"
    if question.reach:
        said += f"; the score would lie between {question.low:.1f} and {question.high:.1f}"
    yield wrapped(f"{said}.", indent, indent)
    if question.also:
        yield wrapped(f"Some of them also need {', '.join(question.also)}.", indent, indent)
