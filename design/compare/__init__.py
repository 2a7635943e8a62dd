"""Two results to what changed between them: structure, findings, score.

Results of different rule packs are never compared in silence: the older design
is checked again with the newer pack, and what the pack caused is kept apart
from what the team did.
"""

from __future__ import annotations

from ..result import Result, evaluate
from ..rules import PACK_VERSION, Verdict
from ._findings import (
    decidable,
    decided,
    failed,
    finding_changes,
    fingerprint,
    from_pack,
    has_verdict,
    is_waived,
    pack_notes,
    tells,
)
from ._score import causes_of, pillar_changes
from ._structure import SECTIONS, attribute_changes, part_changes, renames_of
from ._types import AttributeChange, Cause, Comparison, FindingChange, PartChange, PillarChange

__all__ = [
    "SECTIONS",
    "AttributeChange",
    "Cause",
    "Comparison",
    "FindingChange",
    "PartChange",
    "PillarChange",
    "compare",
    "fingerprint",
]


def compare(before: Result, after: Result) -> Comparison:
    """What changed from `before` to `after`."""
    original = before
    live = after.pack_version == PACK_VERSION and all(pack.live for pack in after.packs)
    if before.versions != after.versions and live:
        before = evaluate(before.design, None, before.waived, after.packs, before.profile)
    renames = renames_of(before.design, after.design)
    findings = finding_changes(before, after, renames)
    pack = from_pack(original, before) if before is not original else ()
    alone = before.rules.keys() ^ after.rules.keys()  # rules that only one side was asked
    pack += tuple(c for c in findings if c.rule in alone and tells(c))
    findings = [c for c in findings if c.rule not in alone]
    fails = [c for c in findings if failed(c.before) and failed(c.after)]
    return Comparison(
        before=before,
        after=after,
        parts=part_changes(before.design, after.design, renames),
        design=attribute_changes(before.design.attrs, after.design.attrs, {}),
        new=tuple(c for c in findings if failed(c.after) and not failed(c.before)),
        fixed=tuple(c for c in findings if failed(c.before) and has_verdict(c.after, Verdict.PASS)),
        kept=tuple(fails),
        gone=tuple(c for c in findings if failed(c.before) and not decidable(c.after)),
        newly_unknown=tuple(
            c for c in findings if decided(c.before) and has_verdict(c.after, Verdict.UNKNOWN)
        ),
        newly_decided=tuple(
            c for c in findings if has_verdict(c.before, Verdict.UNKNOWN) and decided(c.after)
        ),
        severity_changed=tuple(
            c for c in fails if c.before and c.after and c.before.severity is not c.after.severity
        ),
        newly_waived=tuple(
            c for c in fails if is_waived(after, c.after) and not is_waived(before, c.before)
        ),
        from_pack=pack,
        pillars=pillar_changes(before, after),
        causes=causes_of(before, after),
        packs=pack_notes(original, after),
    )
