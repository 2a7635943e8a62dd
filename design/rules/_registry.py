"""Where rules are entered. Each area's module registers its own on import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ._facts import Facts
from ._types import AREAS, PILLARS, Outcomes, Rule, Severity

REGISTRY: Final[dict[str, Rule]] = {}

Function = Callable[..., Outcomes]


def rule(
    id: str,
    title: str,
    severity: str,
    pillar: str,
    *,
    params: tuple[str, ...] = (),
    references: tuple[str, ...] = (),
    never_unknown: str = "",
    **texts: str,
) -> Callable[[Function], Function]:
    """Register the decorated function as a rule.

    The function takes the facts of a design, then one number for each name in
    `params`, read from the profile. It yields one outcome per subject and none
    where the rule does not apply. `texts` are why, detects, false_alarm, fix
    and section. Raises ValueError on a mistake in the metadata.
    """
    area = id[:3]
    if id in REGISTRY or area not in AREAS or pillar not in PILLARS:
        raise ValueError(f"rule {id} is registered twice or has no known area or pillar")

    def register(function: Function) -> Function:
        def judge(facts: Facts) -> Outcomes:
            numbers: list[Any] = [facts.profile.limit(name) for name in params]
            return function(facts, *numbers)

        said: dict[str, Any] = dict(texts)
        REGISTRY[id] = Rule(
            id=id,
            title=title,
            severity=Severity(severity),
            pillar=pillar,
            area=area,
            references=references,
            params=params,
            never_unknown=never_unknown,
            judge=judge,
            **said,
        )
        return function

    return register
