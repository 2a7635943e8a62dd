"""The whole bank: every exercise loads, proves itself, and points at things that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from design.rules import RULES
from guide.book import book
from scenarios import catalogue, engine, places, proofs


@pytest.fixture(scope="module")
def known() -> catalogue.Catalogue:
    """The bank, proved here unless this very text and code were proved before."""
    return catalogue.load(proofs.known())


def test_nothing_in_the_bank_has_an_error(known: catalogue.Catalogue) -> None:
    assert [str(p) for p in known.errors] == []


def test_every_file_of_the_bank_is_an_exercise_that_is_offered(
    known: catalogue.Catalogue,
) -> None:
    files = {p.stem for p in catalogue.sources() if p.suffix == ".yaml"}
    assert len(files) >= 24
    assert files <= {e.id for e in known.live()}


def test_every_written_section_has_at_least_two_exercises(known: catalogue.Catalogue) -> None:
    count = {s.id: 0 for s in book().contents.written}
    for exercise in known.live():
        count[exercise.section] += 1
    assert {id: n for id, n in count.items() if n < 2} == {}


def test_every_reference_leads_somewhere(known: catalogue.Catalogue) -> None:
    sections = {s.id for s in book().contents.sections}
    for exercise in known.exercises.values():
        assert exercise.section in sections, exercise.id
        assert places.section(exercise.section).url.startswith("/guide/")
        assert set(exercise.rules) <= set(RULES), exercise.id
        assert set(exercise.skills) <= set(known.skills), exercise.id
        assert exercise.misconceptions <= set(known.misconceptions), exercise.id


def test_all_four_types_are_practised(known: catalogue.Catalogue) -> None:
    assert {e.type for e in known.live()} == set(engine.TYPES)


def test_every_part_of_every_grade_has_its_reason(known: catalogue.Catalogue) -> None:
    for exercise in known.live():
        if exercise.type in ("single", "multi"):
            for option in exercise.body.options:
                assert len(option.why) > 20, (exercise.id, option.id)
                assert not re.fullmatch(r"(?i)(in)?correct\W*", option.why)


def test_the_command_prints_what_there_is_and_ends_well(
    known: catalogue.Catalogue,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalogue, "prove", lambda: known)
    call_command("exercises", "check")
    assert re.search(r"^\d+ exercises, 0 errors", capsys.readouterr().out, re.M)


def test_the_command_names_file_and_line_of_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "q-9999-broken.yaml"
    path.write_text("id: q-9999-broken\nrev: 1\ntype: sinlge\n")
    with pytest.raises(SystemExit) as ended:
        call_command("exercises", "check", str(path))
    assert ended.value.code == 1
    assert f"{path}:3:" in capsys.readouterr().out
