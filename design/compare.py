"""Two results to what changed between them: structure, findings, score.

Results of different rule packs are never compared in silence: the older design
is checked again with the newer pack, and what the pack caused is kept apart
from what the team did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .document import value_text
from .model import Attr, Design, Edge, Part
from .result import Result, evaluate
from .rules import PACK_VERSION, Finding, Rule, Verdict
from .scoring import Tally, score_tallies, tally, weights_for

SECTIONS: Final = ("component", "edge", "boundary", "data", "decision", "scenario")
_NOT_COMPARED: Final = frozenset({"was"})


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """One attribute: None is absent, so `stated_before` tells it from unknown."""

    path: str
    old: Any
    new: Any
    stated_before: bool = True
    stated_after: bool = True


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part that was added, removed, renamed or changed. `was` is the earlier
    id of a renamed part; `title` what readers know it by."""

    section: str
    id: str
    how: str
    title: str = ""
    was: str = ""
    attributes: tuple[AttributeChange, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding before and after; None where the rule had nothing to say."""

    rule: str
    subject: str
    before: Finding | None
    after: Finding | None


@dataclass(frozen=True, slots=True)
class Cause:
    """What one rule (or ``weights``) did to the total, in points."""

    rule: str
    points: float


@dataclass(frozen=True, slots=True)
class PillarChange:
    before: float | None
    after: float | None
    coverage_before: float
    coverage_after: float

    @property
    def points(self) -> float | None:
        """The difference, None where one side has no score."""
        if self.before is None or self.after is None:
            return None
        return round(self.after - self.before, 2)


@dataclass(frozen=True)
class Comparison:
    """What changed. `new`, `fixed`, `kept` are failing findings; `newly_unknown`
    could be decided before, `newly_decided` can be now; `gone` failed before
    and has lost its subject; `from_pack` changed because the rules did, and
    `packs` says how they did."""

    before: Result
    after: Result
    parts: tuple[PartChange, ...]
    design: tuple[AttributeChange, ...]
    new: tuple[FindingChange, ...]
    fixed: tuple[FindingChange, ...]
    kept: tuple[FindingChange, ...]
    gone: tuple[FindingChange, ...]
    newly_unknown: tuple[FindingChange, ...]
    newly_decided: tuple[FindingChange, ...]
    severity_changed: tuple[FindingChange, ...]
    newly_waived: tuple[FindingChange, ...]
    from_pack: tuple[FindingChange, ...]
    pillars: Mapping[str, PillarChange]
    causes: tuple[Cause, ...]
    packs: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        return round(self.after.score.total - self.before.score.total, 2)

    @property
    def marks(self) -> dict[str, str]:
        """Subject to ``added``, ``removed`` or ``changed``, for the diagram."""
        return {
            part.id: "changed" if part.how == "renamed" else part.how
            for part in self.parts
            if part.section in ("component", "edge", "boundary")
        }

    @property
    def said(self) -> dict[str, tuple[str, ...]]:
        """Subject to what changed of it, for the diagram: ``timeout_s 5 → 30``."""
        found = {}
        for part in self.parts:
            renamed = (f"was {part.was}",) if part.was else ()
            found[part.id] = (*renamed, *(_told(change) for change in part.attributes))
        return found

    def of(self, how: str) -> tuple[PartChange, ...]:
        return tuple(part for part in self.parts if part.how == how)


def _told(change: AttributeChange) -> str:
    old = value_text(change.old) if change.stated_before else "not stated"
    new = value_text(change.new) if change.stated_after else "not stated"
    return f"{change.path} {old} → {new}"


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


def compare(before: Result, after: Result) -> Comparison:
    """What changed from `before` to `after`."""
    original = before
    live = after.pack_version == PACK_VERSION and all(pack.live for pack in after.packs)
    if before.versions != after.versions and live:
        before = evaluate(before.design, None, before.waived, after.packs, before.profile)
    renames = _renames(before.design, after.design)
    findings = _findings(before, after, renames)
    pack = _from_pack(original, before) if before is not original else ()
    alone = before.rules.keys() ^ after.rules.keys()  # rules that only one side was asked
    pack += tuple(c for c in findings if c.rule in alone and _tells(c))
    findings = [c for c in findings if c.rule not in alone]
    fails = [c for c in findings if _failed(c.before) and _failed(c.after)]
    return Comparison(
        before=before,
        after=after,
        parts=_parts(before.design, after.design, renames),
        design=_attributes(before.design.attrs, after.design.attrs, {}),
        new=tuple(c for c in findings if _failed(c.after) and not _failed(c.before)),
        fixed=tuple(c for c in findings if _failed(c.before) and _is(c.after, Verdict.PASS)),
        kept=tuple(fails),
        gone=tuple(c for c in findings if _failed(c.before) and not _decidable(c.after)),
        newly_unknown=tuple(
            c for c in findings if _decided(c.before) and _is(c.after, Verdict.UNKNOWN)
        ),
        newly_decided=tuple(
            c for c in findings if _is(c.before, Verdict.UNKNOWN) and _decided(c.after)
        ),
        severity_changed=tuple(
            c for c in fails if c.before and c.after and c.before.severity is not c.after.severity
        ),
        newly_waived=tuple(
            c for c in fails if _is_waived(after, c.after) and not _is_waived(before, c.before)
        ),
        from_pack=pack,
        pillars=_pillars(before, after),
        causes=_causes(before, after),
        packs=_packs(original, after),
    )


# -- structure ----------------------------------------------------------------


def _sections(design: Design) -> dict[str, Sequence[Part]]:
    return {
        "component": design.components,
        "edge": design.edges,
        "boundary": design.boundaries,
        "data": design.data,
        "decision": design.decisions,
        "scenario": design.scenarios,
    }


def _renames(before: Design, after: Design) -> dict[str, dict[str, str]]:
    """By section: old id to new id, for parts that say `was` and replace it."""
    old, new = _sections(before), _sections(after)
    found: dict[str, dict[str, str]] = {}
    for section in SECTIONS:
        gone = {part.id for part in old[section]} - {part.id for part in new[section]}
        found[section] = {
            part.get("was"): part.id for part in new[section] if part.get("was") in gone
        }
    moved = found["component"]
    found["edge"] = {
        edge.id: _moved(edge, moved)
        for edge in before.edges
        if edge.source in moved or edge.target in moved
    }
    return found


def _moved(edge: Edge, moved: Mapping[str, str]) -> str:
    source, target = moved.get(edge.source, edge.source), moved.get(edge.target, edge.target)
    return f"{source}->{target}:{edge.id.partition(':')[2]}"


def _parts(
    before: Design, after: Design, renames: Mapping[str, Mapping[str, str]]
) -> tuple[PartChange, ...]:
    changes: list[PartChange] = []
    old_parts, new_parts = _sections(before), _sections(after)
    ids = {name: new for section in renames.values() for name, new in section.items()}
    for section in SECTIONS:
        renamed = renames[section]
        old = {renamed.get(part.id, part.id): part for part in old_parts[section]}
        new = {part.id: part for part in new_parts[section]}
        for id in sorted(old.keys() | new.keys()):
            change = _part(section, id, old.get(id), new.get(id), ids)
            if change is not None:
                changes.append(change)
    return tuple(changes)


def _part(
    section: str, id: str, old: Part | None, new: Part | None, ids: Mapping[str, str]
) -> PartChange | None:
    if old is None and new is not None:
        return PartChange(section, id, "added", _title(new))
    if new is None and old is not None:
        return PartChange(section, old.id, "removed", _title(old))
    assert old is not None
    assert new is not None
    attributes = _attributes(old.attrs, new.attrs, ids)
    kinds = (getattr(old, "kind", ""), getattr(new, "kind", ""))
    if kinds[0] != kinds[1]:
        attributes = (AttributeChange("kind", *kinds), *attributes)
    if old.id != new.id and section != "edge":
        return PartChange(section, id, "renamed", _title(new), old.id, attributes)
    if attributes:
        return PartChange(section, id, "changed", _title(new), "", attributes)
    return None


def _title(part: Part) -> str:
    return str(part.get("title") or part.id)


def _attributes(
    old: Mapping[str, Attr], new: Mapping[str, Attr], ids: Mapping[str, str]
) -> tuple[AttributeChange, ...]:
    changes: list[AttributeChange] = []
    for path in sorted(old.keys() | new.keys()):
        if path in _NOT_COMPARED:
            continue
        said = path in old, path in new
        values = (old[path].value if said[0] else None, new[path].value if said[1] else None)
        if said[0] == said[1] and (values[0] == values[1] or _renamed(values[0], ids) == values[1]):
            continue
        changes.append(AttributeChange(path, *values, *said))
    return tuple(changes)


def _renamed(value: Any, ids: Mapping[str, str]) -> Any:
    """A value with old ids replaced, so that a rename changes one part only."""
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        return tuple(sorted(ids.get(item, item) for item in value))
    if isinstance(value, tuple) and value and hasattr(value[0], "actions"):
        moved = (type(g)(ids.get(g.to, g.to), g.actions) for g in value)
        return tuple(sorted(moved, key=lambda grant: grant.to))
    return value


# -- findings -----------------------------------------------------------------


def _failed(finding: Finding | None) -> bool:
    return finding is not None and finding.verdict is Verdict.FAIL


def _is(finding: Finding | None, verdict: Verdict) -> bool:
    return finding is not None and finding.verdict is verdict


def _decided(finding: Finding | None) -> bool:
    return finding is not None and finding.verdict in (Verdict.PASS, Verdict.FAIL)


def _decidable(finding: Finding | None) -> bool:
    return finding is not None and finding.verdict is not Verdict.NOT_APPLICABLE


def _is_waived(result: Result, finding: Finding | None) -> bool:
    return finding is not None and (finding.rule, finding.subject) in result.waived


def _findings(
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


def _from_pack(original: Result, again: Result) -> tuple[FindingChange, ...]:
    """Findings of the same text that differ only because the rules do."""
    changes = _findings(original, again, {"component": {}, "edge": {}})
    return tuple(c for c in changes if _tells(c))


def _tells(change: FindingChange) -> bool:
    """Whether the two sides say something different."""
    before, after = change.before, change.after
    same = (before.verdict if before else None) is (after.verdict if after else None)
    return not same and (_decidable(before) or _decidable(after))


def _packs(before: Result, after: Result) -> tuple[str, ...]:
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


# -- score --------------------------------------------------------------------


def _pillars(before: Result, after: Result) -> dict[str, PillarChange]:
    return {
        name: PillarChange(
            before.score.pillars[name].score,
            pillar.score,
            before.score.pillars[name].coverage,
            pillar.coverage,
        )
        for name, pillar in after.score.pillars.items()
    }


def _causes(before: Result, after: Result) -> tuple[Cause, ...]:
    """The total's change, rule by rule.

    Tallies of the earlier result are replaced by the later ones in order of the
    rules' ids, and each step's effect belongs to that rule: the parts add up to
    the whole, caps included. What remains comes from the weights.
    """
    rules = {**before.rules, **after.rules}
    old, new = _tallies(before, rules), _tallies(after, rules)
    weights, _ = weights_for(before.design)
    mixed = dict(old)
    total = before.score.total
    causes: list[Cause] = []
    for rule in sorted(old.keys() | new.keys()):
        if old.get(rule) == new.get(rule):
            continue
        mixed[rule] = new.get(rule, Tally(rule))
        stepped = score_tallies(dict(sorted(mixed.items())), weights, rules).total
        if stepped != total:
            causes.append(Cause(rule, round(stepped - total, 2)))
        total = stepped
    if after.score.total != total:
        causes.append(Cause("weights", round(after.score.total - total, 2)))
    return tuple(sorted(causes, key=lambda cause: (-abs(cause.points), cause.rule)))


def _tallies(result: Result, rules: Mapping[str, Rule]) -> dict[str, Tally]:
    return tally((f for f in result.findings if f.rule in rules), result.waived)
