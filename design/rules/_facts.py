"""What several rules want to know about a design, worked out once and shared."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from ..graph import FLOW, Condensed, back_edges, condense, reachable
from ..kinds import CRITICALITY, DATA_CLASSES, ENTRY
from ..model import Component, Design, Edge
from ..profiles import Profile
from ..rates import Rates, rates
from ._case import MOST_MISSING, Case, Known

CONFIDENTIAL: Final = DATA_CLASSES.index("confidential")
TRIGGERS: Final = ("poll", "subscribe", "invoke_async", "change")
ACCESS: Final = ("read", "write", "call")
SYNC: Final = ("call", "read", "write", "start")
WALKED: Final = 500
"""Up to this many components each open rate is traced to what leaves it open; a
larger design gets the list of all, since one walk each would take too long."""
STAGES: Final = ("idea", "design", "build", "live")
ASKED_ANEW: Final = frozenset({"client", "external", "websocket"})
"""Where a synchronous path ends: what these send later is a request of its own,
and not part of the answer to the one that reached them."""


SENDS: Final = ("call", "publish", "invoke_async", "start", "write")
"""Edges that take a request further, as against those that fetch something for it."""


def _share(edge: Edge) -> bool:
    """Whether the text says how often an edge is travelled."""
    return edge.has("calls_per_request") or edge.has("probability")


class Facts:
    """A design seen through a profile, with what follows from it cached."""

    def __init__(self, design: Design, profile: Profile) -> None:
        self.design = design
        self.profile = profile
        self._exposure: dict[str, tuple[int, bool]] = {}

    @cached_property
    def functions(self) -> tuple[Component, ...]:
        return tuple(self.design.of_kind("function"))

    @cached_property
    def entries(self) -> tuple[Component, ...]:
        return tuple(self.design.of_kind(*ENTRY))

    def edges(self, *kinds: str) -> Iterator[tuple[Edge, Component, Component]]:
        """Edges of these kinds with both ends."""
        for edge in self.design.edges:
            if edge.kind in kinds:
                yield edge, *self.ends(edge)

    def ends(self, edge: Edge) -> tuple[Component, Component]:
        return self.design.component(edge.source), self.design.component(edge.target)

    @cached_property
    def polls(self) -> tuple[tuple[Edge, Component, Component], ...]:
        """Poll edges, with the channel and the consumer."""
        return tuple(self.edges("poll"))

    @cached_property
    def dead_letter_queues(self) -> frozenset[str]:
        """Queues that failed messages go to, by purpose or because one points there."""
        queues = self.design.of_kind("queue")
        pointed = {part.get("dlq") for part in queues if part.get("dlq") != part.id}
        pointed |= {edge.get("on_failure") for edge in self.design.edges}
        return frozenset(q.id for q in self.design.of_kind("queue") if q.is_dlq or q.id in pointed)

    @cached_property
    def rates(self) -> Rates:
        return rates(self.design)

    def busy_at_peak(self, case: Case, function: Component) -> float | None:
        """Instances that the peak rate keeps busy, at the median duration and one
        request at a time; None where the rate or the duration is not known."""
        rate, median = self.rates.component[function.id], function.get("duration_ms.p50")
        if rate is None or median is None:
            return None
        busy = float(rate.peak * median / 1000)
        case.computed(f"instances of {function.id} busy at the peak", busy)
        return busy

    @cached_property
    def _unsaid_rates(self) -> tuple[tuple[str, str], ...]:
        """What leaves rates open: a component, and the attribute that it lacks."""
        design, found = self.design, []
        back = set(self.rates.back_edges)
        for part in design.components:
            fed = any(e.id not in back for e in design.in_edges(part.id, *FLOW))
            if part.has("load") or (not fed and not part.is_dlq and not part.get("every_s")):
                absent = [p for p in ("load.mean_rps", "load.peak_rps") if part.get(p) is None]
                found += [(part.id, f"{part.id}.{path}") for path in absent]
        for edge in design.edges:
            if edge.kind == "poll" and edge.get("batch_size") is None:
                found.append((edge.source, f"{edge.id}.batch_size"))
            if edge.has("calls_per_request") and edge.get("calls_per_request") is None:
                found.append((edge.source, f"{edge.id}.calls_per_request"))
        return tuple(found)

    def missing_rates(self, id: str) -> list[str]:
        """What would have to be stated to know the rate at a component."""
        if len(self.design.components) > WALKED:
            return self._first_unsaid
        upstream = reachable(self.design, id, FLOW, backwards=True) | {id}
        return [path for place, path in self._unsaid_rates if place in upstream]

    @cached_property
    def _first_unsaid(self) -> list[str]:
        """As many as one finding names: a list of all for each would be quadratic."""
        return sorted({path for _, path in self._unsaid_rates})[:MOST_MISSING]

    @cached_property
    def _guesses(self) -> dict[str, str]:
        """Components and edges whose rate rests on a share that nobody stated,
        each with the attribute that would state it.

        The format counts an edge without calls_per_request as one for each
        invocation. Where a component sends to several and says so for none,
        or an event passes a filter, that is the most and perhaps far less.
        """
        design = self.design
        found: dict[str, str] = {}
        for part in design.components:
            sending = design.out_edges(part.id, *SENDS)
            unsaid = sending if len(sending) > 1 and not any(map(_share, sending)) else ()
            passing = design.out_edges(part.id, "subscribe", "change")
            unsaid += tuple(e for e in passing if e.get("filter") and not _share(e))
            found.update({edge.id: f"{edge.id}.calls_per_request" for edge in unsaid})
        waiting = [edge for edge in design.edges if edge.id in found]
        while waiting:
            edge = waiting.pop()
            if edge.target not in found:
                found[edge.target] = found[edge.id]
                for onward in design.out_edges(edge.target, *FLOW):
                    found.setdefault(onward.id, found[edge.id])
                    waiting.append(onward)
        return found

    def supposed(self, case: Case, *ids: str) -> bool:
        """Whether a rate at one of these components or edges is a guess that may
        be far too high; notes what would decide it."""
        missing = [self._guesses[id] for id in ids if id in self._guesses]
        case.lack(*missing)
        return bool(missing)

    @cached_property
    def calls(self) -> Condensed:
        """The design over its call edges, cycles folded."""
        return condense(self.onward, frozenset({"call"}))

    @cached_property
    def sync(self) -> Condensed:
        """The design over all edges whose sender waits for an answer, each cycle
        followed once round."""
        waiting = tuple(edge for edge in self.onward.edges if edge.kind in SYNC)
        straight = Design(id=self.design.id, components=self.design.components, edges=waiting)
        back = back_edges(straight)
        return condense(straight, frozenset(SYNC), keep=lambda edge: edge.id not in back)

    @cached_property
    def onward(self) -> Design:
        """The design without what clients, partners and websockets send: a callback
        from a partner, or the next message of a user, closes no circle."""
        design = self.design
        ends = {part.id for part in design.of_kind(*ASKED_ANEW)}
        kept = tuple(edge for edge in design.edges if edge.source not in ends)
        return Design(id=design.id, components=design.components, edges=kept)

    @cached_property
    def sync_functions(self) -> frozenset[str]:
        """Functions on a synchronous path: called by an entry point or a client,
        or by something else that is."""
        design = self.design
        waiting = [part.id for part in design.of_kind(*ENTRY, "client", "cdn")]
        found: set[str] = set()
        while waiting:
            for edge in design.out_edges(waiting.pop(), "call"):
                if edge.target not in found:
                    found.add(edge.target)
                    if design.component(edge.target).kind not in ASKED_ANEW:
                        waiting.append(edge.target)
        return frozenset(function.id for function in self.functions if function.id in found)

    def has_side_effects(self, id: str) -> bool:
        """Whether a component changes something outside itself."""
        design = self.design
        return bool(design.out_edges(id, "write", "publish", "start")) or any(
            design.component(edge.target).kind == "external"
            for edge in design.out_edges(id, "call", "invoke_async")
        )

    def stores_behind(self, id: str, kind: str) -> list[Component]:
        """What edges of this kind (read or write) from a component lead to, in order
        of id; a connection proxy stands for the databases behind it."""
        design = self.design
        found = {edge.target for edge in design.out_edges(id, kind)}
        for proxy in [p for p in found if design.component(p).kind == "proxy"]:
            found.update(edge.target for edge in design.out_edges(proxy, *ACCESS))
        return [design.component(target) for target in sorted(found)]

    def critical_enough(self, case: Case) -> Known:
        """Whether the design's criticality is high or above."""
        word = case.need(self.design, "criticality")
        return None if word is None else CRITICALITY.index(word) >= CRITICALITY.index("high")

    def edge_class(self, edge: Edge) -> tuple[int, bool]:
        """The highest known class of the data on an edge (-1 for none), and
        whether that is all there is to know."""
        return self._highest(edge.get("data"))

    def data_class(self, component: Component, *, stored: bool = False) -> tuple[int, bool]:
        """The same for what a component holds and what its edges carry.

        `stored` says that the component has a `holds`, whose absence leaves the
        answer open.
        """
        found = self._exposure.get(component.id)
        if found is None:
            design = self.design
            touching = (*design.in_edges(component.id), *design.out_edges(component.id))
            parts = [self.edge_class(edge) for edge in touching if edge.kind != "deploy"]
            holds = component.get("holds")
            if holds is not None or stored:
                parts.append(self._highest(holds))
            found = max((p[0] for p in parts), default=-1), all(p[1] for p in parts)
            self._exposure[component.id] = found
        return found

    def _highest(self, items: tuple[str, ...] | None) -> tuple[int, bool]:
        if items is None:
            return -1, False
        highest, complete = -1, True
        for id in items:
            item = self.design.data_item(id)
            word = item.get("class") if item else None
            if word is None:
                complete = False
            else:
                highest = max(highest, DATA_CLASSES.index(word))
        return highest, complete

    @staticmethod
    def class_name(rank: int) -> str:
        """The word for a class of data."""
        return DATA_CLASSES[rank]

    def missing_data(self, component: Component) -> list[str]:
        """What would have to be stated to know the class of a component's data."""
        design = self.design
        touching = (*design.in_edges(component.id), *design.out_edges(component.id))
        paths = [path for edge in touching for path in self.missing_edge_data(edge)]
        if component.get("holds") is None and not touching:
            paths.append(f"{component.id}.holds")
        for id in component.get("holds", ()):
            paths += self._missing_class(id)
        return sorted(set(paths))

    def missing_edge_data(self, edge: Edge) -> list[str]:
        items = edge.get("data")
        if items is None:
            return [f"{edge.id}.data"]
        return [path for id in items for path in self._missing_class(id)]

    def _missing_class(self, id: str) -> list[str]:
        item = self.design.data_item(id)
        return [f"{id}.class"] if item is None or item.get("class") is None else []

    def ceiling(self, case: Case, function: Component) -> float | None:
        """How many instances of a function may run at once: the smaller of what
        it reserves and its maximum; where it states neither, what its pollers or its
        schedules admit if nothing else starts it. None, and nothing noted, where the
        text sets no limit."""
        found = [
            value
            for path in ("concurrency.reserved", "concurrency.max")
            if (value := case.read(function, path)) is not None
        ]
        if found:
            return float(min(found))
        arriving = self.design.in_edges(function.id)
        pollers = [edge.get("max_concurrency") for edge in arriving]
        if pollers and None not in pollers and all(e.kind == "poll" for e in arriving):
            return float(sum(case.read(edge, "max_concurrency") for edge in arriving))
        return self._scheduled(case, function, arriving)

    def _scheduled(self, case: Case, function: Component, arriving: Sequence[Edge]) -> float | None:
        """The instances that schedules alone keep busy: a job that runs once a night is
        one, whatever the platform would allow."""
        clocks = [(edge, self.design.component(edge.source)) for edge in arriving]
        if not clocks or any(clock.kind != "schedule" for _, clock in clocks):
            return None
        longest, most = function.get("timeout_s"), 0.0
        for edge, clock in clocks:
            runs = 1
            if clock.get("overlap") != "forbid":
                if longest is None or clock.get("every_s") is None:
                    return None
                runs = max(1, math.ceil(longest / clock.get("every_s")))
            most += runs * math.ceil(max(1, edge.get("calls_per_request", 1)))
        for _, clock in clocks:
            stated = "overlap" if clock.get("overlap") == "forbid" else "every_s"
            case.read(clock, stated)
        return most
