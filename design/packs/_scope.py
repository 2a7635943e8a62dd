"""What a name means in an expression, checked before any design is seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from .. import kinds
from ..document import did_you_mean
from ..kinds import Attribute, Type
from ..profiles import profile
from ._parse import Absent, Binary, Items, Literal, Name, Node, Over, Paths, Unary
from ._tokens import Token

NUMBER: Final = "a number"
TEXT: Final = "a text"
TRUTH: Final = "true or false"
LIST: Final = "a list"
OPEN: Final = "anything"
"""What an expression gives; OPEN where only the design decides."""

_TYPES: Final = {
    Type.TEXT: TEXT, Type.WORD: TEXT, Type.DATE: TEXT, Type.REFERENCE: TEXT,
    Type.NUMBER: NUMBER, Type.INTEGER: NUMBER, Type.BOOLEAN: TRUTH, Type.NOTE: OPEN,
    Type.WORDS: LIST, Type.TEXTS: LIST, Type.REFERENCES: LIST,
}  # fmt: skip
_OTHER: Final = {
    "data": kinds.DATA,
    "boundary": kinds.BOUNDARY,
    "design": kinds.DESIGN,
}
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "component": tuple(kinds.COMPONENT_KINDS),
    "store": tuple(kinds.STORES),
    "channel": tuple(kinds.CHANNELS),
    "entry": tuple(kinds.ENTRY),
}
SOURCES: Final[Mapping[str, Mapping[str, str]]] = {
    "component": {
        "in_edges": "edge",
        "out_edges": "edge",
        "reachable": "component",
        "items": "data",
    },
    "edge": {"items": "data"},
    "data": {"holders": "component", "carriers": "edge"},
    "boundary": {"members": "component"},
    "design": {"components": "component", "edges": "edge", "items": "data"},
}
"""What an element has to look through, and what is found there."""

WITH_KINDS: Final = ("in_edges", "out_edges", "reachable")
_ENDS: Final = ("from", "to")


@dataclass(frozen=True, slots=True)
class Scope:
    """An element that names refer to: what it is, and of which kinds it may be."""

    what: str
    kinds: tuple[str, ...] = ()

    def attribute(self, path: str) -> Attribute | None:
        return next((t[path] for t in self.tables() if path in t), None)

    def tables(self) -> Iterable[Mapping[str, Attribute]]:
        if self.what == "edge":
            return (kinds.EDGE,)
        if self.what in _OTHER:
            return (_OTHER[self.what],)
        names = self.kinds or tuple(kinds.COMPONENT_KINDS)
        return [kinds.COMPONENT_KINDS[name].attributes for name in names]

    @property
    def own(self) -> tuple[str, ...]:
        """Names that are no attributes."""
        return ("id",) if self.what in ("data", "design") else ("id", "kind")


COMPONENT: Final = Scope("component")


def split(path: str) -> tuple[str, tuple[str, ...], str]:
    """A path as its root (``subject``, ``design``, ``profile`` or empty), the ends
    of edges on the way, and the rest."""
    parts = path.split(".")
    root = parts.pop(0) if parts[0] in ("subject", "design", "profile") and parts[1:] else ""
    ends: list[str] = []
    while parts[1:] and parts[0] in _ENDS:
        ends.append(parts.pop(0))
    return root, tuple(ends), ".".join(parts)


def check(node: Node, subject: Scope) -> str:
    """The type of an expression on a subject. Raises BadExpression."""
    return _Checker(subject).type(node, subject)


class _Checker:
    def __init__(self, subject: Scope) -> None:
        self._subject = subject

    def type(self, node: Node, scope: Scope) -> str:
        if isinstance(node, Literal):
            if isinstance(node.value, bool):
                return TRUTH
            return TEXT if isinstance(node.value, str) else NUMBER
        if isinstance(node, Name):
            return self._name(node, scope)
        if isinstance(node, Items):
            for item in node.items:
                self.type(item, scope)
            return LIST
        if isinstance(node, Unary):
            wanted = TRUTH if node.sign == "not" else NUMBER
            self.want(node.operand, scope, wanted, node.sign)
            return wanted
        if isinstance(node, Binary):
            return self._binary(node, scope)
        if isinstance(node, Over):
            return self._over(node, scope)
        if isinstance(node, Paths):
            _edge_kinds(node.kinds)
            self._must_be(scope, "component", node.token)
            self.want(node.body, COMPONENT, NUMBER, "paths_max")
            return NUMBER
        return self._absent(node, scope)

    def want(self, node: Node, scope: Scope, wanted: str, sign: str) -> None:
        found = self.type(node, scope)
        if found not in (wanted, OPEN):
            raise node.token.bad(f"{sign} needs {wanted} here, and this is {found}.")

    def _element(self, name: Name, scope: Scope) -> tuple[Scope, str]:
        """The element that a path ends at, and what is left of the path."""
        root, ends, rest = split(name.path)
        if root == "subject":
            scope = self._subject
        elif root == "design":
            scope = Scope("design")
        for end in ends:
            self._must_be(scope, "edge", name.token, f"“{end}” is an end of an edge")
            scope = COMPONENT
        return scope, rest

    @staticmethod
    def _must_be(scope: Scope, what: str, token: Token, why: str = "") -> None:
        if scope.what != what:
            said = why or f"{token.shown} works on {_a(what)}"
            raise token.bad(f"{said}, and this is {_a(scope.what)}.")

    def _name(self, name: Name, scope: Scope) -> str:
        root, _, rest = split(name.path)
        if root == "profile":
            return _limit(rest, name.token)
        scope, rest = self._element(name, scope)
        if rest in scope.own:
            return TEXT
        if rest in _ENDS and scope.what == "edge":
            raise name.token.bad(
                f"“{rest}” is a component.", f"Say what of it, for example {rest}.kind."
            )
        attribute = scope.attribute(rest)
        if attribute is None:
            raise self._unknown(name, rest, scope)
        if attribute.type not in _TYPES:
            raise name.token.bad(f"{name.path} cannot be read in an expression.")
        return _TYPES[attribute.type]

    @staticmethod
    def _unknown(name: Name, rest: str, scope: Scope) -> Exception:
        known = sorted({path for table in scope.tables() for path in table} | {*scope.own})
        below = [path for path in known if path.startswith(rest + ".")]
        hint = did_you_mean(rest, known)
        if below:
            hint = f"Say which: {', '.join(below)}."
        elif rest in SOURCES[scope.what]:
            hint = f"Look through it, for example any({rest}, ...)."
        elif not hint and "." not in rest:
            hint = "Put quotes around a text."
        kind = f"a {scope.kinds[0]}" if len(scope.kinds) == 1 else _a(scope.what)
        return name.token.bad(f"“{rest}” is not an attribute of {kind}.", hint)

    def _absent(self, node: Absent, scope: Scope) -> str:
        inner, rest = self._element(node.name, scope)
        if rest in inner.own or split(node.name.path)[0] == "profile":
            raise node.name.token.bad(f"{node.name.path} is never absent.")
        group = any(p.startswith(rest + ".") for table in inner.tables() for p in table)
        if not group and inner.attribute(rest) is None:
            raise self._unknown(node.name, rest, inner)
        return TRUTH

    def _binary(self, node: Binary, scope: Scope) -> str:
        if node.sign in ("and", "or"):
            self.want(node.left, scope, TRUTH, node.sign)
            self.want(node.right, scope, TRUTH, node.sign)
            return TRUTH
        left, right = self.type(node.left, scope), self.type(node.right, scope)
        if node.sign in ("in", "not in"):
            if right not in (LIST, OPEN) or left == LIST:
                message = f"{node.sign} looks for one value in a list; found {left} and {right}."
                raise node.token.bad(message)
            self._words(node.left, node.right, scope)
            return TRUTH
        if node.sign in ("+", "*", "/"):
            return self._both(node, left, right, (NUMBER,))
        if node.sign in ("|", "&"):
            return self._both(node, left, right, (LIST,))
        if node.sign == "-":
            return self._both(node, left, right, (NUMBER, LIST))
        if node.sign in ("==", "!="):
            self._both(node, left, right, (NUMBER, TEXT, TRUTH, LIST))
            self._words(node.left, node.right, scope)
            self._words(node.right, node.left, scope)
        else:
            self._both(node, left, right, (NUMBER, LIST))
        return TRUTH

    @staticmethod
    def _both(node: Binary, left: str, right: str, allowed: tuple[str, ...]) -> str:
        types = {left, right} - {OPEN}
        if len(types) > 1 or not types <= set(allowed):
            message = f"“{node.sign}” joins {left} and {right}."
            raise node.token.bad(message, f"It takes two of {' or '.join(allowed)}.")
        return types.pop() if types else OPEN

    def _words(self, name: Node, said: Node, scope: Scope) -> None:
        """A text that the attribute can never have is a slip of the pen."""
        words = self._possible(name, scope)
        texts = said.items if isinstance(said, Items) else (said,)
        for text in texts:
            if words and isinstance(text, Literal) and text.value not in words:
                hint = did_you_mean(str(text.value), words) or f"It is one of {', '.join(words)}."
                raise text.token.bad(f"{name.token.text} is never {text.token.shown}.", hint)

    def _possible(self, name: Node, scope: Scope) -> tuple[str, ...]:
        if not isinstance(name, Name) or split(name.path)[0] == "profile":
            return ()
        scope, rest = self._element(name, scope)
        if rest == "kind":
            table = {"component": scope.kinds or tuple(kinds.COMPONENT_KINDS)}
            table |= {"edge": tuple(kinds.EDGE_KINDS), "boundary": tuple(kinds.BOUNDARY_KINDS)}
            return table.get(scope.what, ())
        attribute = scope.attribute(rest)
        return attribute.words if attribute is not None and attribute.type is Type.WORD else ()

    def _over(self, node: Over, scope: Scope) -> str:
        holder, source = self._element(node.source, scope)
        found = SOURCES[holder.what].get(source)
        if found is None:
            there = ", ".join(SOURCES[holder.what])
            hint = did_you_mean(source, SOURCES[holder.what]) or f"There are {there}."
            message = f"{_a(holder.what).capitalize()} has no {node.source.token.shown}."
            raise node.source.token.bad(message, hint)
        if node.kinds and source not in WITH_KINDS:
            raise node.kinds[0].bad(f"{source} is not narrowed by kinds of edges.")
        _edge_kinds(node.kinds)
        if node.body is not None:
            wanted = NUMBER if node.function in ("sum", "max") else TRUTH
            self.want(node.body, Scope(found), wanted, node.function)
        return TRUTH if node.function in ("any", "all") else NUMBER


def _limit(name: str, token: Token) -> str:
    known = profile().limits
    if name not in known:
        raise token.bad(f"The profiles have no limit “{name}”.", did_you_mean(name, known))
    return NUMBER


def _edge_kinds(found: tuple[Token, ...]) -> None:
    for token in found:
        if token.text not in kinds.EDGE_KINDS:
            hint = did_you_mean(token.text, kinds.EDGE_KINDS)
            hint = hint or f"Kinds are {', '.join(kinds.EDGE_KINDS)}."
            raise token.bad(f"{token.shown} is not a kind of edge.", hint)


def _a(what: str) -> str:
    if what == "design":
        return "the design"
    if what == "data":
        return "a data item"
    return f"an {what}" if what[0] in "aeio" else f"a {what}"
