"""Designs that the rules are tried on, read from tests/examples."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from design.document import load
from design.model import Design
from design.rules import Finding, Verdict, check

FIRST_PACK = {
    "ANT": 9,
    "API": 9,
    "CST": 3,
    "DAT": 8,
    "DEL": 4,
    "EVT": 13,
    "FIT": 4,
    "FUN": 6,
    "OBS": 6,
    "PRF": 3,
    "REL": 9,
    "SEC": 14,
    "WFL": 5,
}
"""Rules of each area in the first pack: the catalogue that the two demonstration designs show."""
FIRST_RULES = {f"{area}{n:02}" for area, last in FIRST_PACK.items() for n in range(1, last + 1)}

EXAMPLES = Path(__file__).parents[2] / "examples"


def path(folder: str, name: str) -> Path:
    return EXAMPLES / folder / f"{name}.yaml"


@cache
def design(folder: str, name: str) -> Design:
    return load(path(folder, name).read_text("utf-8"))


@cache
def findings(folder: str, name: str) -> tuple[Finding, ...]:
    return check(design(folder, name))


def rules_with(verdict: Verdict, found: tuple[Finding, ...]) -> set[str]:
    return {finding.rule for finding in found if finding.verdict is verdict}


def verdicts(rule: str, found: tuple[Finding, ...]) -> set[Verdict]:
    return {finding.verdict for finding in found if finding.rule == rule}
