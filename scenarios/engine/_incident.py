"""An incident as a game: nodes, choices with consequences, and what can still be reached.

Best, worst and the expectation of careless policies come from searching all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ._expr import Expression
from ._values import Choice

MOST_STEPS: Final = 12
_MOST_STATES: Final = 20_000

State = tuple[float, ...]
"""Values in the order of `Body.names`."""


@dataclass(frozen=True)
class Effect:
    """What a choice does to one value: add to it, or set it."""

    name: str
    adds: bool
    expression: Expression


@dataclass(frozen=True)
class Option:
    """One choice. `kind` groups choices that a single-minded person would take everywhere."""

    id: str
    text: str
    why: str
    go: str
    effects: tuple[Effect, ...]
    most: int
    """How often it may be chosen; 0 for any number."""
    misconception: str
    kind: str


@dataclass(frozen=True)
class Node:
    id: str
    text: str
    options: tuple[Option, ...]

    @property
    def ends(self) -> bool:
        return not self.options


@dataclass(frozen=True)
class Where:
    """A place in the game: node, state, and how often limited choices were taken."""

    node: str
    state: State
    taken: tuple[str, ...] = ()
    steps: int = 0


@dataclass(frozen=True)
class Happened:
    """One line of the transcript: the situation as it was read, and what was done."""

    text: str
    did: str
    state: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Scene:
    """What the page of one step shows."""

    text: str
    state: tuple[tuple[str, str], ...]
    """(name, value) in words, as they stand now."""
    choices: tuple[Choice, ...]
    before: tuple[Happened, ...]
    ended: bool


@dataclass(frozen=True)
class Body:
    names: tuple[str, ...]
    begin: State
    limits: Mapping[str, float]
    start: str
    nodes: Mapping[str, Node]
    utility: Expression
    caps: Mapping[str, float]
    _values: dict[Where, tuple[float, float]] = field(default_factory=dict, compare=False)

    @property
    def misconceptions(self) -> list[str]:
        return [o.misconception for n in self.nodes.values() for o in n.options if o.misconception]

    @property
    def first(self) -> Where:
        return Where(self.start, self.begin)

    def known(self, where: Where) -> dict[str, float]:
        return dict(zip(self.names, where.state, strict=True))

    def over(self, where: Where) -> bool:
        """Whether it has ended: at an end, at a limit, or for lack of anything left to do."""
        known = self.known(where)
        reached = any(known[name] >= most for name, most in self.limits.items())
        return reached or where.steps >= MOST_STEPS or not self.offered(where)

    def offered(self, where: Where) -> tuple[Option, ...]:
        options = self.nodes[where.node].options
        return tuple(o for o in options if not o.most or where.taken.count(o.id) < o.most)

    def after(self, where: Where, option: Option) -> Where:
        known = self.known(where)
        changed = dict(known)
        for effect in option.effects:
            value = effect.expression.value(known)
            changed[effect.name] = known[effect.name] + value if effect.adds else value
        taken = tuple(sorted((*where.taken, option.id))) if option.most else where.taken
        state = tuple(round(changed[name], 6) for name in self.names)
        return Where(option.go, state, taken, where.steps + 1)

    def worth(self, where: Where) -> float:
        """The utility of having ended here, never below 0."""
        value = max(0.0, self.utility.value(self.known(where)))
        return min(value, self.caps.get(where.node, value))

    def bounds(self, where: Where) -> tuple[float, float]:
        """The worst and the best that can still be reached. Raises TooLarge."""
        if where in self._values:
            return self._values[where]
        if self.over(where):
            value = self.worth(where)
            found = (value, value)
        else:
            reached = [self.bounds(self.after(where, o)) for o in self.offered(where)]
            found = (min(low for low, _ in reached), max(high for _, high in reached))
        if len(self._values) >= _MOST_STATES:
            raise TooLarge
        self._values[where] = found
        return found

    def best(self, where: Where) -> list[str]:
        """The choices of a best way to the end."""
        path = []
        while not self.over(where):
            option = max(self.offered(where), key=lambda o: self.bounds(self.after(where, o))[1])
            path.append(option.id)
            where = self.after(where, option)
        return path

    @cached_property
    def careless(self) -> float:
        """What the best of the policies that do not think may expect."""
        kinds = {o.kind for n in self.nodes.values() for o in n.options} - {"other"}
        policies: list[Callable[[Option], bool]] = [lambda option: False]
        policies += [lambda option, kind=kind: option.kind == kind for kind in sorted(kinds)]  # type: ignore[misc]
        return max(self._expected(self.first, prefers, {}) for prefers in policies)

    def _expected(
        self, where: Where, prefers: Callable[[Option], bool], seen: dict[Where, float]
    ) -> float:
        if where not in seen:
            if self.over(where):
                seen[where] = self.worth(where)
            else:
                offered = self.offered(where)
                chosen = [o for o in offered if prefers(o)] or offered
                each = [self._expected(self.after(where, o), prefers, seen) for o in chosen]
                seen[where] = sum(each) / len(each)
        return seen[where]


class TooLarge(ValueError):
    """The incident has more states than can be searched."""
