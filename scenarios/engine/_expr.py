"""Arithmetic in exercises: a safe subset of expressions, numbers in and out of text."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

MAX_LENGTH: Final = 300
MAX_NODES: Final = 120

_BINARY: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
}
_FUNCTIONS: Final[dict[str, tuple[Callable[..., float], int, int]]] = {
    "min": (min, 2, 9),
    "max": (max, 2, 9),
    "ceil": (math.ceil, 1, 1),
    "floor": (math.floor, 1, 1),
    "round": (lambda x, n=0: round(x, int(n)), 1, 2),
    "log": (math.log, 1, 2),
    "sqrt": (math.sqrt, 1, 1),
}
_PLACE: Final = re.compile(r"\{\{\s*(.+?)\s*\}\}")
_PRINTED: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?")


class Unsafe(ValueError):
    """The expression uses something outside the safe set, or an unknown name."""


class Undefined(ArithmeticError):
    """The expression has no finite value: a division by zero, an overflow."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression. `names` are those it needs."""

    text: str
    tree: ast.expr
    names: frozenset[str]

    def value(self, names: Mapping[str, float]) -> float:
        """Raises Undefined."""
        try:
            result = float(_evaluate(self.tree, names))
        except (ArithmeticError, ValueError) as error:
            raise Undefined(f"“{self.text}” has no value: {error}.") from None
        if not math.isfinite(result):
            raise Undefined(f"“{self.text}” is not finite.")
        return result


def expression(text: str) -> Expression:
    """Raises Unsafe, with a sentence."""
    if len(text) > MAX_LENGTH:
        raise Unsafe(f"An expression has at most {MAX_LENGTH} characters.")
    try:
        parsed = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unsafe(f"“{text[:60]}” is not an expression.") from None
    nodes = list(ast.walk(parsed))
    if len(nodes) > MAX_NODES:
        raise Unsafe(f"“{text[:60]}” is too long.")
    called = {id(n.func) for n in nodes if isinstance(n, ast.Call)}
    names = set()
    for node in nodes:
        _allow(node, called)
        if isinstance(node, ast.Name) and id(node) not in called:
            names.add(node.id)
    return Expression(text, parsed, frozenset(names))


def _allow(node: ast.AST, called: set[int]) -> None:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.func.id not in _FUNCTIONS or node.keywords:
            raise Unsafe(f"Only {', '.join(sorted(_FUNCTIONS))} can be called.")
        _, low, high = _FUNCTIONS[node.func.id]
        if not low <= len(node.args) <= high:
            raise Unsafe(f"“{node.func.id}” takes {low} to {high} values.")
        return
    if isinstance(node, ast.Name) and (id(node) in called or node.id not in _FUNCTIONS):
        return
    if isinstance(node, ast.operator | ast.unaryop | ast.expr_context):
        return
    raise Unsafe("Only numbers, names, + - * / ** and brackets may be used.")


def _evaluate(node: ast.expr, names: Mapping[str, float]) -> float:
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.Name):
        return names[node.id]
    if isinstance(node, ast.UnaryOp):
        value = _evaluate(node.operand, names)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        act = _BINARY[type(node.op)]
        return act(_evaluate(node.left, names), _evaluate(node.right, names))
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    function = _FUNCTIONS[node.func.id][0]
    arguments: list[Any] = [_evaluate(a, names) for a in node.args]
    return float(function(*arguments))


def places(text: str) -> list[str]:
    """The expressions that stand in a text as ``{{ ... }}``."""
    return _PLACE.findall(text)


def fill(text: str, names: Mapping[str, float]) -> str:
    """The text with each ``{{ expression }}`` as a number. Raises Unsafe and Undefined."""
    return _PLACE.sub(lambda m: show(expression(m.group(1)).value(names)), text)


def show(value: float) -> str:
    """A number for reading: 1,200 and 0.25 and 12.3457."""
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    text = f"{value:,.6f}" if abs(value) >= 1 else f"{value:.6g}"
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def printed(text: str) -> tuple[float, ...]:
    """Every number that a text shows."""
    return tuple(float(found.replace(",", "")) for found in _PRINTED.findall(text))


def read_number(typed: str, unit: str = "") -> float | None:
    """What a person means by a number, None when it is none.

    Comma and point are both understood: where both stand, the last is the
    decimal mark; a lone comma before exactly three digits groups thousands.
    """
    text = typed.strip().lower().removesuffix(unit.lower()).strip().rstrip("%$€£").lstrip("$€£")
    text = re.sub(r"(?<=\d)[\s_'\u2019\u00a0\u202f](?=\d)", "", text.strip()).replace("\u2212", "-")
    if len(text) > 40:
        return None
    if "," in text and "." in text:
        if text.rfind(",") > text.rfind("."):
            text = text.replace(".", "").replace(",", ".")
    elif text.count(".") > 1:
        text = text.replace(".", ",")
    if _GROUPED.fullmatch(text) and not text.lstrip("+-").startswith("0"):
        text = text.replace(",", "")
    elif text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not _PLAIN.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None
