"""What a repair may not change, because it is the case and no part of the design.

Whoever writes that fewer people come, that a partner takes more, or that the same work takes less
time, has repaired a text. A rule would believe it, so this gate looks first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from design.graph import reachable
from design.model import Component, Design, Edge

_DESIGN: Final = ("traffic", "criticality", "stage", "profile", "tenancy", "needs", "goals")
_EVERYWHERE: Final = ("load",)
_OUTSIDE: Final = ("rate_limit_rps", "sla_pct", "cost_per_call")
_LOCKED: Final = ("record", "holds")
_SHORTER: Final = ("duration_ms.p50", "duration_ms.p99", "wait_ms")


def rewritten(
    base: Design, design: Design, locked: Collection[str], free: Collection[str]
) -> Iterator[str]:
    """A sentence for each fact of the case that the edited design tells otherwise. `free` names
    what the design says of itself and this exercise lets be changed, such as ``goals``."""
    for name in _DESIGN:
        if name not in free and _told(base, name) != _told(design, name):
            yield f"“{name}” of the design is given. Change what is built."
    for before in base.components:
        now = design.find(before.id)
        if isinstance(now, Component):
            yield from _given(before, now, before.id in locked)
            yield from _claimed(base, before, design, now)
    for edge in base.edges:
        if any(_rarer(edge, now) for now in design.edges if now.id == edge.id):
            yield f"How seldom {edge.id} is used is given."


def _given(before: Component, now: Component, locked: bool) -> Iterator[str]:
    names = [*_EVERYWHERE, *(_OUTSIDE if before.kind == "external" else ())]
    for name in (*names, *(_LOCKED if locked else ())):
        if _told(before, name) != _told(now, name):
            yield f"“{name}” of {before.id} is given. Change what is built around it."
    if locked and before.kind == "sql" and _grew(before, now):
        yield f"{before.id} stays as large as it is."


def _claimed(base: Design, before: Component, design: Design, now: Component) -> Iterator[str]:
    """What is said of a part although nothing around it has changed."""
    if before.get("public") and not now.get("public") and _called_by_clients(design, now):
        yield f"{now.id} is called from outside, so it is public."
    shorter = any(_fell(before, now, name) for name in _SHORTER)
    if shorter and _behind(base, now.id) == _behind(design, now.id):
        yield f"{now.id} is said to take less time, and does the same work as before."
    if _does_less(before, now) and _joined(base, now.id) == _joined(design, now.id):
        yield f"{now.id} is said to do less, and is joined to the same parts as before."


def _told(part: Component | Design, name: str) -> dict[str, object]:
    """What is said at a name and below it."""
    attrs = part.attrs
    return {k: a.value for k, a in attrs.items() if k == name or k.startswith(f"{name}.")}


def _grew(before: Component, now: Component) -> bool:
    old, new = before.get("max_connections"), now.get("max_connections")
    return old is not None and (new is None or new > old)


def _fell(before: Component, now: Component, name: str) -> bool:
    old, new = before.get(name), now.get(name)
    return old is not None and (new is None or new < old)


def _called_by_clients(design: Design, now: Component) -> bool:
    callers = (design.find(edge.source) for edge in design.in_edges(now.id))
    return any(isinstance(part, Component) and part.kind == "client" for part in callers)


def _does_less(before: Component, now: Component) -> bool:
    return not set(before.get("responsibilities", ())) <= set(now.get("responsibilities", ()))


def _joined(design: Design, id: str) -> frozenset[str]:
    return frozenset(edge.id for edge in design.edges if id in (edge.source, edge.target))


def _rarer(before: Edge, now: Edge) -> bool:
    """Whether an edge that only some of the requests take is now taken by fewer of them."""
    shares = ((before.get(name), now.get(name)) for name in ("calls_per_request", "probability"))
    return any(old is not None and old < 1 and (new or 0) < old for old, new in shares)


def _behind(design: Design, id: str) -> frozenset[tuple[str, object]]:
    """The edges over which a component gets its work done, and how often each is used."""
    parts = reachable(design, id) | {id}
    return frozenset(_use(edge) for edge in design.edges if edge.source in parts)


def _use(edge: Edge) -> tuple[str, object]:
    return edge.id, edge.get("calls_per_request")
