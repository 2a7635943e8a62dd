"""Reports against their published schemas, and their limits."""

from __future__ import annotations

import csv
import io
import itertools
import json
from pathlib import Path
from xml.etree import ElementTree as XML

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import document, export
from design.compare import compare
from design.export.json import values
from design.packs import named
from design.result import evaluate
from design.rules import RULES, Verdict
from design.schema import result_schema

from .examples import BAD, DEMO, GOOD
from .large import large

# The schema of the standard, unchanged: OASIS, SARIF 2.1.0 with errata 01.
SARIF = json.loads((Path(__file__).parent / "data/sarif-schema-2.1.0.json").read_text("utf-8"))
OF_SARIF = jsonschema.Draft4Validator(SARIF)
OF_RESULT = jsonschema.Draft202012Validator(result_schema())
WAIVER = (
    'waivers:\n  - {rule: EVT05, subject: "*", category: compensated, by: ada, approved_by: bob,\n'
    "     reason: the consumer is idempotent, created: 2026-01-01, expires: 2026-02-01}\n"
)


def results():
    for path in sorted(DEMO.glob("*.yaml")):
        yield evaluate(document.load(path.read_bytes()))
    waived = GOOD.replace("visibility_s: 200", "visibility_s: 100") + WAIVER
    for today in (None, "2026-01-15", "2026-06-01"):
        yield evaluate(document.load(waived), today=today)
    yield evaluate(document.load(BAD), packs=[named("privacy")], profile_name="aws")


class TestSarif:
    def test_every_result_is_valid(self):
        for result in results():
            OF_SARIF.validate(json.loads(export.sarif.render(result, "a folder/ü.yaml")))

    def test_a_comparison_is_valid_and_each_result_has_a_state(self):
        made = list(results())
        for before, after in itertools.pairwise(made):
            said = json.loads(export.sarif.render(after, comparison=compare(before, after)))
            OF_SARIF.validate(said)
            assert all("baselineState" in r for r in said["runs"][0]["results"])

    def test_the_validator_can_refuse(self):
        said = json.loads(export.sarif.render(next(results())))
        said["runs"][0]["results"] = [{"ruleId": "EVT01"}]
        assert not OF_SARIF.is_valid(said)

    def test_rules_of_packs_stand_in_the_driver(self):
        *_, result = results()
        rules = json.loads(export.sarif.render(result))["runs"][0]["tool"]["driver"]["rules"]
        assert len(rules) == len(RULES) + 6
        assert {r["properties"].get("pack") for r in rules} == {None, "privacy"}

    def test_a_renamed_component_keeps_the_state_of_its_findings(self):
        before = evaluate(document.load(BAD))
        text = BAD.replace("sqldb", "ledger").replace("{id: ledger,", "{id: ledger, was: sqldb,", 1)
        after = evaluate(document.load(text))
        run = json.loads(export.sarif.render(after, comparison=compare(before, after)))["runs"][0]
        assert after.design.component("ledger").get("was") == "sqldb"
        assert {r["baselineState"] for r in run["results"]} == {"unchanged"}

    def test_an_address_is_one(self):
        run = json.loads(export.sarif.render(next(results()), "a b/ü.yaml"))["runs"][0]
        assert run["artifacts"][0]["location"]["uri"] == "a%20b/%C3%BC.yaml"

    def test_a_level_is_always_written(self):
        *_, result = results()
        for one in json.loads(export.sarif.render(result))["runs"][0]["results"]:
            assert one["level"] in ("error", "warning", "note", "none")
            assert (one["kind"] == "open") is (one["level"] == "none")


class TestJson:
    def test_every_result_is_valid(self):
        for result in results():
            OF_RESULT.validate(json.loads(export.json.render(result)))

    def test_the_schema_knows_every_field(self):
        for result in results():
            assert set(values(result)) <= set(result_schema()["properties"])

    def test_the_published_file_is_this_schema(self):
        published = Path(__file__).parents[2] / "docs/result.schema.json"
        assert json.loads(published.read_text("utf-8")) == result_schema()

    def test_the_fields_that_programs_rely_on(self):
        said = values(next(results()))
        assert {"score", "coverage", "pillars", "findings", "questions", "engine", "packs"} <= set(
            said
        )
        assert isinstance(said["score"], float | int)
        assert {"rule", "subject", "verdict", "severity", "message", "line"} <= set(
            said["findings"][0]
        )

    def test_questions_name_what_is_missing(self):
        *_, result = results()
        asked = values(result)["questions"]
        waiting = {f.rule for f in result.of(Verdict.UNKNOWN) if f.missing}
        assert {rule for one in asked for rule in one["rules"]} == waiting
        assert all(one["question"] for one in asked)
        assert any(rule.startswith("PRV") for rule in waiting)


@pytest.fixture(scope="module")
def wide():
    return evaluate(document.load(large(700)))


class TestMarkdown:
    def test_a_large_design_fits_into_a_comment_and_says_what_does_not(self, wide):
        said = export.markdown.render(wide)
        assert len(said) <= 65_000
        assert "more entries do not fit here" in said
        assert said.count("<details>") == said.count("</details>")


class TestText:
    def test_a_terminal_shows_so_many_and_counts_the_rest(self, wide):
        said = export.text.render(wide)
        assert "more undecided subjects: other formats list all" in said
        assert said.splitlines()[-1] == export.tally_line(wide)


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=30)


class TestCsv:
    @settings(max_examples=100, deadline=None)
    @given(CELLS)
    def test_no_cell_is_a_formula_whatever_the_author_writes(self, said):
        from design.export.csv import cell

        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\r\n").writerow([cell(said)])
        out.seek(0)
        ((cell,),) = csv.reader(out)
        assert cell.lstrip()[:1] not in ("=", "+", "-", "@", "＝", "＋", "－", "＠")
        assert cell.removeprefix("'") == said.removeprefix("'") or cell == said

    @pytest.mark.parametrize(
        "said", ["=1+1", " =1+1", "\t=1", "\n=1", "＝1", "-1", "+1", "@SUM(A1)"]
    )
    def test_what_a_spreadsheet_would_run_is_marked(self, said):
        from design.export.csv import cell

        assert cell(said) == f"'{said}"


class TestJunit:
    def test_it_is_xml_that_names_packs_and_profile(self):
        *_, result = results()
        root = XML.fromstring(export.junit.render(result))
        said = {p.get("name"): p.get("value") for p in root.iter("property")}
        assert said["rules"] == "warmstart 2026.11, privacy 1.0.0".replace(
            "2026.11", result.pack_version
        )
        assert said["profile"] == "aws"
