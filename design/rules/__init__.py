"""The rule catalogue, and `check`, which runs it over a design.

To add a rule, copy its neighbour in the module of its area, give it the next
free number there, and add an example to tests/examples/{bad,good,unknown} that
is named after it. An id is never used again, even when its rule is retired.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from ..model import Design
from ..profiles import Profile
from . import (  # noqa: F401 - to import an area is to register its rules
    ant,
    ant_paths,
    api,
    api_delivery,
    cst,
    dat,
    dat_guarantees,
    dlv,
    evt,
    evt_flow,
    evt_quarantine,
    fit,
    fun,
    obs,
    prf,
    rel,
    rel_capacity,
    rel_limits,
    rel_outage,
    sec,
    sec_exposure,
    sec_identity,
    sec_trust,
    servers,
    servers_events,
    wfl,
)
from ._case import Case, path_of, show
from ._check import open_findings, run
from ._facts import Facts
from ._registry import REGISTRY
from ._types import (
    AREAS,
    PILLARS,
    Evidence,
    Finding,
    Outcome,
    Outcomes,
    Rule,
    RuleError,
    Severity,
    Verdict,
)

__all__ = [
    "AREAS",
    "PACK_VERSION",
    "PILLARS",
    "RULES",
    "Case",
    "Evidence",
    "Facts",
    "Finding",
    "Outcome",
    "Outcomes",
    "Rule",
    "RuleError",
    "Severity",
    "Verdict",
    "check",
    "open_findings",
    "path_of",
    "run",
    "show",
]

PACK_VERSION: Final = "2026.12"
"""Changes whenever a verdict may: scores of two packs are never compared in silence."""

RULES: Final[Mapping[str, Rule]] = MappingProxyType(dict(sorted(REGISTRY.items())))


def check(
    design: Design, profile: Profile | None = None, more: Iterable[Rule] = ()
) -> tuple[Finding, ...]:
    """All findings of all rules, passes included, in order of rule and subject.

    `profile` supplies the limits; without it the design's own choice does.
    `more` are the rules of packs.
    """
    rules = [*RULES.values(), *more]
    return run(sorted(rules, key=lambda rule: rule.id), design, profile)
