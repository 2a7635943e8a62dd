"""schema: the JSON Schema of the format."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Final

from .. import document
from . import _frame

HELP: Final = "write the JSON Schema of the format"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Takes nothing."""


def run(_: argparse.Namespace) -> int:
    sys.stdout.write(json.dumps(document.json_schema(), indent=1, ensure_ascii=False) + "\n")
    return _frame.PASSED
