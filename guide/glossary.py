"""The glossary: terms from content/glossary.yaml.

A list of {id, term, aliases: [], group, section, definition, why, trap, related: [ids]}.
`definition` has at most 45 words of plain text, because it is also the popover.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from design import authored
from guide.problems import CONTENT, Report

GROUPS = {
    "architecture": "Architecture",
    "compute": "Compute",
    "apis": "APIs and edge",
    "events": "Events and messaging",
    "data": "Data and state",
    "workflow": "Workflow",
    "reliability": "Reliability",
    "security": "Security",
    "operations": "Observability and operations",
    "performance": "Performance",
    "cost": "Cost",
    "delivery": "Delivery",
}
LONGEST_DEFINITION = 45
_REQUIRED = ("id", "term", "definition", "why", "trap", "section", "group")


@dataclass(frozen=True)
class Term:
    id: str
    term: str
    definition: str
    why: str
    trap: str
    section: str
    group: str
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    line: int = 1

    @property
    def url(self) -> str:
        return f"/glossary/{self.id}/"

    @property
    def initial(self) -> str:
        return self.term[0].upper()

    @property
    def group_title(self) -> str:
        return GROUPS.get(self.group, self.group.capitalize())


@dataclass(frozen=True)
class Glossary:
    terms: tuple[Term, ...] = ()
    _names: dict[str, Term] = field(default_factory=dict)

    def find(self, name: str) -> Term | None:
        """A term by id, name or alias; upper and lower case and a plural s do not matter."""
        key = _key(name)
        return self._names.get(key) or self._names.get(key.removesuffix("s"))

    def get(self, id: str) -> Term | None:
        return next((t for t in self.terms if t.id == id), None)

    @property
    def names(self) -> Collection[str]:
        return self._names.keys()


def _key(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).strip().lower()


def load(folder: Path = CONTENT) -> tuple[Glossary, Report]:
    """The glossary and what is wrong with its file. An entry with a mistake is left out."""
    path = folder / "glossary.yaml"
    text = path.read_text(encoding="utf-8") if path.exists() else "[]"
    report = Report(path, text)
    try:
        raw = authored.values(text) or []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        report.error(mark.line + 1 if mark else 1, "The file is not readable as YAML.")
        raw = []
    terms = [t for entry in raw if (t := _term(entry, report))]
    names = _names(terms, report)
    known = {t.id for t in terms}
    for term in terms:
        for other in term.related:
            if other not in known:
                report.error(term.line, f"{term.id}: related term “{other}” does not exist.")
    terms.sort(key=lambda t: t.term.lower())
    return Glossary(tuple(terms), names), report


def _term(entry: object, report: Report) -> Term | None:
    if not isinstance(entry, dict):
        report.error(1, "An entry is not a mapping.")
        return None
    id = str(entry.get("id", ""))
    line = report.line_of(f"id: {id}")
    missing = [key for key in _REQUIRED if not entry.get(key)]
    if missing:
        report.error(line, f"{id or 'An entry'} lacks {', '.join(missing)}.")
        return None
    if extra := set(entry) - {*_REQUIRED, "aliases", "related"}:
        report.error(line, f"{id}: unknown field {', '.join(sorted(map(str, extra)))}.")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        report.error(line, f"“{id}” is not an id of lower-case words and hyphens.")
    if (words := len(str(entry["definition"]).split())) > LONGEST_DEFINITION:
        report.error(line, f"{id}: the definition has {words} words, {LONGEST_DEFINITION} at most.")
    if entry["group"] not in GROUPS:
        report.error(
            line, f"{id}: unknown group “{entry['group']}”.", f"One of {', '.join(GROUPS)}."
        )
    texts = {key: str(entry[key]).strip() for key in _REQUIRED}
    lists = {key: tuple(map(str, entry.get(key) or ())) for key in ("aliases", "related")}
    return Term(**texts, **lists, line=line)


def _names(terms: list[Term], report: Report) -> dict[str, Term]:
    names: dict[str, Term] = {}
    for term in terms:
        for name in (term.id, term.term, *term.aliases):
            other = names.setdefault(_key(name), term)
            if other is not term:
                report.error(term.line, f"{term.id}: “{name}” also names {other.id}.")
    return names
