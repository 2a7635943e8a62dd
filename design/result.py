"""One immutable result: what was checked, what was found, what it is worth.

Every report is a view on it, and it survives a trip through JSON.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from . import __version__, document
from .model import Attr, Design, Waiver
from .packs import Pack
from .profiles import profile
from .rules import PACK_VERSION, RULES, Evidence, Finding, Rule, Severity, Verdict, check
from .scoring import PillarScore, Score, Waived, score
from .waivers import Standing, applied, standings

FORMAT: Final = "warmstart-result/2"
_EARLIER: Final = "warmstart-result/1"
BUILT_IN: Final = "warmstart"
"""What results call the rules that come with the engine."""


@dataclass(frozen=True)
class Result:
    """What was checked, with which rules, and what came of it.

    `waived` holds the waivers that were in force, (rule, subject) to category;
    `waivers` the standing of each in the text, and of those kept elsewhere that
    `with_waivers` was given. `packs` are those beside the built-in rules.
    """

    design: Design
    pack_version: str
    profile: str
    findings: tuple[Finding, ...]
    score: Score
    waived: Waived = field(default_factory=lambda: MappingProxyType({}))
    waivers: tuple[Standing, ...] = ()
    packs: tuple[Pack, ...] = ()
    engine: str = __version__

    @cached_property
    def text_hash(self) -> str:
        """The SHA-256 of the design's canonical text."""
        return text_hash(self.design)

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule that was asked, by id, in order of id."""
        more = {rule.id: rule for pack in self.packs for rule in pack.rules}
        return MappingProxyType(dict(sorted({**RULES, **more}.items())))

    @property
    def versions(self) -> tuple[str, ...]:
        """Each set of rules with its version: ``warmstart 2026.11``, ..."""
        return (f"{BUILT_IN} {self.pack_version}", *(str(pack) for pack in self.packs))

    def is_open(self, finding: Finding) -> bool:
        """Whether a finding fails and no waiver covers it."""
        key = (finding.rule, finding.subject)
        return finding.verdict is Verdict.FAIL and key not in self.waived

    def of(self, verdict: Verdict) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.verdict is verdict)


def evaluate(
    design: Design,
    today: str | None = None,
    waived: Waived | None = None,
    packs: Sequence[Pack] = (),
    profile_name: str | None = None,
) -> Result:
    """Checks and scores a design.

    Waivers in its text apply only when a day is given: without one nobody can
    say whether they have expired. `waived` adds waivers kept elsewhere, known
    to be in force. `profile_name` outranks the design's own choice. Raises
    ValueError when two packs have a rule of the same id.
    """
    name = profile_name or name_of_profile(design)
    more = _rules_of(packs)
    rules = {**RULES, **{rule.id: rule for rule in more}}
    findings = check(design, profile(name), more)
    standing = standings(design, findings, today, rules)
    waived = {**applied(standing), **(waived or {})}
    return Result(
        design=design,
        pack_version=PACK_VERSION,
        profile=name,
        findings=findings,
        score=score(findings, design, waived, rules),
        waived=MappingProxyType(waived),
        waivers=standing,
        packs=tuple(sorted(packs, key=lambda pack: pack.name)),
    )


def with_waivers(result: Result, waivers: Sequence[Waiver], today: str) -> Result:
    """The same findings, scored with the waivers that hold on a day: those of
    the text and `waivers`, which are kept outside of it. What an earlier call
    added is forgotten first, so a result can follow its waivers over time."""
    own = standings(result.design, result.findings, today, result.rules)
    kept = Design(id=result.design.id, waivers=tuple(waivers))
    more = standings(kept, result.findings, today, result.rules)
    waived = {**applied(more), **applied(own)}
    return replace(
        result,
        score=score(result.findings, result.design, waived, result.rules),
        waived=MappingProxyType(waived),
        waivers=(*own, *more),
    )


def _rules_of(packs: Sequence[Pack]) -> list[Rule]:
    found: dict[str, Rule] = {}
    for rule in (rule for pack in packs for rule in pack.rules):
        if rule.id in found:
            message = f"{found[rule.id].pack} and {rule.pack} both have a rule {rule.id}"
            raise ValueError(f"the packs {message}; rename one of them")
        found[rule.id] = rule
    return list(found.values())


def text_hash(design: Design) -> str:
    return hashlib.sha256(document.dump(design).encode()).hexdigest()


def name_of_profile(design: Design) -> str:
    """The profile whose limits the rules use: the generic one unless another is
    named and exists."""
    name = design.get("profile", "generic")
    try:
        profile(name)
    except (KeyError, ValueError):
        return "generic"
    return str(name)


def to_dict(result: Result) -> dict[str, Any]:
    """The result as JSON values, with the design as its canonical text."""
    found = score_dict(result.score)
    return {
        "format": FORMAT,
        "engine": {"name": BUILT_IN, "version": result.engine},
        "packs": [
            {"name": BUILT_IN, "version": result.pack_version},
            *(_pack_dict(pack) for pack in result.packs),
        ],
        "pack_version": result.pack_version,
        "profile": result.profile,
        "text_hash": result.text_hash,
        "score": found.pop("total"),
        "coverage": found.pop("coverage"),
        "pillars": found.pop("pillars"),
        **found,
        "findings": [finding_dict(finding) for finding in result.findings],
        "waived": [
            {"rule": rule, "subject": subject, "category": category}
            for (rule, subject), category in sorted(result.waived.items())
        ],
        "waivers": [_standing_dict(s, result.design) for s in result.waivers],
        "design": document.dump(result.design),
    }


def _pack_dict(pack: Pack) -> dict[str, Any]:
    rules = [
        {
            "id": rule.id,
            "version": rule.version,
            "title": rule.title,
            "severity": rule.severity.value,
            "confidence": rule.confidence,
            "pillar": rule.pillar,
            "area": rule.area,
            "why": rule.why,
            "detects": rule.detects,
            "false_alarm": rule.false_alarm,
            "fix": rule.fix,
            "section": rule.section,
            "references": list(rule.references),
            "waivable": rule.waivable,
        }
        for rule in pack.rules
    ]
    return {"name": pack.name, "version": pack.version, "title": pack.title, "rules": rules}


def _standing_dict(standing: Standing, design: Design) -> dict[str, Any]:
    """One that does not stand in the design's text brings its own words along."""
    waiver = standing.waiver
    inside = any(waiver is one for one in design.waivers)
    said = {name: attr.value for name, attr in waiver.attrs.items()}
    return {
        **({} if inside else {"waiver": said}),
        "rule": standing.waiver.get("rule"),
        "subject": standing.waiver.get("subject"),
        "state": standing.state,
        "says": standing.says,
        "expires": standing.expires,
        "matches": list(standing.matches),
        "basis": standing.basis,
    }


