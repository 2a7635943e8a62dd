"""rules: the catalogue, or one rule of it."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from ..rules import RULES
from . import _frame

HELP: Final = "list the rules, or explain one"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", nargs="?")


def run(options: argparse.Namespace) -> int:
    if options.id is None:
        lines = [
            f"{rule.id}  {rule.severity.value:<8}  {rule.pillar:<11}  {rule.title}"
            for rule in RULES.values()
        ]
        sys.stdout.write("\n".join((*lines, f"{len(RULES)} rules.\n")))
        return _frame.PASSED
    found = RULES.get(options.id.upper())
    if found is None:
        message = f"There is no rule {options.id}. “rules” lists them."
        raise _frame.Stop(message, _frame.USAGE)
    lines = [f"{found.id}  {found.title}\n{found.severity.value}, {found.pillar}, {found.section}"]
    for name, said in (
        ("Why", found.why),
        ("Fails when", found.detects),
        ("False alarm", found.false_alarm),
        ("Fix", found.fix),
        ("References", "; ".join(found.references)),
    ):
        if said:
            lines.append(f"{name}: {said}")
    sys.stdout.write("\n\n".join(lines) + "\n")
    return _frame.PASSED
