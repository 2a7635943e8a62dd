"""The demonstration designs and the plates of the sample section."""

from __future__ import annotations

from design.rules import Verdict, open_findings

from .cases import FIRST_RULES, findings, rules_with

CAPTION = {"EVT04", "EVT05", "EVT07", "EVT11", "EVT12", "REL05"}
NAMED = CAPTION | {"EVT01", "EVT06", "REL08", "ANT07"}
"""What the caption of the first plate names, and the other rules of its section."""


def test_the_clean_design_fails_nothing_and_leaves_nothing_open():
    found = findings("demo", "photo-orders")
    assert {finding.verdict for finding in found} <= {Verdict.PASS, Verdict.NOT_APPLICABLE}
    assert open_findings(found) == ()


def test_the_monolith_fails_every_rule_of_the_first_pack():
    assert rules_with(Verdict.FAIL, findings("demo", "shop-monolith")) >= FIRST_RULES


def test_the_first_plate_fails_exactly_as_captioned():
    failed = rules_with(Verdict.FAIL, findings("plates", "claims-intake-before"))
    assert failed & NAMED == CAPTION


def test_the_repaired_plate_passes_what_the_first_one_failed():
    found = findings("plates", "claims-intake-after")
    assert rules_with(Verdict.FAIL, found) & NAMED == set()
    assert rules_with(Verdict.PASS, found) >= CAPTION


def test_open_findings_stand_worst_first_then_by_rule_and_subject():
    numbered = open_findings(findings("demo", "shop-monolith"))
    keys = [(f.severity.rank, f.rule, f.subject) for f in numbered]
    assert keys == sorted(keys)
    assert numbered[0].severity == "critical"
