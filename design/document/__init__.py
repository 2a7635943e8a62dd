"""Text to Design and back.

`load` reads what a stranger wrote: it raises `Invalid` with every problem and
its line, and nothing else, whatever the text. `dump` writes the canonical text
of a design, so that two revisions differ only where the designs do.
"""

from __future__ import annotations

from ..model import Design
from ._foreign import foreign_text, foreign_tree
from ._limits import LOCAL, WEB, Limits
from ._problems import Collector, Invalid, Problem, did_you_mean
from ._read import read_tree
from ._schema import json_schema
from ._syntax import (
    MAX_DEPTH,
    Mapping,
    Node,
    Scalar,
    Sequence,
    decode,
    parse,
    safe_tree,
)
from ._write import dump, value_text

__all__ = [
    "LOCAL",
    "MAX_BYTES",
    "MAX_COMPONENTS",
    "MAX_DEPTH",
    "MAX_EDGES",
    "MAX_EVENTS",
    "WEB",
    "Collector",
    "Invalid",
    "Limits",
    "Mapping",
    "Node",
    "Problem",
    "Scalar",
    "Sequence",
    "decode",
    "did_you_mean",
    "dump",
    "json_schema",
    "load",
    "parse",
    "read",
    "safe_tree",
    "value_text",
]


MAX_BYTES, MAX_EVENTS, MAX_COMPONENTS, MAX_EDGES = WEB.bytes, WEB.events, WEB.components, WEB.edges


def load(text: str | bytes, limits: Limits = WEB) -> Design:
    """The design that a text says. Raises Invalid with all problems."""
    problems, words = Collector(), decode(text, limits)
    try:
        root = parse(words, problems, limits)
    except Invalid:
        if other := foreign_text(words):
            raise Invalid([other]) from None
        raise
    other = foreign_tree(root) if isinstance(root, Mapping) else foreign_text(words)
    if other:
        raise Invalid([other])
    design = read_tree(root, problems, limits)
    if problems.found or design is None:
        raise Invalid(problems.found)
    return design


def read(text: str | bytes) -> tuple[Design | None, tuple[Problem, ...]]:
    """The design, or None and the problems: `load` for those who show both."""
    try:
        return load(text), ()
    except Invalid as invalid:
        return None, invalid.problems
