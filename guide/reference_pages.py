"""Reference pages: content/reference/<slug>.yaml, one page each, all of one form.

A file has: title, summary (for search and description), intro (Markdown), groups {id: title},
notes {group: text} if wanted, entries. An entry has: id, name, group, the texts of its page
(`TEXTS`, Markdown except for `name`), rules, sections (ids), patterns (slugs) and, on the page of
mistakes, kind. Links are shown both ways: `Shelf` answers which entries speak of a section or rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from design import authored
from design.rules import RULES
from guide import markup
from guide.book import Book
from guide.library import Library, did_you_mean
from guide.problems import CONTENT, Problem, Report

# page -> {text of an entry: what the page, the CSV and the Markdown call it}, in this order.
TEXTS: dict[str, dict[str, str]] = {
    "mistakes": {
        "looks": "How it looks",
        "why": "Why it happens",
        "notice": "Signal",
        "repair": "Repair",
    },
    "metrics": {
        "tells": "What it tells",
        "measure": "How to measure",
        "target": "Start with",
        "wakes": "Wakes somebody",
        "trap": "Trap",
    },
    "checklists": {"proof": "Proof"},
    "questions": {"answer": "Answer"},
    "maturity": {"first": "First rung", "second": "Second rung", "third": "Third rung"},
    "first-week": {"do": "Do", "proof": "Done when"},
}
KINDS = {"mistake": "mistake", "failure": "failure mode", "both": "mistake and failure mode"}
_LISTS = ("rules", "sections", "patterns")
_CUT = "\u241e"  # stands between texts that are converted together


@dataclass(frozen=True)
class Entry:
    page: str
    id: str
    name: str
    group: str
    texts: Mapping[str, str]
    rules: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    kind: str = ""
    line: int = 1

    @property
    def url(self) -> str:
        return f"/reference/{self.page}/#{self.id}"

    @property
    def kind_title(self) -> str:
        return KINDS.get(self.kind, "")

    @property
    def plain(self) -> str:
        """All its words, for searching."""
        return unlinked(" ".join(self.texts.values()))


@dataclass(frozen=True)
class ReferencePage:
    slug: str
    title: str
    summary: str
    intro: str
    groups: Mapping[str, str]
    notes: Mapping[str, str]
    entries: tuple[Entry, ...]
    report: Report = field(compare=False, repr=False)

    @property
    def url(self) -> str:
        return f"/reference/{self.slug}/"

    @property
    def columns(self) -> Mapping[str, str]:
        return TEXTS[self.slug]


@dataclass(frozen=True)
class Shelf:
    """All reference pages in the order of `TEXTS`, and who speaks of what."""

    pages: Mapping[str, ReferencePage]

    @property
    def entries(self) -> Iterable[Entry]:
        return (entry for page in self.pages.values() for entry in page.entries)

    def of_section(self, id: str) -> list[tuple[ReferencePage, list[Entry]]]:
        """The entries that name a section, by page; pages without any are left out."""
        found = (
            (page, [e for e in page.entries if id in e.sections]) for page in self.pages.values()
        )
        return [(page, entries) for page, entries in found if entries]

    def of_rule(self, id: str) -> list[Entry]:
        return [entry for entry in self.entries if id in entry.rules]


def load(folder: Path = CONTENT) -> Shelf:
    """All pages that can be read; what is wrong with a file stands in the page's report."""
    found = {}
    for slug in TEXTS:
        path = folder / "reference" / f"{slug}.yaml"
        if path.is_file() and (page := read(path)):
            found[slug] = page
    return Shelf(found)


@lru_cache(maxsize=1)
def shelf(source: Book) -> Shelf:
    return load(CONTENT)


