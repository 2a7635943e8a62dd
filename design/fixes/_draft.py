"""The sheet on which one fix is drafted.

It gathers edits, remembers what they change, so that a later line sees an
earlier one, and hands out ids that nothing else has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from ..edit import Add, Append, Drop, Edit, Remove, Set, Value
from ..kinds import COMPONENT_KINDS
from ..model import Boundary, Component, DataItem, Design, Edge, Grant, Part
from ..profiles import Profile
from ..rates import Rates, rates
from ..rules import Finding
from ._types import NoFix

_SECTIONS: Final = {
    Component: "components",
    Edge: "edges",
    DataItem: "data",
    Boundary: "boundaries",
}
VERBS: Final[Mapping[str, str]] = {
    "read": "read",
    "write": "write",
    "publish": "publish",
    "start": "start",
    "invoke_async": "invoke",
    "call": "call",
}
"""The action that an outgoing edge of each kind needs."""


class Draft:
    """A design, the finding to clear, and the edits so far."""

    def __init__(self, design: Design, finding: Finding, profile: Profile) -> None:
        self.design = design
        self.finding = finding
        self.profile = profile
        self.edits: list[Edit] = []
        self._now: dict[tuple[str, str], Value] = {}
        self._new: set[str] = set()
        self._gone: set[str] = set()
        self._granted: dict[str, list[Grant]] = {}

    # -- what the finding is about --------------------------------------------------

    @property
    def subject(self) -> str:
        return self.finding.subject

    @property
    def component(self) -> Component:
        return self.design.component(self.subject)

    @property
    def edge(self) -> Edge:
        return next(edge for edge in self.design.edges if edge.id == self.subject)

    def ends(self, edge: Edge) -> tuple[Component, Component]:
        return self.design.component(edge.source), self.design.component(edge.target)

    def limit(self, name: str) -> float:
        return self.profile.limit(name)

    @cached_property
    def rates(self) -> Rates:
        return rates(self.design)

    def get(self, part: Part, path: str, default: Any = None) -> Any:
        """A value as it will be after the edits so far."""
        key = part.id, path
        if key in self._now:
            found = self._now[key]
            return default if found is None else found
        return part.get(path, default)

    def edges_of(self, id: str, *kinds: str) -> list[Edge]:
        """Edges that leave a component and are not removed by this draft."""
        return [e for e in self.design.out_edges(id, *kinds) if e.id not in self._gone]

    # -- edits -------------------------------------------------------------------------

    def set(self, part: Part, path: str, value: Value) -> None:
        """Sets an attribute, unless it has this value."""
        if self.get(part, path) == value and value is not None:
            return
        self._now[part.id, path] = value
        section = _SECTIONS.get(type(part), "design")
        subject = "" if section == "design" else part.id
        self.edits.append(Set(section, subject, path, value))

    def more(self, part: Part, path: str, *values: str) -> None:
        """Adds what is missing to a list."""
        now = tuple(self.get(part, path, ()))
        fresh = tuple(value for value in values if value not in now)
        if not fresh:
            return
        section = _SECTIONS.get(type(part), "design")
        subject = "" if section == "design" else part.id
        for value in fresh:
            self.edits.append(Append(section, subject, path, value))
        self._now[part.id, path] = (*now, *fresh)

    def drop(self, part: Component, path: str) -> None:
        self.edits.append(Drop("components", part.id, path))

    def add(self, section: str, id: str, said: Mapping[str, Value]) -> str:
        """Adds a part; attributes without a value are left out."""
        known = {path: value for path, value in said.items() if value is not None}
        self.edits.append(Add(section, id, known))
        self._new.add(id)
        return id

    def connect(
        self,
        source: str,
        target: str,
        kind: str,
        said: Mapping[str, Value] | None = None,
        **more: Value,
    ) -> str:
        """Adds an edge and the grant that it needs. An edge that is there already
        gets the attributes that it lacks instead."""
        attributes = {**(said or {}), **more}
        twins = [e for e in self.edges_of(source, kind) if e.target == target]
        if twins:
            for path, value in attributes.items():
                if value is not None and twins[0].get(path) is None:
                    self.set(twins[0], path, value)
            return twins[0].id
        self.add("edges", "", {"from": source, "to": target, "kind": kind, **attributes})
        holder = self.design.find(source)
        if kind in VERBS and holder is not None:
            self.grant(holder, target, VERBS[kind])
        return f"{source}->{target}:{kind}"

    def remove(self, edge: Edge) -> None:
        """Removes an edge, and the grants that no other edge of its source needs."""
        self.edits.append(Remove("edges", edge.id))
        self._gone.add(edge.id)
        source = self.design.component(edge.source)
        if any(e.target == edge.target for e in self.edges_of(edge.source)):
            return
        grants = self.grants(source)
        kept = [grant for grant in grants if grant.to != edge.target]
        if len(kept) < len(grants):
            self.set_grants(source, kept)

    def grants(self, part: Component) -> list[Grant]:
        return self._granted.get(part.id, list(part.grants))

    def set_grants(self, part: Component, grants: list[Grant]) -> None:
        self._granted[part.id] = grants
        self.edits.append(Set("components", part.id, "grants", tuple(grants)))

    def grant(self, part: Component, target: str, action: str) -> None:
        """Grants an action, where the component states grants at all."""
        if part.get("grants") is None:
            return
        held = self.grants(part)
        if any(g.to in (target, "*") and {action, "*", "admin"} & set(g.actions) for g in held):
            return
        grant = Grant(target, (action,))
        self._granted[part.id] = [*held, grant]
        self.edits.append(Append("components", part.id, "grants", grant))

    def fresh(self, wanted: str) -> str:
        """An id that nothing has yet."""
        wanted = wanted[:70].rstrip("-._")
        taken = {part.id for part in self.design.components} | self._new
        names = [wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))]
        return next(name for name in names if name not in taken)

    # -- numbers ---------------------------------------------------------------------------

    def ceiling(self, function: Component) -> float | None:
        """The instances that a function may run, if the text limits them."""
        found = [
            value
            for path in ("concurrency.reserved", "concurrency.max")
            if (value := self.get(function, path)) is not None
        ]
        return min(found, default=None)

    def cap(self, function: Component, most: float) -> None:
        """Lets a function run in at most so many instances, pollers included."""
        most = math.floor(most)
        if most < 1:
            raise NoFix(f"Not even one instance of {function.id} would be allowed.")
        self.set(function, "concurrency.max", most)
        for path in ("concurrency.reserved", "concurrency.provisioned"):
            if self.get(function, path, 0) > most:
                self.set(function, path, most)
        for edge in self.design.in_edges(function.id, "poll"):
            if self.get(edge, "max_concurrency", 0) > most:
                self.set(edge, "max_concurrency", most)

    def show_longer(self, queue: Component, seconds: float) -> None:
        """Hides received messages for longer, and keeps them long enough for it."""
        if self.get(queue, "visibility_s", 0) < seconds:
            self.set(queue, "visibility_s", tidy(seconds))
        self.keep_for_attempts(queue)

    def keep_for_attempts(self, queue: Component) -> None:
        """A message has to outlive its attempts, and its dead letter the message."""
        kept = self.get(queue, "retention_s")
        attempts = self.get(queue, "max_receive", 1)
        needed = self.get(queue, "visibility_s", 0) * attempts
        if kept is not None and kept <= needed:
            self.set(queue, "retention_s", tidy(needed * 2))
            dead = self.design.find(queue.get("dlq", ""))
            if dead is not None and dead.get("retention_s", math.inf) <= needed * 2:
                self.set(dead, "retention_s", tidy(needed * 4))

    def visibility_for(self, queue: Component) -> float:
        """The visibility that all pollers of a queue need, as far as is known."""
        factor, longest = self.limit("visibility_factor"), self.limit("max_batch_window_s")
        needed = 0.0
        for edge in self.design.out_edges(queue.id, "poll"):
            timeout = self.get(self.design.component(edge.target), "timeout_s")
            if timeout is not None:
                window = self.get(edge, "batch_window_s", longest)
                needed = max(needed, factor * timeout + window)
        return needed

    def cut_off_after(self, function: Component, seconds: float) -> None:
        """Gives a function another timeout, and its queues the visibility for it."""
        if seconds > self.limit("max_timeout_s"):
            raise NoFix(f"{function.id} would need longer than the platform lets it run.")
        self.set(function, "timeout_s", tidy(seconds))
        for edge in self.design.in_edges(function.id, "poll"):
            queue = self.design.component(edge.source)
            if queue.kind == "queue" and self.get(queue, "visibility_s") is not None:
                self.show_longer(queue, self.visibility_for(queue))

    # -- placing ---------------------------------------------------------------------------------

    def beside(self, part: Component) -> dict[str, Value]:
        """Where a new component stands that belongs to another."""
        return {"boundary": part.boundary, "owner": part.get("owner")}

    def holds(self, items: tuple[str, ...] | None, boundary: str | None) -> Value:
        """Data items that may rest in a boundary; None, which leaves the attribute
        out, where one of them may not."""
        region, here = None, self.design.boundary(boundary)
        while here is not None and region is None:
            region, here = here.get("region"), self.design.boundary(here.parent)
        for id in items or ():
            item = self.design.data_item(id)
            allowed = item.get("residency") if item else None
            if allowed and region not in allowed:
                return None
        return items


def tidy(value: float) -> int | float:
    """A number as somebody would write it: whole from 10 on, else one decimal."""
    if value >= 10 or value == int(value):
        return math.ceil(value)
    return math.ceil(value * 10) / 10


def allowed(kind: str, path: str) -> bool:
    """Whether a kind of component may have this attribute."""
    return path in COMPONENT_KINDS[kind].attributes
