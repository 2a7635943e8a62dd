"""kinds: what components and edges there are, and what may be said of one."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from .. import kinds
from . import _frame

HELP: Final = "list the kinds, or the attributes of one"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", nargs="?")


def run(options: argparse.Namespace) -> int:
    sys.stdout.write("\n".join((*_lines(options.kind), "")))
    return _frame.PASSED


def _lines(kind: str | None) -> list[str]:
    if kind is None:
        return [
            *(f"{known.name:<13}  {known.meaning}" for known in kinds.COMPONENT_KINDS.values()),
            "\nEdges",
            *(f"{edge.name:<13}  {edge.meaning}" for edge in kinds.EDGE_KINDS.values()),
        ]
    table = kinds.table_of(kind)
    if table is None:
        raise _frame.Stop(f"There is no kind {kind}. “kinds” lists them.", _frame.USAGE)
    return [
        f"{attribute.path:<26}  {attribute.expects}\n{'':<26}  {attribute.meaning}"
        for attribute in table.values()
    ]
