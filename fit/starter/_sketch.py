"""A design on its way to text, and what answers mean in figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Part = dict[str, Any]

ENTRY: Final = {"http", "session"}  # somebody waits at the front
SECONDS: Final = 730 * 3600
MONTH: Final = {"lt1m": 5e5, "1to30m": 6e6, "30to500m": 1.2e8, "gt500m": 1e9}
PEAK: Final = {"idle": 20.0, "spiky": 10.0, "cycle": 3.0, "steady": 1.5, "heavy": 1.2}
SHAPE: Final = {
    "idle": "rare",
    "spiky": "spiky",
    "cycle": "diurnal",
    "steady": "steady",
    "heavy": "steady",
}
GOAL_MS: Final = {"1s": 1000, "200ms": 200, "50ms_world": 50, "10ms": 10}
# By the longest piece: the usual run and the longest in ms, and when it is cut off, in s.
RUN: Final = {
    "lt1s": (150, 800, 10),
    "lt1m": (2_000, 45_000, 120),
    "lt15m": (30_000, 600_000, 900),
    "lt60m": (300_000, 3_000_000, 5_400),
    "hours": (1_800_000, 36_000_000, 86_400),
}
AT_ONCE: Final = 300
"""Runs of one function in hand at the mean: an account allows 1,000 for all of them."""
MEMORY_MB: Final = {"small": 512, "medium": 4096, "large": 16384}
FUNCTION_MB: Final = 10_240
LOGS: Final = {"structured": True, "retention_days": 30, "redacted": True, "level": "info"}
AGAIN: Final = {"max": 2, "backoff": "exponential", "jitter": True}
KIND: Final = {
    "functions": ("function", "Function"),
    "edge": ("function", "Edge function"),
    "containers": ("container", "Managed container"),
    "kubernetes": ("container", "Kubernetes deployment"),
    "paas": ("container", "Platform web app"),
    "batch": ("container", "Batch job"),
    "vms": ("vm", "Virtual machines"),
}


@dataclass
class Sketch:
    """A design on its way to text: what the answers say, and the parts so far."""

    answers: Mapping[str, str]
    option: str
    components: list[Part] = field(default_factory=list)
    edges: list[Part] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)

    def says(self, question: str) -> str:
        return self.answers.get(question, "")

    @property
    def mean_rps(self) -> float | None:
        month = MONTH.get(self.says("volume"))
        return None if month is None else rounded(month / SECONDS)

    @property
    def peak_rps(self) -> float | None:
        factor = PEAK.get(self.says("traffic"), 3.0)
        return None if self.mean_rps is None else rounded(self.mean_rps * factor)

    @property
    def load(self) -> Part:
        if self.mean_rps is None:
            return {}
        return {"load": {"mean_rps": self.mean_rps, "peak_rps": self.peak_rps}}

    @property
    def goal_ms(self) -> int | None:
        return GOAL_MS.get(self.says("latency"))

    @property
    def run(self) -> tuple[int, int, int]:
        """The usual run and the longest in ms, and where it is cut off, in s. A function runs
        no longer than a platform lets it, and so often that an account can carry the mean."""
        duration = self.says("duration") or "lt1s"
        if self.option not in {"functions", "edge"}:
            return RUN[duration]
        usual, longest, cut_off = RUN["lt15m" if duration in {"lt60m", "hours"} else duration]
        if self.mean_rps:
            usual = min(usual, int(AT_ONCE / 1.5 / self.mean_rps * 1000))
        return max(1, usual), longest, cut_off

    def add(self, id: str, kind: str, **attributes: Any) -> str:
        self.components.append({"id": id, "kind": kind, **attributes})
        return id

    def join(self, source: str, target: str, kind: str, **attributes: Any) -> None:
        self.edges.append({"from": source, "to": target, "kind": kind, **attributes})


def rounded(value: float) -> float:
    return round(value, 2) if value < 10 else float(round(value))