def from_dict(data: Mapping[str, Any]) -> Result:
    """The result that `to_dict` wrote, now or before. Raises ValueError when it
    is none."""
    try:
        if data["format"] not in (FORMAT, _EARLIER):
            raise ValueError(f"expected {FORMAT}")
        design = document.load(data["design"], document.LOCAL)
        earlier = data["format"] == _EARLIER
        waivers = {(w.get("rule"), w.get("subject")): w for w in design.waivers}
        return Result(
            design=design,
            pack_version=data["pack_version"],
            profile=data["profile"],
            findings=tuple(_finding(item) for item in data["findings"]),
            score=_score(data["score"] if earlier else {**data, "total": data["score"]}),
            waived=MappingProxyType(
                {(w["rule"], w["subject"]): w["category"] for w in data["waived"]}
            ),
            waivers=tuple(
                Standing(
                    _kept(item) or waivers[item["rule"], item["subject"]],
                    item["state"],
                    item["says"],
                    item["expires"],
                    tuple(item["matches"]),
                    item["basis"],
                )
                for item in data.get("waivers", ())
            ),
            packs=tuple(_pack(item) for item in data.get("packs", ()) if "rules" in item),
            engine=data.get("engine", {"version": data["pack_version"]})["version"],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is not a result of {FORMAT}: {error!r}") from None


def _kept(item: Mapping[str, Any]) -> Waiver | None:
    """A waiver that stood outside the design's text."""
    if "waiver" not in item:
        return None
    attrs = {name: Attr(value, 0) for name, value in item["waiver"].items()}
    return Waiver(f"{item['rule']}@{item['subject']}", MappingProxyType(attrs))


def _pack(data: Mapping[str, Any]) -> Pack:
    rules = [
        Rule(
            **{
                **item,
                "severity": Severity(item["severity"]),
                "references": tuple(item["references"]),
                "pack": data["name"],
            }
        )
        for item in data["rules"]
    ]
    return Pack(data["name"], data["version"], data["title"], tuple(rules), live=False)


def finding_dict(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "subject": finding.subject,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "title": finding.title,
        "message": finding.message,
        "line": finding.line,
        "missing": list(finding.missing),
        "evidence": [
            {"what": e.what, "value": e.value, "line": e.line, "origin": e.origin}
            for e in finding.evidence
        ],
    }


def _finding(data: Mapping[str, Any]) -> Finding:
    finding = Finding(
        rule=data["rule"],
        subject=data["subject"],
        verdict=Verdict(data["verdict"]),
        severity=Severity(data["severity"]),
        title=data["title"],
        said=None,
        noted=tuple(Evidence(**item) for item in data["evidence"]),
        missing=tuple(data["missing"]),
        line=data["line"],
    )
    said = data["message"]
    return finding if finding.message == said else replace(finding, said=said)


def score_dict(found: Score) -> dict[str, Any]:
    return {
        "total": found.total,
        "grade": found.grade,
        "coverage": found.coverage,
        "provisional": found.provisional,
        "without_accepted": found.without_accepted,
        "caps": list(found.caps),
        "shifts": list(found.shifts),
        "counts": dict(found.counts),
        "pillars": {
            name: {
                "score": pillar.score,
                "coverage": pillar.coverage,
                "weight": pillar.weight,
                "cap": pillar.cap,
                "rules": pillar.rules,
                "subjects": pillar.subjects,
            }
            for name, pillar in found.pillars.items()
        },
    }


def _score(data: Mapping[str, Any]) -> Score:
    pillars = {name: PillarScore(**values) for name, values in data["pillars"].items()}
    return Score(
        total=data["total"],
        grade=data["grade"],
        coverage=data["coverage"],
        provisional=data["provisional"],
        pillars=MappingProxyType(pillars),
        caps=tuple(data["caps"]),
        counts=MappingProxyType(dict(data["counts"])),
        without_accepted=data["without_accepted"],
        shifts=tuple(data["shifts"]),
    )
