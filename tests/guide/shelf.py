"""A small book for tests of the machinery, written into a folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from guide import contents, glossary, library, patterns
from guide.book import book
from guide.editions.whole import Whole, whole
from guide.library import Library
from guide.markup import Context
from guide.problems import Report
from guide.reading import Page, read

CONTENTS = """
parts:
  - title: One
    chapters:
      - slug: first
        title: First Chapter
        text: A text.
        sections:
          - {slug: alpha, title: Alpha, decide: This}
          - {slug: beta, title: Beta, decide: That}
      - slug: second
        title: Second Chapter
        text: A text.
        sections:
          - {slug: gamma, title: Gamma, decide: Third}
appendices: []
"""
GLOSSARY = """
- {id: dead-letter-queue, term: Dead-letter queue, aliases: [DLQ], group: events, section: first/alpha,
   definition: A queue for what was given up., why: It keeps., trap: Nobody looks., related: []}
- {id: cold-start, term: Cold start, group: performance, section: first/alpha,
   definition: The first run., why: It waits., trap: Averages., related: [dead-letter-queue]}
"""
DESIGN = """model: sdm/1
design: {id: tiny, title: Tiny, owner: team, profile: generic}
components:
  - {id: work, kind: queue, visibility_s: 60, max_receive: 3}
  - {id: run, kind: function, timeout_s: 30, idempotent: none}
  - {id: table, kind: kv, record: true}
edges:
  - {from: run, to: table, kind: write}
  - {from: work, to: run, kind: poll, batch_size: 10, partial_failure: false}
"""
FRONT = """---
id: first/alpha
title: Alpha
chapter: 1
section: 1
case: claims-office
minutes: 1
terms: [DLQ]
patterns: []
rules: [EVT04]
exercises: []
checked: 2026-11-21
sources: []
---
"""


def folder(tmp_path: Path, section: str = "Words.\n", front: str = FRONT) -> Path:
    """A folder of content whose section first/alpha holds `section`; beta is not written."""
    (tmp_path / "contents.yaml").write_text(CONTENTS)
    (tmp_path / "glossary.yaml").write_text(GLOSSARY)
    for place in ("01-first/1-alpha.md", "02-second/1-gamma.md"):
        path = tmp_path / place
        path.parent.mkdir(exist_ok=True)
        path.write_text(front + "\n" + section)
    return tmp_path


def shelf(root: Path) -> Library:
    terms, _ = glossary.load(root)
    accounts, _ = patterns.load(root / "patterns")
    return library.Library(contents.load(root), terms, accounts)


def page(tmp_path: Path, section: str, front: str = FRONT) -> tuple[Page, Library]:
    books = shelf(folder(tmp_path, section, front))
    return read(books.contents.sections[0]), books


def context(tmp_path: Path, text: str = "") -> Context:
    return Context(shelf(folder(tmp_path)), Report(Path("x.md"), text), "first")


@cache
def everything() -> Whole:
    """The real book, gathered once for all tests; they only look at it."""
    return whole(book(), "https://example.org")
