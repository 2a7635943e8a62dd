"""What is wrong with a file of content, and where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "guide" / "content"


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake. `path` is relative to the project, `line` counts from 1."""

    path: str
    line: int
    message: str
    hint: str = ""
    is_error: bool = True

    def __str__(self) -> str:
        kind = "" if self.is_error else "warning: "
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.path}:{self.line}: {kind}{self.message}{hint}"


class Report:
    """Collects the problems of one file, so that a writer sees all of them at once."""

    def __init__(self, path: Path, text: str = "") -> None:
        self.path = relative(path)
        self.text = text
        self.found: list[Problem] = []

    def error(self, line: int, message: str, hint: str = "") -> None:
        self.found.append(Problem(self.path, line, message, hint))

    def warn(self, line: int, message: str, hint: str = "") -> None:
        self.found.append(Problem(self.path, line, message, hint, is_error=False))

    def at(self, snippet: str, message: str, hint: str = "") -> None:
        """An error at the first line that holds `snippet`, for checks that see no lines."""
        self.error(self.line_of(snippet), message, hint)

    def line_of(self, snippet: str) -> int:
        where = self.text.find(snippet)
        return self.text.count("\n", 0, where) + 1 if where >= 0 else 1


def relative(path: Path) -> str:
    path = path.resolve()
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
