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


# Items of levels 1 and 2 in the chapters on interfaces, files, cryptography, communication,
# configuration, data, code and logs: section to the number of its last such item, as in 5.0/en/.
# Those of level 3 stand behind them in every section.
ITEMS = {
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip


def said_items() -> dict[str, set[int]]:
    """Section to the items that the tables of the page name, ranges written out; without those
    that are marked as of level 3."""
    found: dict[str, set[int]] = {}
    for row in re.findall(r"^\| (\d[^|]*) \|", PAGE, re.M):
        if "level 3" in row:
            continue
        for section, first, _, last in re.findall(
            r"(\d+\.\d+)\.(\d+)(?: to (\d+\.\d+)\.(\d+))?", row
        ):
            found.setdefault(section, set()).update(range(int(first), int(last or first) + 1))
    return found


@pytest.mark.parametrize(("section", "last"), ITEMS.items())
def test_every_item_of_level_two_is_named_by_its_number(section: str, last: int) -> None:
    assert said_items().get(section, set()) == set(range(1, last + 1))
