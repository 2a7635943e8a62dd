"""The `numbers` blocks of sections: arithmetic that the build does again.

One line is ``name = expression = value``. An expression has numbers, earlier names,
``+ - * / ( )`` and a few functions; nothing else is evaluated, and nothing can take long.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass

_LINE = re.compile(r"^\s*([a-z][a-z0-9_]*)\s*=\s*(.+?)\s*=\s*([^=]+?)\s*$")
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS = {
    "round": round,
    "floor": math.floor,
    "ceil": math.ceil,
    "min": min,
    "max": max,
}
_LONGEST = 300
_LARGEST = 1e15


class Mistake(ValueError):
    """A line that cannot be read, or whose value is not what it says."""


@dataclass(frozen=True)
class Line:
    name: str
    expression: str
    value: str


def evaluate(expression: str, names: Mapping[str, float]) -> float:
    """The value of an expression. Raises Mistake with a sentence."""
    if len(expression) > _LONGEST:
        raise Mistake(f"The expression is longer than {_LONGEST} characters.")
    try:
        tree = ast.parse(expression, mode="eval")
        value = _value(tree.body, names)
    except SyntaxError:
        raise Mistake(f"“{expression}” cannot be read as arithmetic.") from None
    except ZeroDivisionError:
        raise Mistake(f"“{expression}” divides by zero.") from None
    except (RecursionError, OverflowError, TypeError, ValueError) as error:
        if isinstance(error, Mistake):
            raise
        raise Mistake(f"“{expression}” cannot be computed.") from None
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise Mistake(f"“{expression}” is too large.")
    return value


def _value(node: ast.expr, names: Mapping[str, float]) -> float:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        if abs(node.value) > _LARGEST:
            raise Mistake("A number is too large.")
        return node.value
    if isinstance(node, ast.Name):
        if node.id not in names:
            raise Mistake(f"“{node.id}” is not a name from an earlier line.")
        return names[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, names)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left, names), _value(node.right, names))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        function = _FUNCTIONS.get(node.func.id)
        if function and 1 <= len(node.args) <= 8:
            given = [_value(arg, names) for arg in node.args]
            if function is round and len(given) == 2:
                return round(given[0], int(given[1]))
            return function(*given)
    raise Mistake(
        f"“{ast.unparse(node)}” is not allowed; use numbers, earlier names, + - * / ( ), "
        "round, floor, ceil, min and max."
    )


def agrees(computed: float, written: str) -> bool:
    """Whether `written` is the value, rounded as far as it shows decimals."""
    stated = float(written)
    decimals = len(written.partition(".")[2])
    slack = 0.5 * 10**-decimals if decimals else 0.0
    return abs(computed - stated) <= slack + 1e-9 * max(1.0, abs(stated))


def check(text: str) -> tuple[list[Line], list[tuple[int, str]]]:
    """The lines of a block, and its mistakes, each with its line in the block from 0."""
    names: dict[str, float] = {}
    lines: list[Line] = []
    mistakes: list[tuple[int, str]] = []
    for at, raw in enumerate(text.splitlines()):
        if not raw.strip() or raw.lstrip().startswith("#"):
            continue
        try:
            lines.append(_check_line(raw, names))
        except Mistake as mistake:
            mistakes.append((at, str(mistake)))
    return lines, mistakes


def _check_line(raw: str, names: dict[str, float]) -> Line:
    match = _LINE.match(raw)
    if not match:
        raise Mistake(f"“{raw.strip()}” is not “name = expression = value”.")
    name, expression, written = match.groups()
    if name in names:
        raise Mistake(f"“{name}” is defined twice.")
    computed = evaluate(expression, names)
    names[name] = computed
    try:
        if not agrees(computed, written.replace(",", "")):
            raise Mistake(f"{name}: {expression} is {computed:g}, not {written}.")
    except ValueError as error:
        if isinstance(error, Mistake):
            raise
        raise Mistake(f"{name}: “{written}” is not a number.") from None
    return Line(name, expression, written)
