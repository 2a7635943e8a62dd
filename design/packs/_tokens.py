"""An expression's text to tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_LENGTH: Final = 2_000
_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<text>"[^"\n]*"|'[^'\n]*')
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    |(?P<sign>==|!=|<=|>=|[<>()\[\],|&*/+-])""",
    re.VERBOSE,
)
_MEANT: Final = {
    "=": "Write == to compare.",
    "!": "Write not.",
    "~": "Write not.",
    ";": "One expression is one condition; join two with and.",
    "{": "Lists stand in [brackets].",
    "%": "There is no such operator.",
    ".": "A path is written without spaces, such as duration_ms.p99.",
}
WORDS: Final = frozenset({"and", "or", "not", "in", "true", "false"})


class BadExpression(ValueError):
    """An expression that cannot be read: where (from 1), what, and the remedy."""

    def __init__(self, line: int, column: int, message: str, hint: str = "") -> None:
        super().__init__(f"line {line}, column {column}: {message} {hint}".rstrip())
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, text, name, word, sign or end. Lines and columns count
    from 1 within the expression."""

    kind: str
    text: str
    line: int
    column: int

    def bad(self, message: str, hint: str = "") -> BadExpression:
        return BadExpression(self.line, self.column, message, hint)

    @property
    def shown(self) -> str:
        return "the end" if self.kind == "end" else f"“{self.text[:40]}”"


def tokens(text: str) -> list[Token]:
    """The tokens of an expression, the last of them its end. Raises BadExpression."""
    if len(text) > MAX_LENGTH:
        message = f"The expression has {len(text):,} characters; at most {MAX_LENGTH:,} are read."
        raise BadExpression(1, 1, message)
    found: list[Token] = []
    at, line, begin = 0, 1, 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unread(text, at, line, at - begin + 1)
        kind, word = str(match.lastgroup), match.group()
        if kind == "space":
            if "\n" in word:
                line += word.count("\n")
                begin = at + word.rindex("\n") + 1
        else:
            kind = "word" if kind == "name" and word in WORDS else kind
            found.append(Token(kind, word, line, at - begin + 1))
        at = match.end()
    found.append(Token("end", "", line, at - begin + 1))
    return found


def _unread(text: str, at: int, line: int, column: int) -> BadExpression:
    character = text[at]
    if character in "\"'":
        return BadExpression(line, column, "The text that begins here has no closing quote.")
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return BadExpression(line, column, f"“{shown}” means nothing here.", _MEANT.get(character, ""))
