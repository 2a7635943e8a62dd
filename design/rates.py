"""How often each part of a design is used, worked out from where requests begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .graph import FLOW, sorted_without_back_edges
from .kinds import STORES
from .model import Component, Design, Edge


@dataclass(frozen=True, slots=True)
class Rate:
    """Times per second, on average and at the peak.

    `complete` is False when something on the way was not stated (a source
    without load, a batch size): then it is what is known, not all there is.
    """

    mean: float
    peak: float
    complete: bool = True
    mean_known: bool = field(default=True, compare=False)
    """Whether the mean, taken alone, is all there is; so for the peak."""
    peak_known: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates by component id and by edge id, None where nothing is known.

    `components` counts invocations (a batch is one), `items` what the batches
    hold. `back_edges` close a cycle and were taken to carry nothing.
    """

    component: Mapping[str, Rate | None]
    edge: Mapping[str, Rate | None]
    items: Mapping[str, Rate | None]
    back_edges: tuple[str, ...] = ()


def rates(design: Design) -> Rates:
    """How often each component is invoked and each edge travelled.

    Starts at `load` (or a schedule's `every_s`; where requests begin at one
    component only, what it does not state is the design's `traffic`); an edge carries its source's
    rate × calls_per_request × probability, ÷ batch_size on a poll; `per: item`
    counts the items of the source's batches. A change feed tells of writes and not
    of reads. A dead-letter queue sends nothing
    by itself: what is in it waits for somebody.
    """
    order, back = sorted_without_back_edges(design)
    only = _only_origin(design)
    component: dict[str, Rate | None] = {}
    items: dict[str, Rate | None] = {}
    edge_rate: dict[str, Rate | None] = {e.id: None for e in design.edges}
    for id in order:
        here = design.component(id)
        arriving = [e for e in design.in_edges(id, *FLOW) if e.id not in back]
        own = _own_rate(here, bool(arriving), design if id == only else None)
        component[id] = _total([own, *(edge_rate[e.id] for e in arriving)])
        counted = [_items_on(e, edge_rate[e.id]) for e in arriving]
        items[id] = _total([own, *counted])
        changes = _changes(here, arriving, edge_rate) if here.kind in STORES else component[id]
        for edge in design.out_edges(id, *FLOW):
            if edge.id in back:
                edge_rate[edge.id] = Rate(0, 0)
            elif edge.kind == "change":
                edge_rate[edge.id] = _edge_rate(edge, changes, changes)
            else:
                edge_rate[edge.id] = _edge_rate(edge, component[id], items[id])
    return Rates(component, edge_rate, items, tuple(sorted(back)))


def _only_origin(design: Design) -> str | None:
    """The one component at which requests begin, None where there are several."""
    origins = [
        part.id
        for part in design.components
        if part.kind != "schedule"
        and not part.is_dlq
        and (part.has("load") or not design.in_edges(part.id, *FLOW))
        and design.out_edges(part.id, *FLOW)
    ]
    return origins[0] if len(origins) == 1 else None


def _own_rate(component: Component, fed: bool, whole: Design | None = None) -> Rate | None:
    """What begins here; zero for what only passes on, None where it is not said.
    `whole` is the design whose traffic begins here and nowhere else."""
    mean, peak = component.get("load.mean_rps"), component.get("load.peak_rps")
    if whole is not None:
        mean = whole.get("traffic.mean_rps") if mean is None else mean
        peak = whole.get("traffic.peak_rps") if peak is None else peak
    if mean is not None or peak is not None:
        first = mean if mean is not None else peak
        both = None not in (mean, peak)
        last = peak if peak is not None else first
        return Rate(first, last, both, mean is not None, peak is not None)
    every = component.get("every_s")
    if component.kind == "schedule" and every:
        return Rate(1 / every, 1 / every)
    if fed or component.is_dlq:
        return Rate(0, 0)
    return None


def _changes(
    store: Component, arriving: list[Edge], edge_rate: Mapping[str, Rate | None]
) -> Rate | None:
    """How often a store changes: what is written to it, and not what is read."""
    written = [edge_rate[edge.id] for edge in arriving if edge.kind != "read"]
    return _total([_own_rate(store, bool(written)), *written])


def _total(parts: list[Rate | None]) -> Rate | None:
    known = [part for part in parts if part is not None]
    complete = len(known) == len(parts) and all(part.complete for part in known)
    total = Rate(
        sum(p.mean for p in known),
        sum(p.peak for p in known),
        complete,
        len(known) == len(parts) and all(part.mean_known for part in known),
        len(known) == len(parts) and all(part.peak_known for part in known),
    )
    if not complete and total.peak == 0:
        return None
    return total


def _edge_rate(edge: Edge, calls: Rate | None, items: Rate | None) -> Rate | None:
    base = items if edge.get("per") == "item" else calls
    if base is None:
        return None
    factor = edge.get("calls_per_request", 1) * edge.get("probability", 1)
    stated = edge.get("calls_per_request") is not None or not edge.has("calls_per_request")
    if edge.kind == "poll":
        factor /= edge.get("batch_size", 1)
        stated = stated and edge.get("batch_size") is not None
    return _scaled(base, factor, stated)


def _items_on(edge: Edge, rate: Rate | None) -> Rate | None:
    if rate is None or edge.kind != "poll":
        return rate
    size = edge.get("batch_size", 1)
    return _scaled(rate, size)


def _scaled(rate: Rate, factor: float, stated: bool = True) -> Rate:
    return Rate(
        rate.mean * factor,
        rate.peak * factor,
        rate.complete and stated,
        rate.mean_known and stated,
        rate.peak_known and stated,
    )
