"""A decision record as Markdown and as PDF, written from its document."""

from __future__ import annotations

from typing import Any

from design.export.markdown import escape
from teams import pdf

Document = dict[str, Any]


def markdown(doc: Document) -> str:
    """The record as it would stand in a repository's decisions folder."""
    lines = [f"# {doc['number']}. {escape(doc['title'])}", _standing(doc), _of(doc)]
    decision, review = doc["decision"], doc["review"]
    lines += _section("Context", _text(doc["context"]))
    lines += _section("Decision", f"**{escape(decision['title'])}.** {_text(decision['text'])}")
    if not decision["follows_the_verdict"]:
        lines.append(f"This departs from the model, which says: {escape(doc['verdict'])}")
    lines += ["## What the model says", f"{escape(doc['verdict'])} {_margin(doc)}"]
    for each in doc["contributions"]:
        lines.append(_points(each))
    lines += ["## Answers", _answers(doc)]
    lines += ["## Alternatives", "\n".join(map(_alternative, doc["alternatives"]))]
    lines += _dissent_lines(doc["dissent"])
    lines += _section("Consequences", _text(doc["consequences"]))
    if doc["risks"]:
        risks = [f"- **{escape(r['title'])}** {escape(r['text'])}" for r in doc["risks"]]
        lines += ["## Risks", "\n".join(risks)]
    reopen = [f"- On {review['on']} at the latest."]
    reopen += [f"- {escape(text)}" for text in review["triggers"].values() if text]
    lines += ["## When to look again", "\n".join(reopen)]
    return "\n\n".join(line for line in lines if line) + "\n"


def _standing(doc: Document) -> str:
    said = [f"Proposed by {escape(doc['proposed']['by'])}, {doc['proposed']['on']}."]
    if doc["accepted"]:
        said.append(f"Accepted by {escape(doc['accepted']['by'])}, {doc['accepted']['on']}.")
    if doc["supersedes"]:
        said.append(f"Supersedes {doc['supersedes']}.")
    if doc["superseded_by"]:
        said.append(f"Superseded by {doc['superseded_by']}.")
    return f"**{doc['status'].capitalize()}.** {' '.join(said)}"


def _of(doc: Document) -> str:
    of = doc["assessment"]
    whose = escape(of["team"] or of["person"] or "")
    return (
        f"{escape(of['name'])}, version {of['version']}, {whose}."
        f" Scored {doc['scored']} with model {doc['model']} of the fit key."
    )


def _margin(doc: Document) -> str:
    if doc["margin"] is None:
        return f"Band: {doc['band']}."
    return f"The margin is {doc['margin']:.1f} points: {doc['band']}."


def _section(title: str, text: str) -> list[str]:
    return [f"## {title}", text] if text else []


def _text(text: str) -> str:
    """Free text in paragraphs, each a harmless line."""
    return "\n\n".join(escape(part) for part in text.splitlines() if part.strip())


def _points(each: Document) -> str:
    rows = [
        f"| {part['mark']} | {escape(part['topic'])}: {escape(part['words'])} |"
        f" {'ruled out' if part['points'] is None else format(part['points'], '+.1f')} |"
        for part in each["parts"]
    ]
    head = [f"| | {escape(each['title'])} | Points |", "|---|---|---:|"]
    base = f"| | Every option starts at | {each['base']:.1f} |"
    total = f"| | **Score**, {each['low']:.1f} to {each['high']:.1f} | **{each['score']:.1f}** |"
    return "\n".join([*head, base, *rows, total])


def _answers(doc: Document) -> str:
    rows = [f"- {a['mark']} {escape(a['text'])} {escape(a['words'])}" for a in doc["answers"]]
    if doc["open"]:
        rows.append(f"- Not answered: {escape(' '.join(doc['open']))}")
    return "\n".join(rows)


def _alternative(each: Document) -> str:
    line = f"- {escape(each['title'])}: {each['score']:.1f} ({each['difference']:+.1f})."
    if each["ruled_out_by"]:
        line += (
            f" Ruled out by {escape(', '.join(each['ruled_out_by']))}: {escape(each['because'])}"
        )
        line += f" It lifts when: {escape(each['lifts'])}"
    return line


def _dissent_lines(dissent: Document) -> list[str]:
    lines = ["## Dissent"]
    if dissent["text"]:
        lines.append(_text(dissent["text"]))
    if dissent["answers"]:
        head = ["| Question | Who | Answered alone | Agreed |", "|---|---|---|---|"]
        rows = [
            f"| {escape(d['text'])} | {escape(d['by'])} | {escape(d['words'])} |"
            f" {escape(d['agreed'])} |"
            for d in dissent["answers"]
        ]
        lines.append("\n".join([*head, *rows]))
    if dissent["settled"]:
        settled = [
            f"- “{escape(s['text'])}” was settled on “{escape(s['words'])}” by"
            f" {escape(s['by'])}: {escape(s['reason'])}"
            for s in dissent["settled"]
        ]
        lines.append("\n".join(settled))
    return lines if len(lines) > 1 else [*lines, "None was written down."]


def as_pdf(doc: Document) -> bytes:
    return pdf.typeset("record.typ", doc)
