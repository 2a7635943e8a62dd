"""Every page of the guide as Markdown, for people who copy and for programs that read.

A twin stands at the address of its page followed by index.md.
"""

from __future__ import annotations

import re

from design.rules import AREAS, RULES, Rule
from guide.book import Book
from guide.contents import Chapter, Section
from guide.glossary import Term
from guide.patterns import AXES, MARKS, NEEDS, Pattern
from guide.reading import Page, public_markdown


def page(book: Book, place: Section) -> str:
    """A section, review questions or a front page, from its file."""
    found = book.page(place.id)
    assert found is not None
    return _public(book, found)


_FENCED = re.compile(r"(^(?P<tick>`{3,}|~{3,}).*?^(?P=tick)[ \t]*$)", re.M | re.S)
_TERM = re.compile(r"\[\[([^\[\]|\n]{1,80})(?:\|([^\[\]\n]{1,80}))?\]\]")
_LINK = re.compile(r"\]\(((?!https?:|mailto:|/|#)[^)\s]+)\)")


def _public(book: Book, page: Page) -> str:
    return _linked(book, public_markdown(page), page.section.chapter)


def _linked(book: Book, text: str, chapter: str = "") -> str:
    """Markdown of ours with terms and links as addresses of the site."""
    context = book.context(chapter)

    def term(match: re.Match[str]) -> str:
        found, shown = book.glossary.find(match[1]), match[2] or match[1]
        return f"[{shown}]({found.url})" if found else shown

    def link(match: re.Match[str]) -> str:
        return f"]({context.link(match[1])})"

    # Of a split by two groups, every third piece is prose; the fences between stay as they are.
    pieces = _FENCED.split(text)
    prose = [_LINK.sub(link, _TERM.sub(term, piece)) for piece in pieces[0::3]]
    return "".join(a + b for a, b in zip(prose, [*pieces[1::3], ""], strict=True))


def contents(book: Book) -> str:
    lines = ["# Contents", ""]
    lines += [f"- [{p.title}]({p.url}index.md): {p.decide}" for p in book.contents.front]
    for part in book.contents.parts:
        lines += ["", f"## {part.title}"]
        for chapter in part.chapters:
            lines += ["", f"### [{chapter.number} {chapter.title}]({chapter.url}index.md)", ""]
            lines += _sections(chapter)
    lines += ["", "## Appendices", ""]
    lines += [f"- {a.letter} [{a.title}]({a.url}): {a.text}" for a in book.contents.appendices]
    return _text(lines)


def chapter(book: Book, this: Chapter) -> str:
    lines = [f"# {this.number} {this.title}", "", this.text, ""]
    if opening := book.page(this.opening.id):
        text = _public(book, opening)
        lines += [text.split("\n---\n", 1)[1].strip() if text.startswith("---\n") else text, ""]
    lines += ["## Sections", "", *_sections(this)]
    return _text(lines)


def _sections(this: Chapter) -> list[str]:
    lines = []
    for s in this.sections:
        title = f"[{s.title}]({s.url}index.md)" if s.written else f"{s.title} (in preparation)"
        lines.append(f"- {s.label} {title}: {s.decide}")
    if this.questions.written:
        lines.append(f"- [Review questions]({this.questions.url}index.md)")
    return lines


def glossary(book: Book) -> str:
    terms = (f"- [{t.term}]({t.url}index.md): {t.definition}" for t in book.glossary.terms)
    return _text(["# Glossary", "", *terms])


def term(book: Book, this: Term) -> str:
    lines = [f"# {this.term}", ""]
    if this.aliases:
        lines += [f"Also: {', '.join(this.aliases)}.", ""]
    lines += [this.definition, "", f"**Why it matters.** {this.why}", "", f"**Trap.** {this.trap}"]
    related = [t for id in this.related if (t := book.glossary.get(id))]
    if related:
        lines += ["", "Related: " + ", ".join(f"[{t.term}]({t.url}index.md)" for t in related)]
    lines += _read([s for s in [book.contents.section(this.section)] if s])
    return _text(lines)


def patterns(book: Book) -> str:
    rows = (
        f"- {p.label} [{p.title}]({p.url}index.md): {p.summary.strip()}"
        for p in book.patterns.values()
    )
    return _text(["# Patterns", "", "As a table: /patterns/matrix.csv", "", *rows])


def pattern(book: Book, this: Pattern) -> str:
    said = this.account
    lines = [f"# {this.label} {this.title}", "", this.summary.strip(), ""]
    lines += ["## Shape", "", "```yaml", this.shape.rstrip(), "```", "", f"*{this.caption}*", ""]
    lines += ["## Habitat", "", said["habitat"].strip(), "", "## Range", ""]
    lines += ["| Limit | Value | Source |", "| --- | --- | --- |"]
    for row in said["range"]:
        source = f"[{row['source']}]({row['url']})" if row.get("url") else str(row["source"])
        lines.append(f"| {row['what']} | {row['value']} | {source}, {row['dated']} |")
    lines += ["", "## Look-alikes", ""]
    for entry in said["look_alikes"]:
        other = book.patterns.get(entry.get("pattern", ""))
        name = other.title if other else entry.get("name") or entry["pattern"]
        lines.append(f"- **{name}.** {entry['difference']}")
    lines += ["", "## Hazards", ""]
    for entry in said["hazards"]:
        rule = f" ({entry['rule']})" if entry.get("rule") else ""
        lines.append(f"- **{entry['name'].rstrip('.')}.** {entry['text']}{rule}")
    lines += ["", "## Signals to watch", "", said["watch"].strip()]
    lines += ["", "## What it costs", "", said["cost"].strip(), "", "## In one look", ""]
    lines += [f"- {title}: {this.says(axis)}" for axis, (title, _) in AXES.items()]
    lines += [f"- {NEEDS[key][0]}: {MARKS[word][1]}" for key, word in this.marks.items()]
    lines += _read(book.sections_of_pattern(this))
    return _linked(book, _text(lines))


def rules() -> str:
    lines = ["# Rules"]
    for area, title in AREAS.items():
        found = [r for r in RULES.values() if r.area == area]
        lines += ["", f"## {title}", ""]
        lines += [f"- {r.id} [{r.title}](/rules/{r.id}/index.md), {r.severity}" for r in found]
    return _text(lines)


def rule(book: Book, this: Rule) -> str:
    lines = [f"# {this.id} {this.title}", "", f"{str(this.severity).capitalize()}. {this.why}", ""]
    for title, text in (
        ("How it is found", this.detects),
        ("Repair", this.fix),
        ("False alarm", this.false_alarm),
    ):
        lines += [f"**{title}.** {text}", ""]
    return _text([*lines[:-1], *_read([s for s in [book.contents.section(this.section)] if s])])


def full(book: Book) -> str:
    """Everything that is read from front to back, one text after another."""
    texts = []
    for found in book.in_order:
        place = found.section
        texts.append(f"<!-- {place.url} -->\n\n{_public(book, found).strip()}\n")
    texts += [glossary(book)]
    return "\n\n".join(texts)


def _read(sections: list[Section]) -> list[str]:
    if not sections:
        return []
    links = ", ".join(f"[{s.label} {s.title}]({s.url})" for s in sections)
    return ["", f"Read {links}"]


def _text(lines: list[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"
