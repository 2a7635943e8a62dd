"""A result as Markdown, for a pull request: short, with a fold, and never more
than a comment may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from ..compare import AttributeChange, Comparison, FindingChange, PartChange
from ..result import Result
from ..rules import Finding, Verdict
from ._words import (
    evidence,
    first_questions,
    fix,
    headline,
    not_applied,
    open_in_order,
    question_line,
    said_value,
    severities,
    tally_line,
    unknown_by_missing,
    versions,
    waived_as,
    waived_in_order,
)

LIMIT: Final = 65_000
"""Characters that code hosts accept in a comment."""

_ROOM: Final = 1_000
_SPECIAL: Final = re.compile(r"([\\`*_\[\]|~$])")
_AT_START: Final = re.compile(r"^(\d*)([-+=#>.)])")


def escape(text: str) -> str:
    """Text of a stranger on one line, with nothing that Markdown, HTML or a code
    host's mentions would act on."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    line = _AT_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", line))
    line = line.replace("&", "&amp;").replace("<", "&lt;")
    return line.replace("@", "@\u200b").replace("://", ":\u200b//")


def render(result: Result) -> str:
    design = result.design
    top = [
        f"# {escape(design.title)}",
        f"**{headline(result)}.** {tally_line(result)}",
        "\n".join(_pillars(result)),
        *(" ".join((*result.score.caps, *result.score.shifts)),),
    ]
    found = open_in_order(result)
    blocks = [f"## Open findings: {severities(found)}"]
    blocks += [_finding(result, n, f) for n, f in enumerate(found, 1)]
    blocks += _fold("Waived", [_waived(result, f) for f in waived_in_order(result)])
    blocks += _questions(result)
    blocks += _fold("Not decided, because the text does not say", _unknown(result))
    broken = [
        f"{f.rule} {escape(f.subject)}: {escape(f.message)}" for f in result.of(Verdict.ERROR)
    ]
    blocks += _fold("Rules that broke", broken)
    blocks += _fold("Waivers not applied", [escape(said) for said in not_applied(result)])
    made = versions(result)
    foot = f"{made[0].upper()}{made[1:]}, profile {result.profile}, text {result.text_hash[:12]}."
    return _within_limit([block for block in top if block], blocks, foot)


def _within_limit(top: list[str], blocks: list[str], foot: str) -> str:
    """As many blocks as fit, and how many do not."""
    kept, size = list(top), sum(len(block) + 2 for block in top) + len(foot)
    for number, block in enumerate(blocks):
        size += len(block) + 2
        if size > LIMIT - _ROOM:
            kept.append(f"*{len(blocks) - number} more entries do not fit here.*")
            break
        kept.append(block)
    return "\n\n".join((*kept, foot)) + "\n"


def _pillars(result: Result) -> Iterator[str]:
    yield "| Pillar | Score | Coverage | Weight | Rules |"
    yield "|---|---:|---:|---:|---:|"
    for name, pillar in result.score.pillars.items():
        score = "–" if pillar.score is None else f"{pillar.score:.1f}"
        yield (
            f"| {name} | {score} | {pillar.coverage:.0f} % | {pillar.weight:.1f} | {pillar.rules} |"
        )


def _finding(result: Result, number: int, finding: Finding) -> str:
    where = f", line {finding.line}" if finding.line else ""
    lines = [
        f"{number}. **{finding.severity.value} · {finding.rule} {escape(finding.title)}**"
        f" at {escape(finding.subject)}{where}",
        f"   {escape(finding.message)}",
    ]
    said = "; ".join(escape(evidence(one)) for one in finding.evidence)
    if said:
        lines.append(f"   Found: {said}.")
    if fix(result, finding):
        lines.append(f"   *Fix:* {escape(fix(result, finding))}")
    return "\n".join(lines)


def _waived(result: Result, finding: Finding) -> str:
    return f"{finding.rule} {escape(finding.subject)}: {waived_as(result, finding)}"


def _questions(result: Result) -> list[str]:
    asked = first_questions(result)
    lines = [f"{number}. {escape(question_line(q))}" for number, q in enumerate(asked, 1)]
    return ["## Questions whose answers would decide most", "\n".join(lines)] if lines else []


def _unknown(result: Result) -> list[str]:
    return [
        f"{escape(subject)}: {escape(', '.join(missing) or 'enough')} ({', '.join(rules)})"
        for subject, missing, rules in unknown_by_missing(result)
    ]


def _fold(title: str, lines: Iterable[str]) -> list[str]:
    entries = [f"- {line}" for line in lines]
    if not entries:
        return []
    body = "\n".join(entries)
    return [f"<details><summary>{title}: {len(entries)}</summary>\n\n{body}\n\n</details>"]


# -- comparison -----------------------------------------------------------------


def render_comparison(comparison: Comparison) -> str:
    """What changed, for a pull request."""
    before, after = comparison.before.score, comparison.after.score
    top = [
        f"# {escape(comparison.after.design.title)}: what changed",
        f"**Score {before.total:.1f} → {after.total:.1f} ({comparison.points:+.1f})**,"
        f" coverage {before.coverage:.0f} % → {after.coverage:.0f} %.",
        *comparison.packs,
    ]
    causes = [f"{cause.points:+.1f} {cause.rule}" for cause in comparison.causes]
    blocks = _section("What moved the score", causes, str)
    parts = [_attribute(change) for change in comparison.design]
    blocks += _section("The design", parts, str)
    blocks += _section("Structure", comparison.parts, _part)
    for title, changes in (
        ("New findings", comparison.new),
        ("Fixed", comparison.fixed),
        ("Gone with their subject", comparison.gone),
        ("No longer known", comparison.newly_unknown),
        ("Known now", comparison.newly_decided),
        ("Changed by the rules, not by the design", comparison.from_pack),
    ):
        blocks += _section(title, changes, _change)
    blocks += _fold("Still open", [_change(c) for c in comparison.kept])
    return _within_limit(top, blocks, f"{', '.join(comparison.after.versions)}.")


def _section(title: str, entries: Iterable[Any], say: Callable[[Any], str]) -> list[str]:
    lines = [f"- {say(entry)}" for entry in entries]
    return [f"## {title}: {len(lines)}", "\n".join(lines)] if lines else []


def _part(part: PartChange) -> str:
    was = f" (was {escape(part.was)})" if part.was else ""
    said = "; ".join(_attribute(change) for change in part.attributes)
    return f"{part.how} {part.section} **{escape(part.id)}**{was}" + (f": {said}" if said else "")


def _attribute(change: AttributeChange) -> str:
    old = escape(said_value(change.old)) if change.stated_before else "absent"
    new = escape(said_value(change.new)) if change.stated_after else "absent"
    return f"{escape(change.path)} {old} → {new}"


def _change(change: FindingChange) -> str:
    finding = change.after or change.before
    title = escape(finding.title) if finding else ""
    return f"{change.rule} {title} at {escape(change.subject)}"
