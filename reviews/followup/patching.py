"""A patch for one finding or for several: what would clear them, proved on the newest text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from design import document
from design.fixes import NOT_PROVED, mend
from design.result import Result, evaluate, from_dict
from design.rules import Finding, Verdict
from design.scoring import uncapped
from reviews.followup import tracking
from reviews.models import Design, Revision, TrackedFinding
from reviews.textdiff import Hunk, hunks


@dataclass(frozen=True, slots=True)
class Patch:
    """`does` says what each fix does, the wanted one first; `leaves` what stays for a person.
    Without `text` there is none, and `declined` says why. Of several findings, `held` are those
    that it clears, and `left` those that could not be combined, each with the reason."""

    base: Revision
    text: str = ""
    does: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    hunks: list[Hunk] | None = None
    diff: str = ""
    before: float = 0.0
    after: float = 0.0
    beneath: float = 0.0
    """What the score rises by if no open finding capped it."""
    clears: tuple[str, ...] = ()
    declined: str = ""
    held: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()

    @property
    def rises(self) -> float:
        return self.after - self.before

    @property
    def is_held(self) -> bool:
        """A cap keeps the score from following the patch."""
        return round(self.beneath, 1) > round(self.rises, 1)


def checked(row: TrackedFinding) -> tuple[Revision, Result, Finding | None] | None:
    """The newest checked revision, its result, and the finding in it; None without a check."""
    run = tracking.newest(row.design)
    if run is None or run.result is None:
        return None
    result = from_dict(run.result)
    fails = {(f.rule, f.subject[:500]): f for f in result.of(Verdict.FAIL)}
    run.revision.design = row.design
    return run.revision, result, fails.get((row.rule, row.subject))


def together(rows: Sequence[TrackedFinding], design: Design) -> Patch | None:
    """One patch for several findings of a design; None without a check. Those that the newest
    check does not have any more are left, and say so."""
    run = tracking.newest(design)
    if run is None or run.result is None:
        return None
    result = from_dict(run.result)
    run.revision.design = design
    fails = {(f.rule, f.subject[:500]): f for f in result.of(Verdict.FAIL)}
    wanted = {key: fails[key] for row in rows if (key := (row.rule, row.subject)) in fails}
    gone = tuple(
        (str(row), "The newest checked revision does not have it any more.")
        for row in rows
        if (row.rule, row.subject) not in wanted
    )
    made = patch(run.revision, result, *wanted.values()) if wanted else Patch(run.revision)
    return replace(made, left=made.left + gone)


def patch(revision: Revision, result: Result, *findings: Finding) -> Patch:
    """The patched text of a revision with its difference and its score."""
    wanted = {(finding.rule, finding.subject) for finding in findings}
    mended = mend(revision.text, lambda one: (one.rule, one.subject) in wanted)
    left = tuple((_name(one.finding), one.reason) for one in mended.declined)
    if not mended.applied:
        reason = mended.declined[0].reason if mended.declined else "There is nothing to change."
        return Patch(revision, declined=reason, left=left)
    design = document.load(mended.text)
    day = timezone.localdate().isoformat()
    after = evaluate(design, day, result.waived, result.packs, result.profile)
    was = {(f.rule, f.subject) for f in result.of(Verdict.FAIL)}
    still = {(f.rule, f.subject) for f in after.of(Verdict.FAIL)}
    return Patch(
        base=revision,
        text=mended.text,
        does=tuple(fix.does for fix in mended.applied),
        leaves=tuple(dict.fromkeys([*(f.leaves for f in mended.applied), NOT_PROVED])),
        hunks=hunks(revision.text, mended.text),
        diff=mended.diff(),
        before=result.score.total,
        after=after.score.total,
        beneath=uncapped(after.findings, after.design, after.waived, after.rules)
        - uncapped(result.findings, result.design, result.waived, result.rules),
        clears=tuple(sorted({rule for rule, _ in was - still})),
        held=tuple(_name(one) for one in findings if (one.rule, one.subject) not in still),
        left=left,
    )


def _name(finding: Finding) -> str:
    return f"{finding.rule} at {finding.subject}"
