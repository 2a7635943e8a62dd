"""A page's file, read: front matter, prose, and the fenced blocks that are ours.

`read` is quick and converts nothing; `prose` makes the HTML. Both collect problems.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from design import authored
from guide import numbers
from guide.contents import Opening, Questions, Section
from guide.plates import Plate
from guide.problems import Report

MARK = "\ue000"
"""Stands around the number of a block in the prose; a private-use character."""

_FENCE = re.compile(r"^(?P<tick>`{3,}|~{3,})[ \t]*(?P<word>[\w-]*)[ \t]*$")
_CAPTION = re.compile(r"^\*(?![*\s]).+[^*\s]\*$", re.S)
OURS = ("design", "numbers", "exercise", "answer")
TYPES = {
    "single": "Single choice",
    "multi": "Several answers",
    "numeric": "A number",
    "hotspot": "Find the part",
    "order": "Put in order",
    "match": "Match pairs",
    "categorise": "Sort into groups",
    "table": "Fill a table",
    "essay": "Short essay",
    "incident": "Incident",
    "repair": "Design repair",
}
WORDS_A_MINUTE = 230


@dataclass(frozen=True)
class Source:
    id: str
    title: str
    by: str
    dated: str
    checked: str
    url: str


@dataclass(frozen=True)
class Exercise:
    """What the page shows of an inline question: no keys, no reasons. `raw` is its text."""

    id: str
    type: str
    title: str
    prompt: str
    options: tuple[tuple[str, str], ...]
    minutes: int
    has_parameters: bool
    line: int
    raw: str = field(repr=False, default="")

    @property
    def kind(self) -> str:
        return TYPES.get(self.type, self.type)

    @property
    def inline(self) -> bool:
        """Whether it can be answered on the page of its section."""
        return self.type in ("single", "multi") or (
            self.type == "numeric" and not self.has_parameters
        )


@dataclass(frozen=True)
class Sum:
    """A `numbers` block that has been recomputed."""

    lines: tuple[numbers.Line, ...]


@dataclass(frozen=True)
class Answer:
    """The model answer to a review question. `body` is Markdown like that of the page, and its
    marks count the same blocks."""

    body: str
    line: int


Block = Plate | Exercise | Sum | Answer


@dataclass
class Page:
    """A page as read. `blocks` are in order of the text; `body` is Markdown in which block
    n stands as MARK n MARK in a paragraph of its own."""

    section: Section
    front: dict[str, Any]
    body: str
    blocks: tuple[Block, ...]
    report: Report
    text: str

    @property
    def plates(self) -> tuple[Plate, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Plate))

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Exercise))

    @property
    def answers(self) -> tuple[Answer, ...]:
        return tuple(b for b in self.blocks if isinstance(b, Answer))

    @property
    def sources(self) -> tuple[Source, ...]:
        entries = self.front.get("sources") or []
        keys = ("id", "title", "by", "dated", "checked", "url")
        return tuple(
            Source(*(str(e.get(key, "")) for key in keys)) for e in entries if isinstance(e, dict)
        )

    @property
    def checked(self) -> dt.date | None:
        value = self.front.get("checked")
        return value if isinstance(value, dt.date) else None

    @property
    def words(self) -> int:
        """Words outside plates and number blocks, as writers count them."""
        answers = (a.body for a in self.answers)
        text = " ".join([self.body, *answers, *(e.raw for e in self.exercises)])
        return len(re.findall(r"\w[\w’'-]*", text))

    @property
    def minutes(self) -> int:
        return max(1, round(self.words / WORDS_A_MINUTE))

    def named(self, key: str) -> list[str]:
        """A list of names in the front matter; empty when it is not one."""
        value = self.front.get(key)
        return [str(v) for v in value] if isinstance(value, list) else []


def read(section: Section, path: Path | None = None) -> Page:
    path = path or section.path
    text = path.read_text(encoding="utf-8")
    report = Report(path, text)
    if MARK in text:
        report.at(MARK, "The character U+E000 is not allowed.")
        text = text.replace(MARK, " ")
    front, start = _front(text, report, isinstance(section, Opening | Questions))
    reader = _Reader(section, report)
    body = reader.split(text.splitlines(), start)
    return Page(section, front, body, tuple(reader.blocks), report, text)


def _front(text: str, report: Report, optional: bool) -> tuple[dict[str, Any], int]:
    """The front matter, and the index of the first line behind it."""
    match = re.match(r"---\n(.*?\n)---\n", text, re.S)
    if not match and optional:
        return {}, 0
    if not match:
        report.error(1, "The file does not begin with front matter between --- lines.")
        return {}, 0
    end = match[0].count("\n")
    try:
        front = authored.values(match[1])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        report.error((mark.line if mark else 0) + 2, "The front matter is not readable as YAML.")
        return {}, end
    if not isinstance(front, dict):
        report.error(2, "The front matter is not a mapping.")
        return {}, end
    return front, end


class _Reader:
    """Takes our fenced blocks out of the prose of one file."""

    def __init__(self, section: Section, report: Report) -> None:
        self.section, self.report = section, report
        self.blocks: list[Block] = []
        self.plates = 0

    def split(self, lines: list[str], start: int, end: int | None = None) -> str:
        """The prose of lines[start:end] with marks in place of the blocks."""
        lines = lines[:end]
        prose: list[str] = []
        at = start
        while at < len(lines):
            fence = _FENCE.match(lines[at])
            if not fence:
                prose.append(lines[at])
                at += 1
                continue
            close = _closing(lines, at, fence["tick"])
            if close is None:
                self.report.error(at + 1, "This fence is never closed.")
                close = len(lines)
            if fence["word"] not in OURS:
                prose += lines[at : close + 1]
                at = close + 1
                continue
            block, at = self._block(fence["word"], lines, at + 1, close)
            if block is not None:
                self.blocks.append(block)
                prose += ["", f"{MARK}{len(self.blocks) - 1}{MARK}", ""]
        return "\n".join(prose)

    def _block(self, word: str, lines: list[str], first: int, end: int) -> tuple[Block | None, int]:
        """The block in lines[first:end], and the index of the line behind it."""
        inside = "\n".join(lines[first:end]) + "\n"
        if word == "design":
            caption, after = _caption(lines, end + 1, first + 1, self.report)
            return self._plate(inside, caption, first + 1), after
        if word == "answer":
            return self._answer(lines, first, end), end + 1
        make = _sum if word == "numbers" else _exercise
        return make(inside, first + 1, self.report), end + 1

    def _plate(self, text: str, caption: str, line: int) -> Plate:
        number = f"{self.section.label}{chr(ord('a') + self.plates)}"
        self.plates += 1
        url = f"{self.section.url}#plate-{number.replace('.', '-')}"
        return Plate(number, text, caption, line, url, self.section.title)

    def _answer(self, lines: list[str], first: int, end: int) -> Answer | None:
        if not isinstance(self.section, Questions):
            self.report.error(first, "An answer belongs to a question of 9-questions.md.")
            return None
        return Answer(self.split(lines, first, end), first + 1)


def _closing(lines: list[str], opening: int, tick: str) -> int | None:
    for at in range(opening + 1, len(lines)):
        stripped = lines[at].rstrip()
        if stripped.startswith(tick) and set(stripped) == {tick[0]}:
            return at
    return None


def _caption(lines: list[str], at: int, first: int, report: Report) -> tuple[str, int]:
    """The italic paragraph right behind a plate, and the line behind it."""
    begin = at
    while begin < len(lines) and not lines[begin].strip():
        begin += 1
    end = begin
    while end < len(lines) and lines[end].strip():
        end += 1
    paragraph = " ".join(line.strip() for line in lines[begin:end])
    if not _CAPTION.match(paragraph):
        report.error(first, "A plate needs a caption: one paragraph in *italics* right behind it.")
        return "", at
    return paragraph[1:-1], end


def _sum(text: str, first: int, report: Report) -> Sum:
    lines, mistakes = numbers.check(text)
    for at, message in mistakes:
        report.error(first + at, message)
    return Sum(tuple(lines))


def _exercise(text: str, first: int, report: Report) -> Exercise | None:
    """The part of a question that its section shows. Its proofs belong to the practice area."""
    try:
        raw = authored.values(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        report.error(first + (mark.line if mark else 0), "The exercise is not readable as YAML.")
        return None
    missing = [
        k for k in ("id", "type", "title", "prompt") if not isinstance(raw, dict) or not raw.get(k)
    ]
    if missing:
        report.error(first, f"The exercise lacks {', '.join(missing)}.")
        return None
    if raw["type"] not in TYPES:
        report.error(
            first, f"Unknown type of exercise “{raw['type']}”.", f"One of {', '.join(TYPES)}."
        )
    entries = raw.get("options") or []
    options = tuple(
        (str(o["id"]), str(o["text"]))
        for o in (entries if isinstance(entries, list) else [])
        if isinstance(o, dict) and o.get("id") and o.get("text")
    )
    if raw["type"] in ("single", "multi") and len(options) < 3:
        report.error(first, "The exercise needs at least three options with id and text.")
    minutes = raw.get("minutes", 2)
    return Exercise(
        id=str(raw["id"]),
        type=str(raw["type"]),
        title=str(raw["title"]),
        prompt=str(raw["prompt"]),
        options=options,
        minutes=minutes if isinstance(minutes, int) else 2,
        has_parameters="params" in raw,
        line=first,
        raw=text,
    )


def public_markdown(page: Page) -> str:
    """The file as readers may have it: without the keys of its exercises, and with the model
    answers to its review questions under a heading of their own."""

    def question(match: re.Match[str]) -> str:
        exercise = _exercise(match["text"], 1, Report(Path()))
        if exercise is None:
            return ""
        options = "\n".join(f"- {text}" for _, text in exercise.options)
        head = f"**{exercise.title}.** {exercise.prompt.strip()}"
        return f"{head}\n\n{options}\n\nAnswer it: /practice/{exercise.id}/\n"

    fence = r"^(?P<tick>`{3,})exercise[ \t]*\n(?P<text>.*?)^(?P=tick)[ \t]*$"
    text = re.sub(fence, question, page.text, flags=re.M | re.S)
    fence = fence.replace("exercise", "answer")
    return re.sub(fence, r"### A model answer\n\n\g<text>", text, flags=re.M | re.S)
