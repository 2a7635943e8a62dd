"""Limits of platforms and thresholds of rules, as dated data.

A rule holds no vendor's number: it names a limit, and the profile that a design
chooses supplies the value with its source. What a profile leaves out it takes
from ``generic``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from .. import authored

NAMES: Final = ("generic", "aws", "azure", "gcp", "knative")


@dataclass(frozen=True, slots=True)
class Limit:
    """One number. `dated` is the day of the source or ``undated``, `checked` the
    day somebody compared the two."""

    name: str
    value: float
    unit: str
    meaning: str
    title: str
    url: str
    dated: str
    checked: str
    own: bool = True
    """False where the value is the generic one."""


@dataclass(frozen=True)
class Profile:
    """What a design's platform allows."""

    name: str
    title: str
    limits: Mapping[str, Limit]

    def limit(self, name: str) -> float:
        """The value of a limit. Raises KeyError for a name that no profile has."""
        return self.limits[name].value


@cache
def profile(name: str = "generic") -> Profile:
    """The profile of this name. Raises KeyError if there is none."""
    if name not in NAMES:
        raise KeyError(name)
    raw = _raw(name)
    generic = _limits(_raw("generic"), {})
    limits = generic if name == "generic" else _inherit(_limits(raw, generic), generic)
    return Profile(name, raw["title"], MappingProxyType(limits))


def _raw(name: str) -> dict[str, Any]:
    text = files(__package__).joinpath(f"{name}.yaml").read_text("utf-8")
    found: dict[str, Any] = authored.values(text)
    return found


def _limits(raw: dict[str, Any], generic: Mapping[str, Limit]) -> dict[str, Limit]:
    sources = raw["sources"]
    found = {}
    for name, entry in raw["limits"].items():
        source = sources[entry["source"]]
        known = generic.get(name)
        found[name] = Limit(
            name=name,
            value=entry["value"],
            unit=known.unit if known else entry.get("unit", ""),
            meaning=entry.get("meaning") or (known.meaning if known else ""),
            title=source["title"],
            url=source["url"],
            dated=str(source["dated"]),
            checked=str(source["checked"]),
        )
    return found


def _inherit(own: dict[str, Limit], generic: Mapping[str, Limit]) -> dict[str, Limit]:
    rest = {
        name: Limit(
            limit.name,
            limit.value,
            limit.unit,
            limit.meaning,
            limit.title,
            limit.url,
            limit.dated,
            limit.checked,
            own=False,
        )
        for name, limit in generic.items()
        if name not in own
    }
    return dict(sorted((rest | own).items()))
