"""kinds: what components and edges there are, and what may be said of one."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any, Final

from .. import kinds
from ..kinds import Attribute
from . import _frame

HELP: Final = "list the kinds, or the attributes of one"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", nargs="?")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(options: argparse.Namespace) -> int:
    if options.format == "json":
        said = json.dumps(_values(options.kind), indent=1, ensure_ascii=False)
        sys.stdout.write(f"{said}\n")
    else:
        sys.stdout.write("\n".join((*_lines(options.kind), "")))
    return _frame.PASSED


def _values(kind: str | None) -> dict[str, Any]:
    if kind is None:
        return {
            "components": {k.name: k.meaning for k in kinds.COMPONENT_KINDS.values()},
            "edges": {k.name: k.meaning for k in kinds.EDGE_KINDS.values()},
        }
    return {
        attribute.path: {"expects": attribute.expects, "meaning": attribute.meaning}
        for attribute in _table(kind).values()
    }


def _table(kind: str) -> Mapping[str, Attribute]:
    table = kinds.table_of(kind)
    if table is None:
        raise _frame.Stop(f"There is no kind {kind}. “kinds” lists them.", _frame.USAGE)
    return table


def _lines(kind: str | None) -> list[str]:
    if kind is None:
        return [
            *(f"{known.name:<13}  {known.meaning}" for known in kinds.COMPONENT_KINDS.values()),
            "\nEdges",
            *(f"{edge.name:<13}  {edge.meaning}" for edge in kinds.EDGE_KINDS.values()),
        ]
    return [
        f"{attribute.path:<26}  {attribute.expects}\n{'':<26}  {attribute.meaning}"
        for attribute in _table(kind).values()
    ]
