"""What the page of a comparison shows, made from two results; knows nothing of requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from design.compare import AttributeChange, Comparison, FindingChange, PartChange
from design.diagram import FORMATS as PICTURES
from design.document import value_text
from design.result import Result
from design.rules import RULES
from design.scoring import CRITICAL_CAP, HIGH_CAP, uncapped
from reviews import pictures
from reviews.pages import where

_SIGNS: Final = {"added": "+", "removed": "×", "changed": "Δ", "renamed": "Δ"}
_PARTS_SHOWN: Final = 200
_CAUSES_SHOWN: Final = 14


def page(made: Comparison) -> dict[str, Any]:
    """The context of a comparison's page."""
    return {
        "made": made,
        "before": made.before.score,
        "after": made.after.score,
        "counts": [(len(made.of(how)), how) for how in ("added", "removed", "changed")],
        "sentences": summary(made),
        "drawing": pictures.of_comparison(made),
        "files": [(form, form.upper() if form != "txt" else "Text") for form in PICTURES],
        "fates": [
            ("Fixed", "fixed", _changes(made.fixed, "before")),
            ("Introduced", "new", _changes(made.new, "after")),
            ("Kept", "kept", _changes(made.kept, "after")),
        ],
        "asides": [
            (title, _changes(changes, side))
            for title, changes, side in (
                ("Gone with its subject", made.gone, "before"),
                ("No longer known", made.newly_unknown, "after"),
                ("Known now", made.newly_decided, "after"),
                ("Waived now", made.newly_waived, "after"),
                ("Changed by the rules, not by the design", made.from_pack, "after"),
            )
            if changes
        ],
        "causes": _causes(made),
        "pillars": made.pillars.items(),
        "parts": [_part(part) for part in made.parts[:_PARTS_SHOWN]],
        "more_parts": max(0, len(made.parts) - _PARTS_SHOWN),
        "attributes": [_attribute(change) for change in made.design],
    }


def summary(made: Comparison) -> list[str]:
    """The change in two or three sentences: coverage first, then what moved the score most."""
    before, after = made.before.score, made.after.score
    said = [f"Coverage went from {before.coverage:.0f} to {after.coverage:.0f} %."]
    if round(before.coverage) == round(after.coverage):
        said = [f"Coverage stayed at {after.coverage:.0f} %."]
    if made.causes:
        top = made.causes[0]
        verb = "gave" if top.points > 0 else "took"
        said.append(f"Most came from {_cause(top.rule)}: it {verb} {abs(top.points):.1f} points.")
    cap = _cap_lifted(before.total, after.total, made) or _cap_holds(made)
    return [*said, cap] if cap else said


def _cap_lifted(before: float, after: float, made: Comparison) -> str:
    caps = made.before.score.caps
    if before <= CRITICAL_CAP < after and any("critical" in c for c in caps):
        return "No critical finding is open any more, so the cap at 59 is gone."
    if before <= HIGH_CAP < after and any("high" in c for c in caps):
        return "No high finding is open any more, so the cap at 84 is gone."
    return ""


def _cap_holds(made: Comparison) -> str:
    """Why a score that should have moved stands still: without it, work looks like nothing."""
    total = made.after.score.total
    if total != made.before.score.total or total not in (CRITICAL_CAP, HIGH_CAP):
        return ""
    before, after = (_uncapped(result) for result in (made.before, made.after))
    if round(before, 1) == round(after, 1):
        return ""
    worst = "critical" if total == CRITICAL_CAP else "high"
    return (
        f"An open {worst} finding holds the score at {total:.0f}; beneath that cap it went from "
        f"{before:.1f} to {after:.1f}."
    )


def _uncapped(result: Result) -> float:
    return uncapped(result.findings, result.design, result.waived, result.rules)


def _cause(rule: str) -> str:
    if rule == "weights":
        return "the weights of the pillars"
    known = RULES.get(rule)
    return f"{rule} {known.title}" if known else rule


def _changes(changes: Iterable[FindingChange], side: str) -> list[dict[str, Any]]:
    rows = []
    for change in changes:
        finding = getattr(change, side) or change.after or change.before
        rows.append({"finding": finding, "where": where(change.subject)})
    return sorted(rows, key=lambda r: (r["finding"].severity.rank, r["finding"].rule))


def _causes(made: Comparison) -> list[dict[str, Any]]:
    """Bars that share one scale: the longest fills its half."""
    longest = max((abs(cause.points) for cause in made.causes), default=1) or 1
    fate = {c.rule: "introduced" for c in made.new} | {c.rule: "fixed" for c in made.fixed}
    rows = []
    for cause in made.causes[:_CAUSES_SHOWN]:
        half = round(50 * abs(cause.points) / longest, 1)
        rows.append(
            {
                "label": _cause(cause.rule),
                "how": fate.get(cause.rule, ""),
                "points": cause.points,
                "x": 50 if cause.points > 0 else round(50 - half, 1),
                "width": half,
            }
        )
    return rows


def _part(part: PartChange) -> dict[str, Any]:
    return {
        "sign": _SIGNS[part.how],
        "how": part.how,
        "section": part.section,
        "name": where(part.id) if part.section == "edge" else part.id,
        "was": part.was,
        "attributes": [_attribute(change) for change in part.attributes],
    }


def _attribute(change: AttributeChange) -> tuple[str, str, str]:
    """Path, old and new value as the text would say them."""
    old = _said(change.old) if change.stated_before else "not stated"
    new = _said(change.new) if change.stated_after else "not stated"
    return change.path, old, new


def _said(value: Any) -> str:
    return "unknown" if value is None else value_text(value)
