"""The command line: what it prints and how it ends."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from design.__main__ import main
from design.rules import RULES

from .examples import BAD, DEMO, GOOD, text

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def files(tmp_path):
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(BAD, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text(text("  - {id: a, kind: functon}"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(capsys, files, monkeypatch):
    monkeypatch.chdir(files)

    def run(*arguments):
        code = main(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


class TestCheck:
    def test_the_clean_design_passes(self, run):
        code, out, _ = run("check", "good.yaml")
        assert code == 0
        assert "No open findings." in out

    def test_open_critical_or_high_findings_end_with_one(self, run):
        code, out, _ = run("check", "bad.yaml")
        assert code == 1
        assert "Not met: There are" in out
        assert "rules ran" in out.splitlines()[-1]

    def test_an_invalid_design_names_every_line_and_ends_with_two(self, run):
        code, out, err = run("check", "broken.yaml")
        assert (code, out) == (2, "")
        assert err.startswith("broken.yaml:4: components[a].kind: Found “functon”")
        assert "0 rules ran" in err.splitlines()[-1]

    def test_standard_input_is_read(self, run, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode())))
        assert run("check", "-")[0] == 0

    @pytest.mark.parametrize("format", ["json", "markdown", "csv", "sarif", "junit"])
    def test_other_formats_say_the_tally_on_standard_error(self, run, format):
        code, out, err = run("check", "good.yaml", "--format", format)
        assert code == 0
        assert "rules ran" in err.splitlines()[-1]
        assert "rules ran:" not in out or format == "markdown"

    def test_a_rule_that_breaks_ends_with_three(self, run, monkeypatch):
        import dataclasses

        from design import rules

        def broken(_):
            raise RuntimeError("broken")

        first = next(iter(RULES.values()))
        changed = {**RULES, first.id: dataclasses.replace(first, judge=broken)}
        monkeypatch.setattr(rules, "RULES", changed)
        code, out, _ = run("check", "good.yaml")
        assert code == 3
        assert "1 broke" in out.splitlines()[-1]
        assert "provisional" in out

    @pytest.mark.parametrize(
        "arguments",
        [(), ("check",), ("nothing",), ("check", "missing.yaml"), ("check", "good.yaml", "--format", "x"),
         ("check", "good.yaml", "--today", "tomorrow"), ("rules", "ZZZ99"), ("kinds", "nothing"),
         ("check", "."), ("check", "good.yaml", "--gate", "missing.yaml")],
    )  # fmt: skip
    def test_wrong_usage_ends_with_four(self, run, arguments):
        code, out, err = run(*arguments)
        assert (code, out) == (4, "")
        assert err


def test_a_program_is_told_the_problems_of_a_text(run):
    code, out, err = run("check", "broken.yaml", "--format", "json")
    assert code == 2
    (problem,) = json.loads(out)["problems"]
    assert problem["path"] == "components[a].kind"
    assert "0 rules ran" in err.splitlines()[-1]


class TestSeveralFiles:
    def test_json_is_one_object_a_line_with_its_file(self, run):
        code, out, err = run("check", "good.yaml", "bad.yaml", "broken.yaml", "--format", "json")
        assert code == 2
        said = [json.loads(line) for line in out.splitlines()]
        assert [one["file"] for one in said] == ["good.yaml", "bad.yaml", "broken.yaml"]
        assert said[2]["problems"][0]["line"] == 4
        assert said[0]["score"] > said[1]["score"]
        assert "good.yaml: " in err

    def test_text_names_each_and_ends_with_the_tally_of_the_last(self, run):
        code, out, _ = run("check", "good.yaml", "bad.yaml")
        assert code == 1
        assert out.startswith("good.yaml: \n")
        assert out.rstrip().splitlines()[-1].startswith("bad.yaml: ")
        assert "rules ran" in out.rstrip().splitlines()[-1]

    def test_sarif_has_a_run_for_each(self, run):
        _, out, _ = run("check", "good.yaml", "bad.yaml", "--format", "sarif")
        uris = [r["artifacts"][0]["location"]["uri"] for r in json.loads(out)["runs"]]
        assert uris == ["good.yaml", "bad.yaml"]

    @pytest.mark.parametrize("more", [("--format", "csv"), ("--baseline", "bad.yaml")])
    def test_what_belongs_to_one_file_is_refused(self, run, more):
        assert run("check", "good.yaml", "bad.yaml", *more)[0] == 4


class TestPacksAndProfiles:
    def test_a_pack_by_name_and_by_file(self, run, files):
        (files / "own.yaml").write_text(
            "pack: own\nversion: 7\nrules:\n  - {id: OWN01, title: t, severity: low, pillar: fit, applies_to: design,\n"
            "     fails_if: absent(owner), message: m, why: w, fix: f,\n"
            "     tests: {pass: 'model: sdm/1\n\n      design: {id: d, owner: o}\n\n      components: [{id: a, kind: function}]',\n"
            "             fail: 'components: [{id: a, kind: function}]'}}\n"
        )
        code, out, _ = run(
            "check", "bad.yaml", "--pack", "privacy", "--pack", "own.yaml", "--format", "json"
        )
        assert code == 1
        packs = [(p["name"], p["version"]) for p in json.loads(out)["packs"]]
        assert packs[1:] == [("own", "7"), ("privacy", "1.0.0")]

    @pytest.mark.parametrize(
        ("pack", "said"),
        [
            ("privacyy", "no pack of this name"),
            ("bad.yaml", "“model” means nothing here"),
            (".", "directory"),
        ],
    )
    def test_a_pack_that_is_none(self, run, pack, said):
        code, out, err = run("check", "good.yaml", "--pack", pack)
        assert (code, out) == (4, "")
        assert said in err

    def test_a_pack_twice(self, run):
        assert run("check", "good.yaml", "--pack", "privacy", "--pack", "privacy")[0] in (0, 1)

    def test_a_profile_outranks_the_text(self, run):
        _, out, _ = run("check", "good.yaml", "--profile", "azure", "--format", "json")
        assert json.loads(out)["profile"] == "azure"
        assert run("check", "good.yaml", "--profile", "acme")[0] == 4

    def test_a_baseline_of_other_packs_says_so(self, run, files):
        _, out, _ = run("check", "bad.yaml", "--format", "json")
        (files / "main.json").write_text(out, encoding="utf-8")
        _code, out, _ = run("check", "bad.yaml", "--baseline", "main.json", "--pack", "privacy")
        assert "The rule pack privacy 1.0.0 is used only now." in out


class TestLimits:
    def test_the_command_reads_more_than_the_site(self, run, files):
        from .large import large

        (files / "large.yaml").write_text(large(2005))
        code, _, err = run("check", "large.yaml", "--web-limits")
        assert code == 2
        assert "at most" in err
        code, out, _ = run("check", "large.yaml")
        assert code in (0, 1)
        assert "2005 components" in out


def test_waivers_are_judged_by_this_machines_day(run, files, monkeypatch):
    from design.commands import _frame

    monkeypatch.setattr(_frame, "today", lambda: "2026-06-01")
    waiver = (
        "waivers:\n  - {rule: EVT05, subject: work, category: accepted, by: ada, approved_by: bob,\n"
        "     reason: the consumer is idempotent, created: 2026-01-01, expires: 2026-02-01}\n"
    )
    (files / "good.yaml").write_text(GOOD + waiver, encoding="utf-8")
    _, out, _ = run("check", "good.yaml")
    assert "1 waiver not applied:" in out
    assert "It expired on 2026-02-01." in out


def test_rules_and_kinds_speak_to_programs_too(run):
    rules = json.loads(run("rules", "--format", "json", "--pack", "privacy")[1])
    assert len(rules) == len(RULES) + 6
    assert {rule["pack"] for rule in rules} == {"", "privacy"}
    assert "Pack: privacy" in run("rules", "PRV01", "--pack", "privacy")[1]
    assert "function" in json.loads(run("kinds", "--format", "json")[1])["components"]
    assert json.loads(run("kinds", "function", "--format", "json")[1])["timeout_s"]["expects"]


def test_the_schema_of_results_is_written(run):
    code, out, _ = run("schema", "--result")
    assert code == 0
    assert json.loads(out)["properties"]["format"]["const"] == "warmstart-result/2"


class TestGates:
    def gate(self, files, said):
        (files / "gate.yaml").write_text(said, encoding="utf-8")

    @pytest.mark.parametrize(
        ("demand", "refused"),
        [
            ("min_score: 90", "The score is"),
            ("min_pillar: {reliability: 70}", "The score for reliability is"),
            ("min_coverage: 99.9", "The coverage is"),
            ("max_new: {high: 3}", "open high findings; at most 3"),
            ("require_adr_for_one_way: true", ""),
            ("require_reviewers: 2", "0 reviewers have agreed; 2 are demanded."),
        ],
    )
    def test_each_demand_is_checked(self, run, files, demand, refused):
        self.gate(files, demand)
        code, out, _ = run("check", "bad.yaml", "--gate", "gate.yaml")
        assert code == (1 if refused else 0)
        assert refused in out

    def test_a_door_that_closes_behind_you_wants_a_decision(self, run, files):
        self.gate(files, "require_adr_for_one_way: true")
        assert run("check", "good.yaml", "--gate", "gate.yaml")[0] == 0
        (files / "good.yaml").write_text(GOOD.replace("status: accepted", "status: proposed"))
        code, out, _ = run("check", "good.yaml", "--gate", "gate.yaml")
        assert code == 1
        assert "fulfil is hard to leave" in out

    def test_only_new_findings_count_against_a_baseline(self, run, files):
        self.gate(files, "max_new: {critical: 0, high: 0, medium: 0, low: 0}")
        _, out, _ = run("check", "bad.yaml", "--format", "json")
        (files / "main.json").write_text(out, encoding="utf-8")
        for baseline in ("main.json", "bad.yaml"):
            code, _, _ = run("check", "bad.yaml", "--gate", "gate.yaml", "--baseline", baseline)
            assert code == 0
        assert run("check", "bad.yaml", "--gate", "gate.yaml", "--baseline", "good.yaml")[0] == 1

    def test_expired_waivers_can_be_refused(self, run, files):
        waiver = (
            "waivers:\n  - {rule: EVT05, subject: work, category: accepted, by: ada, approved_by: bob,\n"
            "     reason: the consumer is idempotent, created: 2026-01-01, expires: 2026-02-01}\n"
        )
        (files / "good.yaml").write_text(GOOD + waiver, encoding="utf-8")
        self.gate(files, "allow_expired_waivers: false")
        arguments = ("check", "good.yaml", "--gate", "gate.yaml", "--today")
        assert run(*arguments, "2026-01-20")[0] == 0
        code, out, _ = run(*arguments, "2026-02-20")
        assert code == 1
        assert "It expired on 2026-02-01." in out

    @pytest.mark.parametrize(
        "said",
        ["min_scor: 80", "min_score: high", "min_score: true", "- 1", "[[[", "max_new: {severe: 1}",
         "min_pillar: 5", "allow_rule_errors: 1", "", "min_score: -1"],
    )  # fmt: skip
    def test_a_gate_that_nobody_understands_is_wrong_usage(self, run, files, said):
        self.gate(files, said)
        code, _, err = run("check", "good.yaml", "--gate", "gate.yaml")
        assert code == 4
        assert err.startswith("gate.yaml: ")


class TestOtherCommands:
    def test_rules_are_listed_and_explained(self, run):
        listed = run("rules")[1].splitlines()
        assert len(listed) == len(RULES) + 1
        code, out, _ = run("rules", "evt05")
        assert code == 0
        assert out.startswith("EVT05  ")
        assert "Fix: " in out

    def test_kinds_are_listed_and_explained(self, run):
        assert "object_store" in run("kinds")[1]
        assert "visibility_s" in run("kinds", "queue")[1]
        assert "batch_size" in run("kinds", "poll")[1]

    def test_the_schema_is_json(self, run):
        assert json.loads(run("schema")[1])["properties"]["model"] == {"const": "sdm/1"}

    def test_a_design_is_written_canonically(self, run, files):
        _, once, _ = run("dump", "good.yaml")
        (files / "once.yaml").write_text(once, encoding="utf-8")
        assert run("dump", "once.yaml")[1] == once

    @pytest.mark.parametrize("format", ["text", "json", "markdown"])
    def test_two_designs_are_compared(self, run, format):
        code, out, _ = run("compare", "good.yaml", "bad.yaml", "--format", format)
        assert code == 0
        assert "EVT05" in out

    def test_a_design_is_drawn(self, run, files):
        code, out, _ = run("draw", "good.yaml")
        assert code == 0
        assert out.startswith("<?xml") and "<svg" in out
        assert run("draw", "good.yaml", "-o", "out.svg")[0] == 0
        assert (files / "out.svg").read_text(encoding="utf-8") == out
        assert "digraph" in run("draw", "good.yaml", "--dot")[1]

    def test_the_ending_of_the_output_says_the_format(self, run, files):
        starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF", "dot": b"digraph",
                  "txt": b"Photo print orders: load"}  # fmt: skip
        for ending, start in starts.items():
            code, out, err = run("draw", "good.yaml", "--view", "load", "-o", f"out.{ending}")
            assert (code, out, err) == (0, "", "")
            assert (files / f"out.{ending}").read_bytes().startswith(start)
        assert run("draw", "good.yaml", "-o", "out.data", "--format", "txt")[0] == 0
        assert (files / "out.data").read_text(encoding="utf-8").startswith("Photo print orders")

    def test_an_ending_that_nobody_writes_is_wrong_usage(self, run):
        code, _, err = run("draw", "good.yaml", "-o", "out.gif")
        assert code == 4 and "there is svg, png, pdf, dot, txt" in err

    def test_a_part_of_a_design_is_drawn(self, run):
        _, out, _ = run("draw", "good.yaml", "--focus", "bill", "--hops", "1", "--collapse", "net")
        assert 'data-subject="ledger-proxy"' in out and 'data-subject="net"' in out
        assert 'data-subject="orders"' not in out and "#1B2420" in out
        assert "#E3E6DE" in run("draw", "good.yaml", "--theme", "dark")[1]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--focus", "bil"), "There is no component “bil”. Did you mean bill?"),
            (("--collapse", "clud"), "There is no boundary “clud”. Did you mean cloud?"),
            (("--focus", "bill", "--hops", "100"), "100 hops; it takes 0 to 99."),
        ],
    )
    def test_a_part_that_does_not_exist_is_wrong_usage(self, run, arguments, said):
        code, out, err = run("draw", "good.yaml", *arguments)
        assert (code, out, err.strip()) == (4, "", said)

    def test_findings_are_pinned(self, run):
        assert "pin-critical" not in run("draw", "bad.yaml")[1].split("</style>")[1]
        out = run("draw", "bad.yaml", "--findings")[1]
        assert "finding by its number, critical" in out
        assert re.search(r"finding 1, critical: \w+ ",
                         run("draw", "bad.yaml", "--findings", "--format", "txt")[1])  # fmt: skip

    def test_a_comparison_is_drawn_or_written_to_a_file(self, run, files):
        for ending, start in (("svg", "<?xml"), ("dot", "digraph"), ("json", "{"), ("md", "#")):
            assert run("compare", "good.yaml", "bad.yaml", "-o", f"out.{ending}")[0] == 0
            assert (files / f"out.{ending}").read_text(encoding="utf-8").startswith(start)
        assert "mark-removed" in (files / "out.svg").read_text(encoding="utf-8")
        text = run("compare", "good.yaml", "bad.yaml")[1]
        assert run("compare", "good.yaml", "bad.yaml", "-o", "out.txt")[0] == 0
        assert (files / "out.txt").read_text(encoding="utf-8") == text

    def test_pixels_go_to_standard_output(self, capfdbinary, files, monkeypatch):
        monkeypatch.chdir(files)
        assert main(["draw", "good.yaml", "--format", "png"]) == 0
        assert capfdbinary.readouterr().out.startswith(b"\x89PNG")

    def test_without_typst_it_says_what_to_install(self, run, monkeypatch):
        monkeypatch.setitem(sys.modules, "typst", None)
        code, out, err = run("draw", "good.yaml", "-o", "out.pdf")
        assert (code, out) == (1, "") and "install the package typst" in err

    def test_it_runs_as_a_module(self):
        done = subprocess.run(
            [sys.executable, "-m", "design", "check", str(DEMO / "photo-orders.yaml")],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
