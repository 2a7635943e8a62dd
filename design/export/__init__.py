"""One result, many formats.

Each module has `render(result) -> str`; `FORMATS` names them. To add one, copy
the shortest neighbour, add it here and to `tests/design/test_export.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ..result import Result
from . import csv, json, junit, markdown, sarif, text
from ._words import headline, open_in_order, tally_line

FORMATS: Final[Mapping[str, Callable[[Result], str]]] = MappingProxyType(
    {
        "text": text.render,
        "json": json.render,
        "markdown": markdown.render,
        "csv": csv.render,
        "sarif": sarif.render,
        "junit": junit.render,
    }
)

__all__ = [
    "FORMATS",
    "csv",
    "headline",
    "json",
    "junit",
    "markdown",
    "open_in_order",
    "sarif",
    "tally_line",
    "text",
]
