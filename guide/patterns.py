"""Pattern accounts: content/patterns/<slug>.yaml, and what the matrix asks of them.

A file has: slug, number, title, family, summary, problem, axes {trigger, waits, latency, state,
failure, effort, cost}, marks (one word for each of NEEDS), account {habitat, range, look_alikes,
hazards, watch, cost}, rules, sections, exercises, neighbours, caption, subject, shape. `shape`
is a design. Copy queue-load-levelling.yaml, which shows all of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from design import authored
from design.rules import RULES, Verdict
from guide.plates import Plate, check_plate
from guide.problems import Problem, Report

FAMILIES = {
    "messaging": "Messaging",
    "workflow": "Workflow",
    "data": "Data and state",
    "edge": "APIs and edge",
    "resilience": "Resilience",
    "operations": "Operations",
}
# axis -> (title, {word: what the page shows}); the first four are the leading questions.
AXES: dict[str, tuple[str, dict[str, str]]] = {
    "trigger": (
        "What starts the work?",
        {
            "request": "a request",
            "message": "a message",
            "event": "an event",
            "change": "a change in a store",
            "schedule": "a clock",
            "file": "a file",
            "workflow": "a workflow step",
        },
    ),
    "waits": (
        "Who waits for the answer?",
        {"caller": "the caller", "receipt": "nobody, there is a receipt", "nobody": "nobody"},
    ),
    "state": (
        "Where does work in hand live?",
        {
            "none": "nowhere",
            "queue": "in a queue",
            "store": "in a store",
            "workflow": "in a workflow",
            "cache": "in a cache",
            "files": "in files",
        },
    ),
    "failure": (
        "Which failure matters most?",
        {
            "lost_work": "lost work",
            "repeated_effect": "a repeated effect",
            "overload": "overload",
            "stuck_work": "stuck work",
            "stale_data": "stale data",
            "half_done": "half-done work",
            "wrong_order": "wrong order",
        },
    ),
    "latency": (
        "Done within",
        {
            "milliseconds": "milliseconds",
            "seconds": "seconds",
            "minutes": "minutes",
            "hours": "hours",
        },
    ),
    "cost": (
        "Paid by",
        {
            "per_request": "request",
            "per_message": "message",
            "per_step": "step",
            "per_byte": "byte",
            "per_hour": "hour",
        },
    ),
}
LEADING = ("trigger", "waits", "state", "failure")
NEEDS = {
    "spiky": ("Spiky load", "5 × in minutes"),
    "fast_answer": ("Answer < 1 s", "p99"),
    "order": ("Order matters", "per key"),
    "no_loss": ("No loss", "at least once"),
    "once_only": ("Once only", "one effect"),
    "long_work": ("Long work", "> 15 min"),
    "large_bodies": ("Large bodies", "> 256 KB"),
    "idle_free": ("Idle is free", "no load, no bill"),
}
MARKS = {
    "made": (4, "made for it"),
    "fits": (3, "fits"),
    "possible": (2, "possible"),
    "care": (1, "with care"),
    "avoid": (0, "avoid"),
    "none": (-1, "no bearing"),
}
_TEXTS = ("title", "summary", "problem", "caption", "shape")
_ACCOUNT = ("habitat", "range", "look_alikes", "hazards", "watch", "cost")
_LISTS = ("rules", "sections", "exercises", "neighbours")
_FIELDS = {*_TEXTS, *_LISTS, "slug", "number", "family", "axes", "marks", "account", "subject"}


@dataclass(frozen=True)
class Pattern:
    slug: str
    number: int
    title: str
    family: str
    summary: str
    problem: str
    caption: str
    shape: str
    axes: Mapping[str, Any]
    marks: Mapping[str, str]
    account: Mapping[str, Any]
    rules: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    subject: str = ""
    line: int = 1
    report: Report = field(default_factory=lambda: Report(Path()), compare=False, repr=False)

    @property
    def label(self) -> str:
        return f"P{self.number:02}"

    @property
    def url(self) -> str:
        return f"/patterns/{self.slug}/"

    @property
    def family_title(self) -> str:
        return FAMILIES[self.family]

    @property
    def effort(self) -> int:
        return self.axes["effort"]

    def says(self, axis: str) -> str:
        """What the page shows for an axis."""
        return AXES[axis][1][self.axes[axis]]

    @cached_property
    def plate(self) -> Plate:
        return Plate(
            self.label,
            self.shape,
            self.caption,
            self.line,
            home=self.url,
            home_title=self.title,
            subject=self.subject,
        )


def load(folder: Path) -> tuple[dict[str, Pattern], list[Problem]]:
    """All accounts by slug, in order of their numbers, and what is wrong with the files.
    A file with a mistake in its structure is left out."""
    found: dict[str, Pattern] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        pattern, report = read(path)
        if pattern:
            twin = next((p for p in found.values() if p.number == pattern.number), None)
            if twin:
                report.error(1, f"Number {pattern.number} belongs to {twin.slug}.")
            else:
                found[pattern.slug] = pattern
        problems += report.found
    return dict(sorted(found.items(), key=lambda item: item[1].number)), problems


def read(path: Path) -> tuple[Pattern | None, Report]:
    """One account. Its structure is checked here, its plate and references by `check`."""
    text = path.read_text(encoding="utf-8")
    report = Report(path, text)
    try:
        raw = authored.values(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        report.error(mark.line + 1 if mark else 1, "The file is not readable as YAML.", str(error))
        return None, report
    if not isinstance(raw, dict):
        report.error(1, "The file is not a mapping.")
        return None, report
    _structure(raw, path.stem, report)
    if report.found:
        return None, report
    line = text[: text.find("\nshape:") + 1].count("\n") + 2
    lists = {key: tuple(raw.get(key) or ()) for key in _LISTS}
    rest = {k: v for k, v in raw.items() if k not in _LISTS}
    return Pattern(**rest, **lists, line=line, report=report), report


def _structure(raw: dict[str, Any], stem: str, report: Report) -> None:
    for key in sorted(set(raw) - _FIELDS):
        report.at(f"{key}:", f"Unknown field “{key}”.")
    for key in (k for k in _TEXTS if not isinstance(raw.get(k), str) or not raw[k].strip()):
        report.at(f"{key}:", f"“{key}” has to be a text.")
    if raw.get("slug") != stem:
        report.at("slug:", f"The slug has to be the file's name, “{stem}”.")
    if not isinstance(raw.get("number"), int) or not 1 <= raw["number"] <= 99:
        report.at("number:", "“number” has to be a whole number from 1 to 99.")
    if raw.get("family") not in FAMILIES:
        report.at("family:", f"“family” has to be one of {', '.join(FAMILIES)}.")
    for key in _LISTS:
        value = raw.get(key) or []
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            report.at(f"{key}:", f"“{key}” has to be a list of texts.")
    _words(raw.get("axes"), "axes", {k: tuple(v[1]) for k, v in AXES.items()}, report)
    axes = raw.get("axes")
    if isinstance(axes, dict) and axes.get("effort") not in range(1, 6):
        report.at("effort", "axes.effort has to be a number from 1 to 5.")
    _words(raw.get("marks"), "marks", dict.fromkeys(NEEDS, tuple(MARKS)), report)
    _account(raw.get("account"), report)


def _words(value: Any, name: str, allowed: Mapping[str, tuple[str, ...]], report: Report) -> None:
    if not isinstance(value, dict):
        report.at(f"{name}:", f"“{name}” has to be a mapping.")
        return
    for key in sorted(set(value) - set(allowed) - {"effort"}):
        report.at(f"{key}:", f"{name}.{key} is unknown.", f"Known: {', '.join(allowed)}.")
    for key, words in allowed.items():
        if value.get(key) not in words:
            report.at(f"{name}:", f"{name}.{key} has to be one of {', '.join(words)}.")


def _account(value: Any, report: Report) -> None:
    if not isinstance(value, dict) or set(value) != set(_ACCOUNT):
        report.at("account:", f"“account” has to hold {', '.join(_ACCOUNT)}.")
        return
    for key in ("habitat", "watch", "cost"):
        if not isinstance(value[key], str):
            report.at(f"  {key}:", f"account.{key} has to be a text.")
    for key, needed, more in (
        ("range", {"what", "value", "source", "dated"}, {"url"}),
        ("look_alikes", {"difference"}, {"name", "pattern"}),
        ("hazards", {"name", "text"}, {"rule"}),
    ):
        entries = value[key]
        if not isinstance(entries, list) or len(entries) < 2:
            report.at(f"  {key}:", f"account.{key} has to be a list of at least two entries.")
            continue
        for entry in entries:
            if not isinstance(entry, dict) or not needed <= set(entry):
                report.at(f"  {key}:", f"Each entry of account.{key} needs {', '.join(needed)}.")
            elif key == "look_alikes" and not ("pattern" in entry or "name" in entry):
                report.at(f"  {key}:", "A look-alike needs “pattern” (a slug) or “name”.")
            elif strange := sorted(map(str, set(entry) - needed - more)):
                said = f"An entry of account.{key} has a key “{strange[0]}”."
                report.at(f"  {key}:", f"{said} A text with a comma stands in quotes.")


def check(pattern: Pattern) -> None:
    """Adds the problems of the plate and of the rules to the pattern's report."""
    report = pattern.report
    check_plate(pattern.plate, report)
    if pattern.subject and pattern.plate.design and not pattern.plate.design.find(pattern.subject):
        report.at("subject:", f"There is no component “{pattern.subject}”.")
    named = {*pattern.rules, *(h["rule"] for h in pattern.account["hazards"] if h.get("rule"))}
    for rule in sorted(named):
        if rule not in RULES:
            report.at(rule, f"There is no rule {rule}.")
    for rule, verdicts in sorted(pattern.plate.verdicts.items()):
        if Verdict.FAIL not in verdicts:
            continue
        if rule in pattern.rules:
            report.error(pattern.line, f"{rule} checks this pattern and fails on its shape.")
        else:
            report.warn(pattern.line, f"{rule} fails on the shape: {RULES[rule].title}.")
    if (words := len(re.findall(r"\S+", pattern.summary))) > 30:
        report.at("summary:", f"The summary has {words} words, 30 at most.")
