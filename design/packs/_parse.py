"""Tokens to a tree, by precedence climbing.

a or b · a and b · not a
== != < <= > >= in, not in            one to an expression; join two with and
+ - | (union)   * / & (intersection)   - also takes one list from another
any all count sum max (source, expression) · paths_max(kind, expression)
absent(path)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ..document import did_you_mean
from ._tokens import BadExpression, Token, tokens

MAX_DEPTH: Final = 32
COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "not in"})
FUNCTIONS: Final = ("any", "all", "count", "sum", "max", "paths_max", "absent")
_LEVEL: Final = {
    "or": 1, "and": 2, **dict.fromkeys(COMPARISONS, 4), "+": 5, "-": 5, "|": 5,
    "*": 6, "/": 6, "&": 6,
}  # fmt: skip
_NOT: Final = 3
_MINUS: Final = 7


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text or truth value."""

    value: Any
    token: Token


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted path, such as ``timeout_s`` or ``to.kind``."""

    path: str
    token: Token


@dataclass(frozen=True, slots=True)
class Items:
    """A list in brackets."""

    items: tuple[Node, ...]
    token: Token


@dataclass(frozen=True, slots=True)
class Unary:
    """``not`` or ``-``."""

    sign: str
    operand: Node
    token: Token


@dataclass(frozen=True, slots=True)
class Binary:
    sign: str
    left: Node
    right: Node
    token: Token


@dataclass(frozen=True, slots=True)
class Over:
    """``any``, ``all``, ``count``, ``sum`` or ``max`` of what a source holds."""

    function: str
    source: Name
    kinds: tuple[Token, ...]
    body: Node | None
    token: Token


@dataclass(frozen=True, slots=True)
class Paths:
    """The largest sum along any path over edges of these kinds."""

    kinds: tuple[Token, ...]
    body: Node
    token: Token


@dataclass(frozen=True, slots=True)
class Absent:
    """Whether the text says nothing at all about an attribute."""

    name: Name
    token: Token


Node = Literal | Name | Items | Unary | Binary | Over | Paths | Absent


def parse(text: str) -> Node:
    """The tree of an expression. Raises BadExpression with the place and a remedy."""
    reader = _Reader(tokens(text))
    node = reader.expression(0)
    if reader.here.kind != "end":
        raise reader.unexpected("the end, or an operator")
    return node


class _Reader:
    def __init__(self, read: list[Token]) -> None:
        self._tokens = read
        self._at = 0
        self._depth = 0

    @property
    def here(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self.here
        self._at += token.kind != "end"
        return token

    def _is(self, text: str) -> bool:
        return self.here.text == text and self.here.kind in ("sign", "word", "name")

    def _expect(self, sign: str, why: str) -> Token:
        if not self._is(sign):
            raise self.unexpected(f"“{sign}” {why}")
        return self._take()

    def unexpected(self, wanted: str) -> BadExpression:
        hint = ""
        if self.here.text in COMPARISONS:
            hint = "Two comparisons are joined with and: a < b and b < c."
        elif self.here.kind in ("name", "text", "number"):
            hint = "An operator is missing in front of it."
        return self.here.bad(f"Found {self.here.shown}; expected {wanted}.", hint)

    def expression(self, least: int) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.here.bad(f"The expression is nested more than {MAX_DEPTH} levels deep.")
        left = self._prefix()
        compared = False
        while (level := _LEVEL.get(sign := self._operator(), 0)) and level >= least:
            if compared and sign in COMPARISONS:
                raise self.unexpected("and, or, or the end")
            compared = sign in COMPARISONS
            token = self._take()
            if sign == "not in":
                self._take()
            left = Binary(sign, left, self.expression(level + 1), token)
        self._depth -= 1
        return left

    def _operator(self) -> str:
        if self.here.kind not in ("sign", "word"):
            return ""
        if self.here.text == "not":
            return "not in" if self._tokens[self._at + 1].text == "in" else ""
        return self.here.text

    def _prefix(self) -> Node:
        token = self.here
        if self._is("not"):
            return Unary("not", self._after(_NOT), token)
        if self._is("-"):
            return Unary("-", self._after(_MINUS), token)
        if self._is("("):
            self._take()
            inner = self.expression(0)
            self._expect(")", "to close the bracket")
            return inner
        if self._is("["):
            return self._items()
        if token.kind == "name":
            return self._name()
        return self._literal()

    def _after(self, level: int) -> Node:
        self._take()
        return self.expression(level)

    def _literal(self) -> Node:
        token = self._take()
        if token.kind == "number":
            number = float(token.text)
            return Literal(int(number) if number.is_integer() else number, token)
        if token.kind == "text":
            return Literal(token.text[1:-1], token)
        if token.kind == "word" and token.text in ("true", "false"):
            return Literal(token.text == "true", token)
        message = f"Found {token.shown}; expected a value, an attribute or a bracket."
        raise token.bad(message)

    def _items(self) -> Node:
        token = self._take()
        found: list[Node] = []
        while not self._is("]"):
            found.append(self.expression(0))
            if not self._is("]"):
                self._expect(",", "or “]”")
        self._take()
        return Items(tuple(found), token)

    def _name(self) -> Node:
        token = self._take()
        if not self._is("("):
            return Name(token.text, token)
        if token.text not in FUNCTIONS:
            hint = did_you_mean(token.text, FUNCTIONS) or f"There are {', '.join(FUNCTIONS)}."
            raise token.bad(f"There is no function {token.shown}.", hint)
        self._take()
        node = self._call(token)
        self._expect(")", f"to close {token.text}")
        return node

    def _call(self, token: Token) -> Node:
        if token.text == "absent":
            return Absent(self._plain("an attribute"), token)
        if token.text == "paths_max":
            kinds = self._kinds() if self._is("[") else (self._plain("a kind of edge").token,)
            self._expect(",", "and what to add up")
            return Paths(kinds, self.expression(0), token)
        source = self._plain("a source such as out_edges")
        kinds = self._kinds() if self._is("(") else ()
        if self._is(","):
            self._take()
            return Over(token.text, source, kinds, self.expression(0), token)
        if token.text != "count":
            raise self.unexpected(f"“,” and what {token.text} looks at")
        return Over(token.text, source, kinds, None, token)

    def _plain(self, what: str) -> Name:
        if self.here.kind != "name":
            raise self.here.bad(f"Found {self.here.shown}; expected {what}.")
        token = self._take()
        return Name(token.text, token)

    def _kinds(self) -> tuple[Token, ...]:
        close = {"(": ")", "[": "]"}[self._take().text]
        found = [self._plain("a kind of edge").token]
        while self._is(","):
            self._take()
            found.append(self._plain("a kind of edge").token)
        self._expect(close, "behind the kinds")
        return tuple(found)
