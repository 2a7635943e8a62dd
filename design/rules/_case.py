"""The notebook of a rule: one `Case` per subject collects values as the rule
reads them, so that a verdict always carries what it rests on.

Conditions have three values: True, False and None (not known). `both`, `either`
and the comparisons follow Kleene: an absent value matters only if the answer
depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from ..model import WHOLE, Design, Part
from ._show import UNITS
from ._show import number as number
from ._show import show as show
from ._types import Evidence, Outcome, Severity, Verdict
from ._types import listed as listed  # the rules find all their words here

MOST_MISSING: Final = 50
"""Missing attributes that one finding names, so that findings stay readable."""

_PASS: Final = Verdict.PASS
_FAIL: Final = Verdict.FAIL
_UNKNOWN: Final = Verdict.UNKNOWN

Known = bool | None
"""A condition: None where the text does not say enough."""


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


@lru_cache(2048, typed=True)
def _told(what: str, value: Any, unit: str, origin: str) -> Evidence:
    """Evidence that no line states; a large design has the same many times over."""
    return Evidence(what, show(value, unit), 0, origin)


class Case:
    """What a rule has read about one subject so far."""

    __slots__ = ("line", "missing", "noted", "subject")

    def __init__(self, subject: Part | str, line: int = 0) -> None:
        if isinstance(subject, str):
            self.subject, self.line = subject, line
        else:
            self.subject = WHOLE if type(subject) is Design else subject.id
            self.line = line or subject.line
        self.noted: list[Any] = []  # as in a Finding
        self.missing: list[str] = []

    def read(self, part: Part, path: str) -> Any:
        """The value, noted as evidence; None, and nothing noted, where absent."""
        attr = part.attrs.get(path)
        if attr is None or attr.value is None:
            return None
        self.noted += (part, path)
        return attr.value

    def need(self, part: Part, path: str) -> Any:
        """The value, noted as evidence; noted as missing where absent or unknown."""
        attr = part.attrs.get(path)
        if attr is None or attr.value is None:
            self.missing.append(f"{WHOLE if type(part) is Design else part.id}.{path}")
            return None
        self.noted += (part, path)
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
        self.noted += (part, path)
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
        shown = show(value, UNITS.get(path, ""))
        self.noted.append(Evidence(path_of(part, path), shown, 0, "default"))
        return value

    def limit(self, what: str, value: float, unit: str = "") -> None:
        """Note a number of the profile."""
        self.noted.append(_told(what, value, unit, "profile"))

    def computed(self, what: str, value: Any, unit: str = "") -> None:
        """Note a value that follows from others."""
        self.noted.append(_told(what, value, unit, "computed"))

    def lack(self, *paths: str) -> None:
        """Note attributes that would be needed."""
        self.missing.extend(paths)

    def at(self, part: Part, path: str) -> Case:
        """Let the finding point at the line of this attribute."""
        self.line = part.line_of(path)
        return self

    def fail(self, message: str, severity: Severity | None = None) -> Outcome:
        noted = tuple(self.noted)
        return Outcome(self.subject, _FAIL, message, noted, (), self.line, severity)

    def ok(self, message: str | None = None) -> Outcome:
        noted = tuple(self.noted)
        return Outcome(self.subject, _PASS, message or None, noted, (), self.line)

    def unknown(self) -> Outcome:
        missing = self.missing
        if len(missing) > 1:
            missing = sorted(set(missing))[:MOST_MISSING]
        noted = tuple(self.noted)
        return Outcome(self.subject, _UNKNOWN, None, noted, tuple(missing), self.line)

    def rest(self, failed: Known) -> Outcome:
        """The outcome of a condition that did not come out true."""
        return self.unknown() if failed is None else self.ok()
