"""A section's file, read: front matter, prose, and the fenced blocks that are ours.

`read` is quick and converts nothing; `prose` makes the HTML. Both collect problems.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from guide import numbers
from guide.contents import Section
from guide.plates import Plate
from guide.problems import Report

MARK = "\ue000"
"""Stands around the number of a block in the prose; a private-use character."""

_FENCE = re.compile(r"^(?P<tick>`{3,}|~{3,})[ \t]*(?P<word>[\w-]*)[ \t]*$")
_CAPTION = re.compile(r"^\*(?![*\s]).+[^*\s]\*$", re.S)
OURS = ("design", "numbers", "exercise")
TYPES = {
    "single": "Single choice",
    "multi": "Several answers",
    "numeric": "A number",
    "hotspot": "Find the part",
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


Block = Plate | Exercise | Sum


@dataclass
class Page:
    """A section as read. `blocks` are in order of the text; `body` is Markdown in which block
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
        text = " ".join([self.body, *(e.raw for e in self.exercises)])
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
    front, start = _front(text, report)
    body, blocks = _split(text.splitlines(), start, section, report)
    return Page(section, front, body, tuple(blocks), report, text)


def _front(text: str, report: Report) -> tuple[dict[str, Any], int]:
    """The front matter, and the index of the first line behind it."""
    match = re.match(r"---\n(.*?\n)---\n", text, re.S)
    if not match:
        report.error(1, "The file does not begin with front matter between --- lines.")
        return {}, 0
    end = match[0].count("\n")
    try:
        front = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        report.error((mark.line if mark else 0) + 2, "The front matter is not readable as YAML.")
        return {}, end
    if not isinstance(front, dict):
        report.error(2, "The front matter is not a mapping.")
        return {}, end
    return front, end


def _split(
    lines: list[str], start: int, section: Section, report: Report
) -> tuple[str, list[Block]]:
    """Takes our fenced blocks out of the prose."""
    prose: list[str] = []
    blocks: list[Block] = []
    plates = 0
    at = start
    while at < len(lines):
        fence = _FENCE.match(lines[at])
        if not fence:
            prose.append(lines[at])
            at += 1
            continue
        end = _closing(lines, at, fence["tick"])
        if end is None:
            report.error(at + 1, "This fence is never closed.")
            end = len(lines)
        inside, first = "\n".join(lines[at + 1 : end]) + "\n", at + 2
        if fence["word"] not in OURS:
            prose += lines[at : end + 1]
            at = end + 1
            continue
        at = end + 1
        if fence["word"] == "design":
            caption, at = _caption(lines, at, first, report)
            number = f"{section.label}{chr(ord('a') + plates)}"
            plates += 1
            url = f"{section.url}#plate-{number.replace('.', '-')}"
            blocks.append(Plate(number, inside, caption, first, url, section.title))
        else:
            block = (_sum if fence["word"] == "numbers" else _exercise)(inside, first, report)
            if block is None:
                continue
            blocks.append(block)
        prose += ["", f"{MARK}{len(blocks) - 1}{MARK}", ""]
    return "\n".join(prose), blocks


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
        raw = yaml.safe_load(text)
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
    """The file as readers may have it: without the keys of its questions."""

    def question(match: re.Match[str]) -> str:
        exercise = _exercise(match["text"], 1, Report(Path()))
        if exercise is None:
            return ""
        options = "\n".join(f"- {text}" for _, text in exercise.options)
        head = f"**{exercise.title}.** {exercise.prompt.strip()}"
        return f"{head}\n\n{options}\n\nAnswer it: /practice/{exercise.id}/\n"

    fence = r"^(?P<tick>`{3,})exercise[ \t]*\n(?P<text>.*?)^(?P=tick)[ \t]*$"
    return re.sub(fence, question, page.text, flags=re.M | re.S)
