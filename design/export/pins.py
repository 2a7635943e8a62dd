"""Findings as pins of a picture."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagram import Pin
from ..model import Design
from ..rules import Finding


def pins(design: Design, findings: Sequence[Finding]) -> list[Pin]:
    """A pin for each finding that has a place, worst first. Numbers count in the order given;
    of several in one place a picture shows the first, and its text tells all."""
    places = {c.id for c in design.components} | {e.id for e in design.edges}
    found = []
    for number, finding in enumerate(findings, 1):
        subjects = (finding.subject, *finding.subject.split("+"))
        place = next((s for s in subjects if s in places), None)
        if place:
            title = f"{finding.rule} {finding.title}"
            found.append(Pin(place, number, finding.severity.value, title))
    return found
