"""What must still travel through a repaired design, how often, and whether it may wait."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from design.graph import FLOW
from design.model import Component, Design, Edge

_HANDED_OVER: Final = frozenset({"publish", "start", "invoke_async", "change"})
_WAITING: Final = frozenset({"queue", "stream", "workflow"})


@dataclass(frozen=True)
class Flow:
    """Something must still be able to travel from one component to another. `carries` is a data
    item that the edges on its way tell of; `times` is how often it arrives for each start, by
    `calls_per_request`; `waits` asks for a queue, a stream or a workflow on its way."""

    start: str
    end: str
    what: str
    carries: str = ""
    times: int = 1
    waits: bool = False


def cut(flow: Flow, base: Design, design: Design) -> str:
    """Why the flow is not kept, in a sentence; empty if it is."""
    if design.find(flow.start) is None or design.find(flow.end) is None:
        return f"{flow.what} no longer gets from {flow.start} to {flow.end}."
    edges = [e for e in design.edges if e.kind in FLOW and _tells(e, flow.carries)]
    arrives, waited = _reached(flow, design, edges)
    if not arrives:
        return f"{flow.what} no longer gets from {flow.start} to {flow.end}."
    if flow.waits and not waited:
        return f"{flow.what} cannot wait on its way: no queue, stream or workflow is on it."
    if flow.times > 1 and (often := _often(flow, base, edges)) < flow.times:
        return (
            f"{flow.what} reaches {flow.end} {often:g} times for each start, and {flow.times} are "
            "due: “calls_per_request” says how often an edge is used."
        )
    return ""


def _tells(edge: Edge, item: str) -> bool:
    """Whether an edge may carry the item: it names it, or says nothing of data."""
    return not item or not edge.has("data") or item in edge.get("data", ())


def _reached(flow: Flow, design: Design, edges: list[Edge]) -> tuple[bool, bool]:
    """Whether the end is reached, and whether it is over a part in which things may wait."""
    waiting, seen = deque([(flow.start, False)]), set[tuple[str, bool]]()
    while waiting:
        here, waited = waiting.popleft()
        for edge in edges:
            if edge.source != here:
                continue
            there = edge.target, waited or _may_wait(design.find(edge.target))
            if there not in seen:
                seen.add(there)
                waiting.append(there)
    return any(id == flow.end for id, _ in seen), (flow.end, True) in seen


def _may_wait(part: object) -> bool:
    return isinstance(part, Component) and part.kind in _WAITING and not part.is_dlq


def _often(flow: Flow, base: Design, edges: list[Edge]) -> float:
    """How often the end is reached for one start, over the way on which it is most often. A new
    hand-over that does not say how often it happens counts as often enough."""
    old = {edge.id for edge in base.edges}
    most = {flow.start: 1.0}
    for _ in range(len({e.source for e in edges})):
        for edge in edges:
            if edge.source in most and edge.source != edge.target:
                unsaid = edge.id not in old and edge.kind in _HANDED_OVER
                each = most[edge.source] * edge.get(
                    "calls_per_request", flow.times if unsaid else 1
                )
                most[edge.target] = min(float(flow.times), max(each, most.get(edge.target, 0.0)))
    return most.get(flow.end, 0.0)
