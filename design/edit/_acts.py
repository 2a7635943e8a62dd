"""What a form does to the parts of a design, as edits: for pages that offer the same buttons."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from ..kinds import COMPONENT_KINDS, EDGE_KINDS
from ..model import Design
from ._edits import Add, Edit, Remove
from ._form import Unreadable

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")


def removal(design: Design, subject: str) -> list[Edit]:
    """The edits that take out a component with every edge that touches it, or an edge."""
    if design.find(subject) is None:
        return [Remove("edges", subject)]
    edges = [e for e in design.edges if subject in (e.source, e.target)]
    return [*(Remove("edges", e.id) for e in edges), Remove("components", subject)]


def addition(kind: str, id: str, kinds: Collection[str] = COMPONENT_KINDS) -> list[Edit]:
    """The edit that adds a component. Raises Unreadable."""
    if kind not in kinds:
        raise Unreadable("Choose the kind of component to add.")
    return [Add("components", name(id), {"kind": kind})]


def connection(design: Design, source: str, target: str, kind: str) -> list[Edit]:
    """The edit that adds an edge. Raises Unreadable."""
    if not (design.find(source) and design.find(target)) or kind not in EDGE_KINDS:
        raise Unreadable("Choose both components and the kind of edge.")
    return [Add("edges", "", {"from": source, "to": target, "kind": kind})]


def name(id: str) -> str:
    """An id as somebody typed it. Raises Unreadable for what can be none."""
    id = id.strip()
    if not _NAME.fullmatch(id):
        raise Unreadable("An id is lower-case letters, digits and hyphens, such as work-dead.")
    return id
