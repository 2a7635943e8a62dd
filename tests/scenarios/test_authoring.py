"""The commands of an author: begin, check, try, count and take a repair apart."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.core.management import CommandError, call_command

from scenarios import catalogue
from scenarios.authoring import revisions, schema, trying
from scenarios.engine import TYPES, Unanswered, parse
from scenarios.engine import _harness as harness

REAL = catalogue.BANK
SECTION = "where-serverless-fits/good-workload-fits"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    call_command("exercises", *words)
    return capsys.readouterr().out


class TestNew:
    @pytest.mark.parametrize("type", list(TYPES))
    def test_a_template_explains_itself(
        self, type: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = run(capsys, "new", type)
        assert f"type: {type}" in text and text.count("#") > 12 and "@" not in text

    def test_a_file_is_written_where_it_belongs_and_checks_well(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(catalogue, "BANK", tmp_path)
        run(capsys, "new", "multi", "q-0301-mine", "--section", SECTION)
        path = tmp_path / "where-serverless-fits" / "q-0301-mine.yaml"
        assert "1 exercises, 0 errors, 0 warnings" in run(capsys, "check", str(path))
        with pytest.raises(CommandError, match="exists already"):
            run(capsys, "new", "multi", "q-0301-mine", "--section", SECTION)

    def test_what_cannot_be_placed_is_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        for words in (["single", "q-1-x"], ["single", "q-1-x", "--section", "no/where"]):
            with pytest.raises(CommandError):
                run(capsys, "new", *words)


class TestTry:
    @pytest.mark.parametrize("type", list(TYPES))
    def test_every_type_is_shown(self, type: str, capsys: pytest.CaptureFixture[str]) -> None:
        found = next(e for e in catalogue.catalogue().live() if e.type == type)
        text = "\n".join(trying.lines(found, 0))
        assert found.title in text
        assert not found.explain or found.explain[:40] not in text

    @pytest.mark.parametrize(
        "type", ["match", "categorise", "table", "order", "incident", "repair"]
    )
    def test_a_typed_line_is_an_answer(self, type: str) -> None:
        found = next(e for e in catalogue.catalogue().live() if e.type == type)
        key = TYPES[type].key(found, 0)
        if type == "repair":
            typed = json.dumps([])
            with pytest.raises(Unanswered):
                parse(found, 0, trying.posted(found, 0, typed))
            typed = "- {set: nobody.x, to: 1}"
            with pytest.raises(Unanswered):
                parse(found, 0, trying.posted(found, 0, typed))
            return
        words = key.get("order") or key.get("path") or [f"{r}={v}" for r, v in key["rows"].items()]
        given = parse(found, 0, trying.posted(found, 0, " ".join(map(str, words))))
        assert TYPES[type].grade(found, 0, given).score == 1

    def test_the_grade_is_told_with_reasons(self, capsys: pytest.CaptureFixture[str]) -> None:
        edits = "- {set: orders-db.http_api, to: true}"
        assert "Right. Score 1" in run(capsys, "try", "r-0100-sale", "--answer", edits)
        with pytest.raises(CommandError, match="no exercise"):
            run(capsys, "try", "q-9999-none")


class TestSchema:
    def test_it_is_a_schema_that_every_file_of_the_bank_satisfies(self) -> None:
        found = schema.schema()
        checker = jsonschema.Draft202012Validator
        checker.check_schema(found)
        validator = checker(found)
        for path in catalogue.sources():
            if path.suffix == ".yaml":
                text = path.read_text(encoding="utf-8")
                plain = yaml.load(text, Loader=yaml.CBaseLoader)["checked"]
                text = yaml.load(text, Loader=yaml.CSafeLoader) | {"checked": plain}
                assert [e.message for e in validator.iter_errors(text)] == [], path

    def test_it_names_every_field_and_refuses_others(self) -> None:
        validator = jsonschema.Draft202012Validator(schema.schema())
        for name, kind in TYPES.items():
            assert set(schema.BODIES[name][1]) == set(kind.fields) | (
                {"choose"} if name == "multi" else set()
            )
        assert not validator.is_valid({"type": "single", "colour": "green"})

    def test_the_command_prints_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert json.loads(run(capsys, "schema"))["title"]


class TestReport:
    def test_every_section_stands_in_it(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        out = tmp_path / "report.html"
        run(capsys, "report", "--out", str(out))
        page = out.read_text(encoding="utf-8")
        assert page.count('<th scope="row">') == 64 + 1 and "http" not in page


class TestAblate:
    def test_a_good_repair_holds_everywhere(self, capsys: pytest.CaptureFixture[str]) -> None:
        text = run(capsys, "ablate", "r-0100-sale", "--walks", "20")
        for what in ("reference", "without edit 5", "trap: a larger", "20 random lists"):
            assert what in text
        assert "FAILS" not in text and "s of at most 5 s" in text

    def test_what_does_not_hold_is_told(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(harness, "MOST_BY_CHANCE", -1)
        with pytest.raises(SystemExit):
            run(capsys, "ablate", "r-0100-sale", "--walks", "1")
        assert "FAILS" in capsys.readouterr().out
        monkeypatch.setattr(harness, "MOST_BY_CHANCE", 1)
        monkeypatch.setattr("scenarios.management.commands.exercises.MOST_SECONDS", -1)
        with pytest.raises(CommandError, match="E407"):
            run(capsys, "ablate", "r-0100-sale", "--walks", "1")

    def test_only_repairs_have_parts(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(CommandError, match="no repair"):
            run(capsys, "ablate", "q-0101-three-bills")


class TestSince:
    """`check --since COMMIT` in a small repository of its own."""

    @pytest.fixture
    def repository(self, tmp_path: Path) -> Path:
        path = tmp_path / "q-0101-three-bills.yaml"
        original = catalogue.BANK / "serverless-fundamentals" / path.name
        path.write_bytes(original.read_bytes())
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
            git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *words]
            subprocess.run(git, cwd=tmp_path, check=True)
        return path

    def test_a_key_that_changed_is_noticed(self, repository: Path) -> None:
        before = revisions.earlier(repository, "HEAD", repository.parent)
        text = repository.read_text(encoding="utf-8").replace("{id: c,", "{id: z,")
        repository.write_text(text, encoding="utf-8")
        ((now, _),) = catalogue.read_file(repository)
        assert before and now
        assert [p.code for p in revisions.unraised(before, now)] == ["E005"]

    def test_a_new_file_has_nothing_to_compare_with(self, repository: Path) -> None:
        new = repository.with_name("q-0000-new.yaml")
        new.write_text("x")
        assert revisions.earlier(new, "HEAD", repository.parent) is None
        with pytest.raises(revisions.NoHistory):
            revisions.earlier(repository, "no-such-commit", repository.parent)


class TestServing:
    def test_a_file_with_an_error_leaves_the_last_good_bank_in_place(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        settings.DEBUG = True
        for name in ("BANK", "PAGES"):
            monkeypatch.setattr(catalogue, name, tmp_path)
        monkeypatch.setattr(catalogue, "_good", [])
        catalogue._kept.cache_clear()
        for name in ("skills", "misconceptions"):
            whole = [p.read_text(encoding="utf-8") for p in sorted(REAL.glob(f"{name}.d/*.yaml"))]
            first = (REAL / f"{name}.yaml").read_text(encoding="utf-8")
            (tmp_path / f"{name}.yaml").write_text("".join([first, *whole]), encoding="utf-8")
        path = tmp_path / "serverless-fundamentals" / "q-0101-three-bills.yaml"
        path.parent.mkdir()
        good = (REAL / "serverless-fundamentals" / path.name).read_text(encoding="utf-8")
        path.write_text(good, encoding="utf-8")
        before = catalogue.catalogue().exercises[path.stem]
        path.write_text(good.replace("{id: b,", "{id: a,") + "colour: red\n", encoding="utf-8")
        os.utime(path, (1, 1))
        served = catalogue.catalogue()
        assert served.exercises[path.stem] == before
        assert {p.problem.code for p in served.errors} >= {"E001", "E002"}
        assert all(p.problem.line and p.problem.remedy for p in served.errors)
        catalogue._kept.cache_clear()
