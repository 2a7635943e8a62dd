"""Questions about a design as a graph: reach, cycles, heaviest paths.

Nothing here recurses and nothing enumerates paths, so that a chain of 2,000
components and a lattice with a million paths are both answered at once.
"""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from .kinds import EDGE_KINDS
from .model import Component, Design, Edge

FLOW = frozenset(kind for kind in EDGE_KINDS if kind != "deploy")
"""Edge kinds along which requests, data or events travel."""

NAMED = 6
"""Members of a path that a sentence names."""
TAIL = 2
"""Of these, how many stand at its end where the middle is left out."""


def reachable(
    design: Design, start: str, kinds: Collection[str] = FLOW, backwards: bool = False
) -> frozenset[str]:
    """Ids reached from `start` over edges of these kinds; `start` itself only
    when a cycle leads back to it."""
    found: set[str] = set()
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        edges = design.in_edges(here, *kinds) if backwards else design.out_edges(here, *kinds)
        for edge in edges:
            there = edge.source if backwards else edge.target
            if there not in found:
                found.add(there)
                waiting.append(there)
    return frozenset(found)


def cycles(design: Design, kinds: Collection[str] = FLOW) -> tuple[tuple[str, ...], ...]:
    """The strongly connected components of two members or more, and those that
    point to themselves; members and cycles sorted."""
    loops = {e.source for e in design.edges if e.source == e.target and e.kind in kinds}
    groups = _components(design, kinds)
    return tuple(sorted(g for g in groups if len(g) > 1 or g[0] in loops))


def edges_within(
    design: Design, members: Collection[str], kinds: Collection[str] = FLOW
) -> tuple[Edge, ...]:
    """Edges of these kinds with both ends among `members`."""
    inside = set(members)
    return tuple(
        edge
        for id in sorted(inside)
        for edge in design.out_edges(id, *kinds)
        if edge.target in inside
    )


