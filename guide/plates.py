"""Plates: designs that stand in the guide, with captions that claim things about them.

A caption that says "Fails EVT04 and REL05." or "Passes EVT01." is held against the rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from design.document import read
from design.model import Design
from design.rules import RULES, Verdict, check
from guide.problems import Report

_CLAIM = re.compile(r"\b(Fails|Passes)\b((?:(?!\b(?:Fails|Passes)\b)[^.;:])*)")
_RULE = re.compile(r"\b([A-Z]{3}\d{2})\b")


@dataclass(frozen=True)
class Plate:
    """`number` is 10.3a in a section, P01 at a pattern, 1 for a design of the front page.
    `line` is where its text begins in its file; `home` and `home_title` lead back to it."""

    number: str
    text: str
    caption: str
    line: int
    home: str = ""
    home_title: str = ""
    subject: str = ""

    @cached_property
    def design(self) -> Design | None:
        return read(self.text)[0]

    @property
    def title(self) -> str:
        return self.design.title if self.design else "A plate that cannot be read"

    @property
    def url(self) -> str:
        return f"/plates/{self.number}/"

    @property
    def anchor(self) -> str:
        return "plate-" + self.number.replace(".", "-")

    @cached_property
    def verdicts(self) -> dict[str, set[Verdict]]:
        """What each rule says anywhere in the design."""
        found: dict[str, set[Verdict]] = {}
        for finding in check(self.design) if self.design else ():
            found.setdefault(finding.rule, set()).add(finding.verdict)
        return found

    @property
    def claims(self) -> list[tuple[str, str]]:
        """(Fails or Passes, rule id) as the caption says."""
        return [(m[1], rule) for m in _CLAIM.finditer(self.caption) for rule in _RULE.findall(m[2])]


def check_plate(plate: Plate, report: Report) -> None:
    """Adds every problem of a plate to the report."""
    design, problems = read(plate.text)
    for problem in problems:
        message = f"Plate {plate.number}: {problem.message}"
        report.error(plate.line + max(problem.line - 1, 0), message, problem.hint)
    if design is None:
        return
    for word, rule in plate.claims:
        if rule not in RULES:
            report.error(plate.line, f"Plate {plate.number}: there is no rule {rule}.")
            continue
        verdicts = plate.verdicts.get(rule, set())
        fails = Verdict.FAIL in verdicts
        holds = fails if word == "Fails" else not fails and Verdict.PASS in verdicts
        if not holds:
            said = ", ".join(sorted(verdicts)) or "nothing"
            hint = "What does not apply does not pass; say that it no longer applies."
            report.error(
                plate.line,
                f"Plate {plate.number}: the caption says “{word} {rule}”, the rule says {said}.",
                hint if said == Verdict.NOT_APPLICABLE else "",
            )
