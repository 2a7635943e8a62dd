"""The one table of kinds and attributes.

Reading, writing, the JSON Schema and the reference page are all made from it;
nothing else lists what a design may say. To add an attribute, add its row to
the kind, say in one line what it means, and run the tests of `design`.
"""

from __future__ import annotations

from collections.abc import Mapping

from ._common import ACTIONS, ALARMS, AUTH
from ._components import CHANNELS, COMPONENT_KINDS, STORES, ComponentKind
from ._components import ENTRY_KINDS as ENTRY
from ._edges import EDGE, EDGE_KINDS, EdgeKind
from ._questions import question
from ._spec import CEILING, Attribute, Type
from ._top import (
    BOUNDARY,
    BOUNDARY_KINDS,
    CRITICALITY,
    DATA,
    DATA_CLASSES,
    DECISION,
    DESIGN,
    LAYOUT,
    MODEL,
    SCENARIO,
    WAIVER,
)

__all__ = [
    "ACTIONS",
    "ALARMS",
    "AUTH",
    "BOUNDARY",
    "BOUNDARY_KINDS",
    "CEILING",
    "CHANNELS",
    "COMPONENT_KINDS",
    "CRITICALITY",
    "DATA",
    "DATA_CLASSES",
    "DECISION",
    "DESIGN",
    "EDGE",
    "EDGE_KINDS",
    "ENTRY",
    "LAYOUT",
    "MODEL",
    "SCENARIO",
    "STORES",
    "WAIVER",
    "Attribute",
    "ComponentKind",
    "EdgeKind",
    "Type",
    "question",
    "table_of",
]


def table_of(name: str) -> Mapping[str, Attribute] | None:
    """The attributes of a kind of component or edge (or ``edge``), by path; None
    when there is no such kind."""
    if name == "edge" or name in EDGE_KINDS:
        return EDGE
    kind = COMPONENT_KINDS.get(name)
    return kind.attributes if kind else None
