"""A result as JUnit XML, for dashboards of build servers."""

from __future__ import annotations

from xml.etree import ElementTree as XML

from ..result import Result
from ..rules import Finding, Verdict


def render(result: Result) -> str:
    """One suite for each pillar, one case for each rule and subject."""
    root = XML.Element("testsuites", name=_clean(result.design.title))
    suites: dict[str, list[Finding]] = {}
    for finding in result.findings:
        rule = result.rules.get(finding.rule)
        suites.setdefault(rule.pillar if rule else "other", []).append(finding)
    for pillar in sorted(suites):
        _suite(root, pillar, suites[pillar], result)
    if suites:
        _properties(root[0], result)
    XML.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + XML.tostring(root, "unicode") + "\n"


def _suite(root: XML.Element, name: str, findings: list[Finding], result: Result) -> None:
    counts = {
        "tests": len(findings),
        "failures": sum(result.is_open(f) for f in findings),
        "errors": sum(f.verdict is Verdict.ERROR for f in findings),
        "skipped": sum(not _decided(f, result) for f in findings),
    }
    said = {"name": name} | {key: str(value) for key, value in counts.items()}
    suite = XML.SubElement(root, "testsuite", said)
    for finding in findings:
        name = f"{finding.rule} {_clean(finding.subject)}"
        case = XML.SubElement(suite, "testcase", classname=finding.rule, name=name)
        message = _clean(finding.message)
        if result.is_open(finding):
            kind = finding.severity.value
            XML.SubElement(case, "failure", message=message, type=kind).text = message
        elif finding.verdict is Verdict.ERROR:
            XML.SubElement(case, "error", message=message, type="rule")
        elif finding.verdict is not Verdict.PASS:
            waived = finding.verdict is Verdict.FAIL
            XML.SubElement(case, "skipped", message="waived" if waived else message)


def _properties(suite: XML.Element, result: Result) -> None:
    """What the figures were made with; JUnit has a place for it in a suite only."""
    properties = XML.Element("properties")
    for name, value in (
        ("rules", ", ".join(result.versions)),
        ("profile", result.profile),
        ("score", f"{result.score.total:g}"),
        ("coverage", f"{result.score.coverage:g}"),
    ):
        XML.SubElement(properties, "property", name=name, value=value)
    suite.insert(0, properties)


def _decided(finding: Finding, result: Result) -> bool:
    return finding.verdict in (Verdict.PASS, Verdict.ERROR) or result.is_open(finding)


def _clean(text: str) -> str:
    """Only characters that XML 1.0 can hold."""
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in text)
