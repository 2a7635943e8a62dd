"""A checked expression on one subject of a design, in three values.

None is *not known*: the text is silent or says ``unknown``. It spreads through
comparisons, and through and/or only when the other side does not decide. An
attribute that a component of this kind can never have is `NEVER`: it equals
nothing, so that ``to.dpa == true`` is false where `to` is a function.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from .. import kinds
from ..graph import FLOW, Condensed, condense
from ..model import Boundary, Component, DataItem, Design, Edge, Part
from ..rules import Case, Facts, RuleError, path_of
from ._parse import Absent, Binary, Items, Literal, Name, Node, Over, Paths, Unary
from ._scope import split

BUDGET: Final = 100_000
BUDGET_A_PART: Final = 200
"""Operations that one rule may take on a design: so many, or so many for each
component and edge where that is more."""

_EVIDENCE: Final = 12
_MISSING: Final = 50


class Never:
    """The value of an attribute that cannot be stated here."""

    def __repr__(self) -> str:
        return "nothing"


NEVER: Final = Never()
_COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
    "in": lambda a, b: a in b, "not in": lambda a, b: a not in b,
    "+": operator.add, "-": operator.sub, "*": operator.mul, "&": operator.and_,
    "|": operator.or_,
}  # fmt: skip


@dataclass(slots=True)
class Sight:
    """One rule's view of one design: its budget, and what it has worked out."""

    facts: Facts
    left: int = 0
    folded: dict[tuple[str, ...], Condensed] = field(default_factory=dict)
    weighed: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    index: dict[str, dict[str, list[Part]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        design = self.facts.design
        parts = len(design.components) + len(design.edges)
        self.left = max(BUDGET, BUDGET_A_PART * parts)

    def spend(self, steps: int = 1) -> None:
        """Counts operations. Raises RuleError when the budget is used up."""
        self.left -= steps
        if self.left < 0:
            raise RuleError(
                "The rule took more operations than it may on one design. "
                "Look through fewer edges, or at fewer subjects."
            )


class Evaluator:
    """Evaluates for one subject; notes in `case` what it reads and misses."""

    def __init__(self, sight: Sight, subject: Part, case: Case) -> None:
        self._sight = sight
        self._design = sight.facts.design
        self._subject = subject
        self._case = case
        self._noted: set[str] = set()
        self._lacked: set[str] = set()

    def value(self, node: Node, here: Part) -> Any:
        """A bool, number, text, frozenset, NEVER, or None where not known."""
        self._sight.spend()
        if isinstance(node, Literal):
            return node.value
        if isinstance(node, Name):
            return self._name(node, here)
        if isinstance(node, Binary):
            return self._binary(node, here)
        if isinstance(node, Unary):
            return self._unary(node, here)
        if isinstance(node, Over):
            return self._over(node, here)
        if isinstance(node, Items):
            values = [self.value(item, here) for item in node.items]
            return None if None in values else frozenset(v for v in values if v is not NEVER)
        if isinstance(node, Absent):
            return self._absent(node, here)
        return self._paths(node, here)

    # -- names ---------------------------------------------------------------

    def _element(self, path: str, here: Part) -> tuple[Part, str]:
        root, ends, rest = split(path)
        if root == "subject":
            here = self._subject
        elif root == "design":
            here = self._design
        for end in ends:
            assert isinstance(here, Edge)
            here = self._design.component(here.source if end == "from" else here.target)
        return here, rest

    def _name(self, node: Name, here: Part) -> Any:
        if split(node.path)[0] == "profile":
            limit = split(node.path)[2]
            value = self._sight.facts.profile.limit(limit)
            if self._first(self._noted, node.path, _EVIDENCE):
                self._case.limit(limit.replace("_", " "), value)
            return value
        part, rest = self._element(node.path, here)
        if rest == "id":
            return part.id
        if rest == "kind" and isinstance(part, Component | Edge | Boundary):
            return part.kind
        if isinstance(part, Component) and rest not in _table(part):
            return NEVER
        return self._read(part, rest)

    @staticmethod
    def _first(seen: set[str], what: str, most: int) -> bool:
        """Whether something is new, and there is room for it in the finding."""
        if what in seen or len(seen) >= most:
            return False
        seen.add(what)
        return True

    def _lack(self, part: Part, path: str) -> None:
        what = path_of(part, path)
        if self._first(self._lacked, what, _MISSING):
            self._case.lack(what)

    def _read(self, part: Part, path: str) -> Any:
        attr = part.attrs.get(path)
        if attr is None or attr.value is None:
            self._lack(part, path)
            return None
        if self._first(self._noted, path_of(part, path), _EVIDENCE):
            self._case.read(part, path)
        return frozenset(attr.value) if isinstance(attr.value, tuple) else attr.value

    def _absent(self, node: Absent, here: Part) -> bool | None:
        part, rest = self._element(node.name.path, here)
        if part.get(rest) is not None:
            return False
        if part.has(rest):
            stated = [part.get(p) for p in part.attrs if p.startswith(rest + ".")]
            if any(value is not None for value in stated):
                return False
            self._lack(part, rest)
            return None
        if self._first(self._noted, path_of(part, rest), _EVIDENCE):
            self._case.noted += (part, rest)
        return True

    # -- operators -----------------------------------------------------------

    def _unary(self, node: Unary, here: Part) -> Any:
        value = self.value(node.operand, here)
        if value is None or value is NEVER:
            return value if node.sign == "-" else True if value is NEVER else None
        return not value if node.sign == "not" else -value

    def _binary(self, node: Binary, here: Part) -> Any:
        left = self.value(node.left, here)
        if node.sign in ("and", "or"):
            decides = node.sign == "or"
            left = False if left is NEVER else left
            if left is decides:
                return left
            right = self.value(node.right, here)
            right = False if right is NEVER else right
            if right is decides:
                return right
            return None if left is None or right is None else not decides
        right = self.value(node.right, here)
        if left is NEVER or right is NEVER:
            if node.sign in ("!=", "not in"):
                return left is not right
            return False if node.sign in ("==", "<", "<=", ">", ">=", "in") else NEVER
        if left is None or right is None:
            return None
        return self._apply(node, left, right)

    def _apply(self, node: Binary, left: Any, right: Any) -> Any:
        if isinstance(left, str | frozenset):
            self._sight.spend(len(left) // 16)
        try:
            if node.sign == "/":
                return left / right if right else NEVER
            return _COMPARE[node.sign](left, right)
        except (TypeError, OverflowError):
            raise RuleError(
                f"“{node.sign}” in column {node.token.column} cannot join the values found here."
            ) from None

    # -- sources -------------------------------------------------------------

    def _over(self, node: Over, here: Part) -> Any:
        parts, complete = self._source(node, here)
        self._sight.spend(len(parts))
        if node.body is None:
            return len(parts) if complete else None
        values = (self.value(node.body, part) for part in parts)
        if node.function in ("any", "all"):
            return _quantified(node.function == "any", values, complete)
        found = [value for value in values if value is not NEVER]
        if not complete or None in found:
            return None
        return max(found, default=NEVER) if node.function == "max" else sum(found)

    def _source(self, node: Over, here: Part) -> tuple[Collection[Any], bool]:
        part, name = self._element(node.source.path, here)
        wanted = tuple(token.text for token in node.kinds)
        design = self._design
        if isinstance(part, Component):
            if name == "in_edges":
                return design.in_edges(part.id, *wanted), True
            if name == "out_edges":
                return design.out_edges(part.id, *wanted), True
            if name == "reachable":
                return self._reached(part.id, wanted), True
        if name == "items" and not isinstance(part, Design):
            return self._items(part)
        if isinstance(part, DataItem):
            return self._users(part.id, name)
        if isinstance(part, Boundary):
            around = self._parts("members", _members(design))
            return around.get(part.id, []), True
        listed = {"components": design.components, "edges": design.edges, "items": design.data}
        return listed[name], True

    def _reached(self, start: str, wanted: tuple[str, ...]) -> list[Component]:
        found, waiting = {start}, [start]
        while waiting:
            edges = self._design.out_edges(waiting.pop(), *(wanted or FLOW))
            self._sight.spend(len(edges) + 1)
            for edge in edges:
                if edge.target not in found:
                    found.add(edge.target)
                    waiting.append(edge.target)
        return [self._design.component(id) for id in sorted(found - {start})]

    def _items(self, part: Part) -> tuple[list[DataItem], bool]:
        path = "data" if isinstance(part, Edge) else "holds"
        if isinstance(part, Component) and path not in _table(part):
            return [], True
        if isinstance(part, Edge) and part.kind == "deploy":
            return [], True
        names = self._read(part, path)
        items = [self._design.data_item(id) for id in sorted(names or ())]
        return [item for item in items if item is not None], names is not None

    def _users(self, id: str, name: str) -> tuple[list[Part], bool]:
        """Who holds or carries a data item; not complete while somebody is silent."""
        path = "holds" if name == "holders" else "data"
        index = self._parts(name, _index(self._design, path))
        silent = index.get("", [])
        for part in silent[:_MISSING]:
            self._lack(part, path)
        return index.get(id, []), not silent

    def _parts(self, name: str, pairs: Iterator[tuple[str, Part]]) -> dict[str, list[Part]]:
        found = self._sight.index.get(name)
        if found is None:
            found = self._sight.index[name] = {}
            for key, part in pairs:
                self._sight.spend()
                found.setdefault(key, []).append(part)
        return found

    def _paths(self, node: Paths, here: Part) -> Any:
        """The heaviest path by one pass over the folded graph, whatever the number
        of paths; not known while something on some path is not."""
        weighed = self._sight.weighed.get(id(node))
        if weighed is None:
            wanted = tuple(token.text for token in node.kinds)
            graph = self._sight.folded.get(wanted)
            if graph is None:
                graph = condense(self._design, frozenset(wanted))
                self._sight.folded[wanted] = graph
            self._sight.spend(len(self._design.components) + len(self._design.edges))
            aside = Evaluator(self._sight, self._subject, Case(self._subject))
            values = {part.id: aside.value(node.body, part) for part in self._design.components}
            sums = {k: max(0, v) if isinstance(v, int | float) else 0 for k, v in values.items()}
            gaps = {k: float(v is None) for k, v in values.items()}
            weighed = graph.heaviest(sums.__getitem__), graph.heaviest(gaps.__getitem__)
            self._sight.weighed[id(node)] = weighed
        known, silent = weighed
        if silent.weight(here.id):
            for id_ in silent[here.id].members[:_MISSING]:
                self.value(node.body, self._design.component(id_))
            return None
        return known.weight(here.id)


def _quantified(wanted: bool, values: Iterator[Any], complete: bool) -> bool | None:
    """any (`wanted` is True) or all (False), as soon as it is decided."""
    open_ = not complete
    for value in values:
        if value is wanted or (value is NEVER and not wanted):
            return wanted
        open_ = open_ or value is None
    return None if open_ else not wanted


def _table(part: Component) -> Any:
    return kinds.COMPONENT_KINDS[part.kind].attributes


def _index(design: Design, path: str) -> Iterator[tuple[str, Part]]:
    """Data item to the parts that name it; under the empty text the silent ones."""
    parts: Iterable[Part] = design.edges if path == "data" else design.components
    for part in parts:
        if isinstance(part, Component) and path not in _table(part):
            continue
        if isinstance(part, Edge) and part.kind == "deploy":
            continue
        names = part.get(path)
        for id in ("",) if names is None else names:
            yield id, part


def _members(design: Design) -> Iterator[tuple[str, Part]]:
    for component in design.components:
        for boundary in design.boundary_chain(component):
            yield boundary.id, component
