"""Findings followed from revision to revision, in the transaction that finishes a check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from design.compare import fingerprint
from design.result import Result
from design.rules import Finding, Verdict
from reviews.models import Design, Progress, Run, RunQuerySet, State, TrackedFinding
from teams.events import happened
from teams.models import User

_WORDS = ("rule", "subject", "severity", "title", "message", "line")
_FIELDS = (*_WORDS, "state", "how", "undecided", "last_in", "changed_in", "changed")
_GONE = {
    Verdict.PASS: "the rule passes",
    Verdict.NOT_APPLICABLE: "the rule no longer applies",
    None: "gone with its subject",
}
_RULES_CHANGED = "the rules have changed, not the design"


class Stale(ValueError):
    """Somebody else has changed it since it was read."""


def newest(design: Design) -> Run | None:
    """The finished check that says how a design stands: of the newest revision that has one and
    was not withdrawn, or of the newest of all if each was."""
    standing, runs = _finished(design)
    return standing.select_related("revision").last() or runs.select_related("revision").last()


def newest_key(design: Design) -> int | None:
    """The same without its result."""
    standing, runs = _finished(design)
    key = standing.values_list("pk", flat=True).last()
    return key if key is not None else runs.values_list("pk", flat=True).last()


def _finished(design: Design) -> tuple[RunQuerySet, RunQuerySet]:
    """Finished checks, the newest last: of the revisions that stand, and of all."""
    runs = Run.objects.filter(revision__design=design, state=State.DONE)
    runs = runs.order_by("revision__number", "pk")
    return runs.filter(revision__withdrawal__isnull=True), runs


@transaction.atomic
def follow(run: Run, result: Result, *, again: bool = False) -> None:
    """Brings the rows of a design up to what its newest check found; `again` when only its
    waivers have moved. The design's row is held by whoever calls."""
    revision = run.revision
    design = Design.objects.select_related("team").get(pk=revision.design_id)
    number = revision.number
    others = Run.objects.filter(revision=revision, state=State.DONE).exclude(pk=run.pk)
    same_text = not again and others.exists()
    # What a submitted text brought about began with that text, not with the clock of its check.
    now = timezone.now() if again or same_text else revision.created
    rows = {row.fingerprint: row for row in design.tracked.select_related("assignee")}
    new, kept, back, mended = [], [], [], []
    failing = {fingerprint(f, result.design): f for f in result.of(Verdict.FAIL)}
    verdicts = {(f.rule, f.subject[:500]): f.verdict for f in result.findings}
    for key, finding in failing.items():
        row = rows.pop(key, None)
        if row is None:
            new.append(_begun(design, key, finding, number, result, now))
            continue
        was = row.state
        _seen(row, finding, number, result, now)
        kept.append(row)
        if row.state == Progress.REOPENED and was != Progress.REOPENED:
            back.append(row)
    for row in rows.values():
        if row.state == Progress.FIXED:
            continue
        verdict = verdicts.get((row.rule, row.subject))
        if verdict in (Verdict.UNKNOWN, Verdict.ERROR):
            row.undecided = True
        else:
            how = _RULES_CHANGED if same_text else _GONE.get(verdict, _GONE[None])
            _into(row, Progress.FIXED, number, how, now)
            row.undecided = False
            mended.append(row)
        kept.append(row)
    TrackedFinding.objects.bulk_create(new, batch_size=500)
    TrackedFinding.objects.bulk_update(kept, _FIELDS, batch_size=200)
    _tell(design, "finding.reopened", back)
    _tell(design, "finding.fixed", mended)


def _begun(
    design: Design, key: str, finding: Finding, number: int, result: Result, now: datetime
) -> TrackedFinding:
    row = TrackedFinding(design=design, fingerprint=key, changed=now)
    row.first_in = row.last_in = row.changed_in = number
    _said(row, finding)
    row.state = Progress.OPEN if result.is_open(finding) else Progress.WAIVED
    return row


def _said(row: TrackedFinding, finding: Finding) -> None:
    """The words of the newest check."""
    row.rule, row.subject = finding.rule, finding.subject[:500]
    row.severity, row.title = finding.severity.value, finding.title[:200]
    row.message, row.line = finding.message, finding.line


def _seen(
    row: TrackedFinding, finding: Finding, number: int, result: Result, now: datetime
) -> None:
    _said(row, finding)
    row.last_in, row.undecided = number, False
    if not result.is_open(finding):
        if row.state != Progress.WAIVED:
            _into(row, Progress.WAIVED, number, "", now)
    elif row.state == Progress.FIXED:
        _into(row, Progress.REOPENED, number, "it was fixed before", now)
    elif row.state == Progress.WAIVED:
        _into(row, Progress.REOPENED, number, "its waiver no longer holds", now)


def _into(row: TrackedFinding, state: Progress, number: int, how: str, now: datetime) -> None:
    row.state, row.how = state, how
    row.changed_in, row.changed = number, now


def _tell(design: Design, kind: str, rows: list[TrackedFinding]) -> None:
    """One event for a check, not one for each finding; those who had them assigned are told."""
    if not rows:
        return
    first, more = rows[0], len(rows) - 1
    subject = f"{first} in {design}" + (f" and {more} more" if more else "")
    happened(
        design.team,
        kind,
        subject,
        url=_address(design),
        tell=[row.assignee for row in rows if row.assignee],
        detail={"findings": [str(row) for row in rows[:100]]},
    )


def _address(design: Design) -> str:
    return f"{design.get_absolute_url()}findings/"


@transaction.atomic
def assign(row: TrackedFinding, to: User | None, by: User, version: int) -> None:
    """Gives a finding to somebody, or to nobody. Raises Stale when the row has moved on."""
    done = TrackedFinding.objects.filter(pk=row.pk, version=version)
    if not done.update(assignee=to, version=version + 1):
        raise Stale("Somebody else has assigned it since you opened the page.")
    happened(
        row.design.team,
        "finding.assigned",
        f"{row} in {row.design}",
        by=by,
        url=row.get_absolute_url(),
        tell=[to] if to else (),
        text=f"{by} gave you {row} in {row.design}",
        detail={"to": to.username if to else ""},
    )


def members(design: Design) -> Iterable[User]:
    """Whom a finding or an action can be given to."""
    return User.objects.filter(memberships__team=design.team).order_by("username")
