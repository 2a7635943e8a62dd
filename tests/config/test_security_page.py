"""docs/security.md names tests, settings and files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()


@pytest.mark.parametrize(
    "path",
    sorted(set(re.findall(r"`((?:tests|config|teams|reviews|fit|design|docs)/[\w./]+)", PAGE))),
)
def test_every_file_it_names_exists(path: str) -> None:
    assert (ROOT / path).exists(), path


@pytest.mark.parametrize("said", sorted(set(re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", PAGE))))
def test_every_test_it_names_exists(said: tuple[str, str]) -> None:
    text = (ROOT / said[0]).read_text()
    for name in said[1].split("::"):
        assert re.search(rf"(?:class|def) {name}\b", text), name


def test_every_chapter_of_level_two_is_there() -> None:
    for number in range(1, 18):
        assert re.search(rf"\bV{number}\b", PAGE) or number == 10, number
    assert "V9 and V10" in PAGE and "What falls short" in PAGE
