"""What a build demands of a design before it may pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from .document import Invalid, safe_tree
from .result import Result
from .rules import Severity, Verdict, open_findings
from .scoring import PILLARS

if TYPE_CHECKING:
    from .compare import Comparison


class BadGate(ValueError):
    """A gate file that says something nobody understands."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The demands. `max_new` counts open findings by severity: those that the
    baseline does not have, or all of them when there is no baseline."""

    max_new: Mapping[str, int] = field(default_factory=dict)
    min_score: float = 0
    min_pillar: Mapping[str, float] = field(default_factory=dict)
    min_coverage: float = 0
    allow_expired_waivers: bool = True
    allow_rule_errors: bool = False
    require_reviewers: int = 0
    require_adr_for_one_way: bool = False


STANDARD: Final = Gate(max_new={"critical": 0, "high": 0})
"""What holds when no gate is given: nothing critical and nothing high is open."""


def read_gate(text: str) -> Gate:
    """The gate that a YAML text says. Raises BadGate, also for unknown keys."""
    try:
        data = safe_tree(text)
    except Invalid as invalid:
        raise BadGate(str(invalid.problems[0])) from None
    if not isinstance(data, dict):
        raise BadGate("a gate is a list of demands such as “min_score: 80”")
    known = Gate.__dataclass_fields__
    for key, value in data.items():
        if key not in known:
            raise BadGate(f"unknown demand “{key}”; there are {', '.join(known)}")
        _check(key, value)
    return Gate(**data)


def _check(key: str, value: Any) -> None:
    default = getattr(Gate(), key)
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise BadGate(f"{key} is true or false")
    elif isinstance(default, int | float):
        _number(key, value)
    else:
        names = [s.value for s in Severity] if key == "max_new" else list(PILLARS)
        if not isinstance(value, dict) or not set(value) <= set(names):
            raise BadGate(f"{key} holds numbers for {', '.join(names)}")
        for name, number in value.items():
            _number(f"{key}.{name}", number)


def _number(key: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise BadGate(f"{key} is a number of at least 0")


def refusals(
    gate: Gate,
    result: Result,
    comparison: Comparison | None = None,
    today: str | None = None,
    reviewers: int = 0,
) -> tuple[str, ...]:
    """The demands that are not met, as sentences; none means that it passes."""
    return tuple(_refusals(gate, result, comparison, today, reviewers))


def _refusals(
    gate: Gate, result: Result, comparison: Comparison | None, today: str | None, reviewers: int
) -> Iterator[str]:
    yield from _new(gate, result, comparison)
    score = result.score
    if score.total < gate.min_score:
        yield f"The score is {score.total:.1f}; at least {gate.min_score:g} is demanded."
    for name, least in gate.min_pillar.items():
        reached = score.pillars[name].score
        if reached is not None and reached < least:
            yield f"The score for {name} is {reached:.1f}; at least {least:g} is demanded."
    if score.coverage < gate.min_coverage:
        share = f"{score.coverage:.0f} %"
        yield f"The coverage is {share}; at least {gate.min_coverage:g} % is demanded."
    if result.of(Verdict.ERROR) and not gate.allow_rule_errors:
        yield "A rule broke, so that its subjects were not checked."
    if not gate.allow_expired_waivers:
        yield from _waivers(result, today)
    if reviewers < gate.require_reviewers:
        yield f"{reviewers} reviewers have agreed; {gate.require_reviewers} are demanded."
    if gate.require_adr_for_one_way:
        yield from _undecided(result)


def _new(gate: Gate, result: Result, comparison: Comparison | None) -> Iterator[str]:
    known: set[tuple[str, str, Severity]] = set()
    if comparison is not None:
        known = {(c.rule, c.subject, c.before.severity) for c in comparison.kept if c.before}
    found = [f for f in open_findings(result.findings) if result.is_open(f)]
    found = [f for f in found if (f.rule, f.subject, f.severity) not in known]
    word = "new" if comparison is not None else "open"
    for severity in Severity:
        most = gate.max_new.get(severity.value)
        count = sum(f.severity is severity for f in found)
        if most is not None and count > most:
            yield f"There are {count} {word} {severity.value} findings; at most {most:g} may be."


def _waivers(result: Result, today: str | None) -> Iterator[str]:
    if today is None:
        if result.design.waivers:
            yield "Whether waivers have expired cannot be told without a day (--today)."
        return
    for standing in result.waivers:
        if not standing.applied and standing.state != "unused":
            yield f"The waiver {standing.waiver.id} does not hold. {standing.says}"


def _undecided(result: Result) -> Iterator[str]:
    accepted = {
        name
        for decision in result.design.decisions
        if decision.get("status") == "accepted"
        for name in decision.get("about", ())
    }
    for component in result.design.components:
        if component.get("one_way") is True and component.id not in accepted:
            yield f"{component.id} is hard to leave and has no accepted decision record."
