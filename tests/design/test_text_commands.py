"""The commands that ask, fix, explain and tidy, and the questions in reports."""

from __future__ import annotations

import io
import json
import random
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from design import export
from design.__main__ import main
from design.document import dump, load
from design.edit import Refused, tidy
from design.fixes import NOT_PROVED
from design.result import evaluate, from_dict
from design.rules import RULES

from .examples import BAD, GOOD, text, without_lines
from .rules.cases import EXAMPLES


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(BAD, encoding="utf-8")
    for rule in ("EVT01", "FUN06"):
        source = (EXAMPLES / "bad" / f"{rule}.yaml").read_text("utf-8")
        (tmp_path / f"{rule}.yaml").write_bytes(
            b"\xef\xbb\xbf" + source.replace("\n", "\r\n").encode()
        )
    (tmp_path / "broken.yaml").write_text("model: sdm/2", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = main(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


class TestQuestions:
    def test_the_first_say_what_an_answer_is_worth(self, run):
        code, out, _ = run("questions", "bad.yaml", "--most", "2")
        assert code == 0
        assert "?\n" in out and "Answer: " in out and "the score would lie between" in out
        assert out.splitlines()[-1].endswith("not shown.")

    def test_json_holds_all_of_them(self, run):
        code, out, _ = run("questions", "bad.yaml", "--format", "json")
        asked = json.loads(out)
        assert code == 0 and asked
        assert {"subject", "attribute", "question", "answers", "unit", "rules", "score"} <= set(
            asked[0]
        )

    def test_a_design_that_says_everything_is_asked_nothing_of_this_catalogue(self, run):
        code, out, _ = run("questions", "good.yaml")
        assert code == 0 and out.splitlines()[-1].endswith(("questions.", "question."))


class TestFix:
    def test_a_diff_and_nothing_else_unless_it_is_asked_to_write(self, run, tmp_path):
        before = (tmp_path / "EVT01.yaml").read_bytes()
        code, out, err = run("fix", "EVT01.yaml", "evt01:work")
        assert code == 0
        assert out.startswith("--- a/EVT01.yaml\n+++ b/EVT01.yaml\n@@ ")
        assert "EVT01 work: " in err and NOT_PROVED.split()[0] in err
        assert (tmp_path / "EVT01.yaml").read_bytes() == before

    def test_writing_keeps_line_ends_and_mark(self, run, tmp_path):
        code, out, err = run("fix", "EVT01.yaml", "--all", "--write")
        assert (code, err) == (0, "") and "EVT01 work" in out
        after = (tmp_path / "EVT01.yaml").read_bytes()
        assert after.startswith(b"\xef\xbb\xbf") and after.count(b"\n") == after.count(b"\r\n")
        assert load(after).component("work").get("dlq") == "work-dead"
        assert run("fix", "EVT01.yaml", "--all", "--write")[1] == ""

    def test_without_a_choice_it_lists_what_could_be_fixed(self, run):
        code, out, _ = run("fix", "EVT01.yaml")
        assert code == 0 and out.startswith("EVT01:work\n    ")
        assert out.splitlines()[-1].startswith("1 of 1 open findings")

    def test_what_cannot_be_fixed_ends_with_one_and_the_reason(self, run):
        code, out, err = run("fix", "FUN06.yaml", "FUN06")
        assert (code, out) == (1, "")
        assert err.startswith("Not fixed: FUN06 handle: ")

    def test_what_is_waived_is_left_alone(self, run, tmp_path):
        waiver = (
            "waivers:\n  - {rule: EVT01, subject: work, category: accepted, by: ada, approved_by: bob,\n"
            "     reason: the next refresh repeats it, created: 2026-01-01, expires: 2026-02-01}\n"
        )
        with (tmp_path / "EVT01.yaml").open("a", encoding="utf-8") as file:
            file.write(waiver)
        assert run("fix", "EVT01.yaml", "--all", "--today", "2026-01-15")[1] == ""
        assert run("fix", "EVT01.yaml", "--all")[1] != ""

    def test_standard_input_is_read_and_never_written(self, run, monkeypatch):
        for arguments, code in ((("--all",), 0), (("--all", "--write"), 4)):
            source = (EXAMPLES / "bad" / "OBS01.yaml").read_bytes()
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(source)))
            assert run("fix", "-", *arguments)[0] == code

    @pytest.mark.parametrize(
        "arguments",
        [("fix", "EVT01.yaml", "ZZZ99"), ("fix", "EVT01.yaml", "EVT01:handle"), ("fix", "EVT01.yaml", "OBS01"),
         ("fix", "EVT01.yaml", "EVT01", "--all"), ("explain", "ZZZ99"), ("explain", "EVT01", "--profile", "x"),
         ("fmt", "good.yaml", "--write", "--check"), ("questions", "good.yaml", "--most", "-1"), ("fix",)],
    )  # fmt: skip
    def test_wrong_usage_ends_with_four(self, run, arguments):
        code, out, err = run(*arguments)
        assert (code, out) == (4, "") and err

    @pytest.mark.parametrize("command", ["fix", "fmt", "questions"])
    def test_what_is_no_design_ends_with_two(self, run, command):
        code, out, err = run(command, "broken.yaml")
        assert (code, out) == (2, "") and "sdm/1" in err


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_can_be_explained(run, rule):
    code, out, _ = run("explain", rule.lower(), "--profile", "aws")
    assert code == 0 and out.startswith(f"{rule}  ") and "As a patch: " in out
    assert out.count("Limit: ") == len(RULES[rule].params)


