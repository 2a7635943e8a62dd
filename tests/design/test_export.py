"""One result in every format: complete, well-formed, harmless."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from types import MappingProxyType
from xml.etree import ElementTree as XML

import pytest

from design import document, export
from design.compare import compare
from design.export.markdown import LIMIT, escape
from design.model import Attr
from design.result import evaluate, from_dict
from design.rules import RULES, Verdict

from .examples import BAD, GOOD, text
from .large import large

HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:a) @team `~~~` | **b** \\x1b[31m =cmd"


@pytest.fixture(scope="module")
def good():
    return evaluate(document.load(GOOD))


@pytest.fixture(scope="module")
def bad():
    return evaluate(document.load(BAD))


@pytest.fixture(scope="module")
def hostile():
    title = HOSTILE.replace("\\x1b", "\\\\e")
    component = (
        f'  - {{id: a, kind: function, title: "{title}", owner: "{title}", secrets: env_plain}}'
    )
    return evaluate(document.load(text(component).replace("id: small", f'id: x, title: "{title}"')))


class TestText:
    def test_the_last_line_says_what_ran(self, good, bad):
        for result in (good, bad):
            last = export.text.render(result).splitlines()[-1]
            assert re.fullmatch(
                r"\d+ rules ran: \d+ passed, \d+ failed, \d+ unknown; \d+ skipped, .*\.", last
            )

    def test_every_open_finding_is_there_with_its_fix(self, bad):
        said = " ".join(export.text.render(bad).split())
        for finding in bad.of(Verdict.FAIL):
            assert finding.rule in said
            assert " ".join(RULES[finding.rule].fix.split()) in said

    def test_a_clean_design_says_so(self, good):
        assert "No open findings." in export.text.render(good)

    def test_lines_fit_a_terminal(self, bad):
        assert max(map(len, export.text.render(bad).splitlines())) <= 100

    def test_no_control_character_reaches_the_terminal(self):
        design = document.load(text())
        title = {"title": Attr("\x1b[31mred", 2)}
        result = evaluate(replace(design, attrs=MappingProxyType({**design.attrs, **title})))
        assert "\x1b" not in export.text.render(result)


class TestMarkdown:
    def test_what_strangers_wrote_is_only_text(self, hostile):
        said = export.markdown.render(hostile)
        assert "<img" not in said
        assert not re.search(r"(?<!\\)\]\(", said)
        assert "@team" not in said
        assert "\x1b" not in said

    def test_escaping_leaves_nothing_special(self):
        assert escape("a*b_c\n# d") == "a\\*b\\_c # d"
        assert [escape(c) for c in ("# a", "- a", "1. a", "> a", "=")] == [
            "\\# a", "\\- a", "1\\. a", "\\> a", "\\="
        ]  # fmt: skip
        assert escape("<b> & [x](y)") == "&lt;b> &amp; \\[x\\](y)"
        assert escape("x://y") == "x:\u200b//y"

    def test_it_fits_a_comment_whatever_the_design(self):
        said = export.markdown.render(evaluate(document.load(large(1500))))
        assert len(said) <= LIMIT
        assert "do not fit here" in said

    def test_folds_are_closed(self, bad, good):
        for result in (bad, good):
            said = export.markdown.render(result)
            assert said.count("<details>") == said.count("</details>")


class TestTables:
    def test_csv_has_a_row_for_each_finding(self, bad):
        rows = list(csv.DictReader(io.StringIO(export.csv.render(bad))))
        assert len(rows) == len(bad.findings)
        assert {row["rule"] for row in rows} == set(RULES)

    def test_csv_has_no_formula(self, bad):
        for row in csv.reader(io.StringIO(export.csv.render(bad))):
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)

    def test_json_is_the_result(self, bad):
        again = from_dict(json.loads(export.json.render(bad)))
        assert export.json.render(again) == export.json.render(bad)

    def test_junit_counts_what_it_lists(self, bad):
        root = XML.fromstring(export.junit.render(bad))
        for suite in root:
            assert int(suite.get("tests")) == len(suite.findall("testcase"))
            for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                assert int(suite.get(name)) == len(suite.findall(f"testcase/{tag}"))
        assert len(root.findall("testsuite/testcase")) == len(bad.findings)
        assert root.find("testsuite/properties/property").get("value") == bad.versions[0]


class TestSarif:
    def test_all_rules_stand_in_the_driver_also_those_without_a_result(self, good):
        run = json.loads(export.sarif.render(good))["runs"][0]
        assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(RULES)
        assert run["results"] == []

    def test_each_result_has_what_code_scanning_needs(self, bad):
        run = json.loads(export.sarif.render(bad, "design.yaml"))["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            assert result["level"] in ("error", "warning", "note", "none")
            region = result["locations"][0]["physicalLocation"]["region"]
            assert region["startLine"] >= 1
            assert result["partialFingerprints"]["warmstart/v1"]

    def test_a_comparison_gives_the_baseline_state(self, good):
        worse = evaluate(document.load(GOOD.replace("visibility_s: 200", "visibility_s: 100")))
        states = [
            [r["baselineState"] for r in json.loads(said)["runs"][0]["results"]]
            for said in (
                export.sarif.render(worse, comparison=compare(good, worse)),
                export.sarif.render(worse, comparison=compare(worse, worse)),
                export.sarif.render(good, comparison=compare(worse, good)),
            )
        ]
        assert states == [["new"], ["unchanged"], ["absent"]]

    def test_waivers_are_suppressions(self):
        waiver = (
            'waivers:\n  - {rule: EVT05, subject: "*", category: compensated, by: ada, approved_by: bob,\n'
            "     reason: the consumer is idempotent, created: 2026-01-01, expires: 2026-02-01}\n"
        )
        source = GOOD.replace("visibility_s: 200", "visibility_s: 100") + waiver
        result = evaluate(document.load(source), today="2026-01-15")
        (one,) = json.loads(export.sarif.render(result))["runs"][0]["results"]
        assert one["suppressions"][0]["status"] == "accepted"
        assert not [f for f in result.findings if result.is_open(f)]


@pytest.mark.parametrize("format", export.FORMATS)
def test_every_format_renders_anything(format, good, bad, hostile):
    for result in (good, bad, hostile):
        assert export.FORMATS[format](result).endswith("\n")