def read(path: Path) -> ReferencePage | None:
    """One page; None if the file is no page at all. An entry with a mistake is left out."""
    text = path.read_text(encoding="utf-8")
    report = Report(path, text)
    try:
        raw = authored.values(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        report.error(mark.line + 1 if mark else 1, "The file is not readable as YAML.", str(error))
        return _page(path.stem, {}, (), report)
    if not isinstance(raw, dict) or not isinstance(raw.get("entries"), list):
        report.error(1, "The file is no mapping with a list of entries.")
        return _page(path.stem, {}, (), report)
    if path.stem not in TEXTS:
        report.error(1, f"There is no reference page “{path.stem}”.", f"Known: {', '.join(TEXTS)}.")
        return None
    for key in ("title", "summary", "intro"):
        if not isinstance(raw.get(key), str):
            report.at(f"{key}:", f"“{key}” has to be a text.")
    groups = raw.get("groups")
    if not isinstance(groups, dict) or not groups:
        report.at("groups:", "“groups” has to be a mapping of ids to titles.")
        raw["groups"] = {}
    entries = [e for one in raw["entries"] if (e := _entry(one, path.stem, raw["groups"], report))]
    for entry in entries:
        if entry is not next(e for e in entries if e.id == entry.id):
            report.error(entry.line, f"The id {entry.id} stands twice.")
    return _page(path.stem, raw, tuple(entries), report)


def _page(
    slug: str, raw: Mapping[str, Any], entries: tuple[Entry, ...], report: Report
) -> ReferencePage:
    title, summary, intro = (str(raw.get(key, "")).strip() for key in ("title", "summary", "intro"))
    groups, notes = raw.get("groups") or {}, raw.get("notes") or {}
    return ReferencePage(slug, title, summary, intro, groups, notes, entries, report)


def _entry(raw: object, page: str, groups: Mapping[str, str], report: Report) -> Entry | None:
    if not isinstance(raw, dict):
        report.error(1, "An entry is not a mapping.")
        return None
    id = str(raw.get("id", ""))
    line = report.line_of(f"id: {id}\n")
    texts = {key: raw.get(key) for key in ("name", *TEXTS[page])}
    before = len(report.found)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        report.error(line, f"“{id}” is not an id of lower-case words and hyphens.")
    for key in (k for k, v in texts.items() if not isinstance(v, str) or not v.strip()):
        report.error(line, f"{id}: “{key}” has to be a text.")
    for key in (k for k in _LISTS if not isinstance(raw.get(k) or [], list)):
        report.error(line, f"{id}: “{key}” has to be a list.")
    if raw.get("group") not in groups:
        report.error(line, f"{id}: unknown group “{raw.get('group')}”.")
    if page == "mistakes" and raw.get("kind") not in KINDS:
        report.error(line, f"{id}: “kind” has to be one of {', '.join(KINDS)}.")
    for key in sorted(set(raw) - {"id", "group", "kind", *texts, *_LISTS}):
        report.error(line, f"{id}: unknown field “{key}”.")
    if len(report.found) > before:
        return None
    lists = {key: tuple(map(str, raw.get(key) or ())) for key in _LISTS}
    said = {key: str(value).strip() for key, value in texts.items() if key != "name"}
    name, kind = str(raw["name"]).strip(), str(raw.get("kind", ""))
    return Entry(page, id, name, raw["group"], said, **lists, kind=kind, line=line)


def problems(library: Library, folder: Path = CONTENT) -> list[Problem]:
    """Everything that is wrong with the reference pages."""
    found: list[Problem] = []
    for page in load(folder).pages.values():
        report = page.report
        context = markup.Context(library, report)
        for text in (page.intro, *page.notes.values(), *_all_texts(page.entries)):
            markup.refuse(text, report)
        convert([page.intro, *page.notes.values(), *_all_texts(page.entries)], context)
        for entry in page.entries:
            _references(entry, library, report)
        found += report.found
    return found


def _references(entry: Entry, library: Library, report: Report) -> None:
    sections = [s.id for s in library.contents.sections]
    for names, known, what in (
        (entry.rules, list(RULES), "rule"),
        (entry.sections, sections, "section"),
        (entry.patterns, list(library.patterns), "pattern"),
    ):
        for name in names:
            if name not in known:
                hint = did_you_mean(name, known)
                report.error(entry.line, f"{entry.id}: there is no {what} “{name}”.", hint)


def _all_texts(entries: Iterable[Entry]) -> list[str]:
    return [text for entry in entries for text in entry.texts.values()]


def convert(texts: list[str], context: markup.Context) -> list[str]:
    """Each text as HTML. They are converted in one go, since starting the converter costs more
    than a page of text, and so that a term pops up once on the page."""
    made = markup.convert(f"\n\n{_CUT}\n\n".join(texts), context).html
    return [part.strip() for part in made.split(f"<p>{_CUT}</p>")]


def unlinked(text: str) -> str:
    """Markdown without terms and links, for files and search; emphasis stays where it may."""
    text = re.sub(r"\[\[(?:[^\[\]|]+\|)?([^\[\]]+)\]\]", r"\1", text)
    return " ".join(re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text).split())
