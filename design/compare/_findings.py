"""Findings of two results side by side, and what each is known by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from ..model import Design
from ..result import Result
from ..rules import Finding, Verdict
from ._types import FindingChange


def fingerprint(finding: Finding, design: Design) -> str:
    """What a finding is known by across revisions: its rule and subject, with
    no counter, position or message in it. A part that says `was` is known by
    its earlier id."""
    subject = "+".join(sorted(_earlier(finding.subject, design).split("+")))
    return hashlib.sha256(f"{finding.rule}\n{subject}".encode()).hexdigest()


def _earlier(subject: str, design: Design) -> str:
    """A subject as it was before its parts were renamed."""
    edge = next((e for e in design.out_edges(subject.partition("->")[0]) if e.id == subject), None)
    if edge is not None:
        ends = _earlier(edge.source, design), _earlier(edge.target, design)
        return f"{ends[0]}->{ends[1]}:{edge.id.partition(':')[2]}"
    if "+" in subject:
        return "+".join(_earlier(member, design) for member in subject.split("+"))
    part = design.find(subject) or design.boundary(subject) or design.data_item(subject)
    was = part.get("was") if part is not None else None
    taken = was is None or design.find(was) or design.boundary(was) or design.data_item(was)
    return subject if taken else str(was)


def failed(finding: Finding | None) -> bool:
    return finding is not None and finding.verdict is Verdict.FAIL


def has_verdict(finding: Finding | None, verdict: Verdict) -> bool:
    return finding is not None and finding.verdict is verdict


def decided(finding: Finding | None) -> bool:
    return finding is not None and finding.verdict in (Verdict.PASS, Verdict.FAIL)


def decidable(finding: Finding | None) -> bool:
    return finding is not None and finding.verdict is not Verdict.NOT_APPLICABLE


def is_waived(result: Result, finding: Finding | None) -> bool:
    return finding is not None and (finding.rule, finding.subject) in result.waived


def finding_changes(
    before: Result, after: Result, renames: Mapping[str, Mapping[str, str]]
) -> list[FindingChange]:
    """Findings of both, matched by rule and subject, renamed parts included."""
    ids = {old: new for section in ("component", "edge") for old, new in renames[section].items()}
    old = {(f.rule, _subject(f.subject, ids)): f for f in before.findings}
    new = {(f.rule, f.subject): f for f in after.findings}
    return [
        FindingChange(*key, old.get(key), new.get(key)) for key in sorted(old.keys() | new.keys())
    ]


def _subject(subject: str, ids: Mapping[str, str]) -> str:
    if subject in ids:
        return ids[subject]
    if "+" in subject:
        return "+".join(sorted(ids.get(member, member) for member in subject.split("+")))
    return subject


def from_pack(original: Result, again: Result) -> tuple[FindingChange, ...]:
    """Findings of the same text that differ only because the rules do."""
    changes = finding_changes(original, again, {"component": {}, "edge": {}})
    return tuple(c for c in changes if tells(c))


def tells(change: FindingChange) -> bool:
    """Whether the two sides say something different."""
    before, after = change.before, change.after
    same = (before.verdict if before else None) is (after.verdict if after else None)
    return not same and (decidable(before) or decidable(after))


def pack_notes(before: Result, after: Result) -> tuple[str, ...]:
    """How the rules of the two differ, as sentences; none when they are the same."""
    old = dict(version.split(" ", 1) for version in before.versions)
    new = dict(version.split(" ", 1) for version in after.versions)
    said = []
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            said.append(f"The rule pack {name} {old[name]} was used only before.")
        elif name not in old:
            said.append(f"The rule pack {name} {new[name]} is used only now.")
        elif old[name] != new[name]:
            said.append(f"The rule pack {name} was {old[name]} and is {new[name]}.")
    return tuple(said)
