"""A plan as files for trackers: CSV with one row for each action, Markdown as a task list."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from design.export.csv import cell
from design.export.markdown import escape
from reviews.models import Action, Plan, TrackedFinding
from reviews.pages import where

_SHOWN: Final = 20
COLUMNS: Final = (
    "rule", "action", "severity", "state", "risk", "effort_h", "gain", "proved", "owner", "due",
    "findings", "subjects", "steps", "note",
)  # fmt: skip


def as_csv(actions: Sequence[Action]) -> str:
    """In the order of the plan. `risk` counts severities as the score does, `effort_h` is in
    hours, `gain` in points of the score; it is empty until it has been worked out."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for action in actions:
        findings = _meant(action)
        row = (
            action.rule,
            action.title,
            action.worst,
            action.outcome,
            f"{action.risk:g}",
            action.effort,
            "" if action.gain is None else f"{action.gain:.2f}",
            "" if action.gain is None else "yes" if action.proved else "no",
            action.owner.username if action.owner else "",
            action.due.isoformat() if action.due else "",
            len(findings),
            "; ".join(one.subject for one in findings),
            " ".join(action.steps),
            action.note,
        )
        writer.writerow([cell(value) for value in row])
    return out.getvalue()


def as_markdown(plan: Plan, actions: Sequence[Action], address: str) -> str:
    """A task list; `address` is the page of the plan."""
    lines = [f"# Improvement plan: {escape(plan.design.title)}", "", f"<{address}>", ""]
    if plan.total is not None and plan.total_after is not None:
        lines += [f"Score {plan.total:.0f}, and {plan.total_after:.0f} once all is done.", ""]
    for action in actions:
        box = " " if action.outcome == "open" else "x"
        lines.append(f"- [{box}] **{escape(str(action))}** ({_facts(action)})")
        findings = _meant(action)
        places = ", ".join(escape(where(one.subject)) for one in findings[:_SHOWN])
        more = f" and {len(findings) - _SHOWN} more" if len(findings) > _SHOWN else ""
        if findings:
            lines.append(f"  - Where: {places}{more}")
        lines += [f"  - {escape(step)}" for step in action.steps]
        if action.note:
            lines.append(f"  - Note: {escape(' '.join(action.note.split()))}")
    return "\n".join(lines) + "\n"


def _meant(action: Action) -> list[TrackedFinding]:
    return action.open_findings or list(action.findings.all())


def _facts(action: Action) -> str:
    said = [word for word in (action.worst, action.get_effort_display()) if word]
    if action.outcome != "open":
        said.append(action.outcome)
    elif action.gain is not None:
        said.append(f"{action.gain:+.1f} points" + ("" if action.proved else ", estimated"))
    if action.owner:
        said.append(escape(action.owner.username))
    if action.due:
        said.append(f"due {action.due.isoformat()}")
    return ", ".join(said)
