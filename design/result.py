"""One immutable result: what was checked, what was found, what it is worth.

Every report is a view on it, and it survives a trip through JSON.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from . import document
from .model import Design
from .profiles import profile
from .rules import PACK_VERSION, Evidence, Finding, Severity, Verdict, check
from .scoring import PillarScore, Score, Waived, in_force, score

FORMAT: Final = "warmstart-result/1"


@dataclass(frozen=True)
class Result:
    """`text_hash` is the SHA-256 of the design's canonical text; `waived` holds
    the waivers that were in force, (rule, subject) to category."""

    design: Design
    text_hash: str
    pack_version: str
    profile: str
    findings: tuple[Finding, ...]
    score: Score
    waived: Waived = field(default_factory=lambda: MappingProxyType({}))

    def is_open(self, finding: Finding) -> bool:
        """Whether a finding fails and no waiver covers it."""
        key = (finding.rule, finding.subject)
        return finding.verdict is Verdict.FAIL and key not in self.waived

    def of(self, verdict: Verdict) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.verdict is verdict)


def evaluate(design: Design, today: str | None = None, waived: Waived | None = None) -> Result:
    """Checks and scores a design.

    Waivers in its text apply only when a day is given: without one nobody can
    say whether they have expired. `waived` adds waivers kept elsewhere, known
    to be in force.
    """
    findings = check(design)
    waived = {**(in_force(design, findings, today) if today else {}), **(waived or {})}
    return Result(
        design=design,
        text_hash=text_hash(design),
        pack_version=PACK_VERSION,
        profile=profile_name(design),
        findings=findings,
        score=score(findings, design, waived),
        waived=MappingProxyType(waived),
    )


def text_hash(design: Design) -> str:
    return hashlib.sha256(document.dump(design).encode()).hexdigest()


def profile_name(design: Design) -> str:
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
    return {
        "format": FORMAT,
        "text_hash": result.text_hash,
        "pack_version": result.pack_version,
        "profile": result.profile,
        "design": document.dump(result.design),
        "score": score_dict(result.score),
        "findings": [finding_dict(finding) for finding in result.findings],
        "waived": [
            {"rule": rule, "subject": subject, "category": category}
            for (rule, subject), category in sorted(result.waived.items())
        ],
    }


def from_dict(data: Mapping[str, Any]) -> Result:
    """The result that `to_dict` wrote. Raises ValueError when it is none."""
    try:
        if data["format"] != FORMAT:
            raise ValueError(f"expected {FORMAT}")
        return Result(
            design=document.load(data["design"]),
            text_hash=data["text_hash"],
            pack_version=data["pack_version"],
            profile=data["profile"],
            findings=tuple(_finding(item) for item in data["findings"]),
            score=_score(data["score"]),
            waived=MappingProxyType(
                {(w["rule"], w["subject"]): w["category"] for w in data["waived"]}
            ),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is not a result of {FORMAT}: {error!r}") from None


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
