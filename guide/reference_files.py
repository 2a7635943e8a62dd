"""Reference pages as files: CSV for sheets, Markdown for tickets and wikis."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence

from guide.reference_pages import Entry, ReferencePage, unlinked

# A cell that begins like a formula is executed by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t")


def as_csv(page: ReferencePage, entries: Sequence[Entry], done: Collection[str]) -> str:
    """One line for each entry; checklists have a column of what is done."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    ticked = page.slug == "checklists"
    head = ["Group", "Entry", *page.columns.values(), "Rules", "Address"]
    writer.writerow([*head[:2], "Done", *head[2:]] if ticked else head)
    for entry in entries:
        texts = [unlinked(entry.texts[key]).replace("*", "") for key in page.columns]
        row = [page.groups[entry.group], entry.name, *texts, " ".join(entry.rules), entry.url]
        if ticked:
            row.insert(2, "yes" if entry.id in done else "no")
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return out.getvalue()


def as_markdown(page: ReferencePage, entries: Sequence[Entry], done: Collection[str]) -> str:
    """The page for a wiki or an issue; checklists as boxes to tick."""
    lines = [f"# {page.title}", "", unlinked(page.intro), ""]
    for group, title in page.groups.items():
        members = [e for e in entries if e.group == group]
        if not members:
            continue
        lines += [f"## {title}", ""]
        if note := page.notes.get(group):
            lines += [unlinked(note), ""]
        for entry in members:
            if page.slug == "checklists":
                box = "x" if entry.id in done else " "
                lines += [f"- [{box}] {entry.name}", f"  {unlinked(entry.texts['proof'])}"]
            else:
                lines += [f"### {entry.name}", ""]
                for key, word in page.columns.items():
                    lines += [f"**{word}.** {unlinked(entry.texts[key])}", ""]
                if entry.rules:
                    links = ", ".join(f"[{rule}](/rules/{rule}/)" for rule in entry.rules)
                    lines += [f"Rules {links}", ""]
        if lines[-1]:
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def contents(pages: Iterable[ReferencePage]) -> str:
    """The list of reference pages as Markdown."""
    lines = [f"- [{page.title}]({page.url}index.md): {page.summary}" for page in pages]
    return "\n".join(["# Reference", "", *lines]) + "\n"
