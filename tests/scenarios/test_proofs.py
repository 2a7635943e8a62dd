"""A proof is remembered for a text and the code that judged it, and for nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scenarios import catalogue, proofs
from scenarios.engine import Place, read_exercise

ORDER = (catalogue.BANK / "reliability-and-resilience" / "q-1001-safe-consumer.yaml").read_text(
    encoding="utf-8"
)


@pytest.fixture
def var(settings: Any, tmp_path: Path) -> Path:
    settings.VAR = tmp_path
    return tmp_path


def test_what_is_remembered_is_known_again(var: Path) -> None:
    assert proofs.known() == frozenset()
    proofs.remember({"a", "b"})
    assert proofs.known() == {"a", "b"}
    assert [p.name for p in var.iterdir()] == ["proofs.json"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"code": "of another version", "texts": ["a"]}'])
def test_a_broken_file_and_one_of_other_code_prove_nothing(var: Path, text: str) -> None:
    (var / "proofs.json").write_text(text)
    assert proofs.known() == frozenset()


def test_a_folder_that_cannot_be_written_is_no_error(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path / "missing"
    proofs.remember({"a"})
    assert proofs.known() == frozenset()


def test_only_a_proved_text_is_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("scenarios.engine._header.prove", lambda e: asked.append(e.id) or [])
    place = Place("q.yaml")
    assert read_exercise(ORDER, place, proved=True)[0]
    assert asked == []
    assert read_exercise(ORDER, place)[0]
    assert asked == ["q-1001-safe-consumer"]


def test_reading_the_bank_again_spares_what_did_not_change(
    var: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "q-1001-safe-consumer.yaml"
    file.write_text(ORDER, encoding="utf-8")
    other = tmp_path / "q-other.yaml"
    other.write_text(ORDER.replace("q-1001-safe-consumer", "q-other"), encoding="utf-8")
    monkeypatch.setattr(catalogue, "sources", lambda: [file, other])
    catalogue.prove()
    kept = json.loads((var / "proofs.json").read_text())["texts"]
    assert sorted(kept) == sorted(proofs.digest(f.read_text()) for f in (file, other))
    other.write_text(other.read_text().replace("minutes: 3", "minutes: 4"), encoding="utf-8")
    proved: list[str] = []
    monkeypatch.setattr("scenarios.engine._header.prove", lambda e: proved.append(e.id) or [])
    catalogue.load(proofs.known())
    assert proved == ["q-other"]
