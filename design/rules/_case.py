"""The notebook of a rule: one `Case` per subject collects values as the rule
reads them, so that a verdict always carries what it rests on.

Conditions have three values: True, False and None (not known). `both`, `either`
and the comparisons follow Kleene: an absent value matters only if the answer
depends on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

from ..kinds import BOUNDARY, COMPONENT_KINDS, DATA, DECISION, DESIGN, EDGE
from ..model import WHOLE, Attr, Design, Grant, Part
from ._types import Evidence, Outcome, Severity, Verdict
from ._types import listed as listed  # the rules find all their words here

TRILLION: Final = 1e12
"""Stated numbers end here; computed ones above it mean nothing to a reader."""

SHOWN: Final = 12
"""Entries of a list that evidence shows; a cycle may have 5,000 edges."""
MOST_MISSING: Final = 50
"""Missing attributes that one finding names, so that findings stay readable."""

Known = bool | None
"""A condition: None where the text does not say enough."""


def _units() -> dict[str, str]:
    tables = [kind.attributes for kind in COMPONENT_KINDS.values()]
    tables += [EDGE, DESIGN, DATA, BOUNDARY, DECISION]
    return {path: a.unit for table in tables for path, a in table.items() if a.unit}


_UNITS: Final = _units()


def both(*conditions: Known) -> Known:
    """Whether all hold."""
    if False in conditions:
        return False
    return None if None in conditions else True


def either(*conditions: Known) -> Known:
    """Whether at least one holds."""
    if True in conditions:
        return True
    return None if None in conditions else False


def above(value: float | None, limit: float | None) -> Known:
    return None if value is None or limit is None else value > limit


def below(value: float | None, limit: float | None) -> Known:
    return None if value is None or limit is None else value < limit


def equal(value: Any, wanted: Any) -> Known:
    return None if value is None else bool(value == wanted)


def among(value: Any, words: Iterable[Any]) -> Known:
    return None if value is None else value in words


def lacks(values: tuple[str, ...] | None, word: str) -> Known:
    return None if values is None else word not in values


def name(part: Part) -> str:
    return WHOLE if isinstance(part, Design) else part.id


def path_of(part: Part, path: str) -> str:
    return f"{WHOLE if isinstance(part, Design) else part.id}.{path}"


def number(value: float) -> str:
    """A number as a reader writes it: 1,500 and 0.3, never 1500.0 or 1e+06."""
    if not math.isfinite(value) or abs(value) >= TRILLION:
        return "more than a trillion"
    if abs(value) >= 100 or value == int(value):
        return f"{round(value):,}"
    return f"{value:.3g}"


def show(value: Any, unit: str = "") -> str:
    """A value as text, with its unit."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{number(value)}{'' if unit == '%' else ' '}{unit}".rstrip()
    if isinstance(value, tuple):
        return _joined([show(v) for v in value[:SHOWN]], len(value))
    if isinstance(value, Grant):
        return f"{', '.join(value.actions)} on {value.to}"
    return str(value)


def _joined(shown: list[str], count: int) -> str:
    if count > len(shown):
        shown.append(f"{count - len(shown)} more")
    return ", ".join(shown) or "none"


def _evidence(part: Part, path: str, attr: Attr) -> Evidence:
    """The evidence of one attribute, made once for all the rules that read it."""
    noted: dict[str, Evidence] | None = part.__dict__.get("_evidence")
    if noted is None:
        noted = part.__dict__["_evidence"] = {}
    found = noted.get(path)
    if found is None:
        origin = "default" if attr.defaulted else "stated"
        value = show(attr.value, _UNITS.get(path, ""))
        found = noted[path] = Evidence(path_of(part, path), value, attr.line, origin)
    return found


class Case:
    """What a rule has read about one subject so far."""

    __slots__ = ("evidence", "line", "missing", "subject")

    def __init__(self, subject: Part | str, line: int = 0) -> None:
        if isinstance(subject, str):
            self.subject, self.line = subject, line
        else:
            self.subject, self.line = name(subject), line or subject.line
        self.evidence: list[Evidence] = []
        self.missing: list[str] = []

    def read(self, part: Part, path: str) -> Any:
        """The value, noted as evidence; None, and nothing noted, where absent."""
        attr = part.attrs.get(path)
        if attr is None or attr.value is None:
            return None
        self.evidence.append(_evidence(part, path, attr))
        return attr.value

    def need(self, part: Part, path: str) -> Any:
        """The value, noted as evidence; noted as missing where absent or unknown."""
        attr = part.attrs.get(path)
        if attr is None or attr.value is None:
            self.missing.append(path_of(part, path))
            return None
        self.evidence.append(_evidence(part, path, attr))
        return attr.value

    def absent(self, part: Part, path: str) -> Known:
        """Whether the text leaves it out, for rules that want it said.

        A stated value is noted as evidence, and so is its absence; the word
        ``unknown`` is neither, and is noted as missing.
        """
        if self.read(part, path) is not None:
            return False
        if part.has(path):
            self.missing.append(path_of(part, path))
            return None
        self.evidence.append(Evidence(path_of(part, path), "not stated", part.line, "stated"))
        return True

    def flag(self, part: Part, path: str) -> Known:
        """A boolean where leaving it out means no; ``unknown`` stays unknown."""
        value = self.read(part, path)
        if value is None and part.has(path):
            self.missing.append(path_of(part, path))
            return None
        return bool(value)

    def default(self, part: Part, path: str, value: float) -> float | None:
        """The value, or the format's default where absent; None where unknown."""
        found: float | None = self.read(part, path)
        if found is not None:
            return found
        if part.has(path):
            self.missing.append(path_of(part, path))
            return None
        shown = show(value, _UNITS.get(path, ""))
        self.evidence.append(Evidence(path_of(part, path), shown, 0, "default"))
        return value

    def limit(self, what: str, value: float, unit: str = "") -> None:
        """Note a number of the profile."""
        self.evidence.append(Evidence(what, show(value, unit), 0, "profile"))

    def computed(self, what: str, value: Any, unit: str = "") -> None:
        """Note a value that follows from others."""
        self.evidence.append(Evidence(what, show(value, unit), 0, "computed"))

    def lack(self, *paths: str) -> None:
        """Note attributes that would be needed."""
        self.missing.extend(paths)

    def at(self, part: Part, path: str) -> Case:
        """Let the finding point at the line of this attribute."""
        self.line = part.line_of(path)
        return self

    def fail(self, message: str, severity: Severity | None = None) -> Outcome:
        return self._outcome(Verdict.FAIL, message, severity=severity)

    def ok(self, message: str | None = None) -> Outcome:
        return self._outcome(Verdict.PASS, message or None)

    def unknown(self) -> Outcome:
        missing = self.missing
        if len(missing) > 1:
            missing = sorted(set(missing))[:MOST_MISSING]
        return self._outcome(Verdict.UNKNOWN, None, tuple(missing))

    def rest(self, failed: Known) -> Outcome:
        """The outcome of a condition that did not come out true."""
        return self.unknown() if failed is None else self.ok()

    def _outcome(
        self,
        verdict: Verdict,
        message: str | None,
        missing: tuple[str, ...] = (),
        severity: Severity | None = None,
    ) -> Outcome:
        evidence = tuple(self.evidence)
        return Outcome(self.subject, verdict, message, evidence, missing, self.line, severity)