class TestFmt:
    MESSY = (
        "# head\n\nedges:   # flows\n- {to: b, kind: publish, from: a}   # first\n"
        "design:\n    title: 'x'   # named\n    id: d\n# about the model\nmodel: sdm/1\n"
        "components:\n  # the queue\n  - kind: queue   # of work\n    id: b\n"
        "    alarms:   # two\n      - depth   # one\n\n      # other\n      - age\n"
        "  - {kind: function, id: a, logs: {level: info, structured: true}}   # code\n# end\n"
    )

    def test_comments_go_where_what_they_are_about_goes(self):
        assert tidy(self.MESSY) == (
            "# about the model\nmodel: sdm/1\ndesign:\n  id: d\n  title: x  # named\ncomponents:\n"
            "  - id: a  # code\n    kind: function\n    logs: {structured: true, level: info}\n"
            "  # the queue\n  - id: b  # of work\n    kind: queue\n    # other\n    # two\n    # one\n"
            "    alarms: [depth, age]\n"
            "# head\nedges:  # flows\n  - from: a  # first\n    to: b\n    kind: publish\n# end\n"
        )

    def test_a_comment_without_a_home_is_never_lost(self, run, tmp_path):
        source = text() + "waivers: []   # none so far\n"
        with pytest.raises(Refused, match="line 5"):
            tidy(source)
        (tmp_path / "x.yaml").write_text(source)
        code, out, err = run("fmt", "x.yaml")
        assert (code, out) == (1, "") and "line 5" in err

    def test_check_says_so_and_write_does_it(self, run, tmp_path):
        assert run("fmt", "good.yaml", "--check")[0] == 1
        code, out, _ = run("fmt", "good.yaml")
        assert code == 0 and out == tidy(GOOD)
        assert run("fmt", "good.yaml", "--write") == (0, "", "")
        assert run("fmt", "good.yaml", "--check") == (0, "", "")
        assert (tmp_path / "good.yaml").read_text("utf-8") == out

    def test_without_comments_it_is_the_canonical_text(self):
        assert tidy(BAD) == dump(load(BAD))
        assert tidy("\ufeff" + BAD.replace("\n", "\r\n")) == "\ufeff" + dump(load(BAD)).replace(
            "\n", "\r\n"
        )

    def test_a_number_sign_inside_a_text_is_no_comment(self):
        source = text('  - {id: a, kind: function, title: "x # y"}') + "# z\n"
        assert tidy(source).count("#") == 2
        block = text("  - id: a\n    kind: function\n    title: |  # why\n      x # y")
        assert 'title: "x # y"  # why' in tidy(block) or "# why" in tidy(block)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([GOOD, BAD]), st.integers(0, 2**32))
def test_any_comments_survive_and_a_second_time_changes_nothing(source, seed):
    chance = random.Random(seed)
    lines = []
    for n, line in enumerate(source.splitlines()):
        if chance.random() < 0.2 and not line.startswith("decisions: []"):
            lines.append(" " * chance.randrange(6) + f"#above-{n}")
        lines.append(
            line
            + (
                f"  #beside-{n}"
                if chance.random() < 0.2 and line.strip() and "[]" not in line
                else ""
            )
        )
    lines.append("# last")
    noted = "\n".join(lines) + "\n"
    try:
        once = tidy(noted)
    except Refused as refused:
        assert "Comments would be lost" in refused.reason
        return
    assert without_lines(load(once)) == without_lines(load(noted))
    assert marks(once) == marks(noted)
    assert tidy(once) == once


def marks(said):
    return sorted(word for word in said.replace("#", " #").split() if word.startswith("#"))


class TestReports:
    def test_the_json_result_asks_and_is_read_back(self):
        result = evaluate(load(BAD))
        said = json.loads(export.json.render(result))
        assert said["questions"] and said["questions"][0]["question"].endswith("?")
        assert export.json.render(from_dict(said)) == export.json.render(result)

    def test_reports_for_people_ask_the_first_few(self):
        result = evaluate(load(BAD))
        for said in (export.text.render(result), export.markdown.render(result)):
            assert "Questions whose answers would decide most" in said
            assert said.count("?") >= 5
        clean = evaluate(load(GOOD))
        assert bool("Questions whose" in export.text.render(clean)) == bool(
            json.loads(export.json.render(clean))["questions"]
        )


def test_too_many_fixes_of_a_large_design_are_asked_for_by_name(tmp_path, capsys):
    from design.__main__ import main
    from tests.design.large import large

    path = tmp_path / "large.yaml"
    path.write_text(large(600), encoding="utf-8")
    assert main(["fix", str(path), "--all"]) == 4
    assert "name up to 40 as RULE:SUBJECT" in capsys.readouterr().err
