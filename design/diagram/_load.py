"""The view *load*: how often everything happens, and the path that carries the most."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from design.graph import FLOW, condense
from design.model import Component, Design
from design.rates import Rate, rates

from ._fold import Box, Tie
from ._lens import Chip, Lens, Look, Notes, counted, edge_facts

_STEPS: Final = (0.0, 0.005, 0.05, 0.2, 0.5)
"""Shares of the busiest edge's peak from which a line takes the next width."""
OVER: Final = Chip("over", "!")


class Load(Lens):
    def __init__(self, design: Design, notes: Notes) -> None:
        super().__init__(design, notes)
        self.rates = rates(design)
        self.most = max((r.peak for r in self.rates.edge.values() if r), default=0.0)
        self.hot = self._hottest()
        self.on_path = {id for edge in self.hot for id in edge.split(":")[0].split("->")}

    def _hottest(self) -> dict[str, int]:
        """Edges of the path along which the peak rates add up to most, numbered from 1."""

        def peak(id: str) -> float:
            rate = self.rates.edge.get(id)
            return rate.peak if rate else 0.0

        back = set(self.rates.back_edges)
        graph = condense(self.design, FLOW, lambda e: e.id not in back and peak(e.id) > 0)
        heaviest = graph.heaviest(lambda id: 0.0, lambda e: peak(e.id))
        starts = sorted(heaviest, key=lambda id: (-heaviest.weight(id), id))
        if not starts or not heaviest.weight(starts[0]):
            return {}
        members = heaviest[starts[0]].members
        found: dict[str, int] = {}
        for number, (a, b) in enumerate(pairwise(members), 1):
            between = [e for e in self.design.out_edges(a, *FLOW) if e.target == b]
            best = max(between, key=lambda e: (peak(e.id), e.id))
            found[best.id] = number
        return found

    def node(self, c: Component) -> Look:
        rate = self.rates.component.get(c.id)
        limit, over = self._limit(c, rate)
        if rate is None:
            return Look(" · ".join(w for w in ("rate ?", limit) if w), quiet=True)
        words = [_rate(rate)] if rate.peak else ["nothing by itself"]
        return Look(
            " · ".join(w for w in (*words, limit) if w),
            (OVER,) if over else (),
            quiet=not rate.peak,
            strong=c.id in self.on_path,
        )

    def _limit(self, c: Component, rate: Rate | None) -> tuple[str, bool]:
        """What a component can take, as stated, and whether the peak is above that."""
        for path in ("throttle.rps", "rate_limit_rps"):
            if limit := c.get(path):
                return f"limit {_number(limit)}/s", bool(rate and rate.peak > limit)
        most = c.get("concurrency.max") or c.get("concurrency.reserved")
        time = c.get("duration_ms.p50")
        if c.kind == "function" and most and time is not None and rate and rate.peak:
            busy = rate.peak * time / 1000
            return f"{_number(busy)} of {_number(most)} at once", busy > most
        return "", False

    def tie(self, tie: Tie) -> Look:
        if tie.edge is None or tie.edge.kind == "deploy":
            return Look(tie.words if tie.edge is None else "", quiet=True)
        rate = self.rates.edge.get(tie.edge.id)
        if tie.edge.id in self.rates.back_edges:
            return Look("closes a cycle", quiet=True)
        step = self.hot.get(tie.edge.id)
        chips = (Chip("hot", str(step)),) if step else ()
        if rate is None:
            return Look("? /s", chips, quiet=True)
        return Look(_rate(rate), chips, strong=bool(step), weight=self._weight(rate.peak))

    def _weight(self, peak: float) -> int:
        if not self.most:
            return 0
        return sum(peak / self.most >= share for share in _STEPS)

    def box(self, box: Box) -> Look:
        over = any(self.node(c).chips for id in box.members if (c := self.design.find(id)))
        return Look(super().box(box).words, (OVER,) if over else ())

    def several(self, ties: Sequence[Tie]) -> Look:
        found = [self.rates.edge.get(tie.edge.id) for tie in ties if tie.edge]
        known = [rate for rate in found if rate]
        words = counted(len(ties), "edge")
        if not known:
            return Look(words, quiet=True)
        whole = len(known) == len(found) and all(rate.complete for rate in known)
        total = Rate(sum(r.mean for r in known), sum(r.peak for r in known), whole)
        steps = [self.hot[t.edge.id] for t in ties if t.edge and t.edge.id in self.hot]
        chips = (Chip("hot", str(min(steps))),) if steps else ()
        return Look(f"{words} · {_rate(total)}", chips, weight=self._weight(total.peak))

    def steps(self) -> tuple[str, ...]:
        if not self.most:
            return ()
        below = [f"peak below {_number(self.most * share)}/s" for share in _STEPS[1:]]
        return (*below, f"peak {_number(self.most * _STEPS[-1])}/s and above")

    def summary(self) -> list[str]:
        if not self.most:
            return ["No rate can be worked out: state load on a client or every_s on a schedule."]
        said = [f"The busiest edge carries {_number(self.most)} a second at the peak."]
        if self.hot:
            steps = sorted(self.hot, key=self.hot.__getitem__)
            path = [steps[0].split("->")[0], *(id.split("->")[1].split(":")[0] for id in steps)]
            said.append(f"Hottest path: {', then '.join(path)}.")
        open_ = [id for id, rate in self.rates.component.items() if rate is None]
        if open_:
            said.append(f"The rate is not known for {', '.join(sorted(open_))}.")
        if back := self.rates.back_edges:
            said.append(f"Taken to carry nothing, because they close a cycle: {', '.join(back)}.")
        return said

    def facts(self, c: Component) -> list[str]:
        rate = self.rates.component.get(c.id)
        limit, over = self._limit(c, rate)
        facts = [_said(rate)] + ([limit] if limit else [])
        return facts + (["above its limit at the peak"] if over else [])

    def tie_facts(self, tie: Tie) -> list[str]:
        if tie.edge is None:
            return [tie.words]
        facts = [] if tie.edge.kind == "deploy" else [_said(self.rates.edge.get(tie.edge.id))]
        if tie.edge.id in self.rates.back_edges:
            facts = ["taken to carry nothing, because it closes a cycle"]
        if step := self.hot.get(tie.edge.id):
            facts.insert(0, f"step {step} of the hottest path")
        return facts + edge_facts(self.design, tie.edge)

    def rank(self, tie: Tie) -> int:
        return 0 if tie.subject in self.hot else 1 if tie.edge else 2


def _rate(rate: Rate) -> str:
    """“20/s, peak 120”; “≥” where only part of it is known."""
    least = "" if rate.complete else "≥"
    if rate.mean == rate.peak:
        return f"{least}{_number(rate.peak)}/s"
    return f"{least}{_number(rate.mean)}/s, peak {_number(rate.peak)}"


def _said(rate: Rate | None) -> str:
    if rate is None:
        return "rate not known"
    at_least = "" if rate.complete else "at least "
    return f"{at_least}{_number(rate.mean)}/s on average, {_number(rate.peak)}/s at the peak"


def _number(value: float) -> str:
    """Three figures are enough, and never an exponent below a thousand million."""
    if value >= 100:
        return f"{value:,.0f}" if value < 1e9 else f"{value:.3g}"
    return f"{value:.3g}" if value >= 0.001 or value == 0 else "<0.001"
