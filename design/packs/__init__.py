"""Rule packs: rules of one's own as data, without code.

A pack is a YAML file: rules with a selector, conditions in a small expression
language, a message, and tests that have to come out as they say before the
pack is accepted. docs/rule-packs.md tells how to write one.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from ._read import BadPack, Pack, read
from ._tokens import BadExpression

NAMES: Final = ("privacy",)
"""The packs that come with the product."""

__all__ = ["NAMES", "BadExpression", "BadPack", "Pack", "named", "read"]


@cache
def named(name: str) -> Pack:
    """The pack of this name that comes with the product. Raises KeyError."""
    if name not in NAMES:
        raise KeyError(name)
    return read(files(__package__).joinpath(f"{name}.yaml").read_text("utf-8"))