def _components(design: Design, kinds: Collection[str]) -> list[tuple[str, ...]]:
    """Tarjan's algorithm with its own stack; targets come before sources."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    groups: list[tuple[str, ...]] = []
    leaving = design.out_edges

    def enter(id: str) -> None:
        edges = leaving(id, *kinds)
        index[id] = low[id] = len(index)
        if edges:
            stack.append(id)
            on_stack.add(id)
            work.append((id, iter(edges)))
        else:
            groups.append((id,))  # nothing leads on: a group of its own, and nothing to walk

    work: list[tuple[str, Iterator[Edge]]] = []
    for component in design.components:
        if component.id not in index:
            enter(component.id)
        while work:
            here, edges = work[-1]
            edge = next(edges, None)
            if edge is None:
                work.pop()
                lowest = low[here]
                if work and lowest < low[work[-1][0]]:
                    low[work[-1][0]] = lowest
                if lowest == index[here]:
                    groups.append(_close(here, stack, on_stack))
            elif edge.target not in index:
                enter(edge.target)
            elif edge.target in on_stack and index[edge.target] < low[here]:
                low[here] = index[edge.target]
    return groups


def _close(root: str, stack: list[str], on_stack: set[str]) -> tuple[str, ...]:
    members = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        members.append(member)
        if member == root:
            return tuple(sorted(members))


@dataclass(frozen=True, slots=True)
class Path:
    """The heaviest path that begins at a component: its weight, and the
    components on it in order (a cycle's members stand together, sorted)."""

    weight: float
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condensed:
    """A design with each cycle folded into one group, so that it has none left.

    `groups` stand in topological order, callers first; `group_of` maps a
    component to its group; `leaving` holds each group's edges to other groups.
    """

    groups: tuple[tuple[str, ...], ...]
    group_of: Mapping[str, int]
    leaving: tuple[tuple[Edge, ...], ...]

    def heaviest(
        self,
        node: Callable[[str], float],
        edge: Callable[[Edge], float] | None = None,
        combine: Callable[[float, float], float] = operator.add,
    ) -> _Paths:
        """For each component the heaviest path beginning there.

        `combine` is `operator.add` for sums or `operator.mul` for products;
        weights have to be at least 0 for sums and at least 1 for products. All
        members of a cycle count, once each; edges inside a cycle do not. One
        pass over the edges, whatever the number of paths.
        """
        best: list[float] = [0.0] * len(self.groups)
        onward: list[int | None] = [None] * len(self.groups)
        for here in range(len(self.groups) - 1, -1, -1):
            own = node(self.groups[here][0])
            for member in self.groups[here][1:]:
                own = combine(own, node(member))
            rest: float | None = None
            for leaving in self.leaving[here]:
                there = self.group_of[leaving.target]
                weight = best[there]
                if edge is not None:
                    weight = combine(edge(leaving), weight)
                if rest is None or weight > rest:
                    rest, onward[here] = weight, there
            best[here] = own if rest is None else combine(own, rest)
        return _Paths(self, best, onward)

    def reaches(self, place: Mapping[str, int]) -> Iterator[tuple[tuple[str, ...], int]]:
        """Each group with all that can be reached from it, itself included, as a
        number whose bit `place[id]` stands for a component; targets come first.

        A set for each component of a long chain would be quadratic in time and
        memory. Here a step is one operation on a long number, which is dropped
        when the last caller has had it.
        """
        callers = [0] * len(self.groups)
        for leaving in self.leaving:
            for there in {self.group_of[edge.target] for edge in leaving}:
                callers[there] += 1
        masks: dict[int, int] = {}
        for here in range(len(self.groups) - 1, -1, -1):
            mask = 0
            for member in self.groups[here]:
                mask |= 1 << place[member]
            for there in {self.group_of[edge.target] for edge in self.leaving[here]}:
                mask |= masks[there]
                callers[there] -= 1
                if not callers[there]:
                    del masks[there]
            if callers[here]:
                masks[here] = mask
            yield self.groups[here], mask


def lowest_bits(mask: int, most: int) -> Iterator[int]:
    """The places of the lowest bits of a number, at most so many."""
    for _ in range(most):
        if not mask:
            return
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit


class _Paths(Mapping[str, Path]):
    """Paths are written out only when asked for: all of a chain of n would
    together have n² members."""

    def __init__(self, graph: Condensed, best: list[float], onward: list[int | None]) -> None:
        self._graph = graph
        self._best = best
        self._onward = onward

    def __getitem__(self, id: str) -> Path:
        here: int | None = self._graph.group_of[id]
        weight = self._best[self._graph.group_of[id]]
        members: list[str] = []
        while here is not None:
            members.extend(self._graph.groups[here])
            here = self._onward[here]
        return Path(weight, tuple(members))

    def weight(self, id: str) -> float:
        """The weight alone, without writing the path out."""
        return self._best[self._graph.group_of[id]]

    def outlines(
        self, keep: Callable[[str], bool] = lambda id: True
    ) -> Callable[[str], tuple[str, ...]]:
        """How to name a path in a sentence: a function from a component to the
        members on its path that `keep` accepts, the middle of a long one left out.

        One pass over the groups; after it no path is walked for more than a few
        steps, so that naming all paths of a long chain stays linear.
        """
        groups, onward = self._graph.groups, self._onward
        kept = [tuple(member for member in group if keep(member)) for group in groups]
        counts = [0] * len(groups)
        tails: list[tuple[str, ...]] = [()] * len(groups)
        nearest: list[int | None] = [None] * len(groups)
        for here in range(len(groups) - 1, -1, -1):
            there, own = onward[here], kept[here]
            counts[here] = len(own) + (0 if there is None else counts[there])
            tails[here] = (own[-TAIL:] + (() if there is None else tails[there]))[-TAIL:]
            nearest[here] = here if own else None if there is None else nearest[there]

        def outline(id: str) -> tuple[str, ...]:
            start = self._graph.group_of[id]
            wanted = counts[start] if counts[start] <= NAMED else NAMED - TAIL - 1
            found: list[str] = []
            here = nearest[start]
            while here is not None and len(found) < wanted:
                found.extend(kept[here][: wanted - len(found)])
                there = onward[here]
                here = None if there is None else nearest[there]
            return tuple(found) if counts[start] <= NAMED else (*found, "…", *tails[start])

        return outline

    def __iter__(self) -> Iterator[str]:
        return iter(self._graph.group_of)

    def __len__(self) -> int:
        return len(self._graph.group_of)


def condense(
    design: Design,
    kinds: Collection[str] = FLOW,
    keep: Callable[[Edge], bool] | None = None,
) -> Condensed:
    """The design's cycles folded, over edges of these kinds that `keep` accepts."""
    if keep is not None:
        kept = tuple(e for e in design.edges if e.kind in kinds and keep(e))
        design = Design(id=design.id, components=design.components, edges=kept)
    groups = tuple(reversed(_components(design, kinds)))
    group_of = {member: number for number, group in enumerate(groups) for member in group}
    leaving = tuple(
        tuple(
            [
                edge
                for member in group
                for edge in design.out_edges(member, *kinds)
                if group_of[edge.target] != number
            ]
        )
        for number, group in enumerate(groups)
    )
    return Condensed(groups, group_of, leaving)


def back_edges(design: Design) -> frozenset[str]:
    """Ids of the edges that lead back into a walk from where requests begin:
    without them there is no cycle."""
    return sorted_without_back_edges(design)[1]


def sorted_without_back_edges(design: Design) -> tuple[list[str], frozenset[str]]:
    """Components, sources first, and the edges that lead back into a walk.

    The walk begins at components with load, then at those that nothing feeds,
    then anywhere, each in order of id: the file's order has no say.
    """
    starts = sorted(design.components, key=lambda c: (_start_class(design, c), c.id))
    done: set[str] = set()
    on_path: set[str] = set()
    after: list[str] = []
    back: set[str] = set()
    for start in starts:
        if start.id in done:
            continue
        work = [(start.id, iter(design.out_edges(start.id, *FLOW)))]
        done.add(start.id)
        on_path.add(start.id)
        while work:
            here, edges = work[-1]
            edge = next(edges, None)
            if edge is None:
                work.pop()
                on_path.discard(here)
                after.append(here)
            elif edge.target in on_path:
                back.add(edge.id)
            elif edge.target not in done:
                done.add(edge.target)
                on_path.add(edge.target)
                work.append((edge.target, iter(design.out_edges(edge.target, *FLOW))))
    return after[::-1], frozenset(back)


def _start_class(design: Design, component: Component) -> int:
    if component.has("load"):
        return 0
    return 1 if not design.in_edges(component.id, *FLOW) else 2
