"""A rule of a pack at work: its subjects, its conditions, its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from .. import kinds
from ..document import did_you_mean
from ..model import Component, Part
from ..rules import Case, Facts, Outcome, Outcomes, path_of, show
from ._evaluate import NEVER, Evaluator, Sight
from ._parse import Name, Node, parse
from ._scope import GROUPS, Scope, check
from ._tokens import BadExpression

_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Selector:
    """What a rule looks at: parts of one sort, and of which kinds."""

    what: str
    kinds: tuple[str, ...]

    def subjects(self, facts: Facts) -> Iterator[Part]:
        design = facts.design
        if self.what == "design":
            yield design
            return
        parts: tuple[Part, ...] = {
            "component": design.components,
            "edge": design.edges,
            "data": design.data,
            "boundary": design.boundaries,
        }[self.what]
        for part in parts:
            if not self.kinds or getattr(part, "kind", "") in self.kinds:
                yield part

    @property
    def scope(self) -> Scope:
        return Scope(self.what, self.kinds)


def selector(words: list[str]) -> Selector:
    """The selector that words name: ``data``, ``function``, ``store``, ``edge``,
    ``edge:call``, ... Raises ValueError with the remedy."""
    found: dict[str, list[str]] = {}
    for word in words:
        what, _, kind = word.partition(":")
        if word in ("data", "boundary", "design", "edge"):
            found.setdefault(word, [])
        elif word in GROUPS:
            found.setdefault("component", []).extend(GROUPS[word])
        elif what == "edge" and kind in kinds.EDGE_KINDS:
            found.setdefault("edge", []).append(kind)
        elif what == "boundary" and kind in kinds.BOUNDARY_KINDS:
            found.setdefault("boundary", []).append(kind)
        elif word in kinds.COMPONENT_KINDS:
            found.setdefault("component", []).append(word)
        else:
            raise ValueError(_unknown(word))
    if len(found) != 1:
        raise ValueError("A rule looks at components, edges, data, boundaries or the design: one.")
    what, several = next(iter(found.items()))
    return Selector(what, tuple(dict.fromkeys(several)))


def _unknown(word: str) -> str:
    if word in kinds.EDGE_KINDS:
        return f"Nothing is called {word} here. For edges of that kind write edge:{word}."
    known = ["data", "boundary", "design", "edge", *GROUPS, *kinds.COMPONENT_KINDS]
    known += [f"edge:{kind}" for kind in kinds.EDGE_KINDS]
    return f"There is nothing called “{word[:40]}” to look at. {did_you_mean(word, known)}".strip()


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with expressions in braces."""

    texts: tuple[str, ...]
    nodes: tuple[Node, ...]

    def fill(self, evaluator: Evaluator, subject: Part) -> str:
        said = [self.texts[0]]
        for node, text in zip(self.nodes, self.texts[1:], strict=True):
            said += (_shown(evaluator.value(node, subject), node), text)
        return "".join(said)


def template(text: str, scope: Scope) -> Template:
    """Raises BadExpression."""
    pieces = _HOLE.split(text)
    texts, holes = pieces[::2], pieces[1::2]
    if any("{" in piece or "}" in piece for piece in texts):
        raise BadExpression(1, 1, "A brace is not closed.", "Write {retention_days}.")
    nodes = [parse(hole) for hole in holes]
    for node in nodes:
        check(node, scope)
    return Template(tuple(texts), tuple(nodes))


def _shown(value: Any, node: Node) -> str:
    if value is None:
        return "not stated"
    if value is NEVER:
        return "none"
    if isinstance(value, frozenset):
        value = tuple(sorted(str(item) for item in value))
    path = node.path.rpartition("to.")[2] if isinstance(node, Name) else ""
    return show(value, UNIT.get(path, ""))


UNIT: Final = {
    path: attribute.unit
    for table in (
        *(kind.attributes for kind in kinds.COMPONENT_KINDS.values()),
        kinds.EDGE,
        kinds.DATA,
        kinds.DESIGN,
    )
    for path, attribute in table.items()
}


@dataclass(frozen=True, slots=True)
class Judge:
    """The function of a rule: the facts of a design to outcomes."""

    selector: Selector
    when: Node | None
    fails_if: Node
    unknown_if_missing: tuple[str, ...]
    message: Template

    def __call__(self, facts: Facts) -> Outcomes:
        sight = Sight(facts)
        for subject in self.selector.subjects(facts):
            outcome = self._outcome(sight, subject)
            if outcome is not None:
                yield outcome

    def _outcome(self, sight: Sight, subject: Part) -> Outcome | None:
        case = Case(subject)
        evaluator = Evaluator(sight, subject, case)
        if self.when is not None:
            applies = evaluator.value(self.when, subject)
            if applies is None:
                return case.unknown()
            if applies is not True:
                return None
        absent = [path for path in self.unknown_if_missing if _silent(subject, path)]
        if absent:
            case.lack(*(path_of(subject, path) for path in absent))
            return case.unknown()
        fails = evaluator.value(self.fails_if, subject)
        if fails is None:
            return case.unknown()
        if fails is not True:
            return case.ok()
        noted = list(case.noted)
        said = self.message.fill(evaluator, subject)
        case.noted, case.missing = noted, []
        return case.fail(said)


def _silent(subject: Part, path: str) -> bool:
    """Whether an attribute that this subject can have is not stated."""
    if isinstance(subject, Component) and path not in _table(subject):
        return False
    return subject.get(path) is None


def _table(subject: Component) -> Any:
    return kinds.COMPONENT_KINDS[subject.kind].attributes


def paths_of(selector: Selector) -> set[str]:
    """The attributes that a subject can have."""
    return {path for table in selector.scope.tables() for path in table}
