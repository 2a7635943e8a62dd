"""The dated price file: presets that fill the cost sheet, each price with its source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from design import authored
from fit.model import Source

PATH = Path(__file__).with_name("prices.yaml")


@dataclass(frozen=True)
class Preset:
    """List prices of one provider in one region. `prices` are the texts of decimal numbers, by
    the names of `engine.cost.Prices`; `sources` says where each was read."""

    id: str
    title: str
    region: str
    by_use: str
    always_on: str
    note: str
    prices: dict[str, str]
    sources: dict[str, Source]

    @property
    def references(self) -> tuple[Source, ...]:
        """Its sources, each once."""
        return tuple(dict.fromkeys(self.sources.values()))


@dataclass(frozen=True)
class PriceFile:
    dated: dt.date
    currency: str
    presets: dict[str, Preset]


@lru_cache(maxsize=1)
def prices() -> PriceFile:
    """The shipped file, read once for each process."""
    raw = authored.values(PATH.read_text(encoding="utf-8"))
    sources = {
        id: Source(entry["title"], str(entry["dated"]), entry["checked"], entry["url"])
        for id, entry in raw["sources"].items()
    }
    presets = {}
    for entry in raw["presets"]:
        plain = {k: entry[k] for k in ("id", "title", "region", "by_use", "always_on", "note")}
        presets[entry["id"]] = Preset(
            prices={name: price["value"] for name, price in entry["prices"].items()},
            sources={name: sources[price["source"]] for name, price in entry["prices"].items()},
            **plain,
        )
    return PriceFile(raw["dated"], raw["currency"], presets)
