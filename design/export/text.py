"""A result for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from ..compare import Comparison, FindingChange, PartChange
from ..result import Result
from ..rules import Finding, Verdict
from ._words import (
    evidence,
    first_questions,
    first_unknown,
    fix,
    headline,
    not_applied,
    open_in_order,
    question_line,
    said_value,
    severities,
    tally_line,
    versions,
    waived_as,
    waived_in_order,
)

WIDTH: Final = 88
FINDINGS: Final = 500
UNDECIDED: Final = 200
"""Entries that a terminal shows; other formats have them all."""
_BAR: Final = 20


def render(result: Result) -> str:
    """The report; its last line says how many rules ran, failed, were unknown
    and were skipped."""
    return "\n".join(_clean(line) for line in _lines(result)) + "\n"


def _clean(line: str) -> str:
    """No control character of the author's reaches the terminal."""
    if not line.isprintable():
        line = "".join([c if c.isprintable() else "?" for c in line])
    return line.rstrip()


def _lines(result: Result) -> Iterator[str]:
    design = result.design
    yield f"{design.title} ({design.id})"
    yield (
        f"{_n(len(design.components), 'component')}, {_n(len(design.edges), 'edge')};"
        f" profile {result.profile}, {versions(result)}"
    )
    yield ""
    yield from _score(result)
    yield from _findings(result)
    yield from _broken(result)
    yield from _waived(result)
    yield from _questions(result)
    yield from _unknown(result)
    yield tally_line(result)


def _n(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _score(result: Result) -> Iterator[str]:
    yield headline(result)
    yield ""
    for name, pillar in result.score.pillars.items():
        if pillar.score is None:
            what = "nothing decided" if pillar.rules else "nothing to check"
            yield f"  {name:<12}    –  {what}"
            continue
        filled = round(pillar.score / 100 * _BAR)
        bar = "█" * filled + "░" * (_BAR - filled)
        yield f"  {name:<12}{pillar.score:6.1f}  {bar}  coverage {pillar.coverage:3.0f} %"
    yield ""
    for sentence in (*result.score.caps, *result.score.shifts):
        yield f"  {sentence}"
    if result.score.caps or result.score.shifts:
        yield ""


def _findings(result: Result) -> Iterator[str]:
    found = open_in_order(result)
    if not found:
        yield "No open findings."
        yield ""
        return
    yield f"{_n(len(found), 'open finding')}: {severities(found)}"
    yield ""
    for number, finding in enumerate(found[:FINDINGS], 1):
        yield from _finding(result, number, finding)
        yield ""
    yield from _rest(len(found) - FINDINGS, "open finding")


def _rest(count: int, word: str) -> Iterator[str]:
    if count > 0:
        yield f"{_n(count, f'more {word}')}: other formats list all, for example --format csv."
        yield ""


def _finding(result: Result, number: int, finding: Finding) -> Iterator[str]:
    yield f"{number:>3}  {finding.severity.value.upper():<8}  {finding.rule}  {finding.title}"
    where = f", line {finding.line}" if finding.line else ""
    yield f"     {finding.subject}{where}"
    yield from _wrapped(finding.message)
    said = "; ".join(evidence(one) for one in finding.evidence)
    if said:
        yield from _wrapped(f"Found: {said}")
    if fix(result, finding):
        yield from _wrapped(f"Fix: {fix(result, finding)}")


def _wrapped(text: str, indent: str = "     ") -> list[str]:
    """`textwrap.wrap`, spared where the text fits on one line."""
    line = indent + " ".join(text.split())
    if len(line) <= WIDTH:
        return [line]
    return textwrap.wrap(line, WIDTH, subsequent_indent=indent)


def _broken(result: Result) -> Iterator[str]:
    broken = result.of(Verdict.ERROR)
    if broken:
        yield "Rules that broke, so that nothing can be said about their subjects:"
        for finding in broken:
            yield from _wrapped(f"{finding.rule} {finding.subject}: {finding.message}", "  ")
        yield ""


def _waived(result: Result) -> Iterator[str]:
    waived = waived_in_order(result)
    if waived:
        yield f"Waived: {len(waived)}"
        for finding in waived:
            yield f"  {finding.rule}  {finding.subject}  {waived_as(result, finding)}"
        yield ""
    idle = not_applied(result)
    if idle:
        yield f"{_n(len(idle), 'waiver')} not applied:"
        for sentence in idle:
            yield from _wrapped(sentence, "  ")
        yield ""


def _questions(result: Result) -> Iterator[str]:
    asked = first_questions(result)
    if asked:
        yield "Questions whose answers would decide most:"
        for number, question in enumerate(asked, 1):
            yield from textwrap.wrap(
                question_line(question),
                WIDTH,
                initial_indent=f"{number:>3}  ",
                subsequent_indent="     ",
            )
        yield ""


def _unknown(result: Result) -> Iterator[str]:
    waiting, more = first_unknown(result, UNDECIDED)
    if waiting:
        yield "Not decided, because the text does not say:"
        for subject, missing, rules in waiting:
            yield from _wrapped(
                f"{subject}: {', '.join(missing) or 'enough'} ({', '.join(rules)})", "  "
            )
        yield ""
        yield from _rest(more, "undecided subject")


# -- comparison -----------------------------------------------------------------


def render_comparison(comparison: Comparison) -> str:
    """What changed, for a terminal."""
    return "\n".join(_clean(line) for line in _comparison(comparison)) + "\n"


def _comparison(comparison: Comparison) -> Iterator[str]:
    before, after = comparison.before, comparison.after
    yield f"{before.design.title} → {after.design.title}"
    yield (
        f"Score {before.score.total:.1f} → {after.score.total:.1f} ({comparison.points:+.1f}),"
        f" coverage {before.score.coverage:.0f} % → {after.score.coverage:.0f} %"
    )
    for cause in comparison.causes:
        yield f"  {cause.points:+6.1f}  {cause.rule}"
    yield from comparison.packs
    yield ""
    for part in comparison.parts:
        yield from _part(part)
    for change in comparison.design:
        yield f"  Δ design: {change.path} {said_value(change.old)} → {said_value(change.new)}"
    yield ""
    for title, changes in (
        ("New", comparison.new),
        ("Fixed", comparison.fixed),
        ("Gone with their subject", comparison.gone),
        ("Still open", comparison.kept),
        ("No longer known", comparison.newly_unknown),
        ("Known now", comparison.newly_decided),
        ("Changed by the rules, not by the design", comparison.from_pack),
    ):
        yield from _changes(title, changes)


def _part(part: PartChange) -> Iterator[str]:
    mark = {"added": "+", "removed": "×", "changed": "Δ", "renamed": "→"}[part.how]
    was = f" (was {part.was})" if part.was else ""
    yield f"  {mark} {part.section} {part.id}{was}"
    for change in part.attributes:
        old = said_value(change.old) if change.stated_before else "–"
        new = said_value(change.new) if change.stated_after else "–"
        yield f"      {change.path}: {old} → {new}"


def _changes(title: str, changes: tuple[FindingChange, ...]) -> Iterator[str]:
    if changes:
        yield f"{title}: {len(changes)}"
        for change in changes:
            finding = change.after or change.before
            yield f"  {change.rule}  {change.subject}  {finding.title if finding else ''}"
        yield ""
