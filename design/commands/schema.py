"""schema: the JSON Schema of a design's text, or of a result."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Final

from .. import document
from ..schema import result_schema
from . import _frame

HELP: Final = "write the JSON Schema of designs or of results"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--result", action="store_true", help="of what check --format json says")


def run(options: argparse.Namespace) -> int:
    schema = result_schema() if options.result else document.json_schema()
    sys.stdout.write(json.dumps(schema, indent=1, ensure_ascii=False) + "\n")
    return _frame.PASSED
