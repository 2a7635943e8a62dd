"""What a rule is, and what it says about a design."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ..model import WHOLE, Design, Part
from ._show import UNITS, show

if TYPE_CHECKING:
    from ._facts import Facts


class Verdict(StrEnum):
    """What a rule answers for one subject."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


class Severity(StrEnum):
    """How much a failure matters, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for critical, 3 for low: sorts the worst first."""
        return _RANK[self]


_RANK: Final = {severity: rank for rank, severity in enumerate(Severity)}

PILLARS: Final = (
    "reliability",
    "security",
    "operations",
    "performance",
    "cost",
    "fit",
    "delivery",
)

AREAS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "FIT": "Workload fit",
        "FUN": "Function design",
        "API": "API and edge",
        "EVT": "Events and messaging",
        "DAT": "Data and state",
        "WFL": "Workflow",
        "REL": "Reliability",
        "SEC": "Security",
        "OBS": "Observability",
        "PRF": "Performance",
        "CST": "Cost",
        "DEL": "Delivery and testing",
        "ANT": "Cross-cutting anti-patterns",
    }
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One value that a verdict rests on.

    `what` is a path such as ``work.visibility_s`` or, for a computed value, a
    few words. `line` is 0 where the text has none. `origin` is ``stated``,
    ``default`` (from the text's `defaults:` or from the format), ``profile`` or
    ``computed``.
    """

    what: str
    value: str
    line: int
    origin: str


@dataclass(slots=True)
class Outcome:
    """What a rule found at one subject; `check` makes a Finding of it. Without a
    `message` the finding's evidence, or what it misses, says it."""

    subject: str
    verdict: Verdict
    message: str | None
    noted: tuple[Any, ...] = ()
    missing: tuple[str, ...] = ()
    line: int = 0
    severity: Severity | None = None


class RuleError(Exception):
    """A rule gives up, and says why in words for whoever wrote it."""


@dataclass(frozen=True)
class Rule:
    """One rule of the catalogue: what its reference page says, and its function.

    `params` names the limits of the profile that the function receives, in
    order. `never_unknown` says why the rule always decides, where it does.
    `version` changes when a verdict may; `confidence` is high, medium or low;
    `pack` names the pack that a rule comes from, if it is not built in.
    """

    id: str
    title: str
    severity: Severity
    pillar: str
    area: str
    why: str
    detects: str
    false_alarm: str
    fix: str
    section: str
    references: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    never_unknown: str = ""
    version: str = "1"
    confidence: str = "high"
    waivable: bool = True
    pack: str = ""
    judge: Callable[[Facts], Iterable[Outcome]] = field(
        default=lambda facts: (), repr=False, compare=False
    )


@dataclass(slots=True, eq=False)
class Finding:
    """The verdict of one rule on one subject of a design. Never changed once
    made; not frozen, since a large design has a hundred thousand and a frozen
    one takes twice as long to make.

    `subject` is a component id, an edge id, the sorted members of a cycle
    joined by ``+``, or ``design``. `missing` names the attributes that would
    turn *unknown* into a decision.

    A large design has a hundred thousand findings, and few are ever read. So
    `said` is the rule's own sentence, None where `message` lists the evidence
    or what is missing; and `noted` holds what was read, each entry an Evidence
    or a part followed by the path of its attribute, from which `evidence` is
    made.
    """

    rule: str
    subject: str
    verdict: Verdict
    severity: Severity
    title: str
    said: str | None
    noted: tuple[Any, ...] = ()
    missing: tuple[str, ...] = ()
    line: int = 0

    @property
    def message(self) -> str:
        """What was found, as a sentence."""
        return said_of(self) if self.said is None else self.said

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What the verdict rests on, in the order in which it was read."""
        entries = iter(self.noted)
        return tuple(
            evidence_of(entry, next(entries)) if isinstance(entry, Part) else entry
            for entry in entries
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self._all() == other._all()

    def __hash__(self) -> int:
        return hash((self.rule, self.subject, self.verdict))

    def _all(self) -> tuple[object, ...]:
        return (self.rule, self.subject, self.verdict, self.severity, self.title, self.message,
                self.evidence, self.missing, self.line)  # fmt: skip


def said_of(finding: Finding) -> str:
    """The sentence of a finding whose rule says nothing of its own."""
    if finding.verdict is Verdict.UNKNOWN:
        return f"Undecided until the design states {listed(finding.missing)}."
    if not finding.evidence:
        return "In order."
    return f"In order: {'; '.join([f'{e.what} is {e.value}' for e in finding.evidence])}."


def evidence_of(part: Part, path: str) -> Evidence:
    """The evidence that one attribute is, stated or not."""
    what = f"{WHOLE if isinstance(part, Design) else part.id}.{path}"
    attr = part.attrs.get(path)
    if attr is None:
        return Evidence(what, "not stated", part.line, "stated")
    origin = "default" if attr.defaulted else "stated"
    return Evidence(what, show(attr.value, UNITS.get(path, "")), attr.line, origin)


def listed(names: Iterable[str], most: int = 6, count: int = 0) -> str:
    """``a``, ``a and b``, ``a, b and c``; beyond `most` the rest are counted. With
    a `count` the names are only the first of so many."""
    items = list(names)
    count = max(count, len(items))
    if count > most:
        items = [*items[: most - 1], f"{count - most + 1} more"]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


Outcomes = Iterator[Outcome]
